"""Bank details for a bank file."""

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum import iban
from stdnum.exceptions import ValidationError as NotIban

_PLAIN: Final = re.compile(r"^[A-Z0-9]{4,34}$")
_CODE: Final = re.compile(r"^[A-Z0-9]{3,15}$")


class BankDetailsForm(forms.Form):
    """Holder, account number or IBAN, and a bank code where the number has none in it."""

    holder = forms.CharField(
        label=_("Name on the account"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    number = forms.CharField(
        label=_("Account number or IBAN"),
        max_length=44,
        help_text=_("As your bank writes it; blanks do not matter. An IBAN is checked for typing errors."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    bank_code = forms.CharField(
        label=_("Bank code (BIC, routing or sort code)"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty if you gave an IBAN."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_number(self) -> str:
        """This function will take blanks and dashes out and check an IBAN's digits and country."""
        number = _plain(self.cleaned_data["number"])
        if not _PLAIN.match(number):
            raise forms.ValidationError(_("Type 4 to 34 letters and digits."))
        if not _is_iban(number):
            return number
        try:
            iban.validate(number)
        except NotIban as wrong:
            raise forms.ValidationError(
                _("This IBAN has a typing error. Compare it with your bank's papers.")
            ) from wrong
        if number[:2] != self.country:
            raise forms.ValidationError(_("This IBAN is of another country than the one you chose."))
        return number

    def clean_bank_code(self) -> str:
        """This function will take blanks and dashes out and refuse what is no code."""
        code = _plain(self.cleaned_data["bank_code"])
        if code and not _CODE.match(code):
            raise forms.ValidationError(_("Type 3 to 15 letters and digits."))
        return code

    def clean(self) -> dict[str, Any]:
        """This function will ask for a bank code where the number does not name the bank."""
        cleaned = super().clean() or {}
        number = cleaned.get("number", "")
        if number and not _is_iban(number) and not cleaned.get("bank_code") and "bank_code" not in self.errors:
            self.add_error("bank_code", _("Without an IBAN we need your bank's code."))
        return cleaned


def _plain(text: str) -> str:
    return re.sub(r"[\s\-.]", "", text).upper()


def _is_iban(number: str) -> bool:
    return bool(re.match(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$", number))
