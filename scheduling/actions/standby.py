"""Standby: being ready to be called, for a part of the pay; and the call."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from gigcx.audit import outbox, trail
from gigcx.tenancy.actors import Actor
from recruiting.models import Agent
from scheduling.actions.calendars import set_lock_timeout
from scheduling.actions.claims import grant_claim
from scheduling.actions.seats import ARRIVABLE
from scheduling.events import StandbyPromoted
from scheduling.models import Claim, Shift
from scheduling.states import COMING, ClaimKind, ClaimSource, ClaimState

_CALLABLE: Final = (*COMING, ClaimState.CHECKED_IN)


def claim_standby(*, shift_id: UUID, agent: Agent, by: Actor, at: datetime, idempotency_key: str = "") -> Claim:
    """Give the agent a standby place of an open shift: the time is taken, and the call may come until the end.

    Raises:
        NoStandby: every place is taken, or the shift has none. Everything else as in `claim_shift`.
    """
    return grant_claim(
        shift_id=shift_id,
        agent=agent,
        by=by,
        at=at,
        idempotency_key=idempotency_key,
        source=ClaimSource.FIRST_COME,
        kind=ClaimKind.STANDBY,
    )


@transaction.atomic
def promote_standby(*, shift_id: UUID, by: Actor, at: datetime) -> Claim | None:
    """Give a free seat of the shift to whoever has been on standby longest, or return None: no free seat, or nobody.

    The agent's time does not change, so no calendar is locked. Called after the start, they owe the shift from now on.
    """
    set_lock_timeout()
    if not _moved_place(shift_id):
        return None
    rows = Claim.objects.across_brands().select_for_update(of=("self",)).select_related("shift__program", "agent__user")
    waiting = rows.filter(shift_id=shift_id, kind=ClaimKind.STANDBY, state__in=_CALLABLE)
    # who sits at the desk already comes before who would have to come
    claim = waiting.order_by(F("checked_in_at").asc(nulls_last=True), "claimed_at", "pk").first()
    if claim is None:
        raise Claim.DoesNotExist  # the counter said otherwise; nothing is written
    claim.kind, claim.promoted_at = ClaimKind.SEAT, at
    if claim.state in COMING:
        claim.starts_at = max(claim.starts_at, at)
    claim.save(update_fields=["kind", "promoted_at", "starts_at"])
    trail.record("scheduling.promote_standby", claim, by=by, at=at, changes={"kind": str(claim.kind)})
    outbox.publish(
        StandbyPromoted(claim_id=claim.pk, shift_id=shift_id, agent_id=claim.agent_id),
        at=at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    return claim


def _moved_place(shift_id: UUID) -> bool:
    """One conditional update moves the place from standby to seat; of two calls for one seat the second finds none."""
    rows = Shift.objects.across_brands().filter(pk=shift_id, state__in=ARRIVABLE, standby_filled__gt=0).with_room()
    return bool(rows.update(filled=F("filled") + 1, standby_filled=F("standby_filled") - 1))
