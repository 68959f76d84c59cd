"""Sending letters in the background."""

from celery import shared_task

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.notify.actions import send_due_letters as send


@shared_task(queue="notify", ignore_result=True, acks_late=True)
def send_due_letters() -> None:
    """This function will send letters until none is due."""
    for _round in range(20):
        if not send(at=clock.now()):
            return


def hint_sending() -> bool:
    """This function will ask for due letters to be sent."""
    return hint(send_due_letters)
