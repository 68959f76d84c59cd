"""The line for a full shift: joining, inviting, accepting, and passing a seat on.

A seat that is freed while somebody waits turns from filled to reserved in the same transaction, so no stranger can take it
between. Inviting locks no second agent; accepting is a claim like any other, from the reserved seat.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, SystemActor
from recruiting.models import Agent
from scheduling.actions import seats
from scheduling.actions.attempts import with_retries
from scheduling.actions.calendars import set_lock_timeout
from scheduling.actions.claims import SeenShift, claim_shift, order_for, seat_agent
from scheduling.errors import InvitationExpired, OverlapsOtherShift, ShiftFull, WaitlistClosed
from scheduling.events import InvitationSent
from scheduling.models import Claim, Shift, WaitlistEntry
from scheduling.queries.claimable import Way, refuse_before_locking, way_of
from scheduling.queries.hours import own_refusal
from scheduling.queries.waits import entry_for, invitation_lasts, line_of, unable
from scheduling.queries.wishes import wish_for
from scheduling.states import WAIT_MOVES, ClaimKind, ClaimSource, ClaimState, ShiftState, WaitSource, WaitState

LINE: Final = SystemActor("waitlist")
_CLOSED: Final = (ShiftState.ENDED, ShiftState.CANCELLED)
_AT_ONCE: Final = 20
_JOINING: Final = Way(ClaimSource.WAITLIST, way_of(ClaimSource.WAITLIST).states, has_waves=True, from_reserved=True)


def claim_or_wait(
    *,
    shift_id: UUID,
    agent: Agent,
    by: Actor,
    at: datetime,
    idempotency_key: str = "",
    seen: SeenShift | None = None,
) -> Claim | WaitlistEntry:
    """Give the agent a seat or, where the last one has just gone, the next place in line, in the same answer.

    Raises:
        Everything that `claim_shift` raises but ShiftFull, and everything that `join_waitlist` raises.
    """
    for _try in range(2):
        try:
            return claim_shift(shift_id=shift_id, agent=agent, by=by, at=at, idempotency_key=idempotency_key, seen=seen)
        except ShiftFull:
            try:
                return join_waitlist(shift_id=shift_id, agent=agent, by=by, at=at, source=WaitSource.FULL)
            except WaitlistClosed:
                continue  # a seat came free between the two looks
    raise ShiftFull


def join_waitlist(
    *,
    shift_id: UUID,
    agent: Agent,
    by: Actor,
    at: datetime,
    auto_accept: bool = False,
    source: str = WaitSource.JOINED,
) -> WaitlistEntry:
    """Put the agent at the end of the line for a full shift; who waits already keeps the place.

    With `auto_accept` a seat that comes free is taken without asking. What would stand in the way of a claim stands in the way
    here too, because an invitation that cannot be accepted helps nobody.

    Raises:
        WaitlistClosed: there are seats to claim, or the agent holds the shift already. NotFound: no such shift, or not one's own.
        ShiftNotOpen, TooLate, WaveNotOpen, NotEligible, OverlapsOtherShift, HoursExceeded, RestTooShort: as in `claim_shift`.
    """
    if isinstance(by, AgentActor) and by.agent_id != agent.pk:
        raise NotFound
    wish = wish_for(shift_id, agent.pk, uuid7().hex, kind=ClaimKind.SEAT, at=at)
    if wish is None:
        raise NotFound
    if wish.earlier_claim_id is not None:
        raise WaitlistClosed(_("You have a seat in this shift."))
    refuse_before_locking(wish, agent, way=_JOINING, seen=None, at=at)
    refusal = own_refusal(agent, wish.period)
    if refusal is not None:
        raise refusal
    place = WaitlistEntry(shift_id=shift_id, agent=agent, auto_accept=auto_accept, source=source, joined_at=at)
    return with_retries(lambda: _joined(place, by, at))


@transaction.atomic
def _joined(place: WaitlistEntry, by: Actor, at: datetime) -> WaitlistEntry:
    shift = lock_shift(place.shift_id)
    waits = line_of(shift.pk).filter(agent_id=place.agent_id).first()
    if waits is not None:
        return waits
    if shift.filled + shift.reserved < shift.seats:
        raise WaitlistClosed(_("There are free seats in this shift. Claim one."))
    place.brand_id, place.position = shift.brand_id, _last_position(shift) + 1
    place.save(force_insert=True)
    trail.record("scheduling.join_waitlist", place, by=by, at=at, to_state=place.state)
    return place


@transaction.atomic
def append(shift_id: UUID, agent_ids: Sequence[UUID], *, source: str, at: datetime) -> list[WaitlistEntry]:
    """This function will put the agents at the end of the shift's line in the order given; who waits already keeps the place."""
    shift = lock_shift(shift_id)
    waiting = set(line_of(shift_id).values_list("agent_id", flat=True))
    fresh = [agent_id for agent_id in dict.fromkeys(agent_ids) if agent_id not in waiting]
    return _append(shift, fresh, source=source, at=at)


