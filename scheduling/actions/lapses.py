"""Held seats whose holder may not work any more, or paused: ended, and offered again. Nobody pays for what others did."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.tenancy.actors import Actor
from scheduling.actions.releases import cancel_claim_for_brand, excuse_claim, locked_claim, release_paused
from scheduling.actions.waitlists import lock_shift, place_freed
from scheduling.models import Claim
from scheduling.queries.holding import is_given_up
from scheduling.states import COMING


@transaction.atomic
def cancel_held_claim(*, claim_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """End a coming claim because the brand ended the work, with its notice. One that is not coming any more stays."""
    claim = _freed(claim_id, at)
    if claim is not None:
        cancel_claim_for_brand(claim, by=by, at=at, reason=reason)


@transaction.atomic
def excuse_held_claim(*, claim_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """End a coming claim whose holder may not work, for safety above all: never with points, whatever else they did.

    One that is not coming any more stays.
    """
    claim = _freed(claim_id, at)
    if claim is not None:
        excuse_claim(claim, by=by, at=at, reason=reason)


@transaction.atomic
def reopen_held_claim(*, claim_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """End a coming claim too close to its start to wait for a cure.

    Who paused their own profile, and nothing else stands in their way, gives the seat back as if they had pressed the
    button; everybody else is excused. One that is not coming any more stays.
    """
    claim = _freed(claim_id, at)
    if claim is None:
        return
    if is_given_up(claim, at=at):
        release_paused(claim, by=by, at=at)
    else:
        excuse_claim(claim, by=by, at=at, reason=reason)


def _freed(claim_id: UUID, at: datetime) -> Claim | None:
    lock_shift(Claim.objects.across_brands().values_list("shift_id", flat=True).get(pk=claim_id))
    claim = locked_claim(claim_id)
    if claim.state not in COMING:
        return None
    place_freed(claim, at=at)
    return claim
