"""Facts of work that were not heard in time are paid as if they had been."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.queries.books import claims_without_earning
from payments.queries.clock import database_now
from payments.queries.unheard import unpaid_bounties, unpaid_cancellations, unpaid_excused, unpaid_training
from payments.states import WorkFact

logger = logging.getLogger(__name__)
SWEEP: Final = SystemActor("money sweep")
_AT_ONCE: Final = 500


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def accrue_missed_work() -> None:
    """This function will pay verified work whose fact was not heard, and say so: the sweep should find nothing."""
    at = database_now()
    _pay(WorkFact.VERIFIED, claims_without_earning(at=at), _verified, at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def accrue_missed_facts() -> None:
    """This function will pay learning, bounties, late cancellations and floors nobody was told of; it should find none."""
    at = database_now()
    _pay(WorkFact.TRAINING, unpaid_training(at=at), _training, at)
    _pay(WorkFact.BOUNTY, unpaid_bounties(at=at), _bounty, at)
    _pay(WorkFact.CANCELLATION, unpaid_cancellations(at=at), _cancellation, at)
    _pay(WorkFact.EXCUSED, unpaid_excused(at=at), _excused, at)


def _pay(fact: WorkFact, rows: Any, accrue: Callable[[Any, datetime], object], at: datetime) -> None:
    """All there is: what cannot be priced, say for want of a rate, keeps nothing else waiting and is put before ops."""
    seen: set[UUID] = set()
    while batch := list(rows.exclude(pk__in=seen)[:_AT_ONCE]):
        seen.update(row.pk for row in batch)
        for row in batch:
            _pay_one(fact, row, accrue, at)
    actions.forget_priced(fact=fact, at=at)


def _pay_one(fact: WorkFact, row: Any, accrue: Callable[[Any, datetime], object], at: datetime) -> None:
    subject = {"fact": fact.value, "id": str(row.pk)}
    logger.warning("work without an earning", extra=subject)
    try:
        accrue(row, at)
    except SoftTimeLimitExceeded:
        raise  # no fault of this one: the next sweep goes on
    except Exception as wrong:  # whatever it is, the next one may do better; this one stays before ops until it is paid
        logger.exception("cannot be priced", extra=subject)
        actions.note_unpriced(fact=fact, subject_id=row.pk, error=_told(wrong), at=at)


def _told(wrong: Exception) -> str:
    return f"{wrong.code}: {wrong}" if isinstance(wrong, DomainError) else f"{type(wrong).__name__}: {wrong}"


def _verified(row: Any, at: datetime) -> object:
    return actions.accrue_claim(claim_id=row.pk, source_event_id=None, by=SWEEP, at=at)


def _training(row: Any, _at: datetime) -> object:
    return actions.accrue_training(training_time_id=row.pk, source_event_id=None, by=SWEEP, at=row.earned_at)


def _bounty(row: Any, _at: datetime) -> object:
    return actions.accrue_bounty(
        agent_id=row.agent_id,
        program_id=row.program_id,
        certification_version_id=row.version_id,
        source_event_id=None,
        by=SWEEP,
        at=row.issued_at,
    )


def _cancellation(row: Any, _at: datetime) -> object:
    notice = max(0, int((row.starts_at - row.cancelled_at).total_seconds()))
    return actions.accrue_cancellation(
        claim_id=row.pk, notice_seconds=notice, source_event_id=None, by=SWEEP, at=row.cancelled_at
    )


def _excused(row: Any, at: datetime) -> object:
    return actions.accrue_excused(claim_id=row.pk, source_event_id=None, by=SWEEP, at=at)
