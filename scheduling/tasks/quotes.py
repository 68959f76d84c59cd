"""Prices and outlooks: counted by workers, never while a page waits."""

from uuid import UUID

from celery import shared_task

from gigcx.kernel import clock
from gigcx.tenancy.actors import SystemActor
from scheduling.actions import quotes
from scheduling.queries import sweeps

PRICER = SystemActor("pricing")


@shared_task(queue="solver", ignore_result=True, acks_late=True, soft_time_limit=60, time_limit=90)
def quote_request(*, request_id: str) -> None:
    """This function will price one request whose shifts are pencilled."""
    quotes.quote_request(request_id=UUID(request_id), by=PRICER, at=clock.now())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_quotes() -> None:
    """This function will take up requests that wait for a price because their hint was lost."""
    for request_id in sweeps.requests_to_quote():
        quote_request.apply_async(kwargs={"request_id": str(request_id)})
