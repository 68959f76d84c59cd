"""Weekly hours of people in different zones, laid over one another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import from_wall, zone_of

MINUTES_A_WEEK: Final = 7 * 24 * 60
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A weekly stretch in local time, Monday 0. One that ends at or before its start crosses midnight."""

    weekday: int
    starts: time
    ends: time
    timezone: str


def week_minutes(stretches: Iterable[Stretch], monday: date) -> list[Span]:
    """This function will return the stretches as minutes of the UTC week, half-open, merged and in order.

    `monday` picks the week, and with it which side of a clock change it lies on. What runs over the end of the week comes
    back at its start.
    """
    return _merged(part for stretch in stretches for part in _wrapped(_span(stretch, monday)))


def minutes_in_common(left: Sequence[Span], right: Sequence[Span]) -> int:
    """This function will return for how many minutes both hold; each side is merged and in order."""
    total = i = j = 0
    while i < len(left) and j < len(right):
        total += max(0, min(left[i][1], right[j][1]) - max(left[i][0], right[j][0]))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return total


def _span(stretch: Stretch, monday: date) -> Span:
    ends_on = stretch.weekday + (0 if stretch.ends > stretch.starts else 1)
    return (
        _minute(monday, stretch.weekday, stretch.starts, stretch.timezone),
        _minute(monday, ends_on, stretch.ends, stretch.timezone),
    )


@lru_cache(maxsize=16_384)
def _minute(monday: date, weekday: int, clock: time, timezone: str) -> int:
    """The minute of the UTC week at which a local time comes. People share them, and zones are slow to ask."""
    origin = from_wall(monday, time(0), ZoneInfo("UTC"))
    moment = from_wall(monday + timedelta(days=weekday), clock, zone_of(timezone))
    return int((moment - origin).total_seconds()) // 60


def _wrapped(span: Span) -> list[Span]:
    length = max(0, span[1] - span[0])
    start = span[0] % MINUTES_A_WEEK
    end = start + length
    if end <= MINUTES_A_WEEK:
        return [(start, end)]
    return [(start, MINUTES_A_WEEK), (0, end - MINUTES_A_WEEK)]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