@transaction.atomic
def put_first(shift_id: UUID, agent_id: UUID, *, at: datetime) -> WaitlistEntry:
    """This function will put an agent who came late, after the seat was given on, before everybody else in the line."""
    shift = lock_shift(shift_id)
    mine = line_of(shift_id).filter(agent_id=agent_id).select_for_update(of=("self",)).first()
    if mine is not None:
        mine.position = 0
        mine.save(update_fields=["position"])
        return mine
    fresh = WaitlistEntry(brand_id=shift.brand_id, shift=shift, agent_id=agent_id, position=0, joined_at=at)
    fresh.save(force_insert=True)
    trail.record("scheduling.join_waitlist", fresh, by=LINE, at=at, to_state=fresh.state)
    return fresh


def end_invitation_of(claim: Claim, *, at: datetime) -> None:
    """This function will let the seat go that an invitation keeps for the holder of a missed claim, and end their wait.

    They arrive on the claim they had; the caller holds the shift's row and takes the seat next.
    """
    for entry in line_of(claim.shift_id).filter(agent_id=claim.agent_id).select_for_update(of=("self",)):
        if entry.state == WaitState.INVITED:
            seats.let_go_of_reserved(claim.shift_id)
            end_wait(entry, WaitState.ACCEPTED, action="scheduling.accept_invitation", at=at)
        else:
            end_wait(entry, WaitState.LEFT, action="scheduling.leave_waitlist", at=at)


def _last_position(shift: Shift) -> int:
    return line_of(shift.pk).order_by().aggregate(last=Max("position"))["last"] or 0


def _append(shift: Shift, agent_ids: Sequence[UUID], *, source: str, at: datetime) -> list[WaitlistEntry]:
    last = _last_position(shift)
    return WaitlistEntry.objects.bulk_create(
        WaitlistEntry(
            brand_id=shift.brand_id,
            shift=shift,
            agent_id=agent_id,
            position=last + step,
            source=source,
            joined_at=at,
        )
        for step, agent_id in enumerate(agent_ids, start=1)
    )


def lock_shift(shift_id: UUID) -> Shift:
    """This function will lock a shift's row as everybody does who changes its counters, waiting at most two seconds.

    Raises:
        NotFound: no such shift.
    """
    set_lock_timeout()
    rows = Shift.objects.across_brands().select_for_update(of=("self",), no_key=True)
    found = rows.select_related("program__brand").filter(pk=shift_id).first()
    if found is None:
        raise NotFound
    return found


# seats that come free


def seat_freed(shift_id: UUID, *, at: datetime) -> WaitlistEntry | None:
    """This function will count one seat as free and keep it for the next in line, who is invited, in the caller's transaction.

    Call it before locking the claim: shifts come before claims. Where standby goes first, as after a no-show, call
    `seats.free_seat`, `standby.promote_standby` and, where that returns nothing, `invite_next`.
    """
    seats.free_seat(shift_id)
    return invite_next(shift_id, at=at)


def place_freed(claim: Claim, *, at: datetime) -> None:
    """This function will count the place of a locked claim as free; the caller holds the shift's row."""
    if claim.kind == ClaimKind.STANDBY:
        seats.free_standby(claim.shift_id)
    else:
        seat_freed(claim.shift_id, at=at)


@transaction.atomic
def invite_next(shift_id: UUID, *, at: datetime) -> WaitlistEntry | None:
    """Keep one free seat for the first in line who is able to take it, and invite them; those who are not are passed over."""
    shift = lock_shift(shift_id)
    entry = _next_able(shift, at=at)
    if entry is None or not seats.reserve_seat(shift_id):
        return None
    return _invited(entry, shift, at=at)


