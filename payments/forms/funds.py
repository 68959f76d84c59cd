"""Input of brands' money: how much to pay, when to pay by itself, and what a month may cost."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.money import exponent_of
from payments.policies.funds import next_month
from recruiting.models import Program

_MOST = 1_000_000_000


def amount_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    """This function will return a field for money in major units; its decimals are checked against the currency."""
    attrs = {"inputmode": "decimal", "autocomplete": "off"}
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=_MOST,
        max_digits=12,
        widget=forms.TextInput(attrs=attrs),
    )


class MoneyInForm(forms.Form):
    """A form about one currency: its amounts come out in minor units."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def minor(self, name: str) -> int:
        """This function will return a typed amount in minor units."""
        value: Decimal = self.cleaned_data[name]
        return int(value.scaleb(exponent_of(self.currency)))

    def clean(self) -> dict[str, Any]:
        """This function will refuse more decimals than the currency has."""
        given: dict[str, Any] = super().clean() or {}
        for name, value in list(given.items()):
            if isinstance(value, Decimal) and value.scaleb(exponent_of(self.currency)) % 1:
                self.add_error(name, _("This currency has fewer decimals."))
        return given


class TopUpForm(MoneyInForm):
    """How much to pay in."""

    amount = amount_field(_("Amount"), _("From 10 to 500,000. You pay on the payment provider's page."))
    saves_method = forms.BooleanField(label=_("Keep this card or bank account for automatic top-ups"), required=False)


class AutoTopUpForm(MoneyInForm):
    """When the saved method pays by itself."""

    below = amount_field(_("When spendable money falls below"))
    amount = amount_field(_("Top up by"))


class TermsForm(MoneyInForm):
    """What ops let a brand owe, and for how long."""

    limit = amount_field(_("Credit limit"), _("Promised work, worked lines and open invoices count against it."))
    days_until_due = forms.IntegerField(label=_("Days until an invoice is due"), min_value=0, max_value=120)
    reason = forms.CharField(
        label=_("Why, kept in the history"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class BudgetForm(MoneyInForm):
    """What a month may cost."""

    program = forms.ChoiceField(label=_("For"), required=False)
    month = forms.ChoiceField(label=_("From"))
    soft = amount_field(_("Planned amount a month"), _("You are told at 50, 80 and 100 % of it."))
    hard = amount_field(
        _("New work stops at"), _("Nothing new can be published above it. Work promised before is still done and paid.")
    )

    def __init__(self, *args: Any, programs: Iterable[Program], month: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = (month, next_month(month))
        choices = [("", _("The whole brand")), *((str(one.pk), one.name) for one in programs)]
        self.fields["program"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's
        written = [(f"{one:%Y-%m-%d}", f"{one:%B %Y}") for one in months]
        self.fields["month"].choices = written  # type: ignore[attr-defined]  # a ChoiceField's


class SandboxCheckoutForm(forms.Form):
    """How the pretended payer pays."""

    way = forms.ChoiceField(
        label=_("Pay with"),
        choices=[
            ("card", _("a card that works")),
            ("card_declined", _("a card that is declined")),
            ("bank_debit", _("a bank debit that settles in five minutes")),
            ("bank_debit_fails", _("a bank debit that fails in five minutes")),
        ],
        widget=forms.RadioSelect,
        initial="card",
    )
