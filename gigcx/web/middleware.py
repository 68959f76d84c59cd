"""What happens around every request."""

import re
import zoneinfo
from collections.abc import Callable
from typing import Final

import structlog
from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin

from gigcx.audit.trail import current_request_id
from gigcx.kernel.errors import DomainError
from gigcx.kernel.ids import uuid7
from gigcx.web.problems import answer

GetResponse = Callable[[HttpRequest], HttpResponse]
_SAFE_ID: Final = re.compile(r"^[A-Za-z0-9_-]{8,64}$")


def request_id(get_response: GetResponse) -> GetResponse:
    """This function will give each request an id, kept in logs, audit entries and the answer's header."""

    def handle(request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-Id", "")
        identifier = offered if _SAFE_ID.match(offered) else uuid7().hex
        token = current_request_id.set(identifier)
        structlog.contextvars.bind_contextvars(request_id=identifier)
        try:
            response = get_response(request)
        finally:
            current_request_id.reset(token)
            structlog.contextvars.clear_contextvars()
        response["X-Request-Id"] = identifier
        return response

    return handle


def admin_policy(get_response: GetResponse) -> GetResponse:
    """This function will let the admin's own scripts evaluate expressions; no other page may."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = {  # type: ignore[attr-defined]  # django-csp reads it
                "script-src": [SELF, UNSAFE_EVAL],
                "style-src": [SELF, UNSAFE_INLINE],
            }
        return response

    return handle


def person(get_response: GetResponse) -> GetResponse:
    """This function will show times and words as the signed-in person reads them."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        try:
            zone = zoneinfo.ZoneInfo(request.user.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = zoneinfo.ZoneInfo("UTC")
        with timezone.override(zone), translation.override(request.user.locale):
            return get_response(request)

    return handle


class DomainErrors(MiddlewareMixin):
    """Answers refusals that a view let through."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """This function will answer a DomainError and leave everything else to Django."""
        return answer(request, exception) if isinstance(exception, DomainError) else None


domain_errors = DomainErrors
