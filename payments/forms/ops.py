"""Figures that ops type: what a disputed line comes to, and corrections by hand."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.money import exponent_of
from gigcx.tenancy.choices import currencies
from gigcx.tenancy.models import Brand
from payments.states import EarningKind

_REASON = {"rows": 3}


def _amount(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=3, **more)


def minor_in(amount: Decimal, currency: str) -> int:
    """This function will turn a typed amount into minor units.

    Raises:
        ValueError: it has more decimals than the currency.
    """
    scaled = amount.scaleb(exponent_of(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{currency} has {exponent_of(currency)} decimals")
    return int(scaled)


class _FiguresForm(forms.Form):
    """A form whose amounts are in one currency."""

    amounts: tuple[str, ...] = ()

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """This function will turn the amounts into minor units."""
        given: dict[str, Any] = super().clean() or {}
        for name in self.amounts:
            if given.get(name) is None:
                continue
            try:
                given[f"{name}_minor"] = minor_in(given[name], self.currency)
            except ValueError:
                self.add_error(name, _("This currency has fewer decimals."))
        return given


class FigureForm(_FiguresForm):
    """What a disputed line comes to."""

    amounts = ("figure",)

    figure = _amount(_("The whole line comes to"), min_value=0)
    reason = forms.CharField(label=_("Reason; both sides read it"), max_length=2000, widget=forms.Textarea(_REASON))
    fault = forms.CharField(
        label=_("The agent's fault, where it is shown"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(_REASON),
        help_text=_("Only what was released already and is lost: with a fault it is taken back, else we bear it."),
    )


class AdjustmentForm(_FiguresForm):
    """A correction by hand of one line."""

    amounts = ("pay", "bill")

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (one.value, one.label) for one in (EarningKind.ADJUSTMENT, EarningKind.BACK_PAY, EarningKind.CLAWBACK)
        ],
    )
    pay = _amount(_("The agent gets; below zero for a clawback"))
    bill = _amount(_("The brand pays of it"), min_value=0, initial=0)
    reason = forms.CharField(label=_("Reason; the agent reads it"), max_length=2000, widget=forms.Textarea(_REASON))


class InstantFeeForm(forms.Form):
    """What an instant payout costs, and for whom."""

    brand = forms.ModelChoiceField(
        label=_("For agents of"), queryset=Brand.objects.none(), required=False, empty_label=_("the house: every brand")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    fee = _amount(_("Fee"), min_value=0)
    reason = forms.CharField(label=_("Why, kept in the history"), max_length=500, widget=forms.Textarea(_REASON))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = Brand.objects.order_by("name", "pk")  # type: ignore[attr-defined]  # a choice of rows

    def clean(self) -> dict[str, Any]:
        """This function will turn the fee into minor units."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("fee") is not None and given.get("currency"):
            try:
                given["fee_minor"] = minor_in(given["fee"], given["currency"])
            except ValueError:
                self.add_error("fee", _("This currency has fewer decimals."))
        return given
