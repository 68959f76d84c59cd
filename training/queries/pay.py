"""What learning time is worth, for showing only: payments prices what was earned, from the same card."""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from gigcx.kernel.money import Money, round_minor
from recruiting.queries import active_rate_card
from recruiting.states import LineKind


def training_rate(program_id: UUID | None, at: datetime) -> Money | None:
    """This function will return what a program pays for an hour of training, or None when its card has no such line."""
    card = active_rate_card(program_id, at) if program_id else None
    line = card.line(LineKind.TRAINING) if card else None
    return Money(line.pay_minor, card.pay_currency) if card and line else None


def pay_for(rate: Money | None, seconds: int) -> Money | None:
    """This function will return the pay for seconds at an hourly rate, rounded half to even to the minor unit."""
    if rate is None:
        return None
    return Money(round_minor(Fraction(rate.amount_minor * seconds, 3600)), rate.currency)
