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
            for sweep in ticking.take_due_slots(at=clock.now()):
                start(sweep)
        except DatabaseError as away:
            logger.warning("database away, trying again: %s", type(away).__name__)
            close_old_connections()


def start(sweep: ticking.Sweep) -> None:
    """This function will start one sweep; one that cannot start is logged and has its next slot."""
    try:
        sweep.start()
    except DatabaseError:
        raise
    except Exception:  # a stage's fault must not stop every other stage's sweeps
        logger.exception("sweep not started", extra={"kind": sweep.kind})
