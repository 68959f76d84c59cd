"""Exchange rates as ops type them."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

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
        return str(self.cleaned_data["base"]).upper()

    def clean_quote(self) -> str:
        """This function will write the code in capitals."""
        return str(self.cleaned_data["quote"]).upper()
