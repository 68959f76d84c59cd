"""Making minutes final: the brand's early word, the timesheet lock, corrections after the fact."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.intervals import from_wall, week_start, zone_of
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, SystemActor, require
from gigcx.tenancy.models import Brand
from gigcx.tenancy.roles import Permission
from scheduling.actions.releases import locked_claim
from scheduling.errors import NothingVerifiable
from scheduling.events import MinutesAdjusted, ShiftVerified, TimesheetLocked
from scheduling.models import CapacityRequest, Claim, MinuteAdjustment, TimesheetLock
from scheduling.policies import can_adjust_minutes
from scheduling.queries.doors import claim_for
from scheduling.queries.work import disputed_seconds, worked_seconds_by_claim
from scheduling.states import CLAIM_MOVES, REQUEST_MOVES, ClaimState, RequestState

LOCK_CLOCK: Final = time(23, 59)
_LONGEST_ADJUSTMENT: Final = 24 * 3600


def lock_moment(brand: Brand, week_starts_on: date) -> datetime:
    """This function will return when the week that began on that Monday locks: the next Monday, 23:59 brand time."""
    return from_wall(week_starts_on + timedelta(days=7), LOCK_CLOCK, zone_of(brand.timezone))


@transaction.atomic
def verify_claim(*, claim_id: UUID, by: Actor, at: datetime) -> Claim:
    """Make a worked claim's minutes final: by the brand before the lock, or by the lock itself. Stated once.

    Raises:
        NotFound: another brand's claim. NotAllowed: the role does not cover confirming work.
        NothingVerifiable: not worked yet, disputed, or verified already.
    """
    found = claim_for(by, claim_id)
    require(by, Permission.CONFIRM_WORK, brand_id=found.brand_id)
    claim = locked_claim(claim_id)
    if claim.state != ClaimState.WORKED:
        raise NothingVerifiable
    require_move(CLAIM_MOVES, claim.state, ClaimState.VERIFIED)
    claim.state, claim.version, claim.verified_at = ClaimState.VERIFIED, claim.version + 1, at
    claim.save(update_fields=["state", "version", "verified_at"])
    trail.record(
        "scheduling.verify_claim",
        claim,
        by=by,
        at=at,
        from_state=ClaimState.WORKED,
        to_state=claim.state,
        changes={"version": claim.version},
    )
    _state_verified(claim, at=at)
    return claim


@transaction.atomic
def adjust_minutes(
    *, claim_id: UUID, seconds: int, reason: str, by: Actor, at: datetime, evidence: dict[str, Any] | None = None
) -> MinuteAdjustment:
    """Add seconds to, or take them from, a claim. A verified claim is verified again in a new version.

    Raises:
        NotFound: no such claim, or not ops.
        Invalid: no seconds, more than a day, or no reason.
        NothingVerifiable: nobody has worked the claim.
    """
    if not can_adjust_minutes(by):
        raise NotFound
    _refuse_senseless(seconds, reason)
    claim_for(by, claim_id)
    claim = locked_claim(claim_id)
    if claim.state not in {ClaimState.WORKED, ClaimState.DISPUTED, ClaimState.VERIFIED}:
        raise NothingVerifiable
    adjustment = _adjusted(claim, seconds, reason=reason.strip(), evidence=evidence or {}, by=by, at=at)
    if claim.state == ClaimState.VERIFIED:
        verify_again(claim, at=at)
    return adjustment


@transaction.atomic
def hold_minutes(*, claim_id: UUID, seconds: int, reason: str, by: Actor, at: datetime) -> Claim:
    """Dispute so many seconds of a worked claim before its week locks; they wait for ops, the rest is not in question.

    The rest becomes final when the week locks, decided or not; what ops give back follows in a newer version.

    Raises:
        NotFound: another brand's. NotAllowed: the role does not confirm work.
        NothingVerifiable: not worked, or its week is locked.
        Invalid: more seconds than were worked, or no reason.
    """
    found = claim_for(by, claim_id)
    require(by, Permission.CONFIRM_WORK, brand_id=found.brand_id)
    worked = worked_seconds_by_claim([claim_id]).get(claim_id, 0)
    if not 0 < seconds <= worked:
        raise Invalid(_("Dispute between one minute and all that was worked."), field="seconds")
    if not reason.strip():
        raise Invalid(_("Say why: the agent and ops read it."), field="reason")
    claim = locked_claim(claim_id)
    if claim.state != ClaimState.WORKED or claim.version:
        raise NothingVerifiable
    words, changes = reason.strip(), {"seconds": seconds}
    _move(claim, ClaimState.DISPUTED, "scheduling.hold_minutes", reason=words, changes=changes, by=by, at=at)
    return claim


@transaction.atomic
def decide_dispute(*, claim_id: UUID, taken_seconds: int, reason: str, by: Actor, at: datetime) -> Claim:
    """End a dispute: so many seconds are taken off, or none, and the claim is worked again.

    Raises:
        NotFound: no such claim, or not ops. NothingVerifiable: not disputed.
        Invalid: more than was disputed, or no reason.
    """
    if not can_adjust_minutes(by):
        raise NotFound
    if not reason.strip():
        raise Invalid(_("Say why: the agent and the brand will read it."), field="reason")
    claim_for(by, claim_id)
    claim = locked_claim(claim_id)
    if claim.state != ClaimState.DISPUTED:
        raise NothingVerifiable
    if not 0 <= taken_seconds <= disputed_seconds(claim):
        raise Invalid(_("Take off no more than was disputed."), field="minutes")
    if taken_seconds:
        _adjusted(claim, -taken_seconds, reason=reason.strip(), evidence={"dispute": True}, by=by, at=at)
    words, changes = reason.strip(), {"taken": taken_seconds}
    _move(claim, ClaimState.WORKED, "scheduling.decide_dispute", reason=words, changes=changes, by=by, at=at)
    return claim


def _move(
    claim: Claim,
    target: ClaimState,
    action: str,
    *,
    reason: str,
    changes: dict[str, Any],
    by: Actor,
    at: datetime,
) -> None:
    current = claim.state
    require_move(CLAIM_MOVES, current, target)
    claim.state = target
    claim.save(update_fields=["state"])
    trail.record(action, claim, by=by, at=at, from_state=current, to_state=target, reason=reason, changes=changes)


def _adjusted(
    claim: Claim, seconds: int, *, reason: str, evidence: dict[str, Any], by: Actor, at: datetime
) -> MinuteAdjustment:
    adjustment = MinuteAdjustment.objects.create(
        brand_id=claim.brand_id,
        claim=claim,
        agent_id=claim.agent_id,
        seconds=seconds,
        reason=reason,
        evidence=evidence,
        created_at=at,
    )
    trail.record("scheduling.adjust_minutes", claim, by=by, at=at, reason=reason, changes={"seconds": seconds})
    outbox.publish(
        MinutesAdjusted(claim_id=claim.pk, adjustment_id=adjustment.pk, seconds=seconds),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    return adjustment


def verify_again(claim: Claim, *, at: datetime) -> None:
    """This function will state a verified claim's minutes in a new version: something that they are paid by changed."""
    claim.version += 1
    claim.save(update_fields=["version"])
    _state_verified(claim, at=at)


