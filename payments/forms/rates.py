"""Exchange rates as ops type them."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gigcx.kernel import clock
from payments.models import FxRate


class FxRateForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What one unit of a currency was worth in another on a day."""

    class Meta:
        model = FxRate
        fields = ("base", "quote", "on", "rate", "source")
        labels: ClassVar[dict[str, Any]] = {
            "base": _("One unit of"),
            "quote": _("was worth in"),
            "on": _("On the day"),
            "rate": _("so much"),
            "source": _("Where the rate is from"),
        }

    def clean_base(self) -> str:
        """This function will write the code in capitals."""
        return _code(self.cleaned_data["base"])

    def clean_quote(self) -> str:
        """This function will write the code in capitals."""
        return _code(self.cleaned_data["quote"])

    def clean_on(self) -> date:
        """This function will refuse a day that nobody can know the rate of."""
        on: date = self.cleaned_data["on"]
        if on > clock.now().date():
            raise forms.ValidationError(_("This day is still to come."))
        return on


def _code(text: str) -> str:
    code = text.upper()
    if len(code) != 3 or not code.isalpha():
        raise forms.ValidationError(_("Give the currency by its three letters."))
    return code
