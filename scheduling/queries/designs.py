"""Pencilled shifts over the curve: what a request asks for, what its shifts cover, and how good that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from gigcx.kernel.intervals import GRID_MINUTES, day_of, from_wall, zone_of
from scheduling.design.problem import ClockChange, DesignProblem, Family
from scheduling.models import CapacityRequest, Shift
from scheduling.queries.lists import shifts_of_request
from scheduling.queries.weeks import days_of_week, week_period

SHORTEST_MINUTES: Final = 120
LONGEST_MINUTES: Final = 480
_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
_USUAL: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class CurveDay:
    """A local day in quarters: what is required, what is covered, and the shifts that start on it."""

    on: date
    starts: tuple[datetime, ...]
    required: tuple[int, ...]
    covered: tuple[int, ...]
    shifts: tuple[Shift, ...]

    @property
    def under_minutes(self) -> int:
        """Agent minutes missing."""
        return sum(max(0, need - have) for need, have in self._pairs()) * GRID_MINUTES

    @property
    def over_minutes(self) -> int:
        """Agent minutes too many."""
        return sum(max(0, have - need) for need, have in self._pairs()) * GRID_MINUTES

    def _pairs(self) -> Iterable[tuple[int, int]]:
        return zip(self.required, self.covered, strict=True)


@dataclass(frozen=True, slots=True)
class Curve:
    """A request's week."""

    days: tuple[CurveDay, ...]
    distinct: int

    @property
    def under_minutes(self) -> int:
        """Agent minutes missing in the week."""
        return sum(day.under_minutes for day in self.days)

    @property
    def over_minutes(self) -> int:
        """Agent minutes too many in the week."""
        return sum(day.over_minutes for day in self.days)


def curve_of(request: CapacityRequest, *, at: datetime) -> Curve:
    """This function will lay a request's shifts over its demand from `at` on; two queries.

    As the planner sees it: an interval needs the most that one of its quarters needs.
    """
    return curve_over(request, demand_from(request, at=at), list(shifts_of_request(request)))


def curve_over(request: CapacityRequest, demand: Mapping[datetime, int], shifts: Sequence[Shift]) -> Curve:
    """This function will lay these shifts over this demand."""
    zone = zone_of(request.timezone)
    required, covered = shown_demand(request, demand), _covered(shifts)
    days = []
    for on in days_of_week(request.week_starts_on):
        starts = tuple(quarter.starts_at for quarter in day_of(on, zone).steps(GRID_MINUTES))
        days.append(
            CurveDay(
                on,
                starts,
                tuple(required.get(start, 0) for start in starts),
                tuple(covered.get(start, 0) for start in starts),
                tuple(one for one in shifts if one.local_on == on),
            )
        )
    return Curve(tuple(days), len({wall_kind(one) for one in shifts}))


def demand_from(request: CapacityRequest, *, at: datetime) -> dict[datetime, int]:
    """This function will read the agents asked for in each quarter that is still to come."""
    return dict(request.intervals.filter(starts_at__gte=at).values_list("starts_at", "agents"))


def shown_demand(request: CapacityRequest, demand: Mapping[datetime, int]) -> dict[datetime, int]:
    """This function will give every quarter of an interval the most that one of them needs."""
    week = week_period(request.week_starts_on, zone_of(request.timezone))
    shown: dict[datetime, int] = {}
    for slot in week.steps(slot_minutes_of(request)):
        quarters = [quarter.starts_at for quarter in slot.steps(GRID_MINUTES)]
        most = max(demand.get(start, 0) for start in quarters)
        shown |= dict.fromkeys(quarters, most)
    return shown


def slot_minutes_of(request: CapacityRequest) -> int:
    """This function will return the interval the planner sees, or a quarter where a day of the week is no multiple of it."""
    zone = zone_of(request.timezone)
    days = [day_of(on, zone).seconds // 60 for on in days_of_week(request.week_starts_on)]
    return request.shown_minutes if all(minutes % request.shown_minutes == 0 for minutes in days) else GRID_MINUTES


def wall_kind(shift: Shift) -> tuple[int, int]:
    """This function will return a shift's start and length as the wall clock has them, in minutes."""
    zone = zone_of(shift.timezone)
    start, end = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    minutes = int((end.replace(tzinfo=None) - start.replace(tzinfo=None)).total_seconds()) // 60
    return start.hour * 60 + start.minute, minutes


def problem_of(request: CapacityRequest, demand: Mapping[datetime, int]) -> DesignProblem:
    """This function will turn a week's demand into slots of the interval the planner sees, clock changes included."""
    zone = zone_of(request.timezone)
    week = week_period(request.week_starts_on, zone)
    minutes = slot_minutes_of(request)
    shown = shown_demand(request, demand)
    required = tuple(shown[slot.starts_at] for slot in week.steps(minutes))
    starts = [day_of(on, zone).starts_at for on in days_of_week(request.week_starts_on)]
    step = max(1, 30 // minutes)
    family = Family(0, _USUAL // minutes - 1, SHORTEST_MINUTES // minutes, LONGEST_MINUTES // minutes, step, step)
    return DesignProblem(
        slot_minutes=minutes,
        day_starts=tuple(int((start - week.starts_at).total_seconds()) // (minutes * 60) for start in starts),
        required=required,
        families=(family,),
        clock_changes=tuple(_changes(request, minutes)),
    )


def figures_of(request: CapacityRequest, curve: Curve, *, bound: float) -> dict[str, Any]:
    """This function will return a hand-made design's figures; what a planner draws may lie outside what the bound covers."""
    objective = curve.under_minutes + curve.over_minutes + curve.distinct * slot_minutes_of(request)
    return {
        "under": curve.under_minutes,
        "over": curve.over_minutes,
        "distinct": curve.distinct,
        "objective": objective,
        "bound": min(bound, objective),
        "is_proven": False,
        "is_by_hand": True,
    }


def _covered(shifts: Iterable[Shift]) -> dict[datetime, int]:
    covered: dict[datetime, int] = {}
    for one in shifts:
        moment = one.starts_at
        while moment < one.ends_at:
            covered[moment] = covered.get(moment, 0) + one.seats
            moment += _QUARTER
    return covered


def _changes(request: CapacityRequest, minutes: int) -> Iterable[ClockChange]:
    """Where the clocks change: the first wall slot that does not come as late as its name says."""
    zone = zone_of(request.timezone)
    for index, on in enumerate(days_of_week(request.week_starts_on)):
        day = day_of(on, zone)
        by = (day.seconds // 60 - _USUAL) // minutes
        for slot in range(_USUAL // minutes) if by else ():
            wall = (datetime.combine(on, datetime.min.time()) + timedelta(minutes=slot * minutes)).time()
            if from_wall(on, wall, zone) - day.starts_at == timedelta(minutes=(slot + by) * minutes):
                yield ClockChange(index, slot, by)
                break
