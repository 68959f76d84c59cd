"""What the clock does to shifts: opening, starting, ending, and those who did not come."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from gigcx.audit import outbox, trail
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from recruiting.models import RateCard
from scheduling.actions.calendars import set_lock_timeout
from scheduling.actions.releases import excuse_claim, locked_claim, release_paused
from scheduling.actions.seats import free_seat, free_standby
from scheduling.actions.sessions import end_session, finish_claim, is_silent
from scheduling.actions.standby import promote_standby
from scheduling.actions.waitlists import invite_next
from scheduling.events import AgentNoShow, RequestCompleted
from scheduling.models import CapacityRequest, Claim, Shift, WorkSession
from scheduling.queries.excusals import due_to_come
from scheduling.queries.holding import hindrances, is_given_up
from scheduling.queries.prices import hourly_pay
from scheduling.queries.releases import NO_SHOW_POINTS
from scheduling.states import (
    CLAIM_MOVES,
    CLAIMABLE,
    COMING,
    NO_SHOW_AFTER,
    OVERRUN,
    REQUEST_MOVES,
    SHIFT_MOVES,
    ClaimKind,
    ClaimState,
    RequestState,
    SessionState,
    ShiftState,
)


@transaction.atomic
def open_shift(*, shift_id: UUID, by: Actor, at: datetime) -> None:
    """Let agents claim an announced shift whose time of publication has come."""
    shift = _locked_shift(shift_id)
    if shift.state == ShiftState.ANNOUNCED and (shift.publish_at is None or shift.publish_at <= at):
        _move_shift(shift, ShiftState.OPEN, action="scheduling.open_shift", by=by, at=at)


@transaction.atomic
def start_shift(*, shift_id: UUID, by: Actor, at: datetime) -> None:
    """Close an open shift for claims once it has begun, and let its request go live."""
    shift = _locked_shift(shift_id)
    if shift.starts_at > at:
        return
    if shift.state in {ShiftState.ANNOUNCED, ShiftState.COLLECTING}:
        _move_shift(shift, ShiftState.OPEN, action="scheduling.open_shift", by=by, at=at)
    if shift.state == ShiftState.OPEN:
        _move_shift(shift, ShiftState.STARTED, action="scheduling.start_shift", by=by, at=at)
        _follow_request(shift.request_id, RequestState.PUBLISHED, RequestState.LIVE, by=by, at=at)


@transaction.atomic
def end_shift(*, shift_id: UUID, by: Actor, at: datetime) -> None:
    """End a shift whose time is over; when it was the request's last one, the request is completed."""
    shift = _locked_shift(shift_id)
    if shift.ends_at > at or shift.state != ShiftState.STARTED:
        return
    _move_shift(shift, ShiftState.ENDED, action="scheduling.end_shift", by=by, at=at)
    complete_request(shift.request_id, by=by, at=at)


def complete_request(request_id: UUID, *, by: Actor, at: datetime) -> None:
    """This function will complete a live request whose every shift is over or called off."""
    rest = Shift.objects.across_brands().filter(request_id=request_id)
    if not rest.exclude(state__in=[ShiftState.ENDED, ShiftState.CANCELLED]).exists():
        _follow_request(request_id, RequestState.LIVE, RequestState.COMPLETED, by=by, at=at)


@transaction.atomic
def mark_no_show(*, claim_id: UUID, by: Actor, at: datetime) -> None:
    """Mark a claim as missed once ten minutes have passed after its start without a check-in.

    The seat goes to standby, else to the next in line, else it is free. Somebody who was not allowed to work when it
    started is excused instead: a wall is no no-show. Who paused their profile gives the seat back. While an incident
    keeps them from coming, nobody is marked.
    """
    set_lock_timeout()
    shift_id = Claim.objects.across_brands().values_list("shift_id", flat=True).get(pk=claim_id)
    _locked_shift(shift_id)
    claim = locked_claim(claim_id)
    if claim.state not in COMING or at < due_to_come(claim, at=at) + NO_SHOW_AFTER:
        return
    _pass_on(claim, by=by, at=at)
    if is_given_up(claim, at=claim.starts_at):
        release_paused(claim, by=by, at=at)
        return
    reasons = hindrances(claim, at=claim.starts_at)
    if reasons:  # they could not have come
        excuse_claim(claim, by=by, at=at, reason=str(reasons[0].sentence))
        return
    current = claim.state
    require_move(CLAIM_MOVES, current, ClaimState.NO_SHOW)
    claim.state, claim.points = ClaimState.NO_SHOW, NO_SHOW_POINTS
    claim.save(update_fields=["state", "points"])
    trail.record("scheduling.mark_no_show", claim, by=by, at=at, from_state=current, to_state=claim.state)
    outbox.publish(
        AgentNoShow(claim_id=claim.pk, agent_id=claim.agent_id, points=claim.points),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )


