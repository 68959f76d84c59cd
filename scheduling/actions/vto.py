"""Time off in a lull: offered to those on a shift, taken by choice, without a mark on anybody. Sending home comes after it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, require
from gigcx.tenancy.roles import Permission
from scheduling.actions.releases import locked_claim
from scheduling.actions.sessions import end_session, finish_claim
from scheduling.actions.waitlists import lock_shift
from scheduling.errors import ShiftNotOpen, VtoClosed
from scheduling.events import VtoAccepted
from scheduling.models import Claim, Shift, VtoOffer, VtoTaken, WorkSession
from scheduling.queries.doors import claim_for, shift_for
from scheduling.queries.vto import last_claimed, open_offer, vto_for
from scheduling.states import VTO_MOVES, ClaimState, ShiftState, VtoState

OFFER_LASTS: Final = timedelta(minutes=15)
WHOLE: Final = 10_000


@transaction.atomic
def offer_vto(*, shift_id: UUID, places: int, by: Actor, at: datetime, pay_bp: int = 0) -> VtoOffer:
    """Let so many people leave a running shift early, at a share of the rest (basis points; nothing unless said).

    Raises:
        NotFound: another brand's. NotAllowed: the role does not plan. ShiftNotOpen: it does not run.
        VtoClosed: an offer stands already. Invalid: no sensible number.
    """
    found = shift_for(by, shift_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    shift = lock_shift(shift_id)
    if shift.state != ShiftState.STARTED or at >= shift.ends_at:
        raise ShiftNotOpen(_("Time off is offered while a shift runs."))
    if not 1 <= places <= shift.seats or not 0 <= pay_bp <= WHOLE:
        raise Invalid(_("Offer it to at least one person and at most to everybody on the shift."), field="places")
    if VtoOffer.objects.for_brand(shift.brand_id).filter(shift=shift, state=VtoState.OPEN).exists():
        raise VtoClosed(_("Time off is on offer for this shift already."))
    offer = VtoOffer.objects.create(
        brand_id=shift.brand_id,
        shift=shift,
        places=places,
        pay_bp=pay_bp,
        created_at=at,
        expires_at=min(at + OFFER_LASTS, shift.ends_at),
    )
    trail.record("scheduling.offer_vto", offer, by=by, at=at, changes={"places": places})
    return offer


@transaction.atomic
def accept_vto(*, claim_id: UUID, by: Actor, at: datetime) -> VtoTaken:
    """Leave early by choice: the work so far counts, the rest is free, and reliability does not hear of it.

    Raises:
        NotFound: not the agent's own. VtoClosed: no offer, every place taken, or not at the desk.
    """
    if not isinstance(by, AgentActor):
        raise NotFound
    shift = lock_shift(claim_for(by, claim_id).shift_id)
    claim = locked_claim(claim_id)
    taken = VtoTaken.objects.for_actor(by).filter(claim=claim).first()
    if taken is not None:
        return taken
    offer = open_offer(shift.pk, at=at)
    if offer is None or claim.state != ClaimState.CHECKED_IN or not _took_place(offer):
        raise VtoClosed
    rest = max(0, int((claim.ends_at - max(at, claim.starts_at)).total_seconds()))
    _leave(claim, reason="vto", by=by, at=at)
    taken = VtoTaken.objects.create(
        brand_id=claim.brand_id,
        offer=offer,
        claim=claim,
        agent_id=claim.agent_id,
        pay_bp=offer.pay_bp,
        seconds_left=rest,
        taken_at=at,
    )
    trail.record("scheduling.accept_vto", claim, by=by, at=at, changes={"seconds_left": rest})
    outbox.publish(
        VtoAccepted(claim_id=claim.pk, agent_id=claim.agent_id, seconds_left=rest),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    _close_when_full(offer, by=by, at=at)
    return taken


def _took_place(offer: VtoOffer) -> bool:
    """One conditional update decides: of two for the last place, the second gets no row."""
    rows = VtoOffer.objects.for_brand(offer.brand_id).filter(pk=offer.pk, state=VtoState.OPEN, taken__lt=F("places"))
    return bool(rows.update(taken=F("taken") + 1))


def _leave(claim: Claim, *, reason: str, by: Actor, at: datetime) -> None:
    sessions = WorkSession.objects.across_brands().live().select_for_update(of=("self",))
    session = sessions.filter(claim=claim).first()
    left_at = at
    if session is not None:
        end_session(session, by=by, at=at, reason=reason)
        left_at = session.ended_at or at
    finish_claim(claim, left_at=left_at, by=by, at=at)


def _close_when_full(offer: VtoOffer, *, by: Actor, at: datetime) -> None:
    offer.refresh_from_db()
    if offer.taken >= offer.places:
        _closed(offer, by=by, at=at)


@transaction.atomic
def close_vto(*, offer_id: UUID, by: Actor, at: datetime) -> VtoOffer:
    """End an offer: its time has passed, or the lull has.

    Raises:
        NotFound: another brand's. NotAllowed: the role does not plan. MoveRefused: closed already.
    """
    found = vto_for(by, offer_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    lock_shift(found.shift_id)
    offer = VtoOffer.objects.for_brand(found.brand_id).select_for_update(of=("self",)).get(pk=offer_id)
    require_move(VTO_MOVES, offer.state, VtoState.CLOSED)
    _closed(offer, by=by, at=at)
    return offer


def _closed(offer: VtoOffer, *, by: Actor, at: datetime) -> None:
    current, offer.state = offer.state, VtoState.CLOSED
    offer.save(update_fields=["state"])
    trail.record("scheduling.close_vto", offer, by=by, at=at, from_state=current, to_state=offer.state)


@transaction.atomic
def send_home(*, shift_id: UUID, people: int, by: Actor, at: datetime) -> list[Claim]:
    """End the work of so many people for good, last claimed first: only after time off was offered and nobody more took it.

    They are paid for what they worked, for half the shift or for two hours, whichever is most, up to the whole shift.

    Raises:
        NotFound: another brand's. NotAllowed: the role does not plan. Invalid: time off was not offered first, or no number.
        VtoClosed: an offer still stands.
    """
    found = shift_for(by, shift_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    shift = lock_shift(shift_id)
    _refuse_before_offer(shift, people, at)
    sent: list[Claim] = []
    for held in last_claimed(shift_id, people):
        claim = locked_claim(held.pk)
        if claim.state != ClaimState.CHECKED_IN:
            continue
        rest = max(0, int((claim.ends_at - max(at, claim.starts_at)).total_seconds()))
        _leave(claim, reason="sent_home", by=by, at=at)
        claim.sent_home_at = at
        claim.save(update_fields=["sent_home_at"])
        trail.record("scheduling.send_home", claim, by=by, at=at, changes={"seconds_left": rest})
        sent.append(claim)
    return sent


def _refuse_before_offer(shift: Shift, people: int, at: datetime) -> None:
    offers = VtoOffer.objects.for_brand(shift.brand_id).filter(shift=shift)
    if people < 1 or people > shift.seats:
        raise Invalid(_("Say how many people."), field="people")
    if open_offer(shift.pk, at=at) is not None:
        raise VtoClosed(_("Time off is still on offer. Wait for who takes it."))
    if not offers.exists():
        raise Invalid(_("Offer time off first: nobody is sent home before somebody could choose to go."))
