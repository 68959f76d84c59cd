"""What a shift pays and costs, always through the price book, so that list, quote and invoice agree."""

from datetime import datetime
from typing import Final

from recruiting.models import RateCard
from recruiting.states import LineKind, Tier
from scheduling.models import Claim, Shift
from scheduling.registries import PriceEstimate, PriceLine, price_book
from scheduling.states import ClaimKind

_HOUR_KINDS: Final = (LineKind.PRODUCTIVE_HOUR, LineKind.AVAILABLE_HOUR, LineKind.FLOOR)


def hour_kind(card: RateCard) -> str:
    """This function will return the kind of line that prices an hour on shift: working, else waiting, else floor."""
    return str(next((kind for kind in _HOUR_KINDS if card.line(kind) is not None), LineKind.PRODUCTIVE_HOUR))


def price_of_seconds(card: RateCard, seconds: int, *, tier: str = "") -> PriceEstimate:
    """This function will price so many seconds on shift."""
    return price_book().estimate(card, [PriceLine(hour_kind(card), seconds=seconds)], tier)


def hourly_pay(card: RateCard, *, tier: str = "") -> PriceEstimate:
    """This function will price one hour."""
    return price_of_seconds(card, 3600, tier=tier)


def price_at_desk(claim: Claim, card: RateCard, seconds: int) -> PriceEstimate:
    """This function will price so many seconds at a claim's desk: standing by until the call, working after it."""
    if claim.kind == ClaimKind.STANDBY:
        waited = seconds
    else:
        since = max(claim.starts_at, claim.checked_in_at or claim.starts_at)
        waited = min(seconds, max(0, seconds_between(since, claim.promoted_at or since)))
    kinds = ((LineKind.STANDBY, waited), (hour_kind(card), seconds - waited))
    lines = [PriceLine(str(kind), seconds=part) for kind, part in kinds if part]
    return price_book().estimate(card, lines, claim.tier)


def hour_at_desk(claim: Claim, card: RateCard) -> PriceEstimate:
    """This function will price the hour that begins now at a claim's desk."""
    kind = LineKind.STANDBY if claim.kind == ClaimKind.STANDBY else hour_kind(card)
    return price_book().estimate(card, [PriceLine(str(kind), seconds=3600)], claim.tier)


def price_of_shift(shift: Shift, *, tier: str = "") -> PriceEstimate:
    """This function will price one seat of the shift for its whole length."""
    return price_of_seconds(shift.rate_card, seconds_between(shift.starts_at, shift.ends_at), tier=tier)


def dearest_seat(card: RateCard, seconds: int) -> PriceEstimate:
    """This function will price one seat for whoever costs the brand most.

    Who will claim is not known when money is held, and tiers rise until the shift starts, so every tier of the card counts.
    """
    tiers = sorted({"", *Tier.values, *(card.tier_multipliers or {})})
    prices = [price_of_seconds(card, seconds, tier=tier) for tier in tiers]
    return max(prices, key=lambda price: (price.bill.amount_minor, price.pay.amount_minor))


def cheapest_seat(card: RateCard, seconds: int) -> PriceEstimate:
    """This function will price one seat for whoever costs the brand least."""
    tiers = sorted({*Tier.values, *(card.tier_multipliers or {})})
    prices = [price_of_seconds(card, seconds, tier=tier) for tier in tiers]
    return min(prices, key=lambda price: (price.bill.amount_minor, price.pay.amount_minor))


def seconds_between(starts_at: datetime, ends_at: datetime) -> int:
    """This function will return elapsed seconds; the ends come from the database in UTC."""
    return int((ends_at - starts_at).total_seconds())


def dearest_idle_seat(card: RateCard, seconds: int) -> PriceEstimate:
    """This function will price one seat when nothing comes in: waiting by its own line or the working one, at least the floor."""
    waiting = next(
        (kind for kind in (LineKind.AVAILABLE_HOUR, LineKind.PRODUCTIVE_HOUR) if card.line(kind) is not None), None
    )
    kinds = [kind for kind in (waiting, LineKind.FLOOR) if kind is not None and card.line(kind) is not None]
    tiers = sorted({"", *Tier.values, *(card.tier_multipliers or {})})
    prices = [
        price_book().estimate(card, [PriceLine(str(kind), seconds=seconds)], tier)
        for kind in kinds or [LineKind.PRODUCTIVE_HOUR]
        for tier in tiers
    ]
    return max(prices, key=lambda price: (price.bill.amount_minor, price.pay.amount_minor))
