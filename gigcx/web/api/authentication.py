"""Signing in to the API with a key."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class ApiKeyAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> None:
        """This function will return the key's maker and the key, or None without a key."""
        return
