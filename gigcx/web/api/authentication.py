"""Signing in to the API: a key for machines, the session for the browser."""

from typing import TYPE_CHECKING

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from gigcx.kernel import clock
from gigcx.tenancy.actions.keys import note_key_use
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.errors import KeyRefused
from gigcx.tenancy.queries import actor_of_key

if TYPE_CHECKING:
    from gigcx.accounts.models import User


class ApiKeyAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer <key>`. `request.auth` is then the key's BrandActor."""

    def authenticate(self, request: Request) -> "tuple[User, BrandActor] | None":
        """This function will return the key's maker and the actor it stands for, or None without a key."""
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != "bearer":
            return None
        at = clock.now()
        try:
            actor = actor_of_key(words[1] if len(words) == 2 else "", ip=address_of(request), at=at)
        except KeyRefused as refused:
            raise AuthenticationFailed(refused.message, code=refused.code) from refused
        note_key_use(actor, at=at)
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:
        """This function will say how to sign in, which makes a refusal a 401."""
        return 'Bearer realm="GigCX API"'


class BrowserAuthentication(SessionAuthentication):
    """The signed-in browser. Without it the answer is 401, as for keys."""

    def authenticate_header(self, request: Request) -> str:
        """This function will say how to sign in."""
        return 'Session realm="GigCX"'


def address_of(request: Request) -> str:
    """This function will return the caller's address as far as the configured number of proxies can be trusted."""
    return BaseThrottle().get_ident(request)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Describes the key in the schema."""

    target_class = "gigcx.web.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """This function will return the scheme's definition."""
        return {"type": "http", "scheme": "bearer", "description": "A brand's API key, made under Settings."}


class BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Describes the session in the schema."""

    target_class = "gigcx.web.api.authentication.BrowserAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """This function will return the scheme's definition."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