@transaction.atomic
def fill_from_line(shift_id: UUID, *, at: datetime) -> int:
    """Invite the next in line for every free seat, as after seats were added, and return how many were invited."""
    invited = 0
    while invite_next(shift_id, at=at) is not None:
        invited += 1
    return invited


def offer_free_seats(*, shift_id: UUID, by: Actor, at: datetime) -> None:
    """Invite the line of a shift that has free seats; the clock does it where nobody did."""
    with_retries(lambda: fill_from_line(shift_id, at=at))


def _next_able(shift: Shift, *, at: datetime) -> WaitlistEntry | None:
    if at >= shift.ends_at or shift.state in _CLOSED:
        return None
    while waiting := list(_waiting(shift.pk)[:_AT_ONCE]):
        reasons = unable([one.agent for one in waiting], shift, at=at)
        for entry in waiting:
            if entry.agent_id not in reasons:
                return entry
            end_wait(entry, WaitState.SKIPPED, action="scheduling.skip_waiting", at=at, reason=reasons[entry.agent_id])
    return None


def _waiting(shift_id: UUID) -> "Sequence[WaitlistEntry]":
    rows = line_of(shift_id).filter(state=WaitState.WAITING).select_for_update(of=("self",))
    return rows.select_related("agent__user")  # type: ignore[return-value]  # a queryset is sliced like a sequence


def _invited(entry: WaitlistEntry, shift: Shift, *, at: datetime) -> WaitlistEntry:
    require_move(WAIT_MOVES, entry.state, WaitState.INVITED)
    entry.state, entry.invited_at = WaitState.INVITED, at
    entry.expires_at = at + invitation_lasts(shift.starts_at - at)
    entry.save(update_fields=["state", "invited_at", "expires_at"])
    trail.record("scheduling.invite_waiting", entry, by=LINE, at=at, from_state=WaitState.WAITING, to_state=entry.state)
    outbox.publish(
        InvitationSent(entry_id=entry.pk, shift_id=shift.pk, agent_id=entry.agent_id, expires_at=entry.expires_at),
        at=at,
        brand_id=entry.brand_id,
        agent_id=entry.agent_id,
    )
    return entry


def end_wait(
    entry: WaitlistEntry,
    target: WaitState,
    *,
    action: str,
    at: datetime,
    by: Actor = LINE,
    reason: str = "",
) -> None:
    """This function will move a locked entry on and write why."""
    current = entry.state
    require_move(WAIT_MOVES, current, target)
    entry.state, entry.ended_at, entry.reason = target, at, reason
    entry.save(update_fields=["state", "ended_at", "reason"])
    trail.record(action, entry, by=by, at=at, from_state=current, to_state=target, reason=reason)


# answers


def accept_invitation(*, entry_id: UUID, by: Actor, at: datetime) -> Claim:
    """Take the seat that an invitation holds: a claim like any other, from the reserved seat.

    Raises:
        NotFound: not the agent's own. InvitationExpired: answered, or over.
        Everything that stands in the way of a claim; the invitation stays until it expires.
    """
    entry = entry_for(by, entry_id)
    if entry.claim_id is not None:
        return Claim.objects.across_brands().get(pk=entry.claim_id)
    if entry.state != WaitState.INVITED or entry.expires_at is None or entry.expires_at <= at:
        raise InvitationExpired
    if Claim.objects.across_brands().filter(shift=entry.shift, agent=entry.agent, state=ClaimState.NO_SHOW).exists():
        raise WaitlistClosed(_("The seat is kept for you: go to your desk and check in."))
    key = f"wait-{entry.pk}"
    order = order_for(
        entry.shift_id,
        agent=entry.agent,
        by=by,
        at=at,
        way=way_of(ClaimSource.WAITLIST, from_reserved=True),
        key=key,
        then=lambda claim: _accepted(entry_id, claim, by, at),
    )
    if isinstance(order, Claim):
        if order.idempotency_key == key:  # pressed twice
            return order
        raise OverlapsOtherShift(_("You have a seat in this shift already."), other_claim_id=order.pk)
    return seat_agent(order)


