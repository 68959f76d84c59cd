"""What the clock did in past weeks: shifts started and ended, weeks locked.

The first and last move of a request and every lock go through the stage's actions; what they would repeat for hundreds of
rows is written in bulk, with the same lines of history and the same facts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import models
from django.db.models import F

from gigcx.audit.models import AuditEntry
from gigcx.audit.outbox import publish_all
from gigcx.tenancy.actors import SystemActor
from gigcx.tenancy.models import Brand
from scheduling import actions
from scheduling.actions.verification import lock_moment
from scheduling.events import ShiftVerified
from scheduling.models import Claim, Shift
from scheduling.queries.sweeps import shifts_to_end, shifts_to_start, weeks_to_lock
from scheduling.states import ClaimState, ShiftState

CLOCK: Final = SystemActor("clock")


def run_clock(at: datetime) -> None:
    """This function will do everything the clock made due by now: starts, ends, locked weeks."""
    _end_in_bulk(at)
    for shift_id in shifts_to_start(at=at):
        actions.start_shift(shift_id=shift_id, by=CLOCK, at=at)
    for shift_id in shifts_to_end(at=at):
        actions.end_shift(shift_id=shift_id, by=CLOCK, at=at)
    for brand_id, monday in weeks_to_lock(at=at):
        _lock(Brand.objects.get(pk=brand_id), monday, at)


def _end_in_bulk(at: datetime) -> None:
    """All shifts that are over but each request's last, whose end completes the request."""
    over = Shift.objects.across_brands().filter(pk__in=shifts_to_start(at=at), ends_at__lte=at, state=ShiftState.OPEN)
    rows = list(over.order_by("request_id", "ends_at", "pk"))
    last = {shift.request_id: shift.pk for shift in rows}
    chosen = [shift for shift in rows if last[shift.request_id] != shift.pk]
    Shift.objects.across_brands().filter(pk__in=[shift.pk for shift in chosen]).update(state=ShiftState.ENDED)
    AuditEntry.objects.bulk_create(line for shift in chosen for line in _course(shift))


def _course(shift: Shift) -> Iterable[AuditEntry]:
    yield _line(shift, "scheduling.start_shift", shift.starts_at, ShiftState.OPEN, ShiftState.STARTED)
    yield _line(shift, "scheduling.end_shift", shift.ends_at, ShiftState.STARTED, ShiftState.ENDED)


def _lock(brand: Brand, monday: date, at: datetime) -> None:
    moment = lock_moment(brand, monday)
    if moment > at:
        return
    _verify_in_bulk(brand.pk, monday, moment)
    actions.lock_timesheet(brand_id=brand.pk, week_starts_on=monday, by=CLOCK, at=moment)


def _verify_in_bulk(brand_id: UUID, monday: date, at: datetime) -> None:
    week = {"shift__local_on__gte": monday, "shift__local_on__lt": monday + timedelta(days=7)}
    rows = Claim.objects.for_brand(brand_id).filter(state=ClaimState.WORKED, **week)
    claims: Sequence[Claim] = list(rows.order_by("pk"))
    mine = Claim.objects.for_brand(brand_id).filter(pk__in=[claim.pk for claim in claims])
    mine.update(state=ClaimState.VERIFIED, version=F("version") + 1, verified_at=at)
    AuditEntry.objects.bulk_create(
        _line(claim, "scheduling.verify_claim", at, ClaimState.WORKED, ClaimState.VERIFIED, version=claim.version + 1)
        for claim in claims
    )
    publish_all([(_verified(claim), brand_id, claim.agent_id) for claim in claims], at=at)


def _verified(claim: Claim) -> ShiftVerified:
    return ShiftVerified(claim_id=claim.pk, version=claim.version + 1, agent_id=claim.agent_id, shift_id=claim.shift_id)


def _line(subject: Shift | Claim, action: str, at: datetime, before: str, after: str, **changes: object) -> AuditEntry:
    return AuditEntry(
        actor_kind=CLOCK.kind,
        actor_id=CLOCK.ref_id,
        actor_label=CLOCK.label[:80],
        action=action,
        at=at,
        subject_type=_label(subject),
        subject_id=subject.pk,
        brand_id=subject.brand_id,
        agent_id=getattr(subject, "agent_id", None),
        from_state=before,
        to_state=after,
        changes=changes,
    )


def _label(subject: models.Model) -> str:
    return subject._meta.label_lower
