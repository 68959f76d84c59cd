"""Which lines go into a payout run, and what each agent gets of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import Actor, OpsActor
from payments import ledger
from payments.actions import journals
from payments.actions.clawbacks import net_clawbacks, post_netting
from payments.actions.items import MISSING_TAX
from payments.actions.runs import locked_run
from payments.actions.totals import check_run, retotal
from payments.errors import NothingToPay, RunExists
from payments.events import PayoutHeld
from payments.models import Earning, PayoutAccount, PayoutAllocation, PayoutItem, PayoutRun
from payments.policies import HOLD_OF_TAX, minimum_payout
from payments.queries.runs import waiting_for_tax_data
from payments.states import EarningKind, EarningState, ItemState, PayoutAccountState, RunKind, RunState

Lines = dict[UUID, list[Earning]]


@transaction.atomic
def plan_run(
    *,
    rail: str,
    currency: str,
    kind: str,
    period_key: str,
    by: Actor,
    at: datetime,
    ready_by: datetime | None = None,
    agent_ids: Collection[UUID] | None = None,
) -> PayoutRun:
    """This function will take every payable line of agents with a usable account into a new run.

    `ready_by` leaves out what became payable later, `agent_ids` everybody else. Agents below the minimum of a weekly run,
    or whose clawbacks leave nothing, wait for the next one. Whose tax data is missing has their payout held, with an end.

    Raises:
        RunExists: this rail, currency, kind and period has a run; or had one that people called off, and nobody but ops
            plans it again.
        NothingToPay: no agent reaches the minimum.
    """
    run = _new_run(rail, currency, kind, period_key, by=by, at=at)
    accounts = _usable_accounts(rail, at, agent_ids)
    lines = _payable_by_agent(currency, list(accounts), ready_by)
    paid = _net(lines, currency=currency, least=minimum_payout(currency) if kind == RunKind.WEEKLY else 1, by=by, at=at)
    if not paid:
        raise NothingToPay
    items = [_item(run, accounts[agent], paid[agent], at) for agent in _oldest_first(paid)]
    reserve(items, paid, by=by, at=at)
    _hold_for_tax(items, by=by, at=at)
    retotal(run)
    check_run(run, at=at)
    changes = {"items": run.item_count, "total_minor": run.total_minor}
    trail.record("payments.plan_run", run, by=by, at=at, to_state=run.state, changes=changes)
    return run


def _new_run(rail: str, currency: str, kind: str, period_key: str, *, by: Actor, at: datetime) -> PayoutRun:
    planner = by.user if isinstance(by, OpsActor) else None
    run = PayoutRun(rail=rail, currency=currency, kind=kind, period_key=period_key, planned_by=planner, planned_at=at)
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as known:
        raise RunExists(context={"rail": rail, "currency": currency, "period_key": period_key}) from known
    if planner is None and _was_called_off(run):  # looked at once ours is in: nobody's can be called off unseen
        raise RunExists(context={"rail": rail, "currency": currency, "period_key": period_key})
    return run


def _was_called_off(run: PayoutRun) -> bool:
    rows = PayoutRun.objects.filter(rail=run.rail, currency=run.currency, kind=run.kind, period_key=run.period_key)
    return rows.filter(state=RunState.CANCELLED).exists()


@transaction.atomic
def plan_week_again(*, run_id: UUID, by: OpsActor, at: datetime) -> PayoutRun:
    """This function will plan a weekly run anew that was called off, over what was ready when it was planned. Ops only.

    What was paid in the meantime is in a run already and so in no other.

    Raises:
        NotFound: no such run, or not ops.
        MoveRefused: it was not called off, or is no weekly one.
        RunExists: it was planned again before.
        NothingToPay: no agent reaches the minimum any more.
    """
    if not isinstance(by, OpsActor):
        raise NotFound
    called_off = locked_run(run_id)
    if called_off.state != RunState.CANCELLED or called_off.kind != RunKind.WEEKLY:
        raise MoveRefused(_("Only a weekly run that was called off can be planned again."))
    return plan_run(
        rail=called_off.rail,
        currency=called_off.currency,
        kind=called_off.kind,
        period_key=called_off.period_key,
        ready_by=called_off.planned_at,
        by=by,
        at=at,
    )


def _usable_accounts(rail: str, at: datetime, agent_ids: Collection[UUID] | None) -> dict[UUID, PayoutAccount]:
    rows = PayoutAccount.objects.across_brands().filter(rail=rail, state=PayoutAccountState.ACTIVE, usable_from__lte=at)
    if agent_ids is not None:
        rows = rows.filter(agent_id__in=agent_ids)
    return {row.agent_id: row for row in rows.order_by("agent_id")}


def _payable_by_agent(currency: str, agent_ids: Sequence[UUID], ready_by: datetime | None) -> Lines:
    rows = Earning.objects.across_brands().filter(state=EarningState.PAYABLE, currency=currency, agent_id__in=agent_ids)
    if ready_by is not None:
        rows = rows.filter(Q(payable_at__lte=ready_by) | Q(payable_at__isnull=True))
    groups: Lines = defaultdict(list)
    rows = rows.exclude(kind=EarningKind.CLAWBACK).select_for_update(skip_locked=True, of=("self",))
    for row in rows.order_by("agent_id", "pk"):
        groups[row.agent_id].append(row)
    return groups


def _net(lines: Lines, *, currency: str, least: int, by: Actor, at: datetime) -> Lines:
    """Clawbacks are chosen only for who is paid with them: nobody's are split for a payout that does not come."""
    enough = {agent: sum_of(rows) for agent, rows in lines.items() if sum_of(rows) >= least}
    owed = net_clawbacks(enough, currency=currency, by=by, at=at)
    netted = {agent: [*lines[agent], *owed.get(agent, [])] for agent in enough}
    return {agent: rows for agent, rows in netted.items() if sum_of(rows) >= least}


