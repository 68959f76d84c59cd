"""The demo's day: an incident that is over and paid, an excuse that waits for ops, a board with remedies on it."""

from datetime import timedelta
from typing import Final

from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import AgentActor, BrandActor, SystemActor
from gigcx.web.demo import World
from recruiting.models import Program
from scheduling import actions
from scheduling.demo.quotes import owner_of
from scheduling.models import CapacityRequest, Claim, Shift
from scheduling.queries.commitments import price_of_seats
from scheduling.queries.releases import LATE_POINTS
from scheduling.states import CauseOwner, ClaimKind, ClaimState, ExcuseReason, RequestState, ShiftState

_STORY: Final = "The power in our street was out until nine; my phone has a photo of the notice on the door."
_REASON: Final = ExcuseReason.POWER
_INTRADAY: Final = SystemActor("intraday")


def tell_day(world: World, program: Program, *, by: BrandActor) -> None:
    """This function will tell what a program's days were like, by its owner's hand."""
    _tell_incident(world, program, by)
    _tell_excuse(world, program)
    _tell_board(world, program, by)


def _tell_incident(world: World, program: Program, by: BrandActor) -> None:
    """The brand's own tools failed for forty minutes, two days ago at the latest; everybody on shift was excused."""
    rows = Shift.objects.for_brand(program.brand_id).filter(
        program=program,
        state=ShiftState.ENDED,
        ends_at__lt=world.at - timedelta(days=2),
        starts_at__gt=world.at - timedelta(days=6),
        filled__gte=1,
    )
    shift = rows.order_by("-filled", "-starts_at", "pk").first()
    if shift is None:
        return
    began, ended = shift.starts_at + timedelta(hours=1), shift.starts_at + timedelta(minutes=100)
    incident = actions.declare_incident(
        brand_id=program.brand_id,
        cause_owner=CauseOwner.BRAND,
        title="Orders did not load in the CRM",
        scope={"program_ids": [str(program.pk)]},
        starts_at=began,
        by=by,
        at=began + timedelta(minutes=9),
    )
    actions.resolve_incident(incident_id=incident.pk, by=by, at=ended)
    actions.settle_incident(incident_id=incident.pk, by=_INTRADAY, at=shift.ends_at + timedelta(hours=1))


def _tell_excuse(world: World, program: Program) -> None:
    """One of the crowd came seven minutes late and says why; ops have a day to answer."""
    rows = Claim.objects.for_brand(program.brand_id).filter(
        shift__program=program,
        kind=ClaimKind.SEAT,
        state__in=[ClaimState.WORKED, ClaimState.CHECKED_IN],
        starts_at__gt=world.at - timedelta(days=3),
        points=0,
    )
    claim = (
        rows.exclude(agent__user__full_name="Ada Obi").select_related("agent__user").order_by("starts_at", "pk").first()
    )
    if claim is None:
        return
    late = {"points": LATE_POINTS, "checked_in_at": claim.starts_at + timedelta(minutes=7)}
    Claim.objects.for_brand(program.brand_id).filter(pk=claim.pk).update(**late)
    by = AgentActor(claim.agent.user, claim.agent_id)
    try:
        actions.request_excuse(
            claim_id=claim.pk, reason_class=_REASON, statement=_STORY, by=by, at=world.at - timedelta(minutes=40)
        )
    except DomainError:
        return


def _tell_board(world: World, program: Program, by: BrandActor) -> None:
    """Money is set aside for remedies, and the board looks at the next hours."""
    request = (
        CapacityRequest.objects.for_brand(program.brand_id)
        .filter(program=program, state__in=[RequestState.LIVE, RequestState.PUBLISHED], shifts__ends_at__gt=world.at)
        .order_by("week_starts_on", "pk")
        .first()
    )
    shift = request.shifts.order_by("starts_at", "pk").select_related("rate_card").first() if request else None
    if request is None or shift is None:
        return
    try:
        budget = 6 * price_of_seats(shift, 1).amount_minor
        # beyond the limit that a planner may promise alone: the owner sets it
        actions.set_remedy_budget(request_id=request.pk, budget_minor=budget, by=owner_of(program) or by, at=world.at)
    except DomainError:
        pass  # beyond what the brand may spend: the board still shows what costs nothing extra
    for channel in program.channels:
        actions.run_intraday(program_id=program.pk, channel=channel, by=_INTRADAY, at=world.at)
