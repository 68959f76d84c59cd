"""Our minor units as Stripe counts them (docs: currencies, special cases)."""

from typing import Final

from django.utils.translation import gettext as _

from gigcx.kernel.money import Money, exponent_of
from payments.errors import PaymentDiffers

# Without decimals in ISO 4217, but counted in hundredths by Stripe.
_IN_HUNDREDTHS: Final = {"ISK": 100, "UGX": 100}
# Paid out in whole units only, though counted in hundredths.
_WHOLE_ONLY: Final = {"HUF": 100, "TWD": 100}


def stripe_amount(money: Money) -> int:
    """This function will return the number that Stripe wants for an amount.

    Raises:
        PaymentDiffers: Stripe cannot pay that amount exactly (a fraction of a forint, a single fils).
    """
    amount = money.amount_minor * _IN_HUNDREDTHS.get(money.currency, 1)
    step = 10 if exponent_of(money.currency) == 3 else _WHOLE_ONLY.get(money.currency, 1)
    if amount % step:
        raise PaymentDiffers(
            _("%(currency)s can only be paid in steps of %(step)s.") % {"currency": money.currency, "step": step}
        )
    return amount


def our_amount(amount: int, currency: str) -> int:
    """This function will return Stripe's number as our minor units."""
    return amount // _IN_HUNDREDTHS.get(currency.upper(), 1)
