"""At the desk: check in, heartbeat, states, check out, and what silence means."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.extras import DateTimeTZRange

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.kernel.intervals import Period
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from scheduling.actions.attempts import pgcode_of, with_retries
from scheduling.actions.calendars import lock_calendar
from scheduling.actions.claims import eligible_or_refuse
from scheduling.actions.releases import locked_claim
from scheduling.actions.seats import ARRIVABLE, take_seat
from scheduling.actions.waitlists import end_invitation_of, lock_shift, put_first
from scheduling.errors import SeatGone, SessionElsewhere, SessionOver, ShiftFull, TooEarly, TooLate
from scheduling.events import AgentCheckedIn, AgentLate, WorkSessionEnded
from scheduling.models import Claim, StateSpan, WorkSession
from scheduling.queries.doors import claim_for, session_for
from scheduling.queries.holding import hindrances
from scheduling.queries.hours import held_around, limits_of, overlap_refusal, overlap_with
from scheduling.queries.releases import LATE_POINTS
from scheduling.registries import presence_check
from scheduling.states import (
    CHECK_IN_BEFORE,
    CLAIM_MOVES,
    GAP,
    GONE_AFTER,
    LATE_AFTER,
    SESSION_MOVES,
    WORKING,
    ClaimState,
    SessionState,
)

_CHALLENGES: Final = 2


def check_in(*, claim_id: UUID, device: str, by: Actor, at: datetime) -> WorkSession:
    """Begin, or go on, working a claim on one device. Pressing twice on the same device gives the same session.

    Raises:
        NotFound: not the agent's own claim.
        TooEarly: more than ten minutes before the start. TooLate: over, or a missed shift past its midpoint.
        NotEligible: work in the program is not allowed now.
        SessionElsewhere: a session is open on another device.
        SeatGone: the claim was marked as missed and the seat is taken; they are first in line for the next.
    """
    if not isinstance(by, AgentActor):
        raise NotFound
    claim = claim_for(by, claim_id)
    _refuse_wrong_time(claim, at)
    _refuse_hindered(claim, at)
    try:
        return with_retries(lambda: _checked_in(claim_id, device, by, at))
    except ShiftFull as taken:
        with_retries(lambda: put_first(claim.shift_id, claim.agent_id, at=at))
        raise SeatGone from taken


def _refuse_hindered(claim: Claim, at: datetime) -> None:
    """Held seats survive a block by the brand; anything else that closes work closes the desk too."""
    if hindrances(claim, at=at):
        eligible_or_refuse(claim.agent, claim.shift, at=at)


def _refuse_wrong_time(claim: Claim, at: datetime) -> None:
    if at < claim.starts_at - CHECK_IN_BEFORE:
        raise TooEarly
    is_missed = claim.state == ClaimState.NO_SHOW
    last = claim.starts_at + (claim.ends_at - claim.starts_at) / 2 if is_missed else claim.ends_at
    if at >= last:
        raise TooLate


class _MissedMeanwhile(Exception):
    """The claim was marked as missed between the first look and its lock: a seat has to be taken first."""


def _checked_in(claim_id: UUID, device: str, by: AgentActor, at: datetime) -> WorkSession:
    try:
        return _in_one_go(claim_id, device, by, at)
    except _MissedMeanwhile:
        _refuse_wrong_time(claim_for(by, claim_id), at)
        return _in_one_go(claim_id, device, by, at)


def _in_one_go(claim_id: UUID, device: str, by: AgentActor, at: datetime) -> WorkSession:
    try:
        with transaction.atomic():
            return _opened(claim_id, device, by, at)
    except IntegrityError as refused:
        if pgcode_of(refused) == "23505":
            raise SessionElsewhere from refused
        raise


def _opened(claim_id: UUID, device: str, by: AgentActor, at: datetime) -> WorkSession:
    is_retaken = _retake_missed_seat(claim_id, at)
    claim = locked_claim(claim_id)
    if claim.state == ClaimState.NO_SHOW and not is_retaken:
        raise _MissedMeanwhile
    open_session = _open_session(by.agent_id)
    if open_session is not None:
        return _resumed(open_session, claim_id, device, at)
    if claim.state != ClaimState.CHECKED_IN:
        _begin(claim, by, at)
    session = WorkSession.objects.create(
        brand_id=claim.brand_id, agent_id=claim.agent_id, claim=claim, device=device, started_at=at, last_seen_at=at
    )
    _open_span(session, SessionState.READY, at)
    trail.record("scheduling.open_session", session, by=by, at=at, to_state=session.state)
    return session


def _open_session(agent_id: UUID) -> WorkSession | None:
    rows = WorkSession.objects.across_brands().live().select_for_update(of=("self",))
    return rows.filter(agent_id=agent_id).first()


def _resumed(session: WorkSession, claim_id: UUID, device: str, at: datetime) -> WorkSession:
    """The same claim on the same device goes on; a lost session may move to another device."""
    if session.claim_id != claim_id or (session.device != device and not is_silent(session, at)):
        raise SessionElsewhere
    session.device = device
    session.save(update_fields=["device"])
    _seen(session, at)
    return session


def _retake_missed_seat(claim_id: UUID, at: datetime) -> bool:
    """A missed claim arrives after all: the calendar, the agent's own overlaps and a free seat, as in any claim.

    The state is read again behind the calendar's lock: of two presses the second finds the claim already checked in.
    """
    missed = Claim.objects.across_brands().select_related("agent__user").filter(pk=claim_id, state=ClaimState.NO_SHOW)
    claim = missed.first()
    if claim is None:
        return False
    calendar = lock_calendar(claim.agent_id)
    if not missed.exists():
        return False
    held = held_around(claim.agent_id, claim.starts_at, claim.ends_at)
    clash = overlap_with(Period(claim.starts_at, claim.ends_at), held)
    if clash is not None:
        raise overlap_refusal(clash, limits_of(claim.agent, calendar).zone)
    lock_shift(claim.shift_id)
    end_invitation_of(claim, at=at)
    take_seat(claim.shift_id, states=ARRIVABLE)
    return True


def _begin(claim: Claim, by: Actor, at: datetime) -> None:
    current = claim.state
    require_move(CLAIM_MOVES, current, ClaimState.CHECKED_IN)
    is_late = at > claim.starts_at + LATE_AFTER
    claim.state, claim.checked_in_at = ClaimState.CHECKED_IN, at
    claim.points = LATE_POINTS if is_late else 0
    claim.save(update_fields=["state", "checked_in_at", "points"])
    trail.record("scheduling.check_in", claim, by=by, at=at, from_state=current, to_state=claim.state)
    outbox.publish(
        AgentCheckedIn(claim_id=claim.pk, agent_id=claim.agent_id),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    if is_late:
        outbox.publish(
            AgentLate(claim_id=claim.pk, agent_id=claim.agent_id, points=LATE_POINTS),
            at=at,
            brand_id=claim.brand_id,
            agent_id=claim.agent_id,
        )


@transaction.atomic
def beat(*, session_id: UUID, device: str, by: Actor, at: datetime) -> WorkSession:
    """Note that the desk is still there. A lost session comes back.

    Raises:
        NotFound: not the agent's own session.
        SessionElsewhere: it belongs to another device. SessionOver: it has ended.
    """
    session = _own_session(session_id, device, by)
    _seen(session, at)
    if session.state in WORKING and presence_check().is_due(session.pk, at):
        _change(session, SessionState.CHALLENGE, at)
        trail.record("scheduling.challenge_presence", session, by=by, at=at, to_state=session.state)
    return session


@transaction.atomic
def pass_challenge(*, session_id: UUID, by: Actor, at: datetime) -> WorkSession:
    """Note that a presence check was passed: the desk is ready again. The check itself calls this.

    Raises:
        NotFound: no such session. MoveRefused: no check was due.
    """
    session = _checked_session(session_id)
    _change(session, SessionState.READY, at)
    trail.record("scheduling.pass_challenge", session, by=by, at=at, to_state=session.state)
    return session


@transaction.atomic
def fail_challenge(*, session_id: UUID, by: Actor, at: datetime) -> WorkSession:
    """Note that a presence check failed; the second time the session ends, and the history tells ops.

    Raises:
        NotFound: no such session. MoveRefused: no check was due.
    """
    session = _checked_session(session_id)
    trail.record("scheduling.fail_challenge", session, by=by, at=at)
    if trail.history_of(session).filter(action="scheduling.fail_challenge").count() >= _CHALLENGES:
        end_session(session, by=by, at=at, reason="presence")
    return session


def _checked_session(session_id: UUID) -> WorkSession:
    session = _locked_live(session_id)
    if session is None:
        raise NotFound
    if session.state != SessionState.CHALLENGE:
        raise MoveRefused
    return session


def _change(session: WorkSession, state: SessionState, at: datetime) -> None:
    require_move(SESSION_MOVES, session.state, state)
    _close_span(session, at)
    session.state = state
    session.save(update_fields=["state"])
    if state in WORKING:
        _open_span(session, state, at)


@transaction.atomic
def record_state(*, session_id: UUID, device: str, state: str, by: Actor, at: datetime) -> WorkSession:
    """Say what the agent does now: ready, on contact, wrapping up or paused. The same state again changes nothing.

    Raises:
        NotFound: not the agent's own session.
        SessionElsewhere: it belongs to another device. SessionOver: it has ended.
        Invalid: no such state.
    """
    session = _own_session(session_id, device, by)
    _seen(session, at)
    if state not in WORKING:
        raise Invalid(_("Choose ready, on contact, wrapping up or paused."), field="state")
    if session.state == state:
        return session
    _change(session, SessionState(state), at)
    return session


@transaction.atomic
def check_out(*, session_id: UUID, device: str, by: Actor, at: datetime) -> WorkSession:
    """Leave the desk for good: the claim becomes worked and the agent's time is free from now on.

    Raises:
        NotFound: not the agent's own session.
        SessionElsewhere: it belongs to another device. SessionOver: it has ended.
    """
    found = session_for(by, session_id)
    if found.claim_id is not None:
        locked_claim(found.claim_id)
    session = _own_session(session_id, device, by)
    end_session(session, by=by, at=at, reason="checked_out")
    if session.claim_id is not None:
        finish_claim(locked_claim(session.claim_id), left_at=session.ended_at or at, by=by, at=at)
    return session


def _own_session(session_id: UUID, device: str, by: Actor) -> WorkSession:
    if not isinstance(by, AgentActor):
        raise NotFound
    rows = WorkSession.objects.for_actor(by).select_for_update(of=("self",))
    session = rows.filter(pk=session_id).first()
    if session is None:
        raise NotFound
    if session.state == SessionState.ENDED:
        raise SessionOver
    if session.device != device:
        raise SessionElsewhere
    return session


def is_silent(session: WorkSession, at: datetime) -> bool:
    """This function will tell whether nothing was heard of a desk for more than 90 seconds, marked as lost yet or not."""
    return session.state == SessionState.LOST or at - session.last_seen_at > GAP


def _seen(session: WorkSession, at: datetime) -> None:
    if is_silent(session, at):
        _lose(session)
        session.state = SessionState.READY
        _open_span(session, SessionState.READY, at)
    session.last_seen_at = max(at, session.last_seen_at)
    session.save(update_fields=["state", "last_seen_at"])


def _lose(session: WorkSession) -> None:
    """Close what was open where it was last seen; nothing after that is work."""
    _close_span(session, session.last_seen_at)
    session.state = SessionState.LOST


def _open_span(session: WorkSession, state: str, at: datetime) -> None:
    StateSpan.objects.create(
        brand_id=session.brand_id, session=session, agent_id=session.agent_id, state=state, starts_at=at
    )


def _close_span(session: WorkSession, at: datetime) -> None:
    rows = StateSpan.objects.across_brands().filter(session=session, ends_at__isnull=True)
    span = rows.order_by("starts_at").first()
    if span is not None:
        span.ends_at = max(at, span.starts_at)
        span.save(update_fields=["ends_at"])


def end_session(session: WorkSession, *, by: Actor, at: datetime, reason: str) -> None:
    """This function will end a locked session at that moment; a silent one ended where it was last seen."""
    current = session.state
    require_move(SESSION_MOVES, current, SessionState.ENDED)
    ended_at = max(session.last_seen_at if is_silent(session, at) else at, session.started_at)
    _close_span(session, ended_at)
    session.state, session.ended_at, session.end_reason = SessionState.ENDED, ended_at, reason
    session.save(update_fields=["state", "ended_at", "end_reason"])
    trail.record(
        "scheduling.end_session", session, by=by, at=at, from_state=current, to_state=session.state, reason=reason
    )
    if session.claim_id is not None:
        outbox.publish(
            WorkSessionEnded(session_id=session.pk, agent_id=session.agent_id, claim_id=session.claim_id),
            at=at,
            brand_id=session.brand_id,
            agent_id=session.agent_id,
        )


def finish_claim(claim: Claim, *, left_at: datetime, by: Actor, at: datetime) -> None:
    """This function will mark a locked, checked-in claim as worked and free the time after leaving."""
    current = claim.state
    require_move(CLAIM_MOVES, current, ClaimState.WORKED)
    claim.state, claim.left_at = ClaimState.WORKED, left_at
    left = min(max(left_at, claim.starts_at + timedelta(seconds=1)), claim.ends_at)
    claim.busy = DateTimeTZRange(claim.starts_at, left, "[)")
    claim.save(update_fields=["state", "left_at", "busy"])
    trail.record("scheduling.finish_claim", claim, by=by, at=at, from_state=current, to_state=claim.state)


@transaction.atomic
def lose_session(*, session_id: UUID, by: Actor, at: datetime) -> None:
    """Mark a session that has been silent for more than 90 seconds as lost; one that beat meanwhile stays."""
    session = _locked_live(session_id)
    if session is None or session.state == SessionState.LOST or at - session.last_seen_at <= GAP:
        return
    current = session.state
    require_move(SESSION_MOVES, current, SessionState.LOST)
    _lose(session)
    session.save(update_fields=["state"])
    trail.record("scheduling.lose_session", session, by=by, at=at, from_state=current, to_state=session.state)


@transaction.atomic
def end_lost_session(*, session_id: UUID, by: Actor, at: datetime) -> None:
    """End a session lost for 15 minutes. The claim stays checked in: the agent may come back until the shift ends."""
    session = _locked_live(session_id)
    if session is None or session.state != SessionState.LOST or at - session.last_seen_at <= GONE_AFTER:
        return
    end_session(session, by=by, at=at, reason="connection_lost")


def _locked_live(session_id: UUID) -> WorkSession | None:
    return WorkSession.objects.across_brands().live().select_for_update(of=("self",)).filter(pk=session_id).first()
