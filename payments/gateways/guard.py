"""No lock is ever held while a rail is asked."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")


class InsideTransaction(RuntimeError):
    """A rail was about to be asked inside a transaction. This is a programming error, never shown."""


def outside_transactions(call: Callable[P, R]) -> Callable[P, R]:
    """This function will wrap a network call so that it refuses to run inside a database transaction.

    The transaction that a test wraps round itself does not count.
    """

    @wraps(call)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            raise InsideTransaction(f"{call.__qualname__} was called inside a transaction")
        return call(*args, **kwargs)

    return guarded
