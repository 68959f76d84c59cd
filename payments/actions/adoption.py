"""A payment of ours that this database has forgotten: after a restore it is written again, so that nobody is paid twice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.kernel.ids import uuid7
from payments.actions.outcomes import RemotePayment
from payments.actions.planning import reserve
from payments.actions.reconciliation import RECONCILER, group_of, take_over_payment
from payments.actions.totals import retotal
from payments.models import Earning, PayoutAccount, PayoutItem, PayoutRun
from payments.states import EarningKind, EarningState, RunKind, RunState


@transaction.atomic
def adopt_payment(*, rail: str, payment: RemotePayment, at: datetime) -> PayoutItem | None:
    """This function will write a payout anew that we made and forgot, or return None where that is not certain.

    Certain means: it carries a payout's id that nobody has, went to an account that we know, and equals to the cent the
    agent's oldest lines that are ready to pay. Everything else stays a difference for people to look at.
    """
    group = group_of(payment)
    account = _account_of(payment, rail)
    if group is None or account is None or payment.is_reversed or PayoutItem.objects.across_brands().filter(pk=group):
        return None
    lines = _oldest_that_sum(_ready_lines(account.agent_id, payment.currency), payment.amount_minor)
    if not lines:
        return None
    run = _run_of(rail, payment, at)
    item = PayoutItem(
        id=group,
        run=run,
        agent_id=account.agent_id,
        account=account,
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        destination_ref=payment.destination,
        planned_at=at,
        next_try_at=at,
    )
    reserve([item], {account.agent_id: lines}, by=RECONCILER, at=at)
    trail.record("payments.adopt_payment", item, by=RECONCILER, at=at, to_state=item.state, reason=payment.ref)
    take_over_payment(rail=rail, payment=payment, at=at)
    retotal(run)
    return item


def _account_of(payment: RemotePayment, rail: str) -> PayoutAccount | None:
    rows = PayoutAccount.objects.across_brands().filter(rail=rail, remote_ref=payment.destination)
    return rows.select_related("agent").first() if payment.destination else None


def _ready_lines(agent_id: UUID, currency: str) -> list[Earning]:
    rows = Earning.objects.across_brands().filter(agent_id=agent_id, currency=currency, state=EarningState.PAYABLE)
    rows = rows.exclude(kind=EarningKind.CLAWBACK).select_for_update(of=("self",))
    return list(rows.order_by("payable_at", "pk"))


def _oldest_that_sum(lines: Sequence[Earning], amount_minor: int) -> list[Earning]:
    total = 0
    for count, line in enumerate(lines, start=1):
        total += line.amount_minor
        if total >= amount_minor:
            return list(lines[:count]) if total == amount_minor else []
    return []


def _run_of(rail: str, payment: RemotePayment, at: datetime) -> PayoutRun:
    """A run of its own, closed from the start: nothing of it is ever sent again."""
    run = PayoutRun.objects.create(
        id=uuid7(),
        rail=rail,
        currency=payment.currency,
        kind=RunKind.OFF_CYCLE,
        period_key=f"found-{payment.ref}"[:40],
        state=RunState.CLOSED,
        state_reason="Found on the rail: paid before this database was restored.",
        planned_at=at,
        started_at=payment.made_at or at,
        closed_at=at,
    )
    trail.record("payments.plan_run", run, by=RECONCILER, at=at, to_state=run.state, changes={"items": 1})
    return run
