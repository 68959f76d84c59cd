"""What a person gives when signing up, and may change later."""

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gigcx.accounts.choices import time_zones
from gigcx.accounts.names import readable_name

if TYPE_CHECKING:
    from gigcx.accounts.models import User


class SignupForm(forms.Form):
    """The extra fields of the sign-up page: one full name, in any script, and the browser's time zone where it tells."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        strip=True,
        validators=[readable_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As on your identity document, if you have one."),
    )
    timezone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-guess-zone": ""}))
    field_order = ("full_name", "email", "password1")

    def clean_timezone(self) -> str:
        """This function will return the zone, or UTC for one that we do not know: nobody typed it."""
        name = str(self.cleaned_data["timezone"])
        return name if name in dict(time_zones()) else "UTC"

    def signup(self, request: HttpRequest, user: "User") -> None:
        """This function will keep name and zone; allauth calls it once the account exists."""
        user.full_name = self.cleaned_data["full_name"]
        user.timezone = self.cleaned_data["timezone"]
        user.save(update_fields=["full_name", "timezone"])


class ProfileForm(forms.Form):
    """How a person is named and how they read."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        strip=True,
        validators=[readable_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times are shown in it everywhere.")
    )
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @staticmethod
    def initial_of(user: "User") -> dict[str, str]:
        """This function will return the form's values for a person."""
        return {name: getattr(user, name) for name in ("full_name", "timezone", "locale")}
