"""Shift design: solved by workers, never while a page waits."""

from typing import Final
from uuid import UUID

from celery import shared_task

from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from scheduling import actions
from scheduling.queries import sweeps
from scheduling.tasks.core import each

DESIGNER = SystemActor("shift designer")
SECONDS: Final = 20.0
WORKERS: Final = 2


@shared_task(queue="solver", ignore_result=True, acks_late=True, soft_time_limit=90, time_limit=120)
def make_designed_shifts(*, request_id: str) -> None:
    """This function will make the shifts of one request."""
    actions.make_designed_shifts(
        request_id=UUID(request_id), by=DESIGNER, at=clock.now(), seconds=SECONDS, workers=WORKERS
    )


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_designs() -> None:
    """This function will take up requests whose hint was lost or whose worker died, and let old prices go."""
    at = clock.now()
    for request_id in sweeps.requests_to_design(at=at):
        make_designed_shifts.apply_async(kwargs={"request_id": str(request_id)})
    each(actions.expire_quote, "request_id", sweeps.quotes_to_expire(at=at))
