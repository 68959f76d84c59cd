"""Every five minutes: how the day goes, what will be missing, and what could be done about it."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.audit.models import OutboxEvent
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.tenancy.actors import Actor
from recruiting.models import Program
from scheduling.actions.forecasts import TypedVolume, save_forecast
from scheduling.actions.remedies import act_on_remedy, write_proposals
from scheduling.events import CoverageAtRisk
from scheduling.models import Forecast, Remedy
from scheduling.queries.intraday import QUARTER, Gap, Outlook, gaps_of, outlook, surplus_of
from scheduling.queries.remedies import RemedyPlan, by_worth, lull_plans, plans_for
from scheduling.queries.rules import rules_of
from scheduling.states import DemandSource, RemedyKind

# A re-forecast is worth keeping where it says something else than the one before.
_WORTH_KEEPING: Final = 0.05
_BY_ITSELF: Final = frozenset({RemedyKind.STANDBY, RemedyKind.WAITLIST, RemedyKind.INCENTIVE})


def run_intraday(*, program_id: UUID, channel: str, by: Actor, at: datetime, language: str = "") -> Outlook:
    """Look at the next hours of one channel and language.

    The re-forecast is kept, what is at risk is stated, and priced remedies stand on the board afterwards.
    Where the brand allowed it, gaps are closed from the cheapest remedy on, within the budget.
    """
    program = Program.objects.across_brands().select_related("brand").get(pk=program_id)
    found = outlook(program, channel, at=at, language=language)
    gaps = gaps_of(found)
    _keep(found, by=by, at=at)
    with transaction.atomic():
        locked = Program.objects.across_brands().select_for_update(of=("self",), no_key=True).get(pk=program_id)
        for gap in gaps:
            _state_risk(locked, gap, at=at)
        plans = _plans(program, found, gaps, at)
        remedies = write_proposals(program_id, channel, plans, by=by, at=at, language=language)
    if rules_of(program).is_remedy_automatic:
        _close(gaps, remedies, by=by, at=at)
    return found


def _plans(program: Program, found: Outlook, gaps: list[Gap], at: datetime) -> list[RemedyPlan]:
    if not gaps:
        return lull_plans(program, found.channel, surplus_of(found), at=at, language=found.language)
    return [plan for gap in gaps for plan in plans_for(program, found.channel, gap, at=at, language=found.language)]


def _state_risk(program: Program, gap: Gap, *, at: datetime) -> None:
    """Stated once for each quarter that a gap begins with."""
    fact = CoverageAtRisk(program_id=program.pk, starts_at=gap.starts_at, needed=gap.needed, expected=gap.expected)
    told = OutboxEvent.objects.filter(
        type=CoverageAtRisk.type,
        brand_id=program.brand_id,
        payload__program_id=str(program.pk),
        payload__starts_at=fact.to_payload()["starts_at"],
    )
    if not told.exists():
        outbox.publish(fact, at=at, brand_id=program.brand_id)


def _keep(found: Outlook, *, by: Actor, at: datetime) -> None:
    """A version of its own with its source; the published forecast stays what was planned with."""
    if found.ratio is None or found.forecast is None:
        return
    week = week_start(at.astimezone(zone_of(found.program.timezone)).date())
    rows = Forecast.objects.across_brands().of_week(found.program.pk, found.channel, week)
    last = rows.filter(source=DemandSource.INTRADAY, parent=found.forecast).first()
    if last is not None and abs(float(last.provenance.get("ratio", 1)) - found.ratio) < _WORTH_KEEPING:
        return
    volumes = [
        TypedVolume(start, start + QUARTER, _tidy(volume), _tidy(aht) if volume else Decimal(0))
        for start, volume, aht in found.volumes
    ]
    save_forecast(
        program_id=found.program.pk,
        channel=found.channel,
        language=found.language,
        week_starts_on=week,
        volumes=volumes,
        source=DemandSource.INTRADAY,
        parent_id=found.forecast.pk,
        provenance={"ratio": round(found.ratio, 4), "until": at.isoformat()},
        by=by,
        at=at,
    )


def _tidy(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")


def _close(gaps: list[Gap], remedies: list[Remedy], *, by: Actor, at: datetime) -> None:
    """By itself, from the cheapest on, until as many people are found as are missing; what is refused is left on the board."""
    for gap in gaps:
        missing = gap.people
        for remedy in by_worth(one for one in remedies if one.starts_at == gap.starts_at):
            if missing <= 0:
                break
            if RemedyKind(remedy.kind) not in _BY_ITSELF:
                continue
            try:
                act_on_remedy(remedy_id=remedy.pk, by=by, at=at)
            except DomainError as refused:
                trail.record("scheduling.leave_remedy", remedy, by=by, at=at, reason=refused.message)
                continue
            missing -= remedy.seats
