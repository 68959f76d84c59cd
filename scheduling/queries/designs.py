"""Pencilled shifts over the curve: what a request asks for, what its shifts cover, and how good that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Sum

from gigcx.kernel.intervals import GRID_MINUTES, Period, day_of, from_wall, zone_of
from scheduling.design.problem import ClockChange, DesignProblem, Family
from scheduling.models import CapacityRequest, RequestedInterval, Shift
from scheduling.queries.lists import shifts_of_request
from scheduling.queries.published import published_beside, published_of, seats_by_quarter
from scheduling.queries.weeks import days_of_week, week_period
from scheduling.states import COMMITTED, PLANNING

SHORTEST_MINUTES: Final = 120
LONGEST_MINUTES: Final = 480
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
    """This function will lay a request's shifts over its demand from `at` on; four queries.

    As the planner sees it: an interval needs the most that one of its quarters needs.
    """
    return curve_over(request, demand_from(request, at=at), list(shifts_of_request(request)))


def curve_over(request: CapacityRequest, demand: Mapping[datetime, int], shifts: Sequence[Shift]) -> Curve:
    """This function will lay these shifts over this demand."""
    zone = zone_of(request.timezone)
    required, covered = (
        shown_demand(request, demand),
        seats_by_quarter((one.starts_at, one.ends_at, one.seats) for one in shifts),
    )
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


@dataclass(frozen=True, slots=True)
class Demand:
    """A request's quarters still to come: what its own shifts have to cover, and what published shifts cover already."""

    left: dict[datetime, int]
    given: dict[datetime, int]

    @property
    def given_minutes(self) -> int:
        """Agent minutes that published shifts cover."""
        return sum(self.given.values()) * GRID_MINUTES


def demand_of(request: CapacityRequest, *, at: datetime) -> Demand:
    """This function will read what is asked for from `at` on, less the published seats that nobody asked for; three queries."""
    asked = dict(request.intervals.filter(starts_at__gte=at).values_list("starts_at", "agents"))
    published = published_beside(request)
    given = {start: min(agents, published.spare(start)) for start, agents in asked.items()}
    left = {start: agents - given[start] for start, agents in asked.items()}
    return Demand(left, {start: agents for start, agents in given.items() if agents})


def demand_from(request: CapacityRequest, *, at: datetime) -> dict[datetime, int]:
    """This function will read what a request's own shifts have to cover in each quarter that is still to come."""
    return demand_of(request, at=at).left


def need_beyond(request: CapacityRequest) -> dict[datetime, int]:
    """This function will return by quarter what the night after the week still needs: its Sunday shifts may run into it.

    What the next week asks for and nobody covers; where nothing is planned there yet, what this week's Monday asked for.
    """
    zone, monday = zone_of(request.timezone), request.week_starts_on + timedelta(days=7)
    night = Period(day_of(monday, zone).starts_at, day_of(monday, zone).starts_at + timedelta(minutes=LONGEST_MINUTES))
    following = CapacityRequest.objects.for_brand(request.brand_id).of_week(
        request.program_id, request.channel, monday, language=request.language
    )
    rows = RequestedInterval.objects.for_brand(request.brand_id).filter(
        request__in=following.in_states([*PLANNING, *COMMITTED])
    )
    asked = dict(rows.values_list("starts_at").annotate(agents=Sum("agents")).order_by("starts_at"))
    if not asked:
        asked = _first_night(request, night.starts_at)
    seats = published_of(request.program, request.channel, monday, language=request.language).seats
    return {
        step.starts_at: max(0, asked.get(step.starts_at, 0) - seats.get(step.starts_at, 0))
        for step in night.steps(GRID_MINUTES)
    }


def _first_night(request: CapacityRequest, after: datetime) -> dict[datetime, int]:
    """This week's Monday night, carried to where the week ends."""
    before = day_of(request.week_starts_on, zone_of(request.timezone)).starts_at
    rows = request.intervals.filter(starts_at__gte=before, starts_at__lt=before + timedelta(minutes=LONGEST_MINUTES))
    return {after + (start - before): agents for start, agents in rows.values_list("starts_at", "agents")}


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


def problem_of(
    request: CapacityRequest, demand: Mapping[datetime, int], beyond: Mapping[datetime, int] | None = None
) -> DesignProblem:
    """This function will turn a week's demand into slots of the interval the planner sees, clock changes included.

    `beyond` is what the night after the week needs, in quarters from its end; shifts may run into it.
    """
    zone = zone_of(request.timezone)
    week = week_period(request.week_starts_on, zone)
    minutes = slot_minutes_of(request)
    shown = shown_demand(request, demand)
    tail = _tail(beyond or {}, minutes)
    required = tuple(shown[slot.starts_at] for slot in week.steps(minutes)) + tail
    starts = [day_of(on, zone).starts_at for on in days_of_week(request.week_starts_on)]
    step = max(1, 30 // minutes)
    family = Family(0, _USUAL // minutes - 1, SHORTEST_MINUTES // minutes, LONGEST_MINUTES // minutes, step, step)
    return DesignProblem(
        slot_minutes=minutes,
        day_starts=tuple(int((start - week.starts_at).total_seconds()) // (minutes * 60) for start in starts),
        required=required,
        families=(family,),
        clock_changes=tuple(_changes(request, minutes)),
        tail_slots=len(tail),
    )


def _tail(beyond: Mapping[datetime, int], minutes: int) -> tuple[int, ...]:
    """Slots of the night after: no more than the least that one of a slot's quarters needs, so that nobody is too many."""
    if not any(beyond.values()):
        return ()
    needs, size = [beyond[start] for start in sorted(beyond)], minutes // GRID_MINUTES
    return tuple(min(needs[at : at + size]) for at in range(0, len(needs), size))


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