def _pass_on(claim: Claim, *, by: Actor, at: datetime) -> None:
    """Who sits ready comes before who would have to come; the shift's row is held."""
    if claim.kind == ClaimKind.STANDBY:
        free_standby(claim.shift_id)
        return
    free_seat(claim.shift_id)
    if promote_standby(shift_id=claim.shift_id, by=by, at=at) is None:
        invite_next(claim.shift_id, at=at)


@transaction.atomic
def close_claim(*, claim_id: UUID, by: Actor, at: datetime) -> None:
    """End the work of a checked-in claim once its shift is over; somebody on contact may finish within 20 minutes."""
    claim = locked_claim(claim_id)
    if claim.state != ClaimState.CHECKED_IN or at < claim.ends_at:
        return
    session = _live_session_on(claim)
    if session is not None:
        if _may_run_over(session, at) and at < claim.ends_at + OVERRUN:
            return
        end_session(session, by=by, at=_end_of_work(claim, session, at), reason="shift_over")
    finish_claim(claim, left_at=_left_at(claim), by=by, at=at)


def _may_run_over(session: WorkSession, at: datetime) -> bool:
    """Somebody on contact whose desk still answers."""
    return session.state in {SessionState.ON_CONTACT, SessionState.WRAP} and not is_silent(session, at)


def _end_of_work(claim: Claim, session: WorkSession, at: datetime) -> datetime:
    """The shift's end, or later where a contact ran over; a desk silent at that moment ends where it was last seen."""
    if session.state in {SessionState.ON_CONTACT, SessionState.WRAP}:
        return min(at, claim.ends_at + OVERRUN)
    return max(claim.ends_at, session.started_at)


def _left_at(claim: Claim) -> datetime:
    """When the last desk of the claim was left, at most the shift's end."""
    ended = WorkSession.objects.across_brands().filter(claim=claim).aggregate(last=Max("ended_at"))["last"]
    return min(ended or claim.ends_at, claim.ends_at)


def _live_session_on(claim: Claim) -> WorkSession | None:
    rows = WorkSession.objects.across_brands().live().select_for_update(of=("self",))
    return rows.filter(claim=claim).first()


@transaction.atomic
def reprice_shift(*, shift_id: UUID, rate_card_id: UUID, by: Actor, at: datetime) -> None:
    """Price a shift that nobody has started by a newer rate card.

    Claims already made follow only upwards: a raise reaches their holders, a cut never does. So claiming again never
    earns more than having claimed early.
    """
    shift = _locked_shift(shift_id)
    if (
        shift.state not in (*CLAIMABLE, ShiftState.ANNOUNCED, ShiftState.COLLECTING)
        or shift.rate_card_id == rate_card_id
    ):
        return
    cards = RateCard.objects.across_brands().with_lines().filter(program_id=shift.program_id)
    card = cards.get(pk=rate_card_id)
    shift.rate_card, shift.version = card, shift.version + 1
    shift.save(update_fields=["rate_card", "version"])
    trail.record("scheduling.reprice_shift", shift, by=by, at=at, changes={"rate_card": str(card.pk)})
    held = Claim.objects.across_brands().select_for_update(of=("self",)).filter(shift=shift, state__in=list(COMING))
    for claim in held.order_by("pk"):
        _lift(claim, card, cards.get(pk=claim.rate_card_id), by=by, at=at)


def _lift(claim: Claim, newer: RateCard, older: RateCard, *, by: Actor, at: datetime) -> None:
    offered, present = hourly_pay(newer, tier=claim.tier).pay, hourly_pay(older, tier=claim.tier).pay
    if offered.currency != present.currency or offered.amount_minor <= present.amount_minor:
        return
    claim.rate_card = newer
    claim.save(update_fields=["rate_card"])
    trail.record("scheduling.raise_claim", claim, by=by, at=at, changes={"rate_card": str(newer.pk)})


def _locked_shift(shift_id: UUID) -> Shift:
    return Shift.objects.across_brands().select_for_update(of=("self",), no_key=True).get(pk=shift_id)


def _move_shift(shift: Shift, target: ShiftState, *, action: str, by: Actor, at: datetime) -> None:
    current = shift.state
    require_move(SHIFT_MOVES, current, target)
    shift.state = target
    shift.save(update_fields=["state"])
    trail.record(action, shift, by=by, at=at, from_state=current, to_state=target)


def _follow_request(request_id: UUID, current: RequestState, target: RequestState, *, by: Actor, at: datetime) -> None:
    rows = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = rows.filter(pk=request_id, state=current).first()
    if request is None:
        return
    require_move(REQUEST_MOVES, current, target)
    request.state = target
    request.save(update_fields=["state"])
    trail.record("scheduling.follow_shifts", request, by=by, at=at, from_state=current, to_state=target)
    if target == RequestState.COMPLETED:
        outbox.publish(RequestCompleted(request_id=request.pk), at=at, brand_id=request.brand_id)
