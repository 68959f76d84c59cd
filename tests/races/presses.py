"""Several people press the same button at the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

from gigcx.kernel.errors import DomainError

PRESSES = 6


def at_once(press: Callable[[int], Any]) -> list[Any]:
    """What each of six simultaneous presses returned, or the refusal it met."""
    gate = threading.Barrier(PRESSES)

    def pressed(number: int) -> Any:
        try:
            gate.wait()
            return press(number)
        except DomainError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PRESSES) as pool:
        return list(pool.map(pressed, range(PRESSES)))
