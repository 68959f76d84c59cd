"""Checks at start-up."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def tasks_end_before_they_are_given_again(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """This function will refuse time limits that reach the broker's visibility timeout: a task would run twice at once."""
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    if settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < timeout:
        return []
    return [
        Error(
            "Celery's soft time limit, time limit and the broker's visibility timeout must rise in this order.",
            id="gigcx.E001",
        )
    ]
