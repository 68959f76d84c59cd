"""How many agents a demo week asks for: a quiet morning, a lunch hump, an evening peak, and a loud Friday."""

import math
from datetime import date, datetime, time, timedelta
from typing import Final

from gigcx.kernel.intervals import from_wall, zone_of
from recruiting.models import Program
from scheduling.actions.intervals import TypedInterval

_OPEN: Final = range(9 * 2, 21 * 2)
_DAY_WEIGHT: Final = (0.58, 0.55, 0.58, 0.65, 1.0, 0.62, 0.45)
_SEASON: Final = {-4: 0.3, -3: 0.35, -2: 0.45, -1: 0.6, 0: 0.8, 1: 1.0, 2: 0.9}
_BIG_BENCH: Final = 30
_HALF_HOUR: Final = timedelta(minutes=30)


def demand_of(
    program: Program, monday: date, *, size: int, week: int, now: datetime, known_at: datetime
) -> list[TypedInterval]:
    """This function will return a week's half hours for a bench of that size, with somebody asked for right now.

    A big bench serves a shop before the holidays: every week asks for more, until next week's Friday evening.
    """
    zone = zone_of(program.timezone)
    most = min(23.0, size * 0.45) * _SEASON.get(week, 1.0) if size >= _BIG_BENCH else max(2.5, size / 6)
    found: dict[datetime, int] = {}
    for weekday in range(7):
        for half in _OPEN:
            start = from_wall(monday + timedelta(days=weekday), time(half // 2, half % 2 * 30), zone)
            found[start] = max(1, round(most * _DAY_WEIGHT[weekday] * _shape(half / 2)))
    for start in _around(now):
        on = start.astimezone(zone).date()
        if monday <= on < monday + timedelta(days=7):
            found[start] = max(2, found.get(start, 0))
    return [
        TypedInterval(start, start + _HALF_HOUR, agents) for start, agents in sorted(found.items()) if start > known_at
    ]


def _shape(hour: float) -> float:
    lunch = math.exp(-(((hour - 12.5) / 1.8) ** 2))
    evening = math.exp(-(((hour - 18.5) / 2.0) ** 2))
    return 0.45 + 0.25 * lunch + 0.55 * evening


def _around(now: datetime) -> list[datetime]:
    """The half hours from an hour ago to three hours ahead."""
    first = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0) - 2 * _HALF_HOUR
    return [first + step * _HALF_HOUR for step in range(8)]
