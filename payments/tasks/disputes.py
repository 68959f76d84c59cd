"""Deadlines of disputed lines."""

from celery import shared_task

from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.queries.clock import database_now


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def default_disputes() -> None:
    """This function will let silence decide what is due, until nothing is left, and close what was not appealed."""
    at, by = database_now(), SystemActor("money sweep")
    while actions.default_disputes(by=by, at=at):
        continue
    actions.close_disputes(by=by, at=at)
