"""What agents and planners type around the release of seats."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from scheduling.allocation import MOST_WISHES


class WishesForm(forms.Form):
    """An agent's wishes in order, sent as repeated `wish` fields, and the most hours they want from the draw."""

    hours = forms.DecimalField(
        label=_("At most, in this draw"),
        help_text=_("Leave it empty to take what the draw gives within your limits."),
        required=False,
        min_value=Decimal("0.25"),
        max_value=Decimal(168),
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.25"}),
    )

    def wishes(self) -> list[str]:
        """This function will return the ids sent, in order; what is no id is left out."""
        sent = self.data.getlist("wish") if isinstance(self.data, MultiValueDict) else []
        return [str(found) for found in map(_uuid, sent[: 10 * MOST_WISHES]) if found is not None]

    def max_minutes(self) -> int | None:
        """This function will return the most minutes asked for, or None."""
        hours = self.cleaned_data.get("hours")
        return int(hours * 60) if hours is not None else None


class ReceiptForm(forms.Form):
    """A receipt to look for in a proof."""

    receipt = forms.CharField(
        label=_("Your receipt"),
        help_text=_("64 letters and digits, shown when you sealed your wishes."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class IncentiveForm(forms.Form):
    """How much more an hour, for which shifts."""

    amount = forms.DecimalField(
        label=_("Extra pay per hour"),
        help_text=_("On top of the card, for everybody who holds a seat then or later. Zero ends it for new claims."),
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )
    shifts = forms.MultipleChoiceField(
        label=_("Shifts"),
        required=True,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one shift.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shifts"].choices = choices  # type: ignore[attr-defined]  # a choice field has choices

    def shift_ids(self) -> list[UUID]:
        """This function will return the shifts chosen."""
        return [UUID(one) for one in self.cleaned_data["shifts"]]


class IncentiveBudgetForm(forms.Form):
    """What may be spent on incentives for one request."""

    budget = forms.DecimalField(
        label=_("Set aside for incentives"),
        help_text=_("The ladder and you spend from it; it is never passed."),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
