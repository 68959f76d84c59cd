"""The line for a full shift: joining it, and inviting the next who is able when a seat comes free.

A seat that is freed while somebody waits turns from filled to reserved in the same transaction, so no stranger can take it
between. Inviting locks no second agent; what the invited answer is in `invitations`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, SystemActor
from recruiting.models import Agent
from scheduling.actions import seats
from scheduling.actions.attempts import with_retries
from scheduling.actions.calendars import set_lock_timeout
from scheduling.actions.claims import SeenShift, claim_shift
from scheduling.errors import ShiftFull, WaitlistClosed
from scheduling.events import InvitationSent
from scheduling.models import Claim, Shift, WaitlistEntry
from scheduling.queries.claimable import Way, refuse_before_locking, way_of
from scheduling.queries.hours import own_refusal
from scheduling.queries.waits import invitation_lasts, line_of, unable
from scheduling.queries.wishes import wish_for
from scheduling.states import WAIT_MOVES, ClaimKind, ClaimSource, ShiftState, WaitSource, WaitState

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
    entry = next_able(shift, at=at)
    if entry is None or not seats.reserve_seat(shift_id):
        return None
    return invite(entry, shift, at=at)


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


def next_able(shift: Shift, *, at: datetime) -> WaitlistEntry | None:
    """This function will return the first in line of a locked shift who is able to work it; others are passed over."""
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


def invite(entry: WaitlistEntry, shift: Shift, *, at: datetime) -> WaitlistEntry:
    """This function will invite a locked entry to a seat that is reserved already, for as long as there is time."""
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
