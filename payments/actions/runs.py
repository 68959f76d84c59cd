"""Payout runs once planned: approved by another, started, paused, stopped and closed."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from gigcx.audit import trail
from gigcx.kernel.errors import NotAllowed, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor
from payments.actions.items import cancel_items
from payments.actions.totals import check_run
from payments.errors import ApprovalMissing, ChecksFailed, SamePerson, TotalsChanged
from payments.models import PayoutItem, PayoutRun, RunApproval
from payments.policies import approvals_needed, can_approve_run
from payments.queries.runs import who_touched
from payments.states import RUN_MOVES, ItemState, RunState

SHORT_OF_FUNDS: Final = "The rail is short of funds."
_UNFINISHED = [ItemState.PLANNED, ItemState.SENDING, ItemState.UNKNOWN, ItemState.HELD]


@transaction.atomic
def approve_run(*, run_id: UUID, totals_hash: str, by: OpsActor, at: datetime) -> PayoutRun:
    """This function will note one person's approval of the totals they saw; enough of them make the run approved.

    Raises:
        SamePerson: the planner, who touched one of its payouts, or who approved these totals before.
        TotalsChanged: the totals are not those any more.
        ChecksFailed: a check is red.
    """
    run = locked_run(run_id)
    if not isinstance(by, OpsActor):
        raise NotAllowed
    approved = run.approvals.filter(approved_by=by.user, totals_hash=run.totals_hash).exists()
    if not can_approve_run(by, run, has_touched=who_touched(run)) or approved:
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
    red = [check.code for check in check_run(run, at=at) if check.is_blocking and not check.is_ok]
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
        _require_green(run, at)
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
def pause_for_funds(*, run_id: UUID, by: Actor, at: datetime) -> None:
    """This function will pause a running run because the rail refused a payment for want of money."""
    run = locked_run(run_id)
    if run.state == RunState.EXECUTING:
        _move(run, RunState.PAUSED, by=by, at=at, reason=SHORT_OF_FUNDS)


@transaction.atomic
def resume_funded(*, run_id: UUID, by: Actor, at: datetime) -> bool:
    """This function will let a run go on that was paused for want of money alone, and tell whether it did."""
    run = locked_run(run_id)
    if run.state != RunState.PAUSED or run.state_reason != SHORT_OF_FUNDS:
        return False
    _move(run, RunState.EXECUTING, by=by, at=at, reason="the rail has money again")
    return True


@transaction.atomic
def stop_run(*, run_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutRun:
    """This function will cancel what was not sent; what was sent finishes, then the run closes."""
    run = _locked_after_items(run_id)
    _move(run, RunState.STOPPING, by=by, at=at, reason=reason)
    cancel_items(run, reason=reason or "run stopped", by=by, at=at)
    _close_if_finished(run, by=by, at=at)
    return run


@transaction.atomic
def cancel_run(*, run_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutRun:
    """This function will call a planned run off; its lines are payable again."""
    run = _locked_after_items(run_id)
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
            run = _locked_after_items(run_id)
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


def _locked_after_items(run_id: UUID) -> PayoutRun:
    """Items before their run, as everywhere: an answer that is being written holds its item and wants the run."""
    rows = PayoutItem.objects.across_brands().filter(run_id=run_id, state__in=[ItemState.PLANNED, ItemState.HELD])
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return locked_run(run_id)


def _move(run: PayoutRun, state: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    require_move(RUN_MOVES, run.state, state)
    before, run.state, run.state_reason = run.state, state, reason
    run.save(update_fields=["state", "state_reason"])
    trail.record("payments.move_run", run, by=by, at=at, from_state=before, to_state=state, reason=reason)
