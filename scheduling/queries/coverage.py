"""Who is there now, and whether the next hours are covered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID

from django.db.models import Count

from gigcx.kernel.intervals import GRID_MINUTES
from scheduling.models import RequestedInterval, Shift, WorkSession
from scheduling.states import COMMITTED, SessionState

_STEP: Final = timedelta(minutes=30)
HOURS_AHEAD: Final = 24


@dataclass(frozen=True, slots=True)
class CoverageStep:
    """Half an hour: required agents and filled seats, the worse of its quarters."""

    starts_at: datetime
    required: int
    filled: int

    @property
    def short(self) -> int:
        """Missing seats, never below zero."""
        return max(0, self.required - self.filled)

    @property
    def over(self) -> int:
        """Seats beyond what is required, never below zero."""
        return max(0, self.filled - self.required)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Now and the next 24 hours of a brand. `by_state` counts people at their desks."""

    steps: tuple[CoverageStep, ...]
    required_now: int
    filled_now: int
    present_now: int
    by_state: dict[str, int]
    running_shifts: int
    has_any_demand: bool

    @property
    def next_short(self) -> CoverageStep | None:
        """The first coming half hour with a seat missing."""
        return next((step for step in self.steps[1:] if step.short), None)


def coverage(brand_id: UUID, *, at: datetime) -> Coverage:
    """This function will read a brand's coverage with three queries."""
    start = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    end = start + timedelta(hours=HOURS_AHEAD)
    required = _required(brand_id, start, end)
    shifts = list(
        Shift.objects.for_brand(brand_id).standing().touching(start, end).values_list("starts_at", "ends_at", "filled")
    )
    filled = _filled(shifts, start, end)
    states = dict(
        WorkSession.objects.for_brand(brand_id)
        .exclude(state__in=[SessionState.ENDED, SessionState.LOST])
        .order_by()
        .values_list("state")
        .annotate(people=Count("pk"))
    )
    now = at.replace(minute=at.minute // GRID_MINUTES * GRID_MINUTES, second=0, microsecond=0)
    return Coverage(
        steps=tuple(_steps(start, end, required, filled)),
        required_now=required.get(now, 0),
        filled_now=filled.get(now, 0),
        present_now=sum(states.values()),
        by_state=states,
        running_shifts=sum(1 for starts_at, ends_at, _filled_seats in shifts if starts_at <= at < ends_at),
        has_any_demand=bool(required or shifts),
    )


def _required(brand_id: UUID, start: datetime, end: datetime) -> dict[datetime, int]:
    rows = RequestedInterval.objects.for_brand(brand_id).filter(
        request__state__in=list(COMMITTED), starts_at__gte=start, starts_at__lt=end
    )
    required: dict[datetime, int] = {}
    for moment, agents in rows.values_list("starts_at", "agents"):
        required[moment] = required.get(moment, 0) + agents
    return required


def _filled(shifts: Iterable[tuple[datetime, datetime, int]], start: datetime, end: datetime) -> dict[datetime, int]:
    quarter = timedelta(minutes=GRID_MINUTES)
    filled: dict[datetime, int] = {}
    for starts_at, ends_at, seats in shifts:
        moment = max(starts_at, start)
        while moment < min(ends_at, end):
            filled[moment] = filled.get(moment, 0) + seats
            moment += quarter
    return filled


def _steps(
    start: datetime, end: datetime, required: dict[datetime, int], filled: dict[datetime, int]
) -> Iterable[CoverageStep]:
    moment = start
    while moment < end:
        pairs = [
            (required.get(one, 0), filled.get(one, 0)) for one in (moment, moment + timedelta(minutes=GRID_MINUTES))
        ]
        need, have = max(pairs, key=lambda pair: (pair[0] - pair[1], pair[0]))
        yield CoverageStep(moment, need, have)
        moment += _STEP


def axis_ticks(peak: int) -> list[int]:
    """This function will return at most six round numbers from zero to the peak."""
    steps = (unit * 10**power for power in count() for unit in (1, 2, 5))
    step = next(one for one in steps if peak <= 5 * one)
    return list(range(0, peak + 1, step))
