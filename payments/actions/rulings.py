"""How a dispute ends: decided by ops, agreed between the parties, or by silence; and what that does to the money."""

from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import DomainError, Invalid, NotAllowed
from gigcx.kernel.money import round_minor
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, OpsActor
from payments.actions.accrual import accrue
from payments.actions.clawbacks import clawed_back, forgive_clawback, record_clawback
from payments.actions.credits import credit_lines
from payments.actions.disputes import lift_dispute_hold, locked_dispute, require_answerer
from payments.actions.earnings import withdraw_lines
from payments.actions.splits import line_like, part_of, split_line
from payments.errors import MoreThanLine, NeedsSecondPerson
from payments.events import LineDisputeDecided
from payments.models import Charge, Earning, LineDispute
from payments.policies import AGENT_WINDOW, can_decide_dispute
from payments.queries.disputes import live_lines
from payments.states import (
    LINE_DISPUTE_MOVES,
    Cause,
    DisputeDecision,
    EarningKind,
    EarningState,
    LineDisputeState,
    PartyKind,
)

SILENCE: Final = "silence"
_BATCH: Final = 200
_CHANGEABLE: Final = (EarningState.ACCRUED, EarningState.HELD, EarningState.PAYABLE)


@transaction.atomic
def decide_dispute(
    *,
    dispute_id: UUID,
    decision: str,
    reason: str,
    by: OpsActor,
    at: datetime,
    decided_minor: int | None = None,
    fault: str = "",
) -> LineDispute:
    """This function will decide a dispute: the line stands, is taken away, or is corrected to `decided_minor`.

    What was released meanwhile and is lost is the platform's cost, unless `fault` shows the agent's: then it is taken
    back with notice.

    Raises:
        NotAllowed: not ops. NeedsSecondPerson: a party, or who decided before the appeal.
        MoveRefused: it is decided. Invalid: no reason. MoreThanLine: outside of what the two sides say.
    """
    dispute = locked_dispute(dispute_id)
    if not isinstance(by, OpsActor):
        raise NotAllowed
    if not can_decide_dispute(by, dispute):
        raise NeedsSecondPerson
    if not reason.strip():
        raise Invalid(_("Give the reason; both sides read it."), field="reason")
    figure = _figure(dispute, decision, decided_minor)
    dispute.decided_by_user = by.user
    return _end(dispute, LineDisputeState.DECIDED, decision, figure, reason=reason, fault=fault, by=by, at=at)


@transaction.atomic
def concede_dispute(*, dispute_id: UUID, by: Actor, at: datetime) -> LineDispute:
    """This function will end a dispute as its opener asked, because the other side agrees.

    Raises:
        NotFound, NotAllowed: not the other side. MoveRefused: it is decided.
    """
    dispute = locked_dispute(dispute_id)
    require_answerer(dispute, by)
    is_agents = dispute.opened_by_kind == PartyKind.AGENT
    figure = dispute.claimed_minor if is_agents else _least(dispute)
    if is_agents and not Charge.objects.across_brands().filter(earning=dispute.earning).exists():
        raise NotAllowed(_("The platform pays this line; ops decide."))
    trail.record("payments.concede_dispute", dispute, by=by, at=at)
    decision = _decision_of(dispute, figure)
    return _end(dispute, LineDisputeState.DECIDED, decision, figure, reason=_("both sides agree"), by=by, at=at)


def default_disputes(*, by: Actor, at: datetime, limit: int = _BATCH) -> int:
    """This function will let the agent's figure stand where nobody decided in time, and return how often it did.

    Above the cap silence decides nothing: those wait for ops, as does what the books refuse. Several may run at once.
    """
    due = LineDispute.objects.across_brands().filter(state=LineDisputeState.OPEN, due_at__lte=at, needs_ops=False)
    ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(_default_or_hand_over(dispute_id, by=by, at=at) for dispute_id in ids)


def _default_or_hand_over(dispute_id: UUID, *, by: Actor, at: datetime) -> bool:
    """One that cannot be settled does not keep the others waiting."""
    try:
        return _default(dispute_id, by=by, at=at)
    except DomainError as refused:
        _hand_to_ops(dispute_id, refused, by=by, at=at)
        return False


@transaction.atomic
def _hand_to_ops(dispute_id: UUID, refused: DomainError, *, by: Actor, at: datetime) -> None:
    dispute = locked_dispute(dispute_id)
    dispute.needs_ops = True
    dispute.save(update_fields=["needs_ops"])
    trail.record("payments.hand_over_dispute", dispute, by=by, at=at, reason=f"{refused.code}: {refused.message}")


