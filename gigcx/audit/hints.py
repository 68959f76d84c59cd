"""Sending a task without ever letting a broken queue break the work that asked for it."""

import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

_silent_until = 0.0
_SILENCE_SECONDS = 5.0


def hint(task: "Task[Any, Any]", **kwargs: Any) -> bool:
    """This function will queue a task and tell whether that worked; it never raises for a queue that is down.

    After a failure further hints are dropped for five seconds, so that a web request never waits for a dead broker. The
    sweeps find the work all the same.
    """
    return _queued(task, kwargs, wait=timedelta())


def hint_later(task: "Task[Any, Any]", wait: timedelta, **kwargs: Any) -> bool:
    """This function will queue a task for a little later in the same way; a worker keeps it until then."""
    return _queued(task, kwargs, wait=wait)


def _queued(task: "Task[Any, Any]", kwargs: dict[str, Any], *, wait: timedelta) -> bool:
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        task.apply_async(kwargs=kwargs, retry=False, countdown=wait.total_seconds())
    except (OperationalError, RedisError, OSError) as broken:
        _silent_until = time.monotonic() + _SILENCE_SECONDS
        logger.warning("queue unreachable, the sweep will do it: %s", type(broken).__name__)
        return False
    return True


@contextmanager
def muted() -> Iterator[None]:
    """This function will drop all hints of this process for a while: an importer lets the sweeps find its work."""
    global _silent_until
    before, _silent_until = _silent_until, math.inf
    try:
        yield
    finally:
        _silent_until = before