def sum_of(rows: Sequence[Earning]) -> int:
    """This function will return what lines come to, in minor units."""
    return sum(row.amount_minor for row in rows)


def _oldest_first(paid: Mapping[UUID, Sequence[Earning]]) -> list[UUID]:
    """Items are sent in the order they are made in: whoever has waited longest comes first when a rail runs short."""
    return sorted(paid, key=lambda agent: (min(row.payable_at or row.accrued_at for row in paid[agent]), agent))


def _item(run: PayoutRun, account: PayoutAccount, rows: Sequence[Earning], at: datetime) -> PayoutItem:
    return PayoutItem(
        id=uuid7(),
        run=run,
        agent_id=account.agent_id,
        account=account,
        currency=run.currency,
        amount_minor=sum_of(rows),
        destination_ref=account.remote_ref,
        planned_at=at,
        next_try_at=at,
    )


def reserve(items: Sequence[PayoutItem], lines: Mapping[UUID, Sequence[Earning]], *, by: Actor, at: datetime) -> None:
    """This function will write items, what each pays by agent, and their journals: payable becomes in transit."""
    PayoutItem.objects.bulk_create(items)
    allocations = [
        PayoutAllocation(item=item, earning=row, amount_minor=row.amount_minor)
        for item in items
        for row in lines[item.agent_id]
    ]
    PayoutAllocation.objects.bulk_create(allocations, batch_size=2000)
    Earning.objects.across_brands().filter(pk__in=[one.earning_id for one in allocations]).update(
        state=EarningState.IN_PAYOUT, reserved_at=at
    )
    post_netting(items, by=by, at=at)
    ledger.post(journals.reserved(item, actor=by.label or by.kind, at=at) for item in items)


def item_of(run: PayoutRun, account: PayoutAccount, rows: Sequence[Earning], *, at: datetime) -> PayoutItem:
    """This function will return the item that pays these lines to this account, not saved yet."""
    return _item(run, account, rows, at)


def _hold_for_tax(items: Sequence[PayoutItem], *, by: Actor, at: datetime) -> None:
    waiting = waiting_for_tax_data(items, at=at)
    held = [item for item in items if item.agent_id in waiting]
    ids = [item.pk for item in held]
    PayoutItem.objects.across_brands().filter(pk__in=ids, state=ItemState.PLANNED).update(
        state=ItemState.HELD, hold_reason=MISSING_TAX, hold_until=at + HOLD_OF_TAX
    )
    for item in held:
        item.state, item.hold_reason, item.hold_until = ItemState.HELD, MISSING_TAX, at + HOLD_OF_TAX
        trail.record("payments.hold_item", item, by=by, at=at, to_state=item.state, reason=MISSING_TAX)
    outbox.publish_all(
        [(PayoutHeld(item_id=one.pk, agent_id=one.agent_id, reason=MISSING_TAX), None, one.agent_id) for one in held],
        at=at,
    )
