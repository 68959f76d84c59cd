"""Every zone, every clock change of 2025-2027: templates against instants found without the code under test.

Run with `python -m benchmarks.zones`. For each zone the offset is read minute by minute from the time zone database; wall
times around each change are then looked up among those instants, and compared with what `expand_template` answers. Days are
counted quarter by quarter.
"""

import os
import platform
import sys
import time as timer
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from gigcx.kernel.intervals import day_grid, is_on_grid
from scheduling.design.expand import TemplateRow, block_on, demand_of

QUARTER: Final = timedelta(minutes=15)
FIRST: Final = datetime(2025, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2028, 1, 1, tzinfo=UTC)
LENGTHS: Final = (30, 8 * 60, 24 * 60)
ROWS: Final = (
    TemplateRow((1, 2, 3, 4, 5, 6, 7), time(0), time(2, 30), 5),
    TemplateRow((1, 2, 3, 4, 5, 6, 7), time(2, 30), time(0), 7),
)


@dataclass(slots=True)
class Tally:
    """What was looked at and what was wrong."""

    zones: int = 0
    changes: int = 0
    blocks: int = 0
    days: int = 0
    mismatches: int = 0

    def judge(self, *, is_right: bool, what: object) -> None:
        """This function will count a mismatch and print it."""
        if not is_right:
            self.mismatches += 1
            print("mismatch:", what)


def changes_of(zone: zoneinfo.ZoneInfo) -> Iterator[datetime]:
    """This function will yield the first instant of each new offset."""
    day = FIRST
    while day < LAST:
        after = day + timedelta(days=1)
        if after.astimezone(zone).utcoffset() != day.astimezone(zone).utcoffset():
            low, high = day, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                if middle in (low, high):
                    break
                same = middle.astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high
        day = after


def clock_of(change: datetime, zone: zoneinfo.ZoneInfo) -> dict[datetime, list[datetime]]:
    """This function will return the instants of each wall time near a change, a quarter of an hour apart."""
    found: dict[datetime, list[datetime]] = {}
    start = change - timedelta(hours=40)
    start = start - timedelta(seconds=int(start.timestamp()) % 900)
    for step in range(80 * 4):
        moment = start + QUARTER * step
        found.setdefault(moment.astimezone(zone).replace(tzinfo=None), []).append(moment)
    return found


def check_change(name: str, zone: zoneinfo.ZoneInfo, change: datetime, tally: Tally) -> None:
    """This function will compare every quarter's start around a change, at three lengths."""
    clocks = clock_of(change, zone)
    before = (change - timedelta(minutes=1)).astimezone(zone).utcoffset() or timedelta()

    def instant(wall: datetime) -> datetime:
        return min(clocks[wall]) if wall in clocks else (wall - before).replace(tzinfo=UTC)

    local = change.astimezone(zone).replace(tzinfo=None)
    first = local.replace(minute=local.minute // 15 * 15, second=0) - timedelta(hours=9)
    for step in range(18 * 4):
        wall = first + QUARTER * step
        for minutes in LENGTHS:
            tally.blocks += 1
            block = block_on(wall.date(), wall.time(), minutes, zone)
            starts_at = instant(wall)
            begins = wall if wall in clocks else starts_at.astimezone(zone).replace(tzinfo=None)
            ends_at = max(instant(begins + timedelta(minutes=minutes)), starts_at + QUARTER)
            flags = {0: "moved", 2: "doubled"}
            is_flagged = (
                block.flag == flags[len(clocks.get(wall, []))]
                if len(clocks.get(wall, [])) != 1
                else (block.flag not in flags.values())
            )
            right = (block.starts_at, block.ends_at) == (starts_at, ends_at) and is_flagged
            tally.judge(is_right=right and is_on_grid(block.starts_at), what=(name, wall, minutes, block))


def check_days(name: str, zone: zoneinfo.ZoneInfo, change: datetime, tally: Tally) -> None:
    """This function will compare a template of whole days with every quarter that the week really has."""
    on = change.astimezone(zone).date()
    monday = on - timedelta(days=on.weekday())
    told = sorted(demand_of(ROWS, zone=zone, week_starts_on=monday))
    days = [_quarters(monday + timedelta(days=step), zone) for step in range(7)]
    tally.days += 7
    tally.judge(is_right=told == [start for day in days for start in day], what=(name, monday, "week"))
    for step, day in enumerate(days):
        tally.judge(is_right=day_grid(monday + timedelta(days=step), zone) == day, what=(name, monday, step))


def _quarters(on: date, zone: zoneinfo.ZoneInfo) -> list[datetime]:
    """The quarters whose local date is that day, looked for among three days of instants."""
    middle = datetime.combine(on, time(12), tzinfo=UTC)
    around = (middle + QUARTER * step for step in range(-36 * 4, 36 * 4))
    return [one for one in around if one.astimezone(zone).date() == on]


def main() -> int:
    """This function will check every zone and print the sums; it fails on any mismatch."""
    began, tally = timer.perf_counter(), Tally()
    for name in sorted(zoneinfo.available_timezones()):
        zone = zoneinfo.ZoneInfo(name)
        tally.zones += 1
        for change in changes_of(zone):
            tally.changes += 1
            check_change(name, zone, change, tally)
            check_days(name, zone, change, tally)
    print(f"load {os.getloadavg()[0]:.1f}, python {platform.python_version()}, time zones from {_database_version()}")
    print(f"{tally.zones} zones, {tally.changes} clock changes of 2025-2027")
    print(f"{tally.blocks} blocks and {tally.days} days compared, {tally.mismatches} mismatches")
    print(f"{timer.perf_counter() - began:.1f} s")
    return 1 if tally.mismatches else 0


def _database_version() -> str:
    """The packaged database's version; without the package, Python reads the system's."""
    try:
        return f"tzdata {version('tzdata')}"
    except PackageNotFoundError:
        return "the system's"


if __name__ == "__main__":
    sys.exit(main())
