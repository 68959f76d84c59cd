"""Once a day: labels of what work really paid, and hours that were promised and not offered."""

from typing import Final

from celery import shared_task

from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.queries.clock import database_now

DAILY: Final = SystemActor("daily sweep")


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def publish_pay_labels() -> None:
    """This function will publish what an hour of each program really came to."""
    actions.publish_pay_labels(by=DAILY, at=database_now())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def accrue_guarantees() -> None:
    """This function will pay whoever was offered fewer hours than were promised."""
    actions.accrue_guarantees(by=DAILY, at=database_now())
