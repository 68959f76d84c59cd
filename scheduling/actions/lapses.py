"""Held seats whose holder may not work any more: ended without points, and offered again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.tenancy.actors import Actor
from scheduling.actions.releases import cancel_claim_for_brand, excuse_claim, locked_claim
from scheduling.actions.waitlists import lock_shift, place_freed
from scheduling.models import Claim
from scheduling.states import COMING


@transaction.atomic
def end_held_claim(*, claim_id: UUID, reason: str, is_brands_doing: bool, by: Actor, at: datetime) -> None:
    """End a coming claim without points and free its seat: cancelled where the brand did it, excused otherwise.

    A claim that is not coming any more is left as it is.
    """
    lock_shift(Claim.objects.across_brands().values_list("shift_id", flat=True).get(pk=claim_id))
    claim = locked_claim(claim_id)
    if claim.state not in COMING:
        return
    place_freed(claim, at=at)
    if is_brands_doing:
        cancel_claim_for_brand(claim, by=by, at=at, reason=reason)
    else:
        excuse_claim(claim, by=by, at=at, reason=reason)