def _accepted(entry_id: UUID, claim: Claim, by: Actor, at: datetime) -> None:
    """Under the shift's row: of an acceptance and the end of the invitation only one happens."""
    entry = WaitlistEntry.objects.across_brands().select_for_update(of=("self",)).get(pk=entry_id)
    if entry.state != WaitState.INVITED or entry.expires_at is None or entry.expires_at <= at:
        raise InvitationExpired
    entry.claim = claim
    entry.save(update_fields=["claim"])
    end_wait(entry, WaitState.ACCEPTED, action="scheduling.accept_invitation", at=at, by=by)


def decline_invitation(*, entry_id: UUID, by: Actor, at: datetime) -> WaitlistEntry:
    """Say no to an invitation; the seat goes to the next in line.

    Raises:
        NotFound: not the agent's own. MoveRefused: nothing to decline any more.
    """
    entry_for(by, entry_id)
    return with_retries(lambda: _passed_on(entry_id, WaitState.DECLINED, "scheduling.decline_invitation", by=by, at=at))


def leave_waitlist(*, entry_id: UUID, by: Actor, at: datetime) -> WaitlistEntry:
    """Stop waiting; somebody who is invited declines with it.

    Raises:
        NotFound: not the agent's own. MoveRefused: not waiting any more.
    """
    entry = entry_for(by, entry_id)
    if entry.state == WaitState.INVITED:
        return decline_invitation(entry_id=entry_id, by=by, at=at)
    return with_retries(lambda: _left(entry_id, by, at))


@transaction.atomic
def _left(entry_id: UUID, by: Actor, at: datetime) -> WaitlistEntry:
    entry = _locked_entry(entry_id)
    target = WaitState.DECLINED if entry.state == WaitState.INVITED else WaitState.LEFT
    if target == WaitState.DECLINED:  # invited meanwhile
        return _passed_on(entry_id, target, "scheduling.decline_invitation", by=by, at=at)
    end_wait(entry, target, action="scheduling.leave_waitlist", by=by, at=at)
    return entry


def expire_invitation(*, entry_id: UUID, by: Actor, at: datetime) -> None:
    """End an invitation that nobody answered in time and pass the seat on; one answered meanwhile is left as it is."""
    with_retries(lambda: _expired(entry_id, by, at))


@transaction.atomic
def _expired(entry_id: UUID, by: Actor, at: datetime) -> None:
    entry = _locked_entry(entry_id)
    if entry.state == WaitState.INVITED and entry.expires_at is not None and entry.expires_at <= at:
        _passed_on(entry_id, WaitState.EXPIRED, "scheduling.expire_invitation", by=by, at=at)


def accept_for_waiting(*, entry_id: UUID, by: Actor, at: datetime) -> None:
    """Take the seat for somebody who said that they want it without being asked, or pass it on where they no longer can."""
    try:
        accept_invitation(entry_id=entry_id, by=by, at=at)
    except InvitationExpired:
        return
    except DomainError as refused:
        words = refused.message
        with_retries(
            lambda: _passed_on(entry_id, WaitState.SKIPPED, "scheduling.skip_waiting", by=by, at=at, reason=words)
        )


@transaction.atomic
def _passed_on(
    entry_id: UUID, target: WaitState, action: str, *, by: Actor, at: datetime, reason: str = ""
) -> WaitlistEntry:
    """The seat stays reserved for the next who is able, or is free for everybody."""
    entry = _locked_entry(entry_id)
    end_wait(entry, target, action=action, by=by, at=at, reason=reason)
    shift = lock_shift(entry.shift_id)
    follower = _next_able(shift, at=at)
    if follower is None:
        seats.let_go_of_reserved(shift.pk)
    else:
        _invited(follower, shift, at=at)
    return entry


@transaction.atomic
def close_line(*, shift_id: UUID, by: Actor, at: datetime) -> None:
    """End the line of a shift that is over, cancelled or too far gone to be joined; reserved seats are let go."""
    lock_shift(shift_id)
    for entry in line_of(shift_id).select_for_update(of=("self",)):
        if entry.state == WaitState.INVITED:
            seats.let_go_of_reserved(shift_id)
        end_wait(
            entry, WaitState.SKIPPED, action="scheduling.skip_waiting", by=by, at=at, reason=_("The shift is over.")
        )


def _locked_entry(entry_id: UUID) -> WaitlistEntry:
    """The shift's row first, then the entry's."""
    rows = WaitlistEntry.objects.across_brands()
    lock_shift(rows.values_list("shift_id", flat=True).get(pk=entry_id))
    return rows.select_for_update(of=("self",)).select_related("agent__user").get(pk=entry_id)
