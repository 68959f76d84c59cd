"""Trying again after a deadlock or a lock that took too long."""

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import OperationalError

T = TypeVar("T")
_AGAIN: Final = {"40P01", "55P03"}  # deadlock detected, lock not available
_TRIES: Final = 3


def with_retries(call: Callable[[], T]) -> T:
    """This function will run `call`, which is one whole transaction, again up to three times with growing random waits."""
    for tried in range(_TRIES):
        try:
            return call()
        except OperationalError as failed:
            if getattr(failed.__cause__, "pgcode", None) not in _AGAIN or tried == _TRIES - 1:
                raise
            time.sleep(random.randrange(20, 100) * 2**tried / 1000)  # noqa: S311  jitter, not a secret
    raise AssertionError("unreachable")
