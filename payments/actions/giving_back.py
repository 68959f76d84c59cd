"""Lines of payouts that did not stay paid are payable again; clawbacks and fees they carried are undone with them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gigcx.audit import outbox, trail
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from payments import ledger
from payments.actions import journals
from payments.actions.accrual import WorkLine, accrue
from payments.actions.clawbacks import undo_netting
from payments.actions.splits import line_like
from payments.events import InstantPayoutFailed
from payments.models import Earning, InstantQuote, PayoutAllocation, PayoutItem
from payments.states import INSTANT_MOVES, Cause, EarningKind, EarningState, InstantState


def give_back(items: Sequence[PayoutItem], *, reason: str, by: Actor, at: datetime) -> None:
    """This function will make the lines of items payable again, and undo the clawbacks and instant fees among them."""
    undo_netting(items, reason=reason, by=by, at=at)
    live = PayoutAllocation.objects.across_brands().filter(item__in=items, released_at__isnull=True)
    ids = list(live.values_list("earning_id", flat=True))
    live.update(released_at=at)
    Earning.objects.across_brands().filter(pk__in=ids).update(state=EarningState.PAYABLE, paid_at=None)
    _undo_fees(items, ids, reason=reason, by=by, at=at)


def _undo_fees(items: Sequence[PayoutItem], ids: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> None:
    """A fee given back already, because only the second step failed, stays as it is: it is not given back twice."""
    open_states = [InstantState.REQUESTED, InstantState.ORDERED, InstantState.SENT]
    rows = InstantQuote.objects.across_brands().filter(item__in=items, state__in=open_states)
    for quote in rows.select_for_update(of=("self",)).order_by("pk"):
        fees = Earning.objects.across_brands().filter(pk__in=ids, kind=EarningKind.INSTANT_FEE, source_id=quote.pk)
        for fee in fees.order_by("pk"):
            fee.state, fee.reversed_at = EarningState.REVERSED, at
            fee.save(update_fields=["state", "reversed_at"])
            trail.record("payments.reverse_earnings", fee, by=by, at=at, to_state=fee.state, reason=reason)
            ledger.post([journals.fee_undone(fee, actor=by.label or by.kind, at=at, reason=reason)])
        _end(quote, reason, by=by, at=at)


def fail_instant(item: PayoutItem, *, reason: str, by: Actor, at: datetime) -> bool:
    """This function will note that a transferred payout does not arrive at once after all, and give its fee back, once.

    The money itself is the agent's and goes on by the ordinary way. Returns whether there was a fee to give back.
    """
    open_states = [InstantState.REQUESTED, InstantState.ORDERED, InstantState.SENT]
    rows = InstantQuote.objects.across_brands().filter(item=item, state__in=open_states)
    quote = rows.select_for_update(of=("self",)).first()
    if quote is None:
        return False
    _end(quote, reason, by=by, at=at)
    fee = Earning.objects.across_brands().filter(kind=EarningKind.INSTANT_FEE, source_id=quote.pk).first()
    if fee is not None:
        accrue([_refund(fee, at)], by=by, at=at)
    fact = InstantPayoutFailed(item_id=item.pk, agent_id=item.agent_id)
    outbox.publish(fact, at=at, agent_id=item.agent_id)
    return True


def _end(quote: InstantQuote, reason: str, *, by: Actor, at: datetime) -> None:
    require_move(INSTANT_MOVES, quote.state, InstantState.FAILED)
    before, quote.state, quote.failure, quote.ended_at = quote.state, InstantState.FAILED, reason[:60], at
    quote.save(update_fields=["state", "failure", "ended_at"])
    trail.record("payments.move_instant", quote, by=by, at=at, from_state=before, to_state=quote.state, reason=reason)


def _refund(fee: Earning, at: datetime) -> WorkLine:
    minor = -fee.amount_minor
    step = {"code": "each", "rule": "fee_given_back", "quantity": 1, "amount_minor": minor, "total": str(minor)}
    return line_like(
        fee,
        kind=EarningKind.ADJUSTMENT,
        cause=Cause.FEE,
        source_kind="instant_quote",
        source_id=fee.source_id,
        pay_minor=minor,
        platform_minor=minor,
        bill_minor=0,
        review_ends_at=at,
        explanation={**fee.explanation, "steps": [step], "amount_minor": minor},
    )
