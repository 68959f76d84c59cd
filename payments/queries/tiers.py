"""Which tier some work is paid by."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gigcx.audit import trail
from payments.pricing import Card
from recruiting.models import Engagement


@dataclass(frozen=True, slots=True)
class TierHistory:
    """The tier that somebody has in a program, and each change with the tier before it, oldest first."""

    present: str
    changes: tuple[tuple[datetime, str], ...]

    def at(self, moment: datetime) -> str:
        """This function will return the tier at a moment; a change counts from its own instant on."""
        tier = self.present
        for changed_at, before in reversed(self.changes):
            if changed_at <= moment:
                return tier
            tier = before
        return tier


def tier_history(engagement_id: UUID) -> TierHistory:
    """This function will read an engagement's tiers from what was recorded of it."""
    engagement = Engagement.objects.across_brands().only("pk", "tier").get(pk=engagement_id)
    lines = trail.history_of(engagement).filter(action="recruiting.record_standing")
    changes = tuple((at, str(told["tier"][0])) for at, told in lines.values_list("at", "changes"))
    return TierHistory(str(engagement.tier), changes)


def better_tier(card: Card, *, claimed: str, at_start: str) -> str:
    """This function will return the tier of the claim or of its start, whichever pays more by the card.

    A raise between claim and start lifts the pay; a cut never lowers it.
    """
    return at_start if card.tier_bp(at_start) > card.tier_bp(claimed) else claimed
