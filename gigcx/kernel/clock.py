"""The only place that reads the wall clock. Domain code takes `at` and never calls this."""

from datetime import UTC, datetime


def now() -> datetime:
    """This function will return the present moment, aware, in UTC."""
    return datetime.now(UTC)
