"""No process outlives the one that started it: the kernel is asked to end it."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return a function for a new child that asks the kernel to signal it when its parent dies."""
    ask = _asker(number)
    parent = os.getpid()
    return lambda: ask(parent)


def die_with_starter(number: signal.Signals) -> None:
    """Ask the kernel to signal this process when the one that started it dies."""
    _asker(number)(os.getppid())


def _asker(number: signal.Signals) -> Callable[[int], None]:
    """What a child calls with its parent's number; the library is loaded beforehand, for a fork may not load any."""
    if sys.platform != "linux":
        return lambda _parent: None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel(parent: int) -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), number)

    return ask_kernel
