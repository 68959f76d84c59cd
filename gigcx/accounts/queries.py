"""Reads about people's accounts."""

from allauth.mfa.utils import is_mfa_enabled

from gigcx.accounts.models import User


def has_second_factor(user: User) -> bool:
    """This function will tell whether the person has set up a second factor."""
    return bool(is_mfa_enabled(user))
