"""What events about payments of brands lead to. Until money has settled there is nothing to credit."""

from collections.abc import Callable
from datetime import datetime

from payments.models import StripeEvent

Clock = Callable[[], datetime]


def checkout(event: StripeEvent, clock: Clock) -> str:
    """This function will look the payment page up."""
    return ""


payment = card_dispute = refund = invoice = checkout