@transaction.atomic
def _default(dispute_id: UUID, *, by: Actor, at: datetime) -> bool:
    dispute = locked_dispute(dispute_id)
    if dispute.state != LineDisputeState.OPEN:
        return False  # decided a moment ago
    figure = dispute.claimed_minor
    trail.record("payments.default_dispute", dispute, by=by, at=at, changes={"figure_minor": figure})
    decision = _decision_of(dispute, figure)
    _end(dispute, LineDisputeState.DEFAULTED, decision, figure, reason=_("nobody decided in time"), by=by, at=at)
    return True


def close_disputes(*, by: Actor, at: datetime, limit: int = _BATCH) -> int:
    """This function will close what was decided two weeks ago and not appealed, and return how many."""
    over = LineDispute.objects.across_brands().filter(
        state__in=[LineDisputeState.DECIDED, LineDisputeState.DEFAULTED], decided_at__lte=at - AGENT_WINDOW
    )
    ids = list(over.order_by("decided_at", "pk").values_list("pk", flat=True)[:limit])
    for dispute_id in ids:
        with transaction.atomic():
            dispute = locked_dispute(dispute_id)
            if dispute.state in (LineDisputeState.DECIDED, LineDisputeState.DEFAULTED):
                _close(dispute, by=by, at=at)
    return len(ids)


def _close(dispute: LineDispute, *, by: Actor, at: datetime) -> None:
    require_move(LINE_DISPUTE_MOVES, dispute.state, LineDisputeState.CLOSED)
    before, dispute.state = dispute.state, LineDisputeState.CLOSED
    dispute.save(update_fields=["state"])
    trail.record("payments.close_dispute", dispute, by=by, at=at, from_state=before, to_state=dispute.state)


def _end(
    dispute: LineDispute,
    state: str,
    decision: str,
    figure: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    fault: str = "",
) -> LineDispute:
    require_move(LINE_DISPUTE_MOVES, dispute.state, state)
    before, dispute.state = dispute.state, state
    dispute.decision, dispute.decided_minor, dispute.decided_at = decision, figure, at
    dispute.decided_by = SILENCE if state == LineDisputeState.DEFAULTED else by.label or by.kind
    dispute.save(update_fields=["state", "decision", "decided_minor", "decided_at", "decided_by", "decided_by_user"])
    settle_figure(dispute, figure, fault=fault, by=by, at=at)
    if dispute.appeal_of is not None:
        _close(locked_dispute(dispute.appeal_of.pk), by=by, at=at)
    trail.record(
        "payments.decide_dispute",
        dispute,
        by=by,
        at=at,
        from_state=before,
        to_state=state,
        reason=reason,
        changes={"decision": decision, "figure_minor": figure},
    )
    outbox.publish(
        LineDisputeDecided(dispute_id=dispute.pk, agent_id=dispute.agent_id),
        at=at,
        brand_id=dispute.brand_id,
        agent_id=dispute.agent_id,
    )
    return dispute


def _figure(dispute: LineDispute, decision: str, decided_minor: int | None) -> int:
    """What the line comes to, between what the two sides say."""
    least, most = _least(dispute), _most(dispute)
    whole = abs(_root(dispute).earning.amount_minor)
    known = {DisputeDecision.STANDS: whole, DisputeDecision.REMOVED: least}
    figure = known.get(DisputeDecision(decision), decided_minor)
    if figure is None or not least <= figure <= most:
        raise MoreThanLine(_("Decide between what the two sides say."), field="decided")
    return figure


def _root(dispute: LineDispute) -> LineDispute:
    return dispute.appeal_of or dispute


def _is_clawback(dispute: LineDispute) -> bool:
    return _root(dispute).earning.kind == EarningKind.CLAWBACK


def _least(dispute: LineDispute) -> int:
    """The lowest figure in question: of a brand's dispute the line without the part, of an agent's the line as it was."""
    root = _root(dispute)
    if _is_clawback(dispute):
        return root.claimed_minor
    return root.earning.amount_minor - (root.disputed_minor if root.opened_by_kind == PartyKind.BRAND else 0)


def _most(dispute: LineDispute) -> int:
    root = _root(dispute)
    return abs(root.earning.amount_minor) if _is_clawback(dispute) else root.claimed_minor


def _decision_of(dispute: LineDispute, figure: int) -> str:
    whole = abs(_root(dispute).earning.amount_minor)
    if figure == whole:
        return DisputeDecision.STANDS
    takes_all = figure == 0 or (_root(dispute).opened_by_kind == PartyKind.BRAND and figure == _least(dispute))
    return DisputeDecision.REMOVED if takes_all else DisputeDecision.CORRECTED


