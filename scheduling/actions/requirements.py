"""From a published forecast to agents, and from agents to demand that can be designed, priced and published."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid
from gigcx.kernel.intervals import GRID_MINUTES
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from recruiting.models import Program
from scheduling.actions.forecasts import lock_program, refuse_senseless_week
from scheduling.actions.intervals import TypedInterval, set_intervals
from scheduling.actions.requests import draft_request
from scheduling.errors import NothingToCompute
from scheduling.models import CapacityRequest, Forecast, ServiceTarget, StaffingRequirement, StaffingRequirementPoint
from scheduling.queries.doors import program_of
from scheduling.queries.forecasts import points_of, published_forecast
from scheduling.queries.requirements import Need, WeekNeed, asked_already, requirement_for, week_need
from scheduling.queries.targets import target_for, target_of
from scheduling.states import RequirementKind, StaffingModel

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
_WHOLE: Final = 10_000
_LONGEST_WAIT: Final = Decimal("99999999.99")


def compute_requirement(
    *, program_id: UUID, channel: str, week_starts_on: date, by: Actor, at: datetime, target_id: UUID | None = None
) -> StaffingRequirement:
    """Compute how many agents a week's published forecast needs, and keep it with the forecast and target it cites.

    The target is the newest saved one of the channel, or the one named.

    Raises:
        NotFound, NotAllowed: as everywhere. NothingToCompute: no published forecast, or no saved target.
        Invalid: not a Monday, not a channel of the program, or a target that is typed by hand.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_senseless_week(program, channel, week_starts_on)
    target = _cited(program, channel, target_id, by=by)
    forecast = published_forecast(program.pk, channel, week_starts_on)
    if forecast is None:
        raise NothingToCompute
    found = week_need(program, target, week_starts_on, points_of(forecast))
    return _kept(program, forecast, target, found, by=by, at=at)


def _cited(program: Program, channel: str, target_id: UUID | None, *, by: Actor) -> ServiceTarget:
    target = target_for(by, target_id) if target_id else target_of(program, channel)
    if target.program_id != program.pk or target.channel != channel:
        raise Invalid(_("This target belongs to another channel."), field="target_id")
    if not target.version:
        raise NothingToCompute
    if target.model == StaffingModel.TYPED:
        raise Invalid(_("Agents of this channel are typed by hand. Choose a model to compute them."), field="model")
    return target


@transaction.atomic
def _kept(
    program: Program, forecast: Forecast, target: ServiceTarget, found: WeekNeed, *, by: Actor, at: datetime
) -> StaffingRequirement:
    lock_program(program)
    week = {"program": program, "channel": target.channel, "week_starts_on": forecast.week_starts_on}
    rows = StaffingRequirement.objects.for_brand(program.brand_id).filter(**week)
    kept = StaffingRequirement.objects.create(
        brand_id=program.brand_id,
        version=(rows.aggregate(last=Max("version"))["last"] or 0) + 1,
        kind=RequirementKind.COMPUTED,
        forecast=forecast,
        target=target,
        summary=found.summary,
        created_at=at,
        **week,
    )
    StaffingRequirementPoint.objects.bulk_create(_point(kept, one) for one in found.needs if one.seats or one.volume)
    trail.record(
        "scheduling.compute_requirement",
        kept,
        by=by,
        at=at,
        changes={"version": kept.version, "forecast": forecast.version, "target": target.version},
    )
    return kept


def _point(kept: StaffingRequirement, need: Need) -> StaffingRequirementPoint:
    return StaffingRequirementPoint(
        brand_id=kept.brand_id,
        requirement=kept,
        starts_at=need.starts_at,
        agents=need.agents,
        seats=need.seats,
        in_house=need.in_house,
        to_book=need.to_book,
        service_level_bp=_bp(need.service_level),
        asa_seconds=None if need.asa_seconds is None else min(Decimal(f"{need.asa_seconds:.2f}"), _LONGEST_WAIT),
        occupancy_bp=_bp(need.occupancy),
        abandoned_bp=_bp(need.abandoned),
    )


def _bp(share: float | None) -> int | None:
    return None if share is None else round(share * _WHOLE)


def pencil_requirement(*, requirement_id: UUID, by: Actor, at: datetime) -> CapacityRequest:
    """Pencil what is left to book into the week's request: what published requests ask for already is taken off.

    Numbers pencilled before are replaced; what has passed stays as it is.

    Raises:
        NotFound, NotAllowed: as everywhere.
        Invalid: the week is over. IntervalsInvalid: more agents than a request can ask for.
    """
    requirement = requirement_for(by, requirement_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=requirement.brand_id)
    coming = list(requirement.points.filter(starts_at__gte=at).order_by("starts_at"))
    if not coming:
        raise Invalid(_("Nothing of this week is still to come."))
    program, channel, week = requirement.program, requirement.channel, requirement.week_starts_on
    request = draft_request(program_id=program.pk, channel=channel, week_starts_on=week, by=by, at=at)
    return _pencilled(request, requirement, coming, by=by, at=at)


@transaction.atomic
def _pencilled(
    request: CapacityRequest,
    requirement: StaffingRequirement,
    coming: list[StaffingRequirementPoint],
    *,
    by: Actor,
    at: datetime,
) -> CapacityRequest:
    asked = asked_already(requirement.program, requirement.channel, requirement.week_starts_on)
    wanted = {one.starts_at: max(one.to_book - asked.get(one.starts_at, 0), 0) for one in coming}
    stale = request.intervals.filter(starts_at__gte=at).values_list("starts_at", flat=True)
    wanted = {**dict.fromkeys(stale, 0), **wanted}
    intervals = [TypedInterval(start, start + _QUARTER, agents) for start, agents in sorted(wanted.items())]
    pencilled = set_intervals(request_id=request.pk, intervals=intervals, by=by, at=at)
    pencilled.requirement = requirement
    pencilled.save(update_fields=["requirement"])
    trail.record(
        "scheduling.pencil_requirement",
        pencilled,
        by=by,
        at=at,
        changes={"requirement": requirement.version, "quarters": len(intervals)},
    )
    return pencilled
