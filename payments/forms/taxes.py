"""Input of the tax page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.forms.pages import country_choices
from payments.states import TaxForm


class TaxProfileForm(forms.Form):
    """Who somebody is for the tax office."""

    country = forms.ChoiceField(
        label=_("Country you pay taxes in"),
        choices=country_choices,
        help_text=_("It decides which report your income goes into, if any."),
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, help_text=_("As on your tax papers."))
    address = forms.CharField(label=_("Address"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    birth_date = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    number = forms.CharField(
        label=_("Tax number"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("SSN or EIN in the US, else your national tax number. We encrypt it and show its last four signs."),
    )
    vat_id = forms.CharField(label=_("VAT number, if you have one"), max_length=20, required=False)
    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("To mend a mistake, keep the day that stands here. To tell a change, take the day of the change."),
    )

    def __init__(self, *args: Any, has_number: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_number:
            self.fields["number"].help_text = _("Leave it empty to keep the number we have.")


class TaxExportForm(forms.Form):
    """Which report ops want."""

    form = forms.ChoiceField(
        label=_("Form"), choices=[(one.value, one.label) for one in TaxForm if one != TaxForm.NONE]
    )
    tax_year = forms.IntegerField(label=_("Tax year"), min_value=2020, max_value=2100)
    quarter = forms.TypedChoiceField(
        label=_("Quarter"),
        choices=[("", _("the whole year")), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")],
        coerce=int,
        empty_value=None,
        required=False,
    )
