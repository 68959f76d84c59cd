"""What the invited answer: accepting a seat that is kept for them, declining it, or letting it lapse.

Accepting is a claim like any other, from the reserved seat. Every other answer passes the seat on to the next in line.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import Actor
from scheduling.actions import seats
from scheduling.actions.attempts import with_retries
from scheduling.actions.claims import order_for, seat_agent
from scheduling.actions.waitlists import end_wait, invite, lock_shift, next_able
from scheduling.errors import InvitationExpired, OverlapsOtherShift, WaitlistClosed
from scheduling.models import Claim, WaitlistEntry
from scheduling.queries.claimable import way_of
from scheduling.queries.waits import entry_for, line_of
from scheduling.states import ClaimSource, ClaimState, WaitState


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
    follower = next_able(shift, at=at)
    if follower is None:
        seats.let_go_of_reserved(shift.pk)
    else:
        invite(follower, shift, at=at)
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
