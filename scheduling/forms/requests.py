"""Clean input around a request: publishing, approval, budgets, seats, cancelling."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from gigcx.kernel.money import Money, exponent_of
from scheduling.forms.core import MomentField

DRAW, FIRST_COME = "draw", "first_come"
_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")


class PublishForm(forms.Form):
    """The price that was seen, how seats are let out, and when agents may begin to claim."""

    quote = forms.UUIDField(widget=forms.HiddenInput)
    release = forms.ChoiceField(
        label=gettext_lazy("How seats are given"),
        choices=[
            (DRAW, gettext_lazy("Sealed draw first")),
            (FIRST_COME, gettext_lazy("First come, first served")),
        ],
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy(
            "In a draw nobody gains by being fast. Shifts that start soon are always first come, first served."
        ),
    )
    publish_at = MomentField(
        label=gettext_lazy("Open for claims from"),
        required=False,
        help_text=gettext_lazy("Leave the day empty to open at once."),
    )

    @property
    def is_draw_first(self) -> bool | None:
        """The planner's choice, or None for what the program's rules say."""
        chosen = self.cleaned_data.get("release")
        return chosen == DRAW if chosen else None


class RefuseForm(forms.Form):
    """Why a price is not approved."""

    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say why, so that whoever planned it can change it.")},
        help_text=gettext_lazy("Whoever accepted the price reads this."),
    )


class CancelForm(forms.Form):
    """Why a published request is taken back, and the fee that was seen."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Agents who hold seats will read it."),
    )
    fee_minor = forms.IntegerField(widget=forms.HiddenInput, required=False)
    fee_currency = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)

    def accepted_fee(self) -> Money | None:
        """This function will return the fee that was seen; what is no amount was none, and is refused where there is one."""
        minor, currency = self.cleaned_data["fee_minor"], self.cleaned_data["fee_currency"]
        return Money(minor, currency) if minor is not None and _CURRENCY.match(currency) else None


class AmountField(forms.DecimalField):
    """An amount typed in whole units of a currency; cleans to minor units."""

    def __init__(self, **kwargs: Any) -> None:
        words = gettext_lazy("Type an amount such as 1500 or 1500.50.")
        super().__init__(
            min_value=0,
            max_value=Decimal(10**9),
            error_messages={"invalid": words, "min_value": words, "max_value": words},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )


def minor_units(amount: Decimal | None, currency: str) -> int | None:
    """This function will turn a typed amount into minor units, cutting what the currency does not have."""
    return None if amount is None else int(amount.scaleb(exponent_of(currency)))


def major_units(minor: int | None, currency: str) -> str:
    """This function will write minor units as they are typed; nothing for none."""
    if minor is None:
        return ""
    amount = Decimal(minor).scaleb(-exponent_of(currency))
    return f"{amount:f}"


class BudgetsForm(forms.Form):
    """What work, incentives and remedies of one request may cost at most."""

    work = AmountField(
        label=gettext_lazy("Work"),
        required=False,
        help_text=gettext_lazy("A price above this cannot be accepted. Empty for no limit of its own."),
    )
    incentive = AmountField(
        label=gettext_lazy("Incentives"),
        required=False,
        help_text=gettext_lazy("Extra pay for seats that stay open."),
    )
    remedy = AmountField(
        label=gettext_lazy("Remedies on the day"),
        required=False,
        help_text=gettext_lazy("What may be spent to close gaps while the shifts run."),
    )

    def minor(self, name: str, currency: str) -> int | None:
        """This function will return one typed budget in minor units, or None where the field is empty."""
        return minor_units(self.cleaned_data[name], currency)


class SeatsForm(forms.Form):
    """How many seats more or fewer, and the price that was seen for one more."""

    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=10_000,
        initial=1,
        error_messages={
            "required": gettext_lazy("Type how many seats: a whole number from 1 up."),
            "invalid": gettext_lazy("Type how many seats: a whole number from 1 up."),
            "min_value": gettext_lazy("Type how many seats: a whole number from 1 up."),
            "max_value": gettext_lazy("A shift has at most 10,000 seats."),
        },
    )
    each_minor = forms.IntegerField(widget=forms.HiddenInput, required=False)
