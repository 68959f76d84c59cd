"""Amounts corrected by hand: one of ops asks, another approves, and only then there is a line."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import OpsActor
from payments.actions.accrual import WorkLine, accrue
from payments.actions.clawbacks import record_clawback
from payments.actions.splits import line_like
from payments.errors import NeedsSecondPerson, NoSnapshot
from payments.models import AdjustmentRequest, Earning
from payments.policies import REVIEW_OF_OTHERS, can_adjust_earning
from payments.states import ADJUSTMENT_MOVES, AdjustmentState, Cause, EarningKind
from recruiting.models import Engagement
from recruiting.queries import active_rate_card

_KINDS = (EarningKind.ADJUSTMENT, EarningKind.BACK_PAY, EarningKind.CLAWBACK)


@transaction.atomic
def adjust_earning(
    *,
    engagement_id: UUID,
    kind: str,
    pay_minor: int,
    currency: str,
    reason: str,
    by: OpsActor,
    at: datetime,
    bill_minor: int = 0,
    corrects_id: UUID | None = None,
) -> AdjustmentRequest:
    """This function will ask for a correction by hand; nothing is paid before a second person approves.

    `pay_minor` is what the agent gets, or with kind clawback, negative, what is taken back of the line `corrects_id`;
    `bill_minor` is what the brand pays of it, at least as much or nothing at all.

    Raises:
        NotAllowed: not ops. Invalid: the figures, the kind or the reason do not fit together.
    """
    if not can_adjust_earning(by):
        raise NotAllowed
    engagement = Engagement.objects.across_brands().filter(pk=engagement_id).first()
    if engagement is None:
        raise NotFound
    _require_sense(kind=kind, pay=pay_minor, bill=bill_minor, reason=reason)
    _require_line(engagement, corrects_id, currency=currency, is_needed=pay_minor < 0)
    found = AdjustmentRequest.objects.create(
        brand_id=engagement.brand_id,
        agent_id=engagement.agent_id,
        engagement=engagement,
        corrects_id=corrects_id,
        kind=kind,
        currency=currency,
        pay_minor=pay_minor,
        bill_minor=bill_minor,
        reason=reason.strip(),
        asked_by=by.user,
        asked_at=at,
    )
    changes = {"pay_minor": pay_minor, "bill_minor": bill_minor, "currency": currency}
    trail.record("payments.ask_adjustment", found, by=by, at=at, to_state=found.state, reason=reason, changes=changes)
    return found


def _require_sense(*, kind: str, pay: int, bill: int, reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Say why; the agent reads it."), field="reason")
    if kind not in _KINDS:
        raise Invalid(_("Choose adjustment, back pay or clawback."), field="kind")
    if (pay < 0) != (kind == EarningKind.CLAWBACK) or not pay:
        raise Invalid(_("A clawback is below zero, everything else above."), field="pay")
    if bill and (bill < pay or pay < 0):
        raise Invalid(_("The brand pays nothing of it, or at least what the agent gets."), field="bill")


def _require_line(engagement: Engagement, corrects_id: UUID | None, *, currency: str, is_needed: bool) -> None:
    """What two people agree on is in the line's own currency: a clawback is taken in no other."""
    if corrects_id is None and not is_needed:
        return
    rows = Earning.objects.across_brands().filter(agent_id=engagement.agent_id)
    line = rows.filter(pk=corrects_id).first() if corrects_id else None
    if line is None:
        raise Invalid(_("Name the agent's line that this corrects."), field="corrects")
    if line.currency != currency:
        raise Invalid(_("The line is in %(currency)s.") % {"currency": line.currency}, field="currency")


@transaction.atomic
def approve_adjustment(*, request_id: UUID, reason: str, by: OpsActor, at: datetime) -> AdjustmentRequest:
    """This function will approve a correction asked for by somebody else and write its line.

    Raises:
        NeedsSecondPerson: who asked. MoveRefused: it was decided. NoSnapshot: the program has no rate card.
        FaultNotShown, MoreThanLine, NotDisputable: as for a clawback.
    """
    found = _locked(request_id)
    _require_second(found, by)
    require_move(ADJUSTMENT_MOVES, found.state, AdjustmentState.APPROVED)
    if found.pay_minor < 0 and found.corrects_id:
        part = f"a{found.pk.hex}"
        found.earning = record_clawback(
            earning_id=found.corrects_id, minor=-found.pay_minor, fault=found.reason, part=part, by=by, at=at
        )
    else:
        (found.earning,) = accrue([_line(found, at)], by=by, at=at)
    return _decided(found, AdjustmentState.APPROVED, "payments.approve_adjustment", reason=reason, by=by, at=at)


@transaction.atomic
def refuse_adjustment(*, request_id: UUID, reason: str, by: OpsActor, at: datetime) -> AdjustmentRequest:
    """This function will refuse a correction asked for by somebody else.

    Raises:
        NeedsSecondPerson: who asked. MoveRefused: it was decided.
    """
    found = _locked(request_id)
    _require_second(found, by)
    require_move(ADJUSTMENT_MOVES, found.state, AdjustmentState.REFUSED)
    return _decided(found, AdjustmentState.REFUSED, "payments.refuse_adjustment", reason=reason, by=by, at=at)


def _locked(request_id: UUID) -> AdjustmentRequest:
    rows = AdjustmentRequest.objects.across_brands().select_related("corrects", "engagement")
    found = rows.filter(pk=request_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found


def _require_second(found: AdjustmentRequest, by: OpsActor) -> None:
    if not can_adjust_earning(by):
        raise NotAllowed
    if by.user.pk == found.asked_by_id:
        raise NeedsSecondPerson


def _decided(
    found: AdjustmentRequest, state: str, action: str, *, reason: str, by: OpsActor, at: datetime
) -> AdjustmentRequest:
    before, found.state = found.state, state
    found.decided_by, found.decided_at, found.decision_reason = by.user, at, reason
    found.save(update_fields=["state", "decided_by", "decided_at", "decision_reason", "earning"])
    trail.record(action, found, by=by, at=at, from_state=before, to_state=state, reason=reason)
    return found


def _line(found: AdjustmentRequest, at: datetime) -> WorkLine:
    own: dict[str, Any] = {
        "kind": found.kind,
        "cause": Cause.CORRECTION,
        "source_kind": "adjustment_request",
        "source_id": found.pk,
        "currency": found.currency,
        "pay_minor": found.pay_minor,
        "platform_minor": 0 if found.bill_minor else found.pay_minor,
        "bill_minor": found.bill_minor,
        "review_ends_at": at + REVIEW_OF_OTHERS,
        "explanation": _explained(found, found.pay_minor),
        "bill_explanation": _explained(found, found.bill_minor) if found.bill_minor else {},
    }
    if found.corrects is not None:
        return line_like(found.corrects, **own)
    card = active_rate_card(found.engagement.program_id, at)
    if card is None:
        raise NoSnapshot
    return WorkLine(
        brand_id=found.brand_id,
        program_id=found.engagement.program_id,
        agent_id=found.agent_id,
        engagement_id=found.engagement_id,
        rate_card_id=card.pk,
        worked_from=at,
        worked_to=at,
        **own,
    )


def _explained(found: AdjustmentRequest, minor: int) -> dict[str, Any]:
    step = {"code": "each", "rule": "adjustment", "quantity": 1, "amount_minor": minor, "total": str(minor)}
    return {
        "version": 1,
        "currency": found.currency,
        "card_version": found.corrects.explanation.get("card_version", 0) if found.corrects else 0,
        "rounding": "half_even",
        "reason": found.reason,
        "steps": [step],
        "amount_minor": minor,
    }
