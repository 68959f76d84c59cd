"""Time off in a lull: what is on offer, and who would be last in."""

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from scheduling.errors import VtoClosed
from scheduling.models import Claim, VtoOffer
from scheduling.queries.doors import shift_for
from scheduling.states import ClaimKind, ClaimState, VtoState


def vto_for(actor: Actor, offer_id: UUID) -> VtoOffer:
    """This function will return the offer of the brand's shift.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = VtoOffer.objects.for_actor(actor).select_related("shift").filter(pk=offer_id)
    found = None if isinstance(actor, AgentActor) else rows.first()
    if found is None:
        raise NotFound
    return found


def open_offer(shift_id: UUID, *, at: datetime) -> VtoOffer | None:
    """This function will return the time off that is on offer now for a shift, with a place left, or None."""
    rows = VtoOffer.objects.across_brands().filter(shift_id=shift_id, state=VtoState.OPEN, expires_at__gt=at)
    return rows.filter(taken__lt=F("places")).first()


def standing_offer(actor: Actor, shift_id: UUID) -> VtoOffer:
    """This function will return the offer that stands for a shift, full or not.

    Raises:
        NotFound: another brand's shift. VtoClosed: none stands.
    """
    shift = shift_for(actor, shift_id)
    found = VtoOffer.objects.for_brand(shift.brand_id).filter(shift=shift, state=VtoState.OPEN).first()
    if found is None:
        raise VtoClosed(_("No time off is on offer for this shift."))
    return found


def last_claimed(shift_id: UUID, people: int) -> list[Claim]:
    """This function will return who claimed last of those at their desks, at most so many."""
    rows = Claim.objects.across_brands().filter(shift_id=shift_id, kind=ClaimKind.SEAT, state=ClaimState.CHECKED_IN)
    return list(rows.order_by("-claimed_at", "-pk")[:people])


def offers_to_close(*, at: datetime) -> list[UUID]:
    """This function will return offers whose time has passed."""
    rows = VtoOffer.objects.across_brands().filter(state=VtoState.OPEN, expires_at__lte=at)
    return list(rows.order_by("expires_at", "pk").values_list("pk", flat=True))
