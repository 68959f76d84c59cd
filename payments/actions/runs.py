"""Payout runs: planned by one, approved by another, started, paused, stopped and closed."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Sum

from gigcx.audit import trail
from gigcx.kernel.errors import NotAllowed, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor
from payments import ledger
from payments.actions import journals
from payments.actions.items import cancel_items
from payments.errors import ApprovalMissing, ChecksFailed, NothingToPay, RunExists, SamePerson, TotalsChanged
from payments.models import Earning, PayoutAccount, PayoutAllocation, PayoutItem, PayoutRun, RunApproval
from payments.policies import approvals_needed, can_approve_run, minimum_payout
from payments.queries.payouts import run_checks
from payments.states import (
    RUN_MOVES,
    EarningState,
    ItemState,
    PayoutAccountState,
    RunKind,
    RunState,
)

_UNFINISHED = [ItemState.PLANNED, ItemState.SENDING, ItemState.UNKNOWN, ItemState.HELD]


@transaction.atomic
def plan_run(*, rail: str, currency: str, kind: str, period_key: str, by: Actor, at: datetime) -> PayoutRun:
    """This function will take every payable line of agents with a usable account into a new run.

    Agents below the minimum are left for the next run.

    Raises:
        RunExists: this rail, currency, kind and period has a run.
        NothingToPay: no agent reaches the minimum.
    """
    run = _new_run(rail, currency, kind, period_key, by=by, at=at)
    accounts = _usable_accounts(rail, at)
    groups = _payable_by_agent(currency, list(accounts))
    least = minimum_payout(currency) if kind == RunKind.WEEKLY else 1
    paid = {agent: rows for agent, rows in groups.items() if sum(row.amount_minor for row in rows) >= least}
    if not paid:
        raise NothingToPay
    items = [_item(run, accounts[agent], rows, at) for agent, rows in sorted(paid.items())]
    PayoutItem.objects.bulk_create(items)
    _allocate(items, paid, at)
    ledger.post(journals.reserved(item, actor=by.label or by.kind, at=at) for item in items)
    retotal(run)
    run.checks = [check.as_row() for check in run_checks(run, at=at)]
    run.save(update_fields=["checks"])
    trail.record(
        "payments.plan_run",
        run,
        by=by,
        at=at,
        to_state=run.state,
        changes={"items": run.item_count, "total_minor": run.total_minor},
    )
    return run


def _new_run(rail: str, currency: str, kind: str, period_key: str, *, by: Actor, at: datetime) -> PayoutRun:
    planner = by.user if isinstance(by, OpsActor) else None
    run = PayoutRun(rail=rail, currency=currency, kind=kind, period_key=period_key, planned_by=planner, planned_at=at)
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as known:
        raise RunExists(context={"rail": rail, "currency": currency, "period_key": period_key}) from known
    return run


def _usable_accounts(rail: str, at: datetime) -> dict[UUID, PayoutAccount]:
    rows = PayoutAccount.objects.across_brands().filter(rail=rail, state=PayoutAccountState.ACTIVE, usable_from__lte=at)
    return {row.agent_id: row for row in rows.order_by("agent_id")}


def _payable_by_agent(currency: str, agent_ids: Sequence[UUID]) -> dict[UUID, list[Earning]]:
    rows = Earning.objects.across_brands().filter(state=EarningState.PAYABLE, currency=currency, agent_id__in=agent_ids)
    groups: dict[UUID, list[Earning]] = defaultdict(list)
    for row in rows.select_for_update(skip_locked=True, of=("self",)).order_by("agent_id", "pk"):
        groups[row.agent_id].append(row)
    return groups


def _item(run: PayoutRun, account: PayoutAccount, rows: Sequence[Earning], at: datetime) -> PayoutItem:
    return PayoutItem(
        id=uuid7(),
        run=run,
        agent_id=account.agent_id,
        account=account,
        currency=run.currency,
        amount_minor=sum(row.amount_minor for row in rows),
        destination_ref=account.remote_ref,
        planned_at=at,
        next_try_at=at,
    )


def _allocate(items: Sequence[PayoutItem], groups: dict[UUID, list[Earning]], at: datetime) -> None:
    allocations = [
        PayoutAllocation(item=item, earning=row, amount_minor=row.amount_minor)
        for item in items
        for row in groups[item.agent_id]
    ]
    PayoutAllocation.objects.bulk_create(allocations, batch_size=2000)
    Earning.objects.across_brands().filter(pk__in=[one.earning_id for one in allocations]).update(
        state=EarningState.IN_PAYOUT, reserved_at=at
    )


def retotal(run: PayoutRun) -> None:
    """This function will add up the run again. The hash covers every live item, so any change voids approvals."""
    live = PayoutItem.objects.across_brands().filter(run=run).exclude(state=ItemState.CANCELLED)
    sums = live.aggregate(n=Count("pk"), total=Sum("amount_minor"), largest=Max("amount_minor"))
    rows = live.order_by("pk").values_list("pk", "amount_minor", "destination_ref")
    content = json.dumps([[str(pk), amount, ref] for pk, amount, ref in rows], separators=(",", ":"))
    run.item_count, run.total_minor = sums["n"], int(sums["total"] or 0)
    run.largest_minor = int(sums["largest"] or 0)
    run.totals_hash = hashlib.sha256(content.encode()).hexdigest()
    run.save(update_fields=["item_count", "total_minor", "largest_minor", "totals_hash"])


@transaction.atomic
def approve_run(*, run_id: UUID, totals_hash: str, by: OpsActor, at: datetime) -> PayoutRun:
    """This function will note one person's approval of the totals they saw; enough of them make the run approved.

    Raises:
        SamePerson: the planner, or somebody who approved these totals before.
        TotalsChanged: the totals are not those any more.
        ChecksFailed: a check is red.
    """
    run = locked_run(run_id)
    if not isinstance(by, OpsActor):
        raise NotAllowed
    approved = run.approvals.filter(approved_by=by.user, totals_hash=run.totals_hash).exists()
    if not can_approve_run(by, run) or approved:
        raise SamePerson
    if totals_hash != run.totals_hash:
        raise TotalsChanged
    require_move(RUN_MOVES, run.state, RunState.APPROVED)
    _require_green(run, at)
    RunApproval.objects.create(run=run, approved_by=by.user, approved_at=at, totals_hash=run.totals_hash)
    trail.record("payments.approve_run", run, by=by, at=at, changes={"total_minor": run.total_minor})
    if _approvals(run) >= approvals_needed(run):
        _move(run, RunState.APPROVED, by=by, at=at)
    return run


def _approvals(run: PayoutRun) -> int:
    return run.approvals.filter(totals_hash=run.totals_hash).exclude(approved_by=F("run__planned_by")).count()


def _require_green(run: PayoutRun, at: datetime) -> None:
    red = [check.code for check in run_checks(run, at=at) if check.is_blocking and not check.is_ok]
    if red:
        raise ChecksFailed(context={"checks": red})


@transaction.atomic
def start_run(*, run_id: UUID, by: Actor, at: datetime) -> PayoutRun:
    """This function will let workers send the run's items. A small run with green checks needs no approval.

    Raises:
        ApprovalMissing: its present totals have too few approvals.
        ChecksFailed: a check is red.
    """
    run = locked_run(run_id)
    if run.state == RunState.PLANNED:
        _require_green(run, at)
        _require_approvals(run)
        _move(run, RunState.APPROVED, by=by, at=at, reason="no approval needed for these totals")
    if run.state == RunState.APPROVED:
        _require_approvals(run)
    _move(run, RunState.EXECUTING, by=by, at=at)
    run.started_at = run.started_at or at
    run.save(update_fields=["started_at"])
    return run


def _require_approvals(run: PayoutRun) -> None:
    needed, given = approvals_needed(run), _approvals(run)
    if given < needed:
        raise ApprovalMissing(context={"needed": needed, "given": given})


@transaction.atomic
def pause_run(*, run_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutRun:
    """This function will stop taking further items for now; `start_run` goes on."""
    run = locked_run(run_id)
    _move(run, RunState.PAUSED, by=by, at=at, reason=reason)
    return run


@transaction.atomic
def stop_run(*, run_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutRun:
    """This function will cancel what was not sent; what was sent finishes, then the run closes."""
    run = locked_run(run_id)
    _move(run, RunState.STOPPING, by=by, at=at, reason=reason)
    cancel_items(run, reason=reason or "run stopped", by=by, at=at)
    _close_if_finished(run, by=by, at=at)
    return run


@transaction.atomic
def cancel_run(*, run_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutRun:
    """This function will call a planned run off; its lines are payable again."""
    run = locked_run(run_id)
    _move(run, RunState.CANCELLED, by=by, at=at, reason=reason)
    cancel_items(run, reason=reason or "run cancelled", by=by, at=at)
    run.closed_at = at
    run.save(update_fields=["closed_at"])
    return run


def close_finished_runs(*, by: Actor, at: datetime) -> int:
    """This function will close runs whose items have all ended and return how many.

    What came back unsent to a stopping run after the stop is called off first.
    """
    _wind_down(by=by, at=at)
    ids = list(
        PayoutRun.objects.filter(state__in=[RunState.EXECUTING, RunState.STOPPING])
        .exclude(items__state__in=_UNFINISHED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for run_id in ids:
        with transaction.atomic():
            _close_if_finished(locked_run(run_id), by=by, at=at)
    return len(ids)


def _wind_down(*, by: Actor, at: datetime) -> None:
    waiting = PayoutRun.objects.filter(state=RunState.STOPPING, items__state__in=[ItemState.PLANNED, ItemState.HELD])
    for run_id in list(waiting.distinct().order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            run = locked_run(run_id)
            cancel_items(run, reason=run.state_reason or "run stopped", by=by, at=at)


def _close_if_finished(run: PayoutRun, *, by: Actor, at: datetime) -> None:
    open_items = PayoutItem.objects.across_brands().filter(run=run, state__in=_UNFINISHED)
    if run.state not in (RunState.EXECUTING, RunState.STOPPING) or open_items.exists():
        return
    _move(run, RunState.CLOSED, by=by, at=at)
    run.closed_at = at
    run.save(update_fields=["closed_at"])


def locked_run(run_id: UUID) -> PayoutRun:
    """This function will return the run under a lock.

    Raises:
        NotFound: no such run.
    """
    found = PayoutRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return found


def _move(run: PayoutRun, state: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    require_move(RUN_MOVES, run.state, state)
    before, run.state, run.state_reason = run.state, state, reason
    run.save(update_fields=["state", "state_reason"])
    trail.record("payments.move_run", run, by=by, at=at, from_state=before, to_state=state, reason=reason)
