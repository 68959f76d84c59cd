"""Local weeks and days as UTC instants: 23, 24 or 25 hours, none lost, none doubled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import Period, day_grid, day_of


@dataclass(frozen=True, slots=True)
class CopiedDay:
    """The target day's demand by UTC start, and the wall times of the source that the target day does not have."""

    demand: dict[datetime, int]
    lost: tuple[str, ...]


def week_period(week_starts_on: date, zone: ZoneInfo) -> Period:
    """This function will return the local week as a UTC period, Monday 00:00 to the next."""
    last = week_starts_on + timedelta(days=6)
    return Period(day_of(week_starts_on, zone).starts_at, day_of(last, zone).ends_at)


def days_of_week(week_starts_on: date) -> list[date]:
    """This function will return the seven days, Monday first."""
    return [week_starts_on + timedelta(days=step) for step in range(7)]


def copied_day(demand: Mapping[datetime, int], *, source_on: date, target_on: date, zone: ZoneInfo) -> CopiedDay:
    """This function will carry one day's demand to another by wall clock; every quarter of the target gets a number.

    A doubled quarter of the target gets the source's number both times; of a doubled one in the source the first counts.
    """
    by_clock: dict[time, int] = {}
    for start in day_grid(source_on, zone):
        by_clock.setdefault(start.astimezone(zone).time(), demand.get(start, 0))
    target = {start: start.astimezone(zone).time() for start in day_grid(target_on, zone)}
    lost = [
        f"{target_on:%a %-d %b} {clock:%H:%M}"
        for clock, agents in by_clock.items()
        if agents and clock not in target.values()
    ]
    return CopiedDay({start: by_clock.get(clock, 0) for start, clock in target.items()}, tuple(lost))