def settle_figure(dispute: LineDispute, figure: int, *, fault: str, by: Actor, at: datetime) -> None:
    """This function will make a disputed line come to `figure` minor units in all, and let go what was held for it."""
    rows = live_lines(dispute)
    sign = -1 if _is_clawback(dispute) else 1
    gap = sign * figure - sum(row.amount_minor for row in rows)
    if gap < 0:
        _take(dispute, rows, -gap, fault=fault, by=by, at=at)
    elif gap > 0 and _is_clawback(dispute):
        gap = _forgive(rows, gap, by=by, at=at)
    lift_dispute_hold(_root(dispute), by=by, at=at)
    if gap > 0:
        _pay_more(dispute, gap, by=by, at=at)


def _take(dispute: LineDispute, rows: list[Earning], minor: int, *, fault: str, by: Actor, at: datetime) -> None:
    """Take the held part first, then what else is still ours to change; the rest was released and is a loss."""
    held_id = _root(dispute).held_earning_id
    ours = [row for row in rows if row.state in _CHANGEABLE and row.amount_minor > 0]
    left = minor
    for row in sorted(ours, key=lambda one: (one.pk != held_id, one.pk)):
        part = min(left, row.amount_minor)
        if part:
            _withdraw(row, part, by=by, at=at)
        left -= part
    gone = [row for row in rows if row.state not in _CHANGEABLE and row.amount_minor > 0]
    if left:
        _lose(dispute, gone, left, fault=fault, by=by, at=at)


def _withdraw(row: Earning, part: int, *, by: Actor, at: datetime) -> None:
    if part < row.amount_minor:
        row, _rest = split_line(row, minor=part, reason="dispute decided", by=by, at=at)
    withdraw_lines([row.pk], reason="dispute decided", by=by, at=at)


def _lose(dispute: LineDispute, gone: list[Earning], minor: int, *, fault: str, by: Actor, at: datetime) -> None:
    """The brand gets its share back; the agent gives it back only where the fault is shown."""
    charges = Charge.objects.across_brands().filter(earning__in=gone)
    paid = sum(row.amount_minor for row in gone)
    billed = sum(charge.owed_minor for charge in charges)
    if billed and paid:
        share = round_minor(Fraction(billed * minor, paid))
        credit_lines([row.pk for row in gone], share, key=f"dispute:{dispute.pk}", by=by, at=at)
    for row in gone if fault.strip() else []:
        part = min(minor, row.amount_minor - clawed_back(row))
        if part > 0:
            record_clawback(earning_id=row.pk, minor=part, fault=fault, part=f"d{dispute.pk.hex}", by=by, at=at)
            minor -= part


def _forgive(rows: list[Earning], minor: int, *, by: Actor, at: datetime) -> int:
    """Withdraw a clawback as far as no payout carried it, and return what has to be paid back instead."""
    left = minor
    for row in rows:
        if row.kind != EarningKind.CLAWBACK or row.state not in _CHANGEABLE or not left:
            continue
        part = min(left, -row.amount_minor)
        forgive_clawback(earning_id=row.pk, minor=part, reason="dispute decided", by=by, at=at)
        left -= part
    return left


def _pay_more(dispute: LineDispute, minor: int, *, by: Actor, at: datetime) -> None:
    """What is missing, billed to who paid the line; ready to pay with the next release."""
    line = _root(dispute).earning
    charge = Charge.objects.across_brands().filter(earning=line).first()
    pays_brand = charge is not None and line.brand_share_minor > 0
    bill = round_minor(Fraction(charge.net_minor * minor, line.brand_share_minor)) if charge and pays_brand else 0
    more = line_like(
        line,
        kind=EarningKind.BACK_PAY if dispute.appeal_of_id or _is_clawback(dispute) else EarningKind.ADJUSTMENT,
        cause=Cause.DISPUTE,
        source_kind="line_dispute",
        source_id=dispute.pk,
        pay_minor=minor,
        platform_minor=0 if pays_brand else minor,
        bill_minor=bill,
        review_ends_at=at,
        explanation=part_of({**line.explanation, "steps": [], "amount_minor": 0}, minor, rule="dispute"),
        bill_explanation=part_of({**charge.explanation, "steps": [], "amount_minor": 0}, bill, rule="dispute")
        if charge and bill
        else {},
    )
    accrue([more], by=by, at=at)
