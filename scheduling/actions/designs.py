"""Making shifts from demand: asked for by a planner, done by a worker, priced at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.kernel.intervals import GRID_MINUTES, day_of, zone_of
from gigcx.tenancy.actors import Actor
from recruiting.models import RateCard
from recruiting.queries import active_rate_card
from scheduling.actions.quotes import quote_pencilled
from scheduling.actions.requests import back_to_draft, lock_request, require_editable
from scheduling.design.problem import Design, DesignProblem, Family
from scheduling.design.search import design_shifts
from scheduling.errors import DesignRunning, NoRateCard, NothingToDesign
from scheduling.models import CapacityRequest, Shift
from scheduling.queries.weeks import days_of_week, week_period
from scheduling.states import DesignState, RequestState, ShiftState

SHORTEST_MINUTES: Final = 120
LONGEST_MINUTES: Final = 480
DESIGN_SECONDS: Final = 5.0
_RUNNING: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class _Made:
    """One shift to be: its time and seats."""

    starts_at: datetime
    ends_at: datetime
    seats: int


@transaction.atomic
def design_request_shifts(
    *, request_id: UUID, by: Actor, at: datetime, seen_version: int | None = None
) -> CapacityRequest:
    """Ask for shifts that cover a pencilled request. A worker makes them; the row says that somebody must.

    Raises:
        NotFound, NotAllowed, Stale, RequestNotEditable: as for typing.
        NothingToDesign: no demand from now on. NoRateCard: nothing to price with. DesignRunning: asked a moment ago.
    """
    request = lock_request(request_id, by=by)
    require_editable(request, seen_version=seen_version)
    if request.design_state == DesignState.QUEUED and at - (request.design_requested_at or at) < _RUNNING:
        raise DesignRunning
    if not request.intervals.filter(agents__gt=0, starts_at__gte=at).exists():
        raise NothingToDesign
    if active_rate_card(request.program_id, at) is None:
        raise NoRateCard
    if request.state != RequestState.DRAFT:
        back_to_draft(request, by=by, at=at)
    request.design_state, request.design_requested_at = DesignState.QUEUED, at
    request.save(update_fields=["design_state", "design_requested_at"])
    trail.record("scheduling.design_request_shifts", request, by=by, at=at)
    return request


def make_designed_shifts(
    *, request_id: UUID, by: Actor, at: datetime, seconds: float = DESIGN_SECONDS, iterations: int | None = None
) -> Design | None:
    """Solve a queued request and write its pencilled shifts and their price.

    The solving holds no lock; what was typed meanwhile wins and the result is thrown away. Run twice, the second finds
    nothing to do. Returns None in both cases. `iterations` limits the search where every machine must find the same shifts.
    """
    request = CapacityRequest.objects.across_brands().select_related("program").get(pk=request_id)
    if request.design_state != DesignState.QUEUED or request.state != RequestState.DRAFT:
        return None
    demand = dict(request.intervals.filter(starts_at__gte=at).values_list("starts_at", "agents"))
    problem = problem_of(request, demand)
    design = design_shifts(problem, seconds=seconds, iterations=iterations, seed=request.version)
    return design if _written(request, problem, design, by=by, at=at) else None


def problem_of(request: CapacityRequest, demand: dict[datetime, int]) -> DesignProblem:
    """This function will turn a week's demand into slots of the interval the planner sees."""
    zone = zone_of(request.timezone)
    week = week_period(request.week_starts_on, zone)
    minutes = request.shown_minutes
    slots = list(week.steps(minutes))
    quarters = [[quarter.starts_at for quarter in slot.steps(GRID_MINUTES)] for slot in slots]
    required = tuple(max(demand.get(start, 0) for start in starts) for starts in quarters)
    starts = tuple(
        int((day_of(on, zone).starts_at - week.starts_at).total_seconds()) // (minutes * 60)
        for on in days_of_week(request.week_starts_on)
    )
    family = Family(0, 24 * 60 // minutes, SHORTEST_MINUTES // minutes, LONGEST_MINUTES // minutes)
    return DesignProblem(minutes, starts, required, (family,))


@transaction.atomic
def _written(request: CapacityRequest, problem: DesignProblem, design: Design, *, by: Actor, at: datetime) -> bool:
    seen = request.version
    request = (
        CapacityRequest.objects.across_brands()
        .select_for_update(of=("self",))
        .select_related("program")
        .get(pk=request.pk)
    )
    if request.version != seen or request.design_state != DesignState.QUEUED or request.state != RequestState.DRAFT:
        return False
    card = active_rate_card(request.program_id, at)
    if card is None or not design.shifts:
        request.design_state, request.design = DesignState.NONE, {}
        request.save(update_fields=["design_state", "design"])
        return False
    shifts = _pencil(request, problem, design, card, at)
    request.design_state, request.design = DesignState.DONE, _figures(design)
    quote_pencilled(request, shifts, card, by=by, at=at)
    return True


def _pencil(
    request: CapacityRequest, problem: DesignProblem, design: Design, card: RateCard, at: datetime
) -> list[Shift]:
    Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.DRAFT).delete()
    zone = zone_of(request.timezone)
    return Shift.objects.bulk_create(
        Shift(
            brand_id=request.brand_id,
            program_id=request.program_id,
            request=request,
            channel=request.channel,
            starts_at=made.starts_at,
            ends_at=made.ends_at,
            timezone=request.timezone,
            local_on=made.starts_at.astimezone(zone).date(),
            seats=made.seats,
            rate_card=card,
            created_at=at,
        )
        for made in _made(request, problem, design)
    )


def _made(request: CapacityRequest, problem: DesignProblem, design: Design) -> list[_Made]:
    first = week_period(request.week_starts_on, zone_of(request.timezone)).starts_at
    slot = timedelta(minutes=problem.slot_minutes)
    made = [
        _Made(
            first + slot * (day_start + one.kind.start),
            first + slot * (day_start + one.kind.start + one.kind.length),
            heads,
        )
        for one in design.shifts
        for day_start, heads in zip(problem.day_starts, one.heads, strict=True)
        if heads
    ]
    return sorted(made, key=lambda shift: (shift.starts_at, shift.ends_at))


def _figures(design: Design) -> dict[str, int]:
    return {
        "under": design.under_minutes,
        "over": design.over_minutes,
        "distinct": design.distinct,
        "objective": design.objective,
        "bound": design.bound,
    }
