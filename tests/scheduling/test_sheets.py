"""Pasting demand from a spreadsheet: three shapes, and every wrong cell by its name."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.formats.paste import read_sheet

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 23)


def read(
    text: str, monday: date = MONDAY, zone: ZoneInfo = NEW_YORK
) -> tuple[list[tuple[datetime, int]], dict[str, list[str]]]:
    sheet = read_sheet(text, week_starts_on=monday, zone=zone)
    return [(cell.starts_at, cell.agents) for cell in sheet.cells], sheet.problems


NINE = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "\tMon 23\tTue 24\n09:00\t7\t8\n09:30\t9\t\n",
        "Time,Mon 23 Nov,Tue 24 Nov\r\n9:00 am,7,8\r\n9:30 am,9,\r\n",
        "\t09:00\t09:30\nMonday\t7\t9\nTuesday\t8\t\n",
        "day;from;to;agents\n2026-11-23;09:00;09:30;7\n2026-11-23;09:30;10:00;9\n2026-11-24;09:00;09:30;8\n",
    ],
)
def test_a_table_either_way_round_and_a_list_mean_the_same(text: str) -> None:
    cells, problems = read(text)
    assert problems == {}
    assert sorted(cells) == [(NINE, 7), (NINE + timedelta(minutes=30), 9), (NINE + timedelta(days=1), 8)]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("seven", "not a whole number"),
        ("-3", "not a whole number"),
        ("7.5", "not a whole number"),
        ("99999", "10,000"),
        ("'; DROP", "not a whole"),
        ("🙂", "not a whole"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(cell: str, says: str) -> None:
    _cells, problems = read(f"\tMon 23\tTue 24\n09:00\t7\t8\n09:30\t9\t{cell}\n")
    assert list(problems) == ["Row 3, column C"]
    assert says in problems["Row 3, column C"][0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", "Sheet"),
        ("hello", "Sheet"),
        ("\tMon 23\nnoon\t3\n", "Row 2, column A"),
        ("\tMon 23\tSomeday\n09:00\t3\t3\n", "Row 1, column C"),
        ("\t2026-12-25\tMon 23\n09:00\t3\t3\n", "Row 1, column B"),
        ("\tMon 23\n09:00\t3\n09:10\t3\n", "Sheet"),
        ("2026-11-23\t10:00\t09:00\t3\n2026-11-23\t11:00\t12:00\t3\n", "Row 1"),
        ("\tMon 23\tTue 24\n" + "\t".join("x" * 250_000), "Sheet"),
    ],
)
def test_what_is_no_sheet_says_where_and_what(text: str, label: str) -> None:
    cells, problems = read(text)
    assert cells == []
    assert label in problems


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (
            "\tMon 23\tSomeday\n09:00\t-5\t3\n25:00\tabc\t8\n10:00\t99999999\tx\n",
            [
                "Row 1, column C",
                "Row 2, column B",
                "Row 3, column A",
                "Row 3, column B",
                "Row 4, column B",
                "Row 4, column C",
            ],
        ),
        (
            "\t09:00\t25:00\nMon\t-5\tabc\nSomeday\t99999999\t1\n",
            ["Row 1, column C", "Row 2, column B", "Row 2, column C", "Row 3, column A", "Row 3, column B"],
        ),
        (
            "Mon 23\t25:00\t-5\nSomeday\t09:00\tabc\nTue 24\t10:00\t3\nWed 25\t10:00\t09:00\t3\nfew\n",
            ["Row 1, column B", "Row 1, column C", "Row 2, column A", "Row 2, column C", "Row 4", "Row 5"],
        ),
    ],
)
def test_every_bad_cell_is_named_at_once(text: str, labels: list[str]) -> None:
    cells, problems = read(text)
    assert cells == []
    assert list(problems) == labels


def test_a_number_far_too_large_says_the_limit() -> None:
    _cells, problems = read("\tMon 23\n09:00\t99999999\n")
    assert "10,000" in problems["Row 2, column B"][0]


def test_the_missing_hour_is_refused_and_the_doubled_one_must_stand_twice() -> None:
    spring = "\tSun 14 Mar\n01:30\t2\n02:00\t3\n02:30\t3\n03:00\t4\n"
    _cells, problems = read(spring, date(2027, 3, 8))
    assert list(problems) == ["Row 3, column B", "Row 4, column B"]
    assert "clocks go forward" in problems["Row 3, column B"][0]
    once = "\tSun 1 Nov\n00:30\t2\n01:00\t3\n01:30\t3\n"
    _cells, problems = read(once, date(2026, 10, 26))
    assert "clocks go back" in problems["Row 3, column B"][0]
    twice = "\tSun 1 Nov\n01:00\t3\n01:30\t4\n01:00\t5\n01:30\t6\n"
    cells, problems = read(twice, date(2026, 10, 26))
    first = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
    assert problems == {}
    assert cells == [(first + timedelta(minutes=30 * step), 3 + step) for step in range(4)]


def test_the_same_time_given_twice_is_an_overlap() -> None:
    _cells, problems = read("\tMon 23\n09:00\t3\n09:00\t4\n09:30\t1\n")
    assert "more than once" in problems["Row 2, column B"][0]
