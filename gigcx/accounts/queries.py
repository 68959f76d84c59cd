"""Reads about people's accounts."""

from collections.abc import Iterable
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

from gigcx.accounts.models import User


def has_second_factor(user: User) -> bool:
    """This function will tell whether the person has set up a second factor."""
    return bool(is_mfa_enabled(user))


def people_with_second_factor(user_ids: Iterable[UUID]) -> set[UUID]:
    """This function will return which of the people have an authenticator app or a passkey; recovery codes do not count."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    rows = Authenticator.objects.filter(user_id__in=list(user_ids), type__in=kinds)
    return set(rows.values_list("user_id", flat=True))
