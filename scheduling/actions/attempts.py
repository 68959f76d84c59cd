"""Trying again when the database asks for it: deadlock, serialisation, lock time-out."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import OperationalError, connection

from scheduling.errors import TryAgain

T = TypeVar("T")
_TRIES: Final = 3
# deadlock_detected, serialization_failure, lock_not_available
_AGAIN: Final = frozenset({"40P01", "40001", "55P03"})


def with_retries(attempt: Callable[[], T]) -> T:
    """This function will run an attempt up to three times, with a short random pause between.

    Only for attempts that open their own transaction. Inside another one it tries once: that one is spoilt.

    Raises:
        TryAgain: the database was busy every time.
    """
    tries = 1 if connection.in_atomic_block else _TRIES
    for number in range(1, tries + 1):
        try:
            return attempt()
        except OperationalError as busy:
            if pgcode_of(busy) not in _AGAIN:
                raise
            if number == tries:
                raise TryAgain from busy
        time.sleep(random.uniform(0.01, 0.05) * number)  # noqa: S311  jitter, no secret
    raise TryAgain


def pgcode_of(error: Exception) -> str:
    """This function will return the SQLSTATE behind a database error, or nothing."""
    return getattr(error.__cause__, "pgcode", None) or ""
