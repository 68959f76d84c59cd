"""What a shift pays and costs, always through the price book, so that list, quote and invoice agree."""

from datetime import datetime
from typing import Final

from recruiting.models import RateCard
from recruiting.states import LineKind
from scheduling.models import Shift
from scheduling.registries import PriceEstimate, PriceLine, price_book

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


def price_of_shift(shift: Shift, *, tier: str = "") -> PriceEstimate:
    """This function will price one seat of the shift for its whole length."""
    return price_of_seconds(shift.rate_card, seconds_between(shift.starts_at, shift.ends_at), tier=tier)


def seconds_between(starts_at: datetime, ends_at: datetime) -> int:
    """This function will return elapsed seconds; the ends come from the database in UTC."""
    return int((ends_at - starts_at).total_seconds())
