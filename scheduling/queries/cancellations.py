"""What taking a published request back costs the brand, shown before it is done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from gigcx.kernel.money import Money
from recruiting.models import RateCard
from scheduling.models import CapacityRequest, Claim
from scheduling.registries import PriceEstimate, price_book
from scheduling.states import COMING, ShiftState

# Notice below this costs that share of each planned hour.
_LADDER: Final = ((timedelta(hours=4), Fraction(1, 2)), (timedelta(hours=24), Fraction(1, 4)))


@dataclass(frozen=True, slots=True)
class CancellationPreview:
    """How many seats fall away, how many people hold one, and what late notice costs the brand, its agents' part too."""

    seats: int
    holders: int
    fee: Money | None
    to_agents: Money | None = None


def fee_share(notice: timedelta) -> Fraction:
    """This function will return the share of each planned hour owed at that notice: 0, a quarter or a half."""
    return next((share for upper, share in _LADDER if notice < upper), Fraction(0))


def cancellation_preview(request: CapacityRequest, *, at: datetime) -> CancellationPreview:
    """This function will add up what cancelling the shifts not started yet would cost at that moment."""
    coming = [ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN]
    seats = sum(request.shifts.filter(state__in=coming).values_list("seats", flat=True))
    held = Claim.objects.for_brand(request.brand_id).filter(
        shift__request=request, shift__state__in=coming, state__in=list(COMING)
    )
    claims = list(held.order_by("pk"))
    cards = {
        card.pk: card
        for card in RateCard.objects.for_brand(request.brand_id)
        .with_lines()
        .filter(pk__in={claim.rate_card_id for claim in claims})
    }
    owed = [_owed(claim, cards[claim.rate_card_id], at) for claim in claims]
    if not owed:
        return CancellationPreview(seats, len(claims), None)
    fee = sum((one.bill for one in owed[1:]), start=owed[0].bill)
    return CancellationPreview(seats, len(claims), fee, sum((one.pay for one in owed[1:]), start=owed[0].pay))


def _owed(claim: Claim, card: RateCard, at: datetime) -> PriceEstimate:
    """What the claim's line on the invoice will be: the same book prices it when the cancellation is heard."""
    seconds = int((claim.ends_at - claim.starts_at).total_seconds())
    return price_book().cancellation(card, seconds=seconds, share=fee_share(claim.starts_at - at), tier=claim.tier)
