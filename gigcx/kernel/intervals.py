"""Half-open periods of time, the 15-minute grid, and wall clocks across daylight-saving changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gigcx.kernel.errors import Invalid

GRID_MINUTES: Final = 15
_GRID: Final = timedelta(minutes=GRID_MINUTES)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open stretch of time `[starts_at, ends_at)`; both ends aware, kept in UTC."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a period has aware ends")
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise Invalid("The end must come after the start.", field="ends_at")

    @property
    def seconds(self) -> int:
        """Elapsed seconds, right across clock changes because both ends are UTC."""
        return int((self.ends_at - self.starts_at).total_seconds())

    def overlaps(self, other: "Period") -> bool:
        """This function will tell whether the two share at least an instant; touching ends do not count."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def steps(self, minutes: int) -> Iterator["Period"]:
        """This function will yield consecutive periods of `minutes`; the last one may be shorter."""
        start = self.starts_at
        while start < self.ends_at:
            end = min(start + timedelta(minutes=minutes), self.ends_at)
            yield Period(start, end)
            start = end


def is_on_grid(moment: datetime, minutes: int = GRID_MINUTES) -> bool:
    """This function will tell whether the moment falls on the planning grid, counted in UTC."""
    return int(moment.timestamp()) % (minutes * 60) == 0 and moment.microsecond == 0


def zone_of(name: str) -> ZoneInfo:
    """This function will return the IANA zone of that name.

    Raises:
        Invalid: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:  # a name too long for a file is no zone either
        raise Invalid(f"There is no time zone called {name[:80]!r}.", field="timezone") from unknown


def is_missing(wall: datetime, zone: ZoneInfo) -> bool:
    """This function will tell whether that wall time never happens (clocks jump over it)."""
    local = wall.replace(tzinfo=zone, fold=0)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None)


def is_doubled(wall: datetime, zone: ZoneInfo) -> bool:
    """This function will tell whether that wall time happens twice (clocks go back over it)."""
    first = wall.replace(tzinfo=zone, fold=0).utcoffset()
    second = wall.replace(tzinfo=zone, fold=1).utcoffset()
    return first != second and not is_missing(wall, zone)


def from_wall(on: date, clock: time, zone: ZoneInfo) -> datetime:
    """This function will turn a wall time into UTC.

    A time that does not exist moves forward by the gap; of a doubled time the first is meant (both as RFC 5545, 3.3.5).
    """
    wall = datetime.combine(on, clock)
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def day_of(on: date, zone: ZoneInfo) -> Period:
    """This function will return the local day as a UTC period: 23, 24 or 25 hours, rarely anything else."""
    return Period(from_wall(on, time(0), zone), from_wall(on + timedelta(days=1), time(0), zone))


def day_grid(on: date, zone: ZoneInfo, minutes: int = GRID_MINUTES) -> list[datetime]:
    """This function will return the starts of the local day's intervals in UTC, none lost or doubled."""
    day = day_of(on, zone)
    return [step.starts_at for step in day.steps(minutes)]


def week_start(on: date) -> date:
    """This function will return the Monday of that date's week (ISO 8601)."""
    return on - timedelta(days=on.weekday())