def _refuse_senseless(seconds: int, reason: str) -> None:
    if seconds == 0 or abs(seconds) > _LONGEST_ADJUSTMENT:
        raise Invalid(_("Give a number of minutes between 1 and 1,440, or the same below zero."), field="minutes")
    if not reason.strip():
        raise Invalid(_("Say why: the agent and the brand will read it."), field="reason")


def _state_verified(claim: Claim, *, at: datetime) -> None:
    outbox.publish(
        ShiftVerified(claim_id=claim.pk, version=claim.version, agent_id=claim.agent_id, shift_id=claim.shift_id),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )


def lock_timesheet(*, brand_id: UUID, week_starts_on: date, by: SystemActor, at: datetime) -> TimesheetLock | None:
    """Close a brand's week after its lock: every worked claim of it becomes verified, once; of a disputed one, the rest.

    Returns None while the lock has not come. Run again, it verifies what was still running or disputed the first time.
    """
    if week_starts_on != week_start(week_starts_on):
        raise Invalid(_("A week starts on a Monday."), field="week_starts_on")
    if lock_moment(Brand.objects.get(pk=brand_id), week_starts_on) > at:
        return None
    for claim_id in _in_week(brand_id, week_starts_on).filter(state=ClaimState.WORKED):
        _verify_if_still_worked(claim_id, by=by, at=at)
    for claim_id in _in_week(brand_id, week_starts_on).filter(state=ClaimState.DISPUTED, version=0):
        _verify_rest(claim_id, by=by, at=at)
    lock = _stated_lock(brand_id, week_starts_on, by=by, at=at)
    _reconcile_requests(brand_id, week_starts_on, by=by, at=at)
    return lock


