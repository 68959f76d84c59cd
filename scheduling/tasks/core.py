"""The clock of shifts, sessions and timesheets."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from celery import shared_task
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import SystemActor
from scheduling import actions
from scheduling.queries import sweeps
from scheduling.queries.holding import claims_to_reopen

logger = logging.getLogger(__name__)
CLOCK = SystemActor("clock")
LOCK = SystemActor("timesheet lock")
_PROVED_HOURLY: Final = timedelta(hours=48)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_shifts() -> None:
    """This function will open, start and end shifts, free seats that cannot be worked, mark who did not come, close work."""
    at = clock.now()
    each(actions.open_shift, "shift_id", sweeps.shifts_to_open(at=at))
    each(actions.start_shift, "shift_id", sweeps.shifts_to_start(at=at))
    for claim_id, reason in claims_to_reopen(at=at):
        each(partial(actions.reopen_held_claim, reason=reason), "claim_id", [claim_id])
    each(actions.mark_no_show, "claim_id", sweeps.claims_without_arrival(at=at))
    each(actions.close_claim, "claim_id", sweeps.claims_to_close(at=at))
    each(actions.end_shift, "shift_id", sweeps.shifts_to_end(at=at))


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_sessions() -> None:
    """This function will mark silent sessions as lost and end those that stayed away."""
    at = clock.now()
    each(actions.lose_session, "session_id", sweeps.silent_sessions(at=at))
    each(actions.end_lost_session, "session_id", sweeps.gone_sessions(at=at))


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def lock_timesheets() -> None:
    """This function will close the weeks whose lock has come."""
    at = clock.now()
    for brand_id, monday in sweeps.weeks_to_lock(at=at):
        with apart(f"week of {monday}", brand_id):
            actions.lock_timesheet(brand_id=brand_id, week_starts_on=monday, by=LOCK, at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def prove_counters() -> None:
    """This function will say aloud when a counter and its claims disagree, of shifts from two days ago on."""
    _tell(sweeps.counters_out_of_step(ends_after=clock.now() - _PROVED_HOURLY))


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def prove_all_counters() -> None:
    """This function will say the same of every shift there ever was."""
    _tell(sweeps.counters_out_of_step())


def _tell(found: Iterable[sweeps.CounterOutOfStep]) -> None:
    for wrong in found:
        logger.error("shift %s says %s %s, there are %s", wrong.shift_id, wrong.said, wrong.counter, wrong.found)


def each(action: Callable[..., Any], name: str, ids: Iterable[UUID]) -> None:
    """This function will act on one row after the other; the next run sees those again that were refused."""
    for one in ids:
        with apart(name, one):
            action(**{name: one}, by=CLOCK, at=clock.now())


@contextmanager
def apart(what: str, one: UUID) -> Iterator[None]:
    """This function will let no row hold up the rest of a sweep: what the domain or the database refuses is logged."""
    try:
        yield
    except DomainError as refused:
        logger.warning("%s %s: %s", what, one, refused.code)
    except (DatabaseError, ObjectDoesNotExist):
        logger.exception("%s %s", what, one)
