"""Asking for the password or second factor again before something that matters."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

View = Callable[..., HttpResponse]


def stepped_up(view: View) -> View:
    """This function will let a change through only within five minutes of signing in; looking is always allowed.

    Otherwise the person signs in again and the change goes on from where it was. Put it below `brand_page`, `agent_page` or
    `person_page`.
    """
    return reauthentication_required(view, allow_get=True)  # type: ignore[no-any-return]  # allauth ships no types


def stepped_up_twice(view: View) -> View:
    """This function will let a change through like `stepped_up`, and ask for the second factor where one is set up.

    A second factor given within the last five minutes counts. Who has none is asked for the password alone.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kinds = second_factors(request.user)
        if request.method == "GET" or not kinds or _gave_second_factor(request):
            return stepped_up(view)(request, *args, **kwargs)
        is_key_only = kinds == {Authenticator.Type.WEBAUTHN}
        door = "mfa_reauthenticate_webauthn" if is_key_only else "mfa_reauthenticate"
        return suspend_request(request, reverse(door))  # type: ignore[no-any-return]  # allauth ships no types

    return asked


def second_factors(user: Any) -> set[str]:
    """This function will return the kinds of second factor a person has set up; recovery codes alone are none."""
    kinds = Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return set(kinds.values_list("type", flat=True))


def _gave_second_factor(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    newest = max((float(one.get("at", 0)) for one in records if one.get("method") == "mfa"), default=0.0)
    return bool(time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT)
