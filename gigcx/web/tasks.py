"""Tidying up behind the API."""

from celery import shared_task

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.web.api import idempotency


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def forget_old_answers() -> None:
    """This function will delete answers that were kept for a day."""
    idempotency.forget_old_answers(at=clock.now())


def hint_forgetting() -> bool:
    """This function will ask for old answers to be deleted."""
    return hint(forget_old_answers)
