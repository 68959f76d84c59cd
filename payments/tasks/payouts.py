"""Background work of money. Moments come from the database's clock; each task can be lost and is swept up again."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from celery import shared_task

from gigcx.audit.hints import hint, hint_later
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.errors import ChecksFailed, NothingToPay, RailUnavailable, RunExists, UnknownRemote
from payments.gateways import execution, instant, rails
from payments.ledger import take_snapshots, verify_books
from payments.policies import approvals_needed, last_payday
from payments.queries.clock import database_now
from payments.queries.payouts import (
    due_unknown_items,
    expired_leases,
    leaving_agents,
    next_try_in,
    open_instants,
    payable_currencies,
    running_runs,
)
from payments.states import RunKind

logger = logging.getLogger(__name__)

SWEEP: Final = SystemActor("money sweep")
_LATEST: Final = timedelta(days=2)
_UNANSWERED: Final = timedelta(seconds=2)
_PATIENCE: Final = timedelta(seconds=20)
_MOST_TIMES: Final = 20  # a sweep starts anew each minute


@shared_task(queue="payouts", ignore_result=True, acks_late=True)
def execute_run(*, run_id: str, times: int = 1) -> None:
    """This function will send a run's items, one call at a time. Several workers may do so at once.

    Where a moment's patience was asked for, it goes on after it, some times, and then with the next sweep.
    """
    is_told = _asking(lambda: execution.execute_run(UUID(run_id), turn=execution.wait_for_turn))
    wait = next_try_in(UUID(run_id), at=database_now()) if is_told else _UNANSWERED
    if wait is not None and wait <= _PATIENCE and times < _MOST_TIMES:
        hint_later(execute_run, wait, run_id=run_id, times=times + 1)
    for quote_id in open_instants(database_now()):
        hint(send_instant, quote_id=str(quote_id))


@shared_task(queue="payouts", ignore_result=True, acks_late=True)
def send_instant(*, quote_id: str) -> None:
    """This function will order the second step of an instant payout."""
    _asking(lambda: instant.send_on(UUID(quote_id), turn=execution.wait_for_turn))


def _asking(step: Callable[[], object]) -> bool:
    """A rail that does not answer leaves everything as it is; the sweep asks again."""
    try:
        step()
    except (RailUnavailable, UnknownRemote) as silent:
        logger.warning("a rail does not answer", extra={"code": silent.code, **silent.context})
        return False
    return True


@shared_task(queue="payouts", ignore_result=True, acks_late=True)
def sweep_payouts() -> None:
    """This function will find what a dead worker left: ended leases, unknown items, held items, runs to go on with."""
    at = database_now()
    for rail in actions.check_database_identity(at=at):
        logger.error("rail frozen: the database was restored", extra={"rail": rail})
    actions.reopen_throttled(at=at)
    for item_id in expired_leases(at):
        actions.expire_lease(item_id=item_id, at=at)
    for item_id in due_unknown_items(at):
        if not _asking(partial(execution.resolve_unknown, item_id, turn=execution.wait_for_turn)):
            break
    actions.free_held_items(at=at)
    _asking(execution.go_on_when_funded)
    for run_id in running_runs():
        hint(execute_run, run_id=str(run_id))
    for quote_id in open_instants(at):
        hint(send_instant, quote_id=str(quote_id))
    execution.sandbox_returns(at=at)
    actions.close_finished_runs(by=SWEEP, at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def release_earnings() -> None:
    """This function will lift ended holds and make lines payable whose review is over, until none is left.

    Workers take turns, and after each batch one rests as long as it took: however many release, one processor at most is
    taken from whoever reads pages meanwhile.
    """
    at = database_now()
    actions.lift_ended_holds(by=SWEEP, at=at)
    while _release_batch(at):
        continue
    actions.fold_tallies()


def _release_batch(at: datetime) -> bool:
    """It rests as long as the batch took, not as long as it waited for its turn."""
    with actions.release_turn():
        began = time.monotonic()
        released = actions.release_earnings(by=SWEEP, at=at)
    if released:
        time.sleep(time.monotonic() - began)
    return released > 0


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def expire_brand_holds() -> None:
    """This function will end brand holds whose time is over."""
    actions.expire_holds(at=database_now())


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def guard_books() -> None:
    """This function will prove the books, take snapshots and look whether this is still the same database."""
    at = database_now()
    for rail in actions.check_database_identity(at=at):
        logger.error("rail frozen: the database was restored", extra={"rail": rail})
    for finding in verify_books():
        logger.error("books", extra={"rule": finding.rule, "subject": finding.subject, "detail": finding.detail})
    take_snapshots(at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def plan_weekly_runs() -> None:
    """This function will plan this week's run on each rail and in each currency, once, and start the small ones.

    On time or, after an outage, up to two days late, and then still over what was ready on time.
    """
    at = database_now()
    due = last_payday(at)
    if at - due > _LATEST:
        return
    for rail in rails():
        for currency in payable_currencies():
            _plan(rail, currency, kind=RunKind.WEEKLY, period_key=f"{due:%G-W%V}", ready_by=due, at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def plan_final_runs() -> None:
    """This function will pay out agents who are leaving, however little it is, once a day."""
    at = database_now()
    for currency in payable_currencies():
        leaving = leaving_agents(currency)
        for rail in rails() if leaving else ():
            key = f"leaving {at:%Y-%m-%d}"
            _plan(rail, currency, kind=RunKind.OFF_CYCLE, period_key=key, agent_ids=leaving, at=at)


def _plan(rail: str, currency: str, *, at: datetime, **what: Any) -> None:
    try:
        run = actions.plan_run(rail=rail, currency=currency, by=SWEEP, at=at, **what)
    except (NothingToPay, RunExists):
        return
    if approvals_needed(run):
        return  # it waits on the ops home
    try:
        actions.start_run(run_id=run.pk, by=SWEEP, at=at)
    except ChecksFailed:
        logger.exception("a run waits: a check is red", extra={"run_id": str(run.pk)})
        return
    hint(execute_run, run_id=str(run.pk))
