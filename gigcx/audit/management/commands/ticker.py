"""`manage.py ticker`: starts due sweeps once a second until told to stop."""

import logging
import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from gigcx.audit import ticking
from gigcx.kernel import clock

logger = logging.getLogger(__name__)
_kept_back: set[str] = set()


class Command(BaseCommand):
    help = "Start periodic sweeps; two tickers at once do no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        """This function will tick until SIGTERM or SIGINT."""
        stopped = threading.Event()

        def stop(signum: int, frame: FrameType | None) -> None:
            stopped.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        while not stopped.wait(1.0):
            self.tick()

    def tick(self) -> None:
        """This function will start what is due; a database that is away is waited for."""
        try:
            at = clock.now()
            for sweep in ticking.take_due_slots(at=at):
                if not start(sweep):
                    ticking.give_back(sweep, at=at)
        except DatabaseError as away:
            logger.warning("database away, trying again: %s", type(away).__name__)
            close_old_connections()


def start(sweep: ticking.Sweep) -> bool:
    """This function will start one sweep and tell whether it did; what kept it is logged once until it starts again.

    A database that is away is raised: everything waits for it.
    """
    try:
        is_started = sweep.start() is not False
    except DatabaseError:
        raise
    except Exception:  # a stage's fault must not stop every other stage's sweeps
        is_started = False
        if sweep.kind not in _kept_back:
            logger.exception("sweep not started", extra={"kind": sweep.kind})
    (_kept_back.discard if is_started else _kept_back.add)(sweep.kind)
    return is_started
