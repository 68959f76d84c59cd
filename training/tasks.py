"""Background work of training."""

from uuid import UUID

from celery import shared_task

from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from training import actions
from training.queries import enrolments_to_close, unsettled_enrolments

SWEEP = SystemActor("training sweep")


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=270, time_limit=300)
def settle_completed_enrolments() -> None:
    """This function will make good what completed enrolments lack: evidence or paid time."""
    for enrolment_id in unsettled_enrolments():
        settle_completed_enrolment(enrolment_id=str(enrolment_id))


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=50, time_limit=60)
def settle_completed_enrolment(*, enrolment_id: str) -> None:
    """This function will make good what one completed enrolment lacks."""
    actions.settle_completed_enrolment(enrolment_id=UUID(enrolment_id), by=SWEEP, at=clock.now())


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=270, time_limit=300)
def close_due_enrolments() -> None:
    """This function will close enrolments whose engagement has ended or whose course's last day is over."""
    for enrolment_id in enrolments_to_close(clock.now()):
        close_due_enrolment(enrolment_id=str(enrolment_id))


@shared_task(queue="default", ignore_result=True, acks_late=True, soft_time_limit=50, time_limit=60)
def close_due_enrolment(*, enrolment_id: str) -> None:
    """This function will close one enrolment if it is still due."""
    actions.close_due_enrolment(enrolment_id=UUID(enrolment_id), by=SWEEP, at=clock.now())
