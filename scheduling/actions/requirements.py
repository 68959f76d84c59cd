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
from scheduling.models import CapacityRequest, ServiceTarget, StaffingRequirement, StaffingRequirementPoint
from scheduling.queries.doors import program_of, request_for
from scheduling.queries.forecasts import points_of, published_forecast
from scheduling.queries.languages import language_in
from scheduling.queries.requirements import (
    Need,
    WeekNeed,
    asked_already,
    requirement_for,
    typed_need,
    week_need,
)
from scheduling.queries.targets import target_for, target_of
from scheduling.states import PLANNING, RequirementKind, StaffingModel

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
_WHOLE: Final = 10_000
_LONGEST_WAIT: Final = Decimal("99999999.99")


def compute_requirement(
    *,
    program_id: UUID,
    channel: str,
    week_starts_on: date,
    by: Actor,
    at: datetime,
    target_id: UUID | None = None,
    language: str = "",
) -> StaffingRequirement:
    """Compute how many agents a week's published forecast needs, and keep it with the forecast and target it cites.

    The target is the newest saved one of the language, else of the channel, or the one named.

    Raises:
        NotFound, NotAllowed: as everywhere. NothingToCompute: no published forecast, or no saved target.
        Invalid: not a Monday, not a channel or language of the program, or a target that is typed by hand.
    """
    program = program_of(by, program_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=program.brand_id)
    refuse_senseless_week(program, channel, week_starts_on)
    language = language_in(program, language)
    target = _cited(program, channel, language, target_id, by=by)
    forecast = published_forecast(program.pk, channel, week_starts_on, language=language)
    if forecast is None:
        raise NothingToCompute
    found = week_need(program, target, week_starts_on, points_of(forecast), language=language)
    draft = StaffingRequirement(
        kind=RequirementKind.COMPUTED, forecast=forecast, target=target, channel=channel, language=language
    )
    return _kept(draft, program, week_starts_on, found, by=by, at=at)


def keep_typed_requirement(*, request_id: UUID, by: Actor, at: datetime) -> StaffingRequirement:
    """Keep the agents typed into a request as the week's requirement, with figures predicted from forecast and target.

    Agents of published requests of the week count too. Without a published forecast or a saved target there are no figures.

    Raises:
        NotFound, NotAllowed: as everywhere. NothingToCompute: nobody is asked for.
    """
    request = request_for(by, request_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=request.brand_id)
    program, channel, week = request.program, request.channel, request.week_starts_on
    language = request.language
    asked = {**asked_already(program, channel, week, language=language)}
    if request.state in PLANNING:
        for start, agents in request.intervals.values_list("starts_at", "agents"):
            asked[start] = asked.get(start, 0) + agents
    if not asked:
        raise NothingToCompute
    target = target_of(program, channel, language=language)
    forecast = published_forecast(program.pk, channel, week, language=language)
    draft = StaffingRequirement(
        kind=RequirementKind.TYPED,
        forecast=forecast,
        target=target if target.version else None,
        channel=channel,
        language=language,
    )
    known = points_of(forecast) if target.version else {}
    found = typed_need(program, target, week, known, asked, language=language)
    return _kept(draft, program, week, found, by=by, at=at)


def _cited(program: Program, channel: str, language: str, target_id: UUID | None, *, by: Actor) -> ServiceTarget:
    target = target_for(by, target_id) if target_id else target_of(program, channel, language=language)
    if target.program_id != program.pk or target.channel != channel:
        raise Invalid(_("This target belongs to another channel."), field="target_id")
    if target.language not in {language, ""}:
        raise Invalid(_("This target belongs to another language."), field="target_id")
    if not target.version:
        raise NothingToCompute
    if target.model == StaffingModel.TYPED:
        raise Invalid(_("Agents of this channel are typed by hand. Choose a model to compute them."), field="model")
    return target


@transaction.atomic
def _kept(
    kept: StaffingRequirement, program: Program, week: date, found: WeekNeed, *, by: Actor, at: datetime
) -> StaffingRequirement:
    lock_program(program)
    rows = StaffingRequirement.objects.for_brand(program.brand_id).filter(
        program=program, channel=kept.channel, language=kept.language, week_starts_on=week
    )
    kept.brand_id, kept.program, kept.week_starts_on = program.brand_id, program, week
    kept.version = (rows.aggregate(last=Max("version"))["last"] or 0) + 1
    kept.summary, kept.created_at = found.summary, at
    kept.save(force_insert=True)
    StaffingRequirementPoint.objects.bulk_create(_point(kept, one) for one in found.needs if one.seats or one.volume)
    cited = {name: one.version for name, one in (("forecast", kept.forecast), ("target", kept.target)) if one}
    action = "compute" if kept.kind == RequirementKind.COMPUTED else "keep_typed"
    changes = {"version": kept.version, **cited}
    trail.record(f"scheduling.{action}_requirement", kept, by=by, at=at, changes=changes)
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
    request = draft_request(
        program_id=program.pk, channel=channel, week_starts_on=week, by=by, at=at, language=requirement.language
    )
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
    asked = asked_already(
        requirement.program, requirement.channel, requirement.week_starts_on, language=requirement.language
    )
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
