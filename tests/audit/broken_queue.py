"""A queue that nobody answers at."""

from collections.abc import Iterator
from contextlib import contextmanager

from gigcx.celery import app


@contextmanager
def celery_points_nowhere() -> Iterator[None]:
    """For a while every hint meets a socket that does not exist."""
    before = app.conf.broker_url
    app.conf.broker_url = "redis+socket:///nowhere/valkey.sock"
    app._pool = None
    app.amqp._producer_pool = None
    try:
        yield
    finally:
        app.conf.broker_url = before
        app._pool = None
        app.amqp._producer_pool = None
