"""allauth's hooks."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gigcx.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Anyone may sign up; what they may do is decided by their hats."""

    def clean_email(self, email: str) -> str:
        """This function will refuse an address that does not fit the table, instead of cutting it off."""
        longest = User._meta.get_field("email").max_length
        if longest is not None and len(email) > longest:
            raise ValidationError(_("An e-mail address has at most %(n)d characters.") % {"n": longest})
        return str(super().clean_email(email))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """This function will ask for the password again unless the person has signed in within the last five minutes."""
        if self.request is not None and signed_in_recently(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """This function will count the end of a sign-up as signing in: the password was chosen in this very session."""
        if not get_authentication_records(request, user):
            record_authentication(request, user, method="signup")
        return super().post_login(request, user, **kwargs)  # type: ignore[no-any-return]  # allauth ships no types


def signed_in_recently(request: HttpRequest) -> bool:
    """This function will tell whether this session's sign-in is younger than the time one counts as re-authenticated."""
    records = get_authentication_records(request, request.user)
    newest = max((float(record.get("at", 0)) for record in records), default=0.0)
    return bool(time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT)
