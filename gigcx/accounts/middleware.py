"""How long one stays signed in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from gigcx.kernel import clock

GetResponse = Callable[[HttpRequest], HttpResponse]
NOTED_EVERY: Final = timedelta(minutes=5)
# Without a click, and in all: people, and ops.
PEOPLE: Final = (timedelta(days=7), timedelta(days=30))
OPS: Final = (timedelta(hours=2), timedelta(hours=12))


def session_limits(get_response: GetResponse) -> GetResponse:
    """This function will end sessions that rest too long or are too old, and note activity at most every five minutes."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _keep_or_end(request)
        return get_response(request)

    return handle


def _keep_or_end(request: HttpRequest) -> None:
    now = int(clock.now().timestamp())
    began, seen = request.session.get("began_at", now), request.session.get("seen_at", now)
    idle, whole = OPS if request.user.is_staff else PEOPLE
    if now - seen > idle.total_seconds() or now - began > whole.total_seconds():
        logout(request)
    elif "seen_at" not in request.session or now - seen > NOTED_EVERY.total_seconds():
        request.session["began_at"], request.session["seen_at"] = began, now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=clock.now())
