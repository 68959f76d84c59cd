"""Templates on real days, for every zone and every clock change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from gigcx.kernel.intervals import day_grid, is_on_grid
from scheduling.design.expand import (
    Block,
    TemplateRow,
    block_on,
    demand_of,
    expand_template,
    repeats_in,
    rows_from,
    wall_overlaps,
)

QUARTER = timedelta(minutes=15)
NEW_YORK = ZoneInfo("America/New_York")
SPRING = date(2027, 3, 14)
AUTUMN = date(2026, 11, 1)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@cache
def transitions() -> tuple[tuple[str, datetime], ...]:
    """Every moment of 2025-2027 at which a zone's offset changes, found by looking at each quarter of an hour.

    Of zones that change at the same moment from and to the same offsets, one stands for all; `benchmarks.zones` takes each.
    """
    found: dict[object, tuple[str, datetime]] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for moment in _changes(zone):
            offsets = ((moment - QUARTER).astimezone(zone).utcoffset(), moment.astimezone(zone).utcoffset())
            found.setdefault((moment, *offsets), (name, moment))
    return tuple(found.values())


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    day, end = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    offset = day.astimezone(zone).utcoffset()
    while day < end:
        after = day + timedelta(days=1)
        if after.astimezone(zone).utcoffset() != offset:
            moment = day
            while moment.astimezone(zone).utcoffset() == offset:
                moment += QUARTER
            yield moment
            offset = after.astimezone(zone).utcoffset()
        day = after


def instants_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """All instants whose wall time that is: none, one or two. Looked up the hard way, without fold."""
    middle = wall.replace(tzinfo=UTC)
    around = (middle + timedelta(minutes=15 * step) for step in range(-16 * 4, 16 * 4))
    return [one for one in around if one.astimezone(zone).replace(tzinfo=None) == wall]


def by_the_rules(wall: datetime, zone: ZoneInfo, change: datetime) -> datetime:
    """Where the rules put a start: the only instant, the first of two, or the time moved by the gap."""
    found = instants_of(wall, zone)
    if found:
        return min(found)
    before = (change - QUARTER).astimezone(zone).utcoffset()
    assert before is not None
    return (wall - before).replace(tzinfo=UTC)


def test_for_every_zone_and_transition_2025_2027_an_expanded_template_follows_the_rules() -> None:
    assert len(transitions()) > 60
    for name, change in transitions():
        zone = ZoneInfo(name)
        local = change.astimezone(zone).replace(tzinfo=None)
        first = local - timedelta(hours=4)
        first = first.replace(minute=first.minute // 15 * 15, second=0)
        for step in range(0, 8 * 4, 3):
            start = first + timedelta(minutes=15 * step)
            for minutes in (30, 8 * 60):
                block = block_on(start.date(), start.time(), minutes, zone)
                expected = by_the_rules(start, zone, change)
                assert block.starts_at == expected, (name, start)
                begins = start if instants_of(start, zone) else expected.astimezone(zone).replace(tzinfo=None)
                end = begins + timedelta(minutes=minutes)
                assert block.ends_at == max(by_the_rules(end, zone, change), expected + QUARTER), (name, start)
                assert is_on_grid(block.starts_at)
                assert is_on_grid(block.ends_at)
                kind = len(instants_of(start, zone))
                assert (block.flag == "moved") == (kind == 0)
                assert (block.flag == "doubled") == (kind == 2)


@pytest.mark.parametrize("cut", [time(0), time(2, 30), time(1, 15), time(23, 45)])
def test_days_of_92_94_98_and_100_quarter_hours_lose_and_double_nothing(cut: time) -> None:
    rows = [TemplateRow(EVERY_DAY, time(0), cut, 5), TemplateRow(EVERY_DAY, cut, time(0), 7)] if cut != time(0) else []
    rows = rows or [TemplateRow(EVERY_DAY, time(0), time(0), 5)]
    lengths = set()
    for name, change in transitions():
        zone = ZoneInfo(name)
        on = change.astimezone(zone).date()
        monday = on - timedelta(days=on.weekday())
        demand = demand_of(rows, zone=zone, week_starts_on=monday)
        days = [day_grid(monday + timedelta(days=step), zone) for step in range(7)]
        assert sorted(demand) == [start for day in days for start in day], name
        lengths |= {len(day) for day in days}
    assert {92, 94, 96, 98, 100} <= lengths


@pytest.mark.parametrize("name", ["Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham"])
def test_nine_o_clock_in_kathmandu_eucla_and_chatham_is_on_the_grid(name: str) -> None:
    for step in range(366):
        (block,) = expand_template(
            [TemplateRow((1,), time(9), time(17), 3)],
            zone=ZoneInfo(name),
            week_starts_on=date(2026, 1, 5) + timedelta(weeks=step % 52),
        )
        assert is_on_grid(block.starts_at)
        assert block.starts_at.astimezone(ZoneInfo(name)).time() == time(9)


def night(on: date) -> Block:
    return block_on(on, time(22), 8 * 60, NEW_YORK, agents=4)


def test_a_night_keeps_its_wall_times_and_lasts_seven_or_nine_real_hours() -> None:
    short, long, usual = night(SPRING - timedelta(days=1)), night(AUTUMN - timedelta(days=1)), night(date(2026, 12, 1))
    assert [one.seconds // 3600 for one in (short, long, usual)] == [7, 9, 8]
    assert [one.flag for one in (short, long, usual)] == ["shorter", "longer", ""]
    assert {one.ends_at.astimezone(NEW_YORK).time() for one in (short, long, usual)} == {time(6)}


def test_a_missing_start_moves_by_the_gap_and_keeps_its_length() -> None:
    block = block_on(SPRING, time(2, 30), 120, NEW_YORK)
    assert (block.starts_at.astimezone(NEW_YORK).time(), block.seconds, block.flag) == (time(3, 30), 7200, "moved")


def test_a_doubled_start_is_the_first() -> None:
    block = block_on(AUTUMN, time(1, 30), 120, NEW_YORK)
    assert (block.starts_at, block.seconds, block.flag) == (
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        3 * 3600,
        "doubled",
    )


def test_a_doubled_hour_asks_for_its_own_numbers_twice() -> None:
    rows = [TemplateRow((7,), time(1), time(1, 30), 5), TemplateRow((7,), time(1, 30), time(2), 7)]
    demand = demand_of(rows, zone=NEW_YORK, week_starts_on=date(2026, 10, 26))
    assert [agents for _start, agents in sorted(demand.items())] == [5, 5, 7, 7, 5, 5, 7, 7]


def test_a_block_inside_the_missing_hour_yields_to_what_stands_there() -> None:
    rows = [TemplateRow((7,), time(2), time(3), 2), TemplateRow((7,), time(3), time(5), 9)]
    demand = demand_of(rows, zone=NEW_YORK, week_starts_on=date(2027, 3, 8))
    assert set(demand.values()) == {9}
    alone = demand_of(rows[:1], zone=NEW_YORK, week_starts_on=date(2027, 3, 8))
    assert [one.astimezone(NEW_YORK).hour for one in sorted(alone)] == [3, 3, 3, 3]


def test_sunday_night_reaches_into_monday_and_skipped_days_stay_empty() -> None:
    rows = [TemplateRow((7,), time(22), time(2), 3)]
    week = date(2026, 11, 23)
    demand = demand_of(rows, zone=NEW_YORK, week_starts_on=week)
    hours = [one.astimezone(NEW_YORK) for one in sorted(demand)]
    assert {(one.isoweekday(), one.hour) for one in hours} == {(1, 0), (1, 1), (7, 22), (7, 23)}
    first = demand_of(rows, zone=NEW_YORK, week_starts_on=week, begins_on=week)
    assert {one.astimezone(NEW_YORK).isoweekday() for one in first} == {7}
    assert demand_of(rows, zone=NEW_YORK, week_starts_on=week, begins_on=week, skip_dates={date(2026, 11, 29)}) == {}


def test_every_second_week_counts_from_the_first() -> None:
    anchor = date(2026, 11, 2)
    told = [repeats_in(anchor + timedelta(weeks=step), anchor_on=anchor, every_weeks=2) for step in range(-1, 4)]
    assert told == [False, True, False, True, False]
    assert not repeats_in(date(2026, 11, 30), anchor_on=anchor, every_weeks=2, ends_on=date(2026, 11, 29))


def test_rows_that_ask_for_the_same_time_are_found() -> None:
    rows = rows_from(
        [
            {"weekdays": [1, 2], "from": "09:00", "to": "17:00", "agents": 4},
            {"weekdays": [2], "from": "16:45", "to": "20:00", "agents": 2},
        ]
    )
    assert wall_overlaps(rows) == (1, 2)
    assert wall_overlaps(rows[:1]) is None
    nights = [TemplateRow((7,), time(22), time(6), 1), TemplateRow((1,), time(5), time(9), 1)]
    assert wall_overlaps(nights) == (1, 2)
