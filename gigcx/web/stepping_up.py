"""Asking for the password or second factor again before something that matters."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse

View = Callable[..., HttpResponse]


def stepped_up(view: View) -> View:
    """This function will let a change through only within five minutes of signing in; looking is always allowed.

    Otherwise the person signs in again and the change goes on from where it was. Put it below `brand_page`, `agent_page` or
    `person_page`.
    """
    return reauthentication_required(view, allow_get=True)  # type: ignore[no-any-return]  # allauth ships no types
