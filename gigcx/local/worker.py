"""The worker of `make run`: Celery, whose pool dies with the process that forked it, however that one ends.

Run as `python -m gigcx.local.worker` with the arguments of `celery`.
"""

import signal
import sys

from celery.signals import worker_process_init

from gigcx.celery import app
from gigcx.local.orphans import die_with_starter


@worker_process_init.connect(weak=False)
def end_with_the_main_process(**_: object) -> None:
    """Without this a pool whose main process was killed while it started would wait for work for ever."""
    die_with_starter(signal.SIGKILL)


if __name__ == "__main__":
    app.start(sys.argv[1:])
