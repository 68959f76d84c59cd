"""Input of the pages: where to be paid, and the pretended bank's details."""

import re
from typing import Any

from babel.core import Locale
from django import forms
from django.utils.translation import gettext_lazy as _

_DIGITS = re.compile(r"^\d{6,17}$")


def country_choices() -> list[tuple[str, str]]:
    """This function will list countries by name."""
    names = Locale("en").territories
    found = [(code, str(name)) for code, name in names.items() if len(code) == 2 and code.isalpha() and code != "ZZ"]
    return sorted(found, key=lambda pair: pair[1])


class PayoutAccountForm(forms.Form):
    """The country of the bank account."""

    country = forms.ChoiceField(
        label=_("Country of your bank"),
        choices=country_choices,
        help_text=_("It decides which bank details you are asked for next. It cannot be changed later."),
    )


class SandboxBankForm(forms.Form):
    """Details of a pretended bank account."""

    holder = forms.CharField(label=_("Name on the account"), max_length=120)
    number = forms.CharField(
        label=_("Test account number"),
        max_length=24,
        help_text=_("Any 6 to 17 digits work. The numbers below make the pretended bank behave in special ways."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        """This function will take blanks out and refuse anything but digits."""
        number: str = self.cleaned_data["number"].replace(" ", "")
        if not _DIGITS.match(number):
            raise forms.ValidationError(_("Type 6 to 17 digits, such as 000123456789."))
        return number


class MoneyForm(forms.Form):
    """An amount that ops put on the sandbox."""

    amount = forms.DecimalField(label=_("Amount"), min_value=1, max_value=10_000_000, max_digits=10, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(one, one) for one in ("USD", "EUR", "GBP", "CAD")])


class TraceForm(forms.Form):
    """Any id to follow."""

    id = forms.UUIDField(
        label=_("Trace any id"), error_messages={"invalid": _("This is not an id. Paste one such as 0190d3f2-….")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].widget.attrs["placeholder"] = _("Claim, earning, payout, run, statement, journal")
