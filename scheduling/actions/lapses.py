"""Held seats whose holder may not work any more: ended without points, and offered again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.tenancy.actors import Actor
from scheduling.actions.calendars import set_lock_timeout
from scheduling.actions.releases import cancel_claim_for_brand, excuse_claim, locked_claim
from scheduling.actions.seats import free_seat
from scheduling.models import Claim, Shift
from scheduling.states import COMING


@transaction.atomic
def end_held_claim(*, claim_id: UUID, reason: str, is_brands_doing: bool, by: Actor, at: datetime) -> None:
    """End a coming claim without points and free its seat: cancelled where the brand did it, excused otherwise.

    A claim that is not coming any more is left as it is.
    """
    set_lock_timeout()
    shift_id = Claim.objects.across_brands().values_list("shift_id", flat=True).get(pk=claim_id)
    Shift.objects.across_brands().select_for_update(of=("self",), no_key=True).get(pk=shift_id)
    claim = locked_claim(claim_id)
    if claim.state not in COMING:
        return
    free_seat(shift_id)
    if is_brands_doing:
        cancel_claim_for_brand(claim, by=by, at=at, reason=reason)
    else:
        excuse_claim(claim, by=by, at=at, reason=reason)
