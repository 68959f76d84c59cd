"""What people type about invoices: whom they are made out to, payments by hand, credits."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.money import Money, exponent_of
from payments.forms.pages import country_choices
from payments.models import InvoiceLine


class BillingDetailsForm(forms.Form):
    """Whom a brand's next invoices are made out to."""

    legal_name = forms.CharField(label=_("Legal name"), max_length=200)
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    region = forms.RegexField(
        r"^[A-Za-z0-9]{1,3}$",
        label=_("State or province"),
        required=False,
        help_text=_("Its short name, such as NY. Only where sales tax is a state's."),
        error_messages={"invalid": _("Type the short name of one to three letters, such as NY.")},
    )
    vat_id = forms.CharField(
        label=_("VAT number"),
        max_length=20,
        required=False,
        help_text=_("With a valid number from another country of the EU you account for the VAT yourself."),
    )
    email = forms.EmailField(label=_("Address for invoices"), required=False)
    purchase_order = forms.CharField(
        label=_("Your order number"), max_length=60, required=False, help_text=_("Printed on each invoice.")
    )

    def clean_region(self) -> str:
        """This function will write a region in capitals."""
        region: str = self.cleaned_data["region"]
        return region.upper()


class BankTransferForm(forms.Form):
    """A transfer as the bank's page shows it."""

    amount = forms.DecimalField()
    bank_reference = forms.CharField(
        label=_("The bank's reference"), max_length=100, help_text=_("It tells two transfers apart.")
    )
    received_on = forms.DateField(label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"] = forms.DecimalField(
            label=format_lazy(_("Amount in {currency}"), currency=currency),
            min_value=0,
            max_digits=14,
            decimal_places=exponent_of(currency),
        )

    def clean_amount(self) -> Money:
        """This function will turn the typed amount into money of the invoice's currency."""
        return _money(self.cleaned_data["amount"], self.currency)


class CreditForm(forms.Form):
    """What to take off which line. Lines left empty stay as they are."""

    reason = forms.CharField(
        label=_("Why, in a sentence the brand reads"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, lines: Iterable[InvoiceLine], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.lines = {f"line_{line.position}": line for line in lines}
        for name in self.lines:
            self.fields[name] = forms.DecimalField(
                required=False, min_value=0, max_digits=14, decimal_places=exponent_of(currency)
            )

    def nets(self) -> dict[Any, int]:
        """This function will return the net in minor units by the id of each line that was given an amount."""
        typed = {line.pk: self.cleaned_data.get(name) for name, line in self.lines.items()}
        return {pk: _money(value, self.currency).amount_minor for pk, value in typed.items() if value}


def _money(value: Any, currency: str) -> Money:
    return Money(int(value.scaleb(exponent_of(currency))), currency)
