"""How many agents a demo week asks for: a quiet morning, a lunch hump, an evening peak, and a loud Friday."""

import math
from datetime import date, datetime, time, timedelta
from typing import Final

from gigcx.kernel.intervals import from_wall, zone_of
from recruiting.models import Program
from scheduling.actions.intervals import TypedInterval

_OPEN: Final = range(9 * 2, 21 * 2)
_DAY_WEIGHT: Final = (0.8, 0.75, 0.8, 0.9, 1.6, 0.9, 0.6)
_HALF_HOUR: Final = timedelta(minutes=30)


def demand_of(program: Program, monday: date, *, size: int, now: datetime, known_at: datetime) -> list[TypedInterval]:
    """This function will return a week's half hours for a bench of that size, with somebody asked for right now."""
    zone = zone_of(program.timezone)
    most = max(4.0, min(10.0, size / 4))
    found: dict[datetime, int] = {}
    for weekday in range(7):
        for half in _OPEN:
            start = from_wall(monday + timedelta(days=weekday), time(half // 2, half % 2 * 30), zone)
            found[start] = max(1, round(most * _DAY_WEIGHT[weekday] * _shape(half / 2) / 1.6))
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
    return 0.35 + 0.35 * lunch + 0.65 * evening


def _around(now: datetime) -> list[datetime]:
    """The half hours from an hour ago to three hours ahead."""
    first = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0) - 2 * _HALF_HOUR
    return [first + step * _HALF_HOUR for step in range(8)]
