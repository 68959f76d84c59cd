"""Clean input of seats that change hands."""

from django import forms
from django.utils.translation import gettext_lazy


class OfferForm(forms.Form):
    """To whom a shift is offered: one agent by handle, or everybody in the program."""

    to_handle = forms.CharField(
        label=gettext_lazy("To one agent"),
        max_length=41,
        required=False,
        help_text=gettext_lazy("Their handle. Leave it empty to offer the shift to everybody in the program."),
    )


class TradeForm(forms.Form):
    """Which own shift is given in return."""

    claim = forms.UUIDField()


class WaitForm(forms.Form):
    """How to wait: a seat may be taken without asking."""

    auto_accept = forms.BooleanField(required=False)


class SwapRefusalForm(forms.Form):
    """Why a brand says no to a swap."""

    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=500,
        widget=forms.TextInput,
        help_text=gettext_lazy("Both agents will read it."),
        error_messages={"required": gettext_lazy("Say why: both agents will read it.")},
    )
