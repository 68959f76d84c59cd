"""Files of demand: every dialect means the same, every limit holds, every bad cell is named."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from scheduling.formats import tables
from scheduling.formats.columns import date_order, decimal_mark, guess, missing_roles
from scheduling.formats.export import csv_text, safe_cell
from scheduling.formats.quarters import split
from scheduling.formats.readings import Reading, read_rows
from scheduling.formats.tables import Unreadable, read_table

NEW_YORK = ZoneInfo("America/New_York")
# A spreadsheet knows no zones.
WALL = datetime(2026, 11, 23, 9)  # noqa: DTZ001
HALF = timedelta(minutes=30)
NINE = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def read(content: str | bytes, *, kind: str = "forecast", zone: ZoneInfo = NEW_YORK) -> Reading:
    table = read_table(content.encode() if isinstance(content, str) else content)
    mapped = guess(table, kind)
    assert missing_roles(mapped.columns, kind) == []
    return read_rows(table, mapped, kind=kind, zone=zone)


def figures(reading: Reading) -> list[tuple[datetime, dict[str, str]]]:
    return [
        (one.starts_at, {role: f"{value.normalize():f}" for role, value in one.figures.items()}) for one in reading.rows
    ]


EXPECTED = [
    (NINE, {"volume": "12.5", "aht": "270"}),
    (NINE + timedelta(minutes=30), {"volume": "1200", "aht": "180"}),
]


@pytest.mark.parametrize(
    "text",
    [
        "Start,Calls,AHT\n2026-11-23 09:00,12.5,4:30\n2026-11-23 09:30,1200,180\n",
        "\ufeffStart;Anrufe;Bearbeitungszeit\r\n23.11.2026 09:00;12,5;270\r\n23.11.2026 09:30;1.200;3:00\r\n",
        "Date\tTime\tVolume\tHandle time (s)\n11/23/2026\t9:00 AM\t12.5\t270 s\n11/23/2026\t9:30 AM\t1,200\t0:03:00\n",
        'Interval,Volume,AHT\n"2026-11-23T09:00:00-05:00",12.5,270\n"2026-11-23T14:30:00Z","1,200",180\n',
        "Week 48\n\nDate,Interval,Contacts,AHT\n23/11/2026,09:00-09:30,12.5,270\n23/11/2026,09:30-10:00,1200,180\n",
        "2026-11-23 09:00,12.5,270\n2026-11-23 09:30,1200,180\n",
    ],
)
def test_every_dialect_of_csv_means_the_same(text: str) -> None:
    reading = read(text)
    assert reading.faults == ()
    assert figures(reading) == EXPECTED
    assert reading.minutes == 30


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_letters_of_other_countries_do_not_stop_a_file(encoding: str) -> None:
    text = "Start;Gespräche;Länge\n23.11.2026 09:00;12,5;4:30\n23.11.2026 09:30;1200;180\n"
    table = read_table(text.encode(encoding))
    assert table.headings == ("Start", "Gespräche", "Länge")
    assert len(table.rows) == 2


def workbook(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, style in (formats or {}).items():
        sheet[cell].number_format = style
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_real_dates_and_times_means_the_same() -> None:
    content = workbook(
        ["Start", "Calls", "AHT"],
        [WALL, 12.5, timedelta(minutes=4, seconds=30)],
        [WALL + HALF, 1200, time(0, 3)],
        formats={"C2": "mm:ss", "C3": "h:mm:ss"},
    )
    reading = read(content)
    assert reading.faults == ()
    assert figures(reading) == EXPECTED


def test_a_workbook_with_day_and_time_apart_is_read() -> None:
    content = workbook(
        ["Date", "Time", "Calls", "AHT"],
        [date(2026, 11, 23), time(9), 12.5, 270],
        [date(2026, 11, 23), time(9, 30), 1200, 180],
    )
    assert figures(read(content)) == EXPECTED


def test_a_formula_is_named_and_never_run() -> None:
    content = workbook(["Start", "Calls", "AHT"], [WALL, "=5+5", 270], [WALL + HALF, 7, 270])
    (fault,) = read(content).faults
    assert (fault.row, fault.column, fault.heading, fault.code) == (2, "B", "Calls", "formula")
    (fault,) = read("Start,Calls,AHT\n2026-11-23 09:00,=1+1,270\n2026-11-23 09:30,7,270\n").faults
    assert (fault.row, fault.column, fault.code) == (2, "B", "formula")


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2026-11-23 10:00,12a,180", "B", "no_number"),
        ("2026-11-23 10:00,-3,180", "B", "below_zero"),
        ("2026-11-23 10:00,,180", "B", "empty"),
        ("2026-11-23 10:00,2000000,180", "B", "too_many_contacts"),
        ("2026-11-23 10:00,12,", "C", "no_aht"),
        ("2026-11-23 10:00,12,0", "C", "no_aht"),
        ("2026-11-23 10:00,12,4:75", "C", "no_handling_time"),
        ("2026-11-23 10:00,12,soon", "C", "no_handling_time"),
        ("2026-13-23 10:00,12,180", "A", "no_moment"),
        ("2026-11-23 25:00,12,180", "A", "no_time"),
        ("2026-11-23,12,180", "A", "no_time"),
        (",12,180", "A", "empty_start"),
        ("someday,12,180", "A", "no_moment"),
        ("2026-11-23 10:07,12,180", "A", "off_grid"),
        ("2026-11-23 09:30,12,180", "A", "repeated"),
        ("2027-03-14 02:30,12,180", "A", "missing_clock"),
        ("2026-11-01 01:30,12,180", "A", "doubled_clock"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(row: str, column: str, code: str) -> None:
    reading = read(f"Start,Calls,AHT\n2026-11-23 09:00,5,180\n2026-11-23 09:30,6,180\n{row}\n")
    assert [(one.row, one.column, one.code) for one in reading.faults] == [(4, column, code)]


def test_every_bad_cell_is_named_not_only_the_first() -> None:
    lines = [f"2026-11-23 {hour:02}:00,{'x' if hour % 2 else 5},180" for hour in range(24)]
    assert len(read("\n".join(["Start,Calls,AHT", *lines])).faults) == 12


def test_a_doubled_hour_given_twice_is_two_hours_and_a_missing_one_may_hold_nothing() -> None:
    reading = read(
        "Start,Calls,AHT\n2026-11-01 01:00,5,180\n2026-11-01 01:30,6,180\n2026-11-01 01:00,7,180\n2026-11-01 01:30,8,180\n"
    )
    assert reading.faults == ()
    first = datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert [(one.starts_at - first, int(one.figures["volume"])) for one in reading.rows] == [
        (timedelta(0), 5),
        (timedelta(minutes=30), 6),
        (timedelta(hours=1), 7),
        (timedelta(minutes=90), 8),
    ]
    spring = read(
        "Start,Calls,AHT\n2027-03-14 01:30,5,180\n2027-03-14 02:00,0,\n2027-03-14 02:30,0,\n2027-03-14 03:00,5,180\n"
    )
    assert (len(spring.rows), spring.faults) == (2, ())


def test_one_handling_time_serves_a_file_without_any() -> None:
    table = read_table(b"Start,Calls\n2026-11-23 09:00,5\n2026-11-23 09:30,6\n")
    mapped = guess(table, "forecast")
    assert {one.code for one in read_rows(table, mapped, kind="forecast", zone=NEW_YORK).faults} == {"no_aht"}
    given = type(mapped)(mapped.columns, mapped.date_order, mapped.decimal, 240)
    assert {one.figures["aht"] for one in read_rows(table, given, kind="forecast", zone=NEW_YORK).rows} == {
        Decimal(240)
    }


def test_actuals_add_up() -> None:
    text = "Start,Offered,Answered,Abandoned,AHT\n2026-11-23 09:00,10,8,2,180\n2026-11-23 09:30,10,9,2,180\n"
    reading = read(text, kind="actuals")
    assert [(one.row, one.column, one.code) for one in reading.faults] == [(3, "B", "adds_up_to_more")]


def test_agents_and_own_staff_are_whole_people() -> None:
    for kind in ("agents", "in_house"):
        reading = read("Day,Time,Agents\n2026-11-23,09:00,2.5\n2026-11-23,09:30,3\n2026-11-23,10:00,10001\n", kind=kind)
        assert [(one.row, one.column, one.code) for one in reading.faults] == [
            (2, "C", "no_whole_number"),
            (4, "C", "too_many_agents"),
        ]


def test_the_order_of_dates_is_found_and_doubt_goes_to_the_closer_days() -> None:
    assert date_order(["2026-11-23"]) == "ymd"
    assert date_order(["23.11.2026", "01.12.2026"]) == "dmy"
    assert date_order(["11/23/2026", "12/01/2026"]) == "mdy"
    assert date_order(["01/12/2026", "02/12/2026", "03/12/2026"]) == "dmy"
    assert date_order(["12/01/2026", "12/02/2026", "12/03/2026"]) == "mdy"


def test_the_decimal_mark_is_found() -> None:
    assert decimal_mark(["1,5", "2"], ",") == ","
    assert decimal_mark(["1.234,5"], ";") == ","
    assert decimal_mark(["1,234.5"], ",") == "."
    assert decimal_mark(["1,234"], ",") == "."
    assert decimal_mark(["12"], ";") == ","


def test_limits_hold_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(b"x" * (10 * 1024 * 1024 + 1)) == "too_large"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 5_000_000)
    assert refused(packed.getvalue()) == "packed_too_tightly"
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    rows = "\n".join(f"2026-11-23 {hour:02}:00,5,180" for hour in range(4))
    assert refused(f"Start,Calls,AHT\n{rows}".encode()) == "too_many_rows"
    assert refused(workbook(["Start", "Calls"], *[["2026-11-23 09:00", 1]] * 4)) == "too_many_rows"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"hello", "no_table"),
        (b"Start,Calls\n", "no_rows"),
        (b"\xd0\xcf\x11\xe0 old", "old_or_protected"),
        (b"PK\x03\x04 broken", "damaged_workbook"),
        (b"\x00\x01\x02,\x00", "no_table"),
    ],
)
def test_what_is_no_table_says_so(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_a_zip_that_is_no_workbook_says_so() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as other:
        other.writestr("notes.txt", "words")
    assert refused(packed.getvalue()) == "no_workbook"


def refused(content: bytes) -> str:
    with pytest.raises(Unreadable) as found:
        read_table(content)
    return found.value.code


def test_an_exported_cell_never_runs_in_a_spreadsheet() -> None:
    assert [safe_cell(one) for one in ("=1+1", "+cmd", "-2+3", "@x", "-5", "-5.2", 7, None, "plain")] == [
        "'=1+1",
        "'+cmd",
        "'-2+3",
        "'@x",
        "-5",
        "-5.2",
        "7",
        "",
        "plain",
    ]
    assert csv_text(["a"], [["=x"]]) == "\ufeffa\r\n'=x\r\n"


@pytest.mark.parametrize(("total", "parts"), [("100", 4), ("0.0003", 4), ("1", 3), ("99999.9999", 4)])
def test_a_share_keeps_its_total(total: str, parts: int) -> None:
    shares = split(Decimal(total), parts)
    assert sum(shares) == Decimal(total)
    assert max(shares) - min(shares) <= Decimal("0.0001")
