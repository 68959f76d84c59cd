"""Days, grids and wall clocks across every clock change of every zone from 2025 to 2027."""

import itertools

# ruff: noqa: DTZ001  wall times have no zone; they are what is tested here
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigcx.kernel.errors import Invalid
from gigcx.kernel.intervals import (
    Period,
    day_grid,
    day_of,
    from_wall,
    is_doubled,
    is_missing,
    is_on_grid,
    week_start,
    zone_of,
)

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
LORD_HOWE, KATHMANDU = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)


@lru_cache(maxsize=1)
def changes() -> list[tuple[str, date]]:
    """Every local day of every zone whose offset differs from that of the next day."""
    found = []
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        offsets = [
            (day, datetime.combine(day, time(0), zone).utcoffset())
            for day in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
        ]
        found += [(name, day) for (day, first), (_next, second) in itertools.pairwise(offsets) if first != second]
    return found


def test_there_are_many_changes_to_look_at() -> None:
    assert len(changes()) > 500


def test_around_every_change_the_days_touch_and_the_grid_loses_nothing() -> None:
    for name, changed_on in changes():
        zone = ZoneInfo(name)
        days = [day_of(changed_on + timedelta(days=offset), zone) for offset in (-1, 0, 1, 2)]
        for first, second in itertools.pairwise(days):
            assert first.ends_at == second.starts_at, (name, changed_on)
        for offset in (-1, 0, 1):
            on = changed_on + timedelta(days=offset)
            day, grid = day_of(on, zone), day_grid(on, zone)
            assert len(grid) == len(set(grid)) == -(-day.seconds // 900), (name, on)
            assert grid[0] == day.starts_at
            assert all(later - earlier == timedelta(minutes=15) for earlier, later in itertools.pairwise(grid))


def test_around_every_change_a_wall_time_comes_back_unless_it_is_missing() -> None:
    for name, changed_on in changes():
        zone = ZoneInfo(name)
        for minutes in range(0, 24 * 60, 30):
            wall = datetime.combine(changed_on, time(minutes // 60, minutes % 60))
            back = from_wall(wall.date(), wall.time(), zone).astimezone(zone).replace(tzinfo=None)
            if is_missing(wall, zone):
                assert back > wall, (name, wall)
            else:
                assert back == wall, (name, wall)


def test_a_missing_hour_moves_forward_and_a_doubled_one_means_the_first() -> None:
    assert is_missing(datetime(2026, 3, 8, 2, 30), NEW_YORK)
    assert from_wall(date(2026, 3, 8), time(2, 30), NEW_YORK) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert is_doubled(datetime(2026, 11, 1, 1, 30), NEW_YORK)
    assert from_wall(date(2026, 11, 1), time(1, 30), NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert not is_missing(datetime(2026, 3, 8, 3, 0), NEW_YORK)
    assert not is_doubled(datetime(2026, 11, 1, 2, 0), NEW_YORK)


@pytest.mark.parametrize(
    ("on", "zone", "quarters"),
    [
        (date(2026, 3, 29), BERLIN, 92),
        (date(2026, 10, 25), BERLIN, 100),
        (date(2026, 10, 4), LORD_HOWE, 94),
        (date(2026, 4, 5), LORD_HOWE, 98),
        (date(2026, 6, 1), KATHMANDU, 96),
    ],
)
def test_a_day_has_as_many_quarters_as_it_really_has(on: date, zone: ZoneInfo, quarters: int) -> None:
    assert len(day_grid(on, zone)) == quarters


def test_a_night_shift_over_a_clock_change_is_counted_in_elapsed_time() -> None:
    night = Period(from_wall(date(2026, 3, 28), time(22), BERLIN), from_wall(date(2026, 3, 29), time(6), BERLIN))
    assert night.seconds == 7 * 3600


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(moments, st.integers(1, 100_000), st.sampled_from([15, 30, 60, 7]))
def test_the_steps_of_a_period_cover_it_without_gap_or_overlap(start: datetime, seconds: int, minutes: int) -> None:
    period = Period(start, start + timedelta(seconds=seconds))
    steps = list(period.steps(minutes))
    assert steps[0].starts_at == period.starts_at
    assert steps[-1].ends_at == period.ends_at
    assert all(first.ends_at == second.starts_at for first, second in itertools.pairwise(steps))
    assert sum(step.seconds for step in steps) == period.seconds


@given(moments, moments, st.integers(1, 90_000), st.integers(1, 90_000))
def test_overlap_is_symmetric_and_touching_ends_do_not_count(
    first: datetime, second: datetime, one: int, two: int
) -> None:
    a, b = Period(first, first + timedelta(seconds=one)), Period(second, second + timedelta(seconds=two))
    assert a.overlaps(b) == b.overlaps(a)
    assert not a.overlaps(Period(a.ends_at, a.ends_at + timedelta(seconds=two)))
    assert a.overlaps(a)


def test_a_period_runs_forward_and_knows_its_zone() -> None:
    noon = datetime(2026, 11, 16, 12, tzinfo=UTC)
    for end in (noon, noon - timedelta(seconds=1)):
        with pytest.raises(Invalid):
            Period(noon, end)
    with pytest.raises(ValueError, match="aware"):
        Period(datetime(2026, 1, 1), noon)
    local = noon.astimezone(NEW_YORK)
    assert Period(local, local + timedelta(hours=1)).starts_at.tzinfo == UTC


def test_the_grid_is_counted_in_utc() -> None:
    assert is_on_grid(datetime(2026, 1, 1, 5, 45, tzinfo=UTC))
    assert not is_on_grid(datetime(2026, 1, 1, 5, 45, 1, tzinfo=UTC))
    assert not is_on_grid(datetime(2026, 1, 1, 5, 45, tzinfo=UTC), minutes=30)


def test_a_week_begins_on_monday() -> None:
    assert week_start(date(2026, 11, 22)) == week_start(date(2026, 11, 16)) == date(2026, 11, 16)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "x" * 500, "Europe\x00Berlin"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        zone_of(name)
    assert refused.value.field == "timezone"
