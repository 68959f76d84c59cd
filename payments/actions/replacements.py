"""What happens to earlier lines when the minutes of a claim are stated anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from gigcx.audit import trail
from gigcx.tenancy.actors import Actor
from payments.actions.accrual import WorkLine
from payments.actions.clawbacks import clawed_back, live_clawbacks, record_clawback
from payments.actions.credits import settle_at
from payments.actions.earnings import reverse_earnings
from payments.models import Earning
from payments.states import Cause, EarningKind, EarningState
from scheduling.models import MinuteAdjustment

_REVERSIBLE: Final = {EarningState.ACCRUED, EarningState.HELD, EarningState.PAYABLE}
_GONE: Final = {EarningState.IN_PAYOUT, EarningState.PAID}


def replacing(
    earlier: Sequence[Earning], lines: list[WorkLine], *, version: int, by: Actor, at: datetime
) -> list[WorkLine]:
    """This function will make room for a new version and return what to accrue: everything anew, or what was missing.

    What can still be withdrawn is, with what was announced to be taken back of it. Where other lines are on their way or
    paid, what was paid too much is taken back by a noticed clawback if the correction shows the agent's fault, and is the
    platform's cost otherwise. The brand is charged for the right minutes either way.
    """
    taken = {one.pk: live_clawbacks(one) for one in earlier}
    gone = [one for one in earlier if _can_go([one, *taken[one.pk]])]
    kept = [one for one in earlier if one not in gone]
    withdrawn = [row.pk for one in gone for row in (one, *taken[one.pk])]
    if withdrawn:
        reverse_earnings(withdrawn, reason="corrected", by=by, at=at)
    if not kept:
        before = {(one.kind, one.part): one.pk for one in gone}
        return [replace(line, supersedes_id=before.get((line.kind, line.part))) for line in lines]
    paid = sum(one.amount_minor - clawed_back(one) for one in kept)
    missing = sum(line.pay_minor for line in lines) - paid
    if missing > 0:
        return [_adjustment(kept, lines, missing)]
    bill = sum(line.bill_minor for line in lines)
    credited = settle_at([one.pk for one in kept], bill, version=version, by=by, at=at)
    if missing < 0:
        _take_back_or_bear(kept, -missing, credited, version=version, by=by, at=at)
    return []


def _can_go(rows: Sequence[Earning]) -> bool:
    return all(row.state in _REVERSIBLE for row in rows)


def _take_back_or_bear(
    earlier: Sequence[Earning], over: int, credited: int, *, version: int, by: Actor, at: datetime
) -> None:
    fault = fault_of(earlier[0].source_id)
    left = over
    for row in sorted(earlier, key=lambda one: (-one.amount_minor, str(one.pk))):
        minor = min(left, row.amount_minor - clawed_back(row)) if fault and row.state in _GONE else 0
        if minor > 0:
            record_clawback(earning_id=row.pk, minor=minor, fault=fault, part=f"v{version}", by=by, at=at)
            left -= minor
    if left:
        trail.record(
            "payments.keep_overpaid",
            earlier[0],
            by=by,
            at=at,
            reason="corrected downwards after it was paid",
            changes={"overpaid_minor": left, "credited_minor": credited},
        )


def fault_of(claim_id: UUID) -> str:
    """This function will return the agent's fault that the last correction of a claim shows, empty where it shows none."""
    rows = MinuteAdjustment.objects.across_brands().filter(claim_id=claim_id, seconds__lt=0)
    last = rows.order_by("created_at", "pk").last()
    return str(last.evidence.get("fault") or "").strip() if last is not None else ""


def _adjustment(earlier: Sequence[Earning], lines: Sequence[WorkLine], missing: int) -> WorkLine:
    first = lines[0]
    billed = sum(one.charge.owed_minor for one in earlier if hasattr(one, "charge"))
    owed = sum(line.bill_minor for line in lines) - billed
    bill = max(missing, owed) if first.bill_currency == first.currency else max(0, owed)
    steps = {"code": "each", "rule": "correction", "quantity": 1}
    return replace(
        first,
        kind=EarningKind.ADJUSTMENT,
        cause=Cause.CORRECTION,
        part="difference",
        pay_minor=missing,
        platform_minor=0 if bill else missing,
        bill_minor=bill,
        supersedes_id=earlier[-1].pk,
        explanation=_difference(first.explanation, steps, missing),
        bill_explanation=_difference(first.bill_explanation, steps, bill),
    )


def _difference(source: dict[str, Any], step: dict[str, Any], amount: int) -> dict[str, Any]:
    return {**source, "steps": [{**step, "amount_minor": amount, "total": str(amount)}], "amount_minor": amount}
