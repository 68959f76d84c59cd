"""Several people press the same button at the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connections

from gigcx.kernel.errors import DomainError

PRESSES = 6
_PATIENCE_SECONDS = 30


def together(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each job returned, or the refusal it met; all leave one gate at the same moment. Anything else is raised."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            gate.wait(_PATIENCE_SECONDS)
            return job()
        except DomainError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def at_once(press: Callable[[int], Any], *, times: int = PRESSES) -> list[Any]:
    """What each of so many simultaneous presses returned, or the refusal it met."""
    return together([partial(press, number) for number in range(times)])
