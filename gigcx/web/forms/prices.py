"""What visitors may type on public pages."""

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FIXED_PRICE: Final = Decimal("16.00")
ON_DEMAND_PRICE: Final = Decimal("19.00")


def _price(label: "str | StrPromise", words: "str | StrPromise") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(1),
        max_value=Decimal(500),
        max_digits=5,
        decimal_places=2,
        error_messages={"required": words, "invalid": words, "min_value": words, "max_value": words},
        widget=forms.NumberInput(attrs={"step": "0.50", "min": "1", "max": "500", "inputmode": "decimal"}),
    )


class PriceForm(forms.Form):
    """Two prices an hour, to compare fixed staffing with on demand."""

    fixed = _price(_("Fixed, an hour"), _("Give a price from 1 to 500, such as 16.00."))
    on_demand = _price(_("On demand, an hour"), _("Give a price from 1 to 500, such as 19.00."))
    day = forms.ChoiceField(
        choices=(("peak", _("Black Friday")), ("flat", _("A quiet Tuesday"))), widget=forms.HiddenInput, required=False
    )
