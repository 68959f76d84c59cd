"""Facts of work that were not heard in time are paid as if they had been."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from celery import shared_task

from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.queries.clock import database_now
from payments.queries.unheard import unpaid_bounties, unpaid_cancellations, unpaid_excused, unpaid_training

logger = logging.getLogger(__name__)
SWEEP: Final = SystemActor("money sweep")
_AT_ONCE: Final = 500


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def accrue_missed_facts() -> None:
    """This function will pay learning, bounties, late cancellations and floors nobody was told of; it should find none."""
    at = database_now()
    _pay(unpaid_training(at=at), _training, at)
    _pay(unpaid_bounties(at=at), _bounty, at)
    _pay(unpaid_cancellations(at=at), _cancellation, at)
    _pay(unpaid_excused(at=at), _excused, at)


def _pay(rows: Any, accrue: Callable[[Any, datetime], object], at: datetime) -> None:
    for row in rows[:_AT_ONCE]:
        subject = {"subject": row._meta.label_lower, "id": str(row.pk)}
        logger.warning("work without an earning", extra=subject)
        try:
            accrue(row, at)
        except DomainError as refused:
            logger.exception("cannot be priced", extra={**subject, "code": refused.code})


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
