"""Sweeps over brands' money: open top-ups, refunds, automatic top-ups, holds and budgets."""

from celery import shared_task

from payments import actions
from payments.gateways import collecting
from payments.queries.clock import database_now


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def look_up_top_ups() -> None:
    """This function will ask about open top-ups and unanswered refunds: a lost webhook costs minutes, not money."""
    collecting.look_up_open()
    collecting.send_open_refunds()


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def top_up_low_brands() -> None:
    """This function will charge saved methods of brands below their line, and let free seats follow how that goes."""
    collecting.top_up_low_brands()
    actions.follow_cards(at=database_now())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def check_budgets() -> None:
    """This function will tell thresholds of this month's budgets and give back held money nobody needs."""
    at = database_now()
    actions.check_budgets(at=at)
    actions.return_idle_holds(at=at)
