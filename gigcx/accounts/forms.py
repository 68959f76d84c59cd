"""What a person gives when signing up."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from gigcx.accounts.models import User


class SignupForm(forms.Form):
    """The extra field of the sign-up page: one full name, in any script."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As on your identity document, if you have one."),
    )
    field_order = ("full_name", "email", "password1")

    def signup(self, request: HttpRequest, user: "User") -> None:
        """This function will keep the name; allauth calls it once the account exists."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])
