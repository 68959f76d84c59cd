"""Reconciliations: the last three days each hour, everything once a day."""

import logging

from celery import shared_task

from payments.gateways.protocol import main_rail
from payments.gateways.reconciling import reconcile_rail
from payments.states import ReconciliationScope

logger = logging.getLogger(__name__)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def reconcile_recent() -> None:
    """This function will compare the last three days of the main rail with our books, both ways."""
    _reconcile(ReconciliationScope.RECENT)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def reconcile_everything() -> None:
    """This function will compare all there ever was."""
    _reconcile(ReconciliationScope.FULL)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def reconcile(*, rail: str) -> None:
    """This function will compare the whole of one rail now: somebody asked for it."""
    reconcile_rail(rail, scope=ReconciliationScope.FULL)


def _reconcile(scope: str) -> None:
    """A bank file has no other side that could be asked: people confirm its lines."""
    rail = main_rail()
    done = reconcile_rail(rail, scope=scope)
    if done.difference_count or done.error:
        logger.error("not reconciled", extra={"rail": rail, "found": done.difference_count, "error": done.error})
