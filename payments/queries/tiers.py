"""Which tier some work is paid by."""

from datetime import datetime
from uuid import UUID

from gigcx.audit import trail
from payments.pricing import Card
from recruiting.models import Engagement


def tier_for(card: Card, *, claimed: str, engagement_id: UUID, starts_at: datetime) -> str:
    """This function will return the tier of the claim or of its start, whichever pays more by the card.

    A raise between claim and start lifts the pay; a cut never lowers it.
    """
    at_start = tier_at(engagement_id, starts_at)
    return at_start if card.tier_bp(at_start) > card.tier_bp(claimed) else claimed


def tier_at(engagement_id: UUID, moment: datetime) -> str:
    """This function will return the tier that an engagement had at a moment, from what was recorded of it."""
    engagement = Engagement.objects.across_brands().only("pk", "tier").get(pk=engagement_id)
    lines = trail.history_of(engagement).filter(action="recruiting.record_standing").order_by("at", "pk")
    tier = str(engagement.tier)
    for line in reversed(list(lines)):
        if line.at <= moment:
            return tier
        tier = str(line.changes["tier"][0])
    return tier
