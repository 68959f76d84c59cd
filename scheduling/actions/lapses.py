"""Held seats whose holder may not work any more, or paused: ended, and offered again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.tenancy.actors import Actor
from recruiting.states import AgentState
from scheduling.actions.releases import cancel_claim_for_brand, excuse_claim, locked_claim, release_paused
from scheduling.actions.waitlists import lock_shift, place_freed
from scheduling.models import Claim
from scheduling.states import COMING


@transaction.atomic
def end_held_claim(*, claim_id: UUID, reason: str, is_brands_doing: bool, by: Actor, at: datetime) -> None:
    """End a coming claim and free its seat: cancelled where the brand did it, excused otherwise, both without points.

    Who paused their profile gives it back, as if they had pressed the button. A claim that is not coming any more stays as
    it is.
    """
    lock_shift(Claim.objects.across_brands().values_list("shift_id", flat=True).get(pk=claim_id))
    claim = locked_claim(claim_id)
    if claim.state not in COMING:
        return
    place_freed(claim, at=at)
    if claim.agent.state == AgentState.PAUSED and not is_brands_doing:
        release_paused(claim, by=by, at=at)
    elif is_brands_doing:
        cancel_claim_for_brand(claim, by=by, at=at, reason=reason)
    else:
        excuse_claim(claim, by=by, at=at, reason=reason)
