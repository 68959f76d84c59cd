"""A queue that nobody answers at."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from gigcx.celery import app


@contextmanager
def celery_points_nowhere() -> Iterator[None]:
    """For a while every hint meets a socket that does not exist."""
    nowhere = {"CELERY_BROKER_URL": "redis+socket:///nowhere/valkey.sock"}
    with (
        mock.patch.dict(os.environ, nowhere),
        mock.patch.object(app, "_pool", None),
        mock.patch.object(app.amqp, "_producer_pool", None),
    ):
        yield
