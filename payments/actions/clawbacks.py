"""Taking back what an agent got by their own fault: said a week before, open to dispute, a fifth of a payout at most."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from payments import ledger
from payments.actions import journals
from payments.actions.accrual import WorkLine, accrue
from payments.actions.earnings import withdraw_lines
from payments.actions.splits import line_like, split_line
from payments.errors import FaultNotShown, MoreThanLine, NotDisputable
from payments.events import ClawbackRecorded
from payments.models import Earning, PayoutAllocation, PayoutItem
from payments.policies import CLAWBACK_NOTICE
from payments.pricing.netting import net_clawback
from payments.states import Cause, EarningKind, EarningState


@transaction.atomic
def record_clawback(
    *,
    earning_id: UUID,
    minor: int,
    fault: str,
    by: Actor,
    at: datetime,
    part: str = "",
    source_event_id: UUID | None = None,
) -> Earning:
    """This function will announce that `minor` (positive) of a line on its way or paid is taken back, and return the new line.

    It is a line of its own, negative, that nothing touches for seven days; then payouts carry it, at most a fifth of
    each. `fault` says what the agent did and where it is seen; the agent reads it. The same `part` again changes nothing.

    Raises:
        FaultNotShown: no fault is stated: the cost is the platform's.
        MoreThanLine: more than the line paid, less what was taken back before.
        NotDisputable: the line is not on its way or paid; correct the line itself.
    """
    if not fault.strip():
        raise FaultNotShown(field="fault")
    earning = _locked(earning_id)
    known = _clawbacks_of(earning).filter(part=part).first() if part else None
    if known is not None:
        return known
    if earning.state not in (EarningState.IN_PAYOUT, EarningState.PAID):
        raise NotDisputable
    if not 0 < minor <= earning.amount_minor - clawed_back(earning):
        raise MoreThanLine(field="minor")
    (row,) = accrue([_line(earning, minor, fault, part=part, event_id=source_event_id, at=at)], by=by, at=at)
    trail.record("payments.record_clawback", row, by=by, at=at, reason=fault, changes={"minor": minor})
    outbox.publish(
        ClawbackRecorded(earning_id=row.pk, agent_id=row.agent_id), at=at, brand_id=row.brand_id, agent_id=row.agent_id
    )
    return row


def clawed_back(earning: Earning) -> int:
    """This function will return what was taken back of a line so far, in minor units, positive."""
    return -sum(row.amount_minor for row in live_clawbacks(earning))


def live_clawbacks(earning: Earning) -> list[Earning]:
    """This function will return the lines that take something of a line back, without those withdrawn, oldest first."""
    return list(_clawbacks_of(earning).exclude(state=EarningState.REVERSED))


def _clawbacks_of(earning: Earning) -> "QuerySet[Earning]":
    rows = Earning.objects.across_brands().filter(kind=EarningKind.CLAWBACK, source_kind="earning")
    return rows.filter(source_id=earning.pk).order_by("pk")


def _line(earning: Earning, minor: int, fault: str, *, part: str, event_id: UUID | None, at: datetime) -> WorkLine:
    return line_like(
        earning,
        kind=EarningKind.CLAWBACK,
        cause=Cause.CORRECTION,
        source_kind="earning",
        source_id=earning.pk,
        source_event_id=event_id,
        part=part or f"c{_clawbacks_of(earning).count() + 1}",
        pay_minor=-minor,
        platform_minor=-minor,
        bill_minor=0,
        review_ends_at=at + CLAWBACK_NOTICE,
        explanation=taken_back(earning, minor, fault),
    )


def taken_back(earning: Earning, minor: int, fault: str) -> dict[str, Any]:
    """This function will explain a clawback: the one step, and the fault in words."""
    step = {"code": "each", "rule": "clawback", "quantity": 1, "amount_minor": -minor, "total": str(-minor)}
    kept = {key: earning.explanation.get(key) for key in ("currency", "card_version", "rounding")}
    return {"version": 1, **kept, "fault": fault, "steps": [step], "amount_minor": -minor}


@transaction.atomic
def forgive_clawback(*, earning_id: UUID, minor: int, reason: str, by: Actor, at: datetime) -> None:
    """This function will withdraw `minor` (positive) of a clawback that no payout has carried yet.

    Raises:
        MoreThanLine: more than the clawback.
        MoveRefused: a payout carries it.
    """
    row = _locked(earning_id)
    if not 0 < minor <= -row.amount_minor:
        raise MoreThanLine(field="minor")
    if minor < -row.amount_minor:
        row, rest = split_line(row, minor=-minor, reason=reason, by=by, at=at)
        _as_before(rest, at)
    withdraw_lines([row.pk], reason=reason, by=by, at=at)


def _as_before(rest: Earning, at: datetime) -> None:
    """What is left of a clawback whose notice is over may be netted at once: the notice is not given twice."""
    if rest.review_ends_at <= at and rest.state == EarningState.ACCRUED:
        Earning.objects.across_brands().filter(pk=rest.pk).update(state=EarningState.PAYABLE, payable_at=at)
        rest.state, rest.payable_at = EarningState.PAYABLE, at


def net_clawbacks(payable: Mapping[UUID, int], *, currency: str, by: Actor, at: datetime) -> dict[UUID, list[Earning]]:
    """This function will choose, per agent, the clawback lines that a payout of so much carries; call it when planning.

    `payable` maps an agent to the sum of their payable lines, in minor units. At most a fifth of it is taken, oldest
    first; a line that is only partly taken is split, and what is left waits for the next payout. The lines are locked
    and payable: allocate them like others, with their negative amounts, then post `journals.netted` for the item
    (`netted_of`). Agents who owe nothing are not in the answer.
    """
    found: dict[UUID, list[Earning]] = {}
    room = {agent: net_clawback(minor, minor) for agent, minor in payable.items()}
    for row in _ready(list(payable), currency):
        left = room[row.agent_id]
        if not left:
            continue
        taken = row
        if -row.amount_minor > left:
            taken, rest = split_line(row, minor=-left, reason="netted in part", by=by, at=at)
            _as_before(rest, at)
            _as_before(taken, at)
        room[row.agent_id] -= -taken.amount_minor
        found.setdefault(row.agent_id, []).append(taken)
    return found


def _ready(agent_ids: Sequence[UUID], currency: str) -> list[Earning]:
    rows = Earning.objects.across_brands().filter(
        kind=EarningKind.CLAWBACK, state=EarningState.PAYABLE, currency=currency, agent_id__in=agent_ids
    )
    return list(rows.select_for_update(of=("self",)).order_by("agent_id", "payable_at", "pk"))


def post_netting(items: Sequence[PayoutItem], *, by: Actor, at: datetime) -> None:
    """This function will write in the books what the live clawback lines of planned items take from them."""
    owed = netted_of(items)
    ledger.post(
        journals.netted(item, owed_minor=owed[item.pk], actor=by.label or by.kind, at=at)
        for item in items
        if owed.get(item.pk)
    )


def undo_netting(items: Sequence[PayoutItem], *, reason: str, by: Actor, at: datetime) -> None:
    """This function will write that called-off or returned items carry no clawback; call it before their lines are freed."""
    owed = netted_of(items)
    ledger.post(
        journals.unnetted(item, owed_minor=owed[item.pk], actor=by.label or by.kind, at=at, reason=reason)
        for item in items
        if owed.get(item.pk)
    )


def netted_of(items: Sequence[PayoutItem]) -> dict[UUID, int]:
    """This function will return what the live clawback lines of each item take from it, in minor units, positive."""
    rows = PayoutAllocation.objects.across_brands().filter(
        item__in=items, released_at__isnull=True, earning__kind=EarningKind.CLAWBACK
    )
    sums = rows.values_list("item_id").annotate(total=Sum("amount_minor")).order_by("item_id")
    return {item_id: -int(total) for item_id, total in sums}


def _locked(earning_id: UUID) -> Earning:
    found = Earning.objects.across_brands().filter(pk=earning_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found
