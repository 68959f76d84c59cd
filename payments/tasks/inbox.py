"""Background work on what comes in: one task an event, and a sweep for what a dead worker or a broken queue left."""

import logging

from celery import shared_task

from gigcx.audit.hints import hint
from gigcx.kernel.errors import DomainError
from payments import actions
from payments.gateways import incoming
from payments.queries.clock import database_now
from payments.queries.inbox import due_events

logger = logging.getLogger(__name__)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def process_event(*, event_id: str) -> None:
    """This function will work through one event."""
    incoming.process_event(event_id)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_inbox() -> None:
    """This function will find events whose task was lost or whose next try is due."""
    for event_id in due_events(database_now()):
        try:
            incoming.process_event(event_id)
        except Exception:
            logger.exception("an event failed", extra={"event_id": event_id})  # the next one may do better


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def fetch_missed_events() -> None:
    """This function will ask the other side for events it could not deliver, and about accounts that are not ready."""
    try:
        for event_id in incoming.fetch_missed_events():
            hint(process_event, event_id=event_id)
    except DomainError as silent:
        logger.warning("missed events are not told", extra={"code": silent.code, **silent.context})
    incoming.ask_about_accounts()


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def forget_event_bodies() -> None:
    """This function will empty the bodies of old events."""
    actions.forget_bodies(at=database_now())