def _in_week(brand_id: UUID, week_starts_on: date) -> QuerySet[Claim, UUID]:
    rows = Claim.objects.for_brand(brand_id).filter(
        shift__local_on__gte=week_starts_on, shift__local_on__lt=week_starts_on + timedelta(days=7)
    )
    return rows.order_by("pk").values_list("pk", flat=True)


def _verify_if_still_worked(claim_id: UUID, *, by: SystemActor, at: datetime) -> None:
    try:
        verify_claim(claim_id=claim_id, by=by, at=at)
    except NothingVerifiable:
        return


@transaction.atomic
def _verify_rest(claim_id: UUID, *, by: SystemActor, at: datetime) -> None:
    """What nobody questions is final at the lock: the dispute goes on over its own minutes, and holds no others."""
    claim = locked_claim(claim_id)
    if claim.state != ClaimState.DISPUTED or claim.version:
        return
    claim.version = 1
    claim.save(update_fields=["version"])
    changes = {"version": claim.version, "held": disputed_seconds(claim)}
    trail.record("scheduling.verify_rest", claim, by=by, at=at, changes=changes)
    _state_verified(claim, at=at)


def _stated_lock(brand_id: UUID, week_starts_on: date, *, by: SystemActor, at: datetime) -> TimesheetLock:
    try:
        with transaction.atomic():
            lock = TimesheetLock.objects.create(brand_id=brand_id, week_starts_on=week_starts_on, locked_at=at)
            trail.record("scheduling.lock_timesheet", lock, by=by, at=at)
            outbox.publish(TimesheetLocked(brand_id=brand_id, week_starts_on=week_starts_on), at=at, brand_id=brand_id)
            return lock
    except IntegrityError:
        return TimesheetLock.objects.for_brand(brand_id).get(week_starts_on=week_starts_on)


@transaction.atomic
def _reconcile_requests(brand_id: UUID, week_starts_on: date, *, by: SystemActor, at: datetime) -> None:
    rows = CapacityRequest.objects.for_brand(brand_id).select_for_update(of=("self",))
    due = rows.filter(state=RequestState.COMPLETED, week_starts_on__lte=week_starts_on).order_by("pk")
    open_work = [ClaimState.CHECKED_IN, ClaimState.WORKED, ClaimState.DISPUTED]
    for request in due:
        if Claim.objects.for_brand(brand_id).filter(shift__request=request, state__in=open_work).exists():
            continue
        require_move(REQUEST_MOVES, request.state, RequestState.RECONCILED)
        request.state = RequestState.RECONCILED
        request.save(update_fields=["state"])
        trail.record(
            "scheduling.reconcile_request",
            request,
            by=by,
            at=at,
            from_state=RequestState.COMPLETED,
            to_state=request.state,
        )
