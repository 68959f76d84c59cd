"""What each answer of a rail means for the payout that was sent."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from gigcx.kernel.errors import NotFound
from gigcx.kernel.states import require_move
from payments.actions import items
from payments.actions.accounts import restrict_account
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.actions.rails import pause_throttled, stop_rail
from payments.actions.runs import pause_for_funds
from payments.actions.settlement import settle_item
from payments.models import PayoutAttempt, PayoutItem
from payments.states import (
    ITEM_MOVES,
    SETTLED_ITEMS,
    AttemptState,
    ItemState,
    OutcomeKind,
    RailState,
)

K = OutcomeKind
_ASK_AGAIN: Final = timedelta(seconds=15)


@transaction.atomic
def record_outcome(*, attempt_id: UUID, outcome: Outcome, at: datetime) -> PayoutItem:
    """This function will write what a call came to and move the item accordingly.

    A late answer (the lease ended, a webhook or look-up was faster) can only settle, never undo.
    """
    item, attempt = _locked(attempt_id)
    if attempt.finished_at is not None and outcome.kind != K.DONE:
        return item
    if outcome.kind == K.DONE:
        return _done(item, attempt, outcome, at)
    if item.state != ItemState.SENDING:
        return item
    match outcome.kind:
        case K.IN_FLIGHT | K.THROTTLED | K.CONFIGURATION:
            _same_key_later(item, attempt, outcome, at)
        case K.UNKNOWN | K.FROZEN_ERROR | K.KEY_MISUSE:
            _unknown(item, attempt, outcome, at)
        case K.NO_FUNDS:
            _refused(attempt, outcome, at)
            items.back_to_planned(item, at=at, is_new_key=True, reason="no_funds")
            pause_for_funds(run_id=item.run_id, by=items.WORKER, at=at)
        case K.ACCOUNT_REFUSED:
            _refused(attempt, outcome, at)
            items.hold_item(item, reason=outcome.detail or "account_refused", at=at)
            restrict_account(
                account_id=item.account_id, reason=outcome.detail or "account_refused", by=items.WORKER, at=at
            )
    return item


def _locked(attempt_id: UUID) -> tuple[PayoutItem, PayoutAttempt]:
    found = PayoutAttempt.objects.across_brands().filter(pk=attempt_id).values_list("item_id", flat=True).first()
    if found is None:
        raise NotFound
    rows = PayoutItem.objects.across_brands().select_related("run", "account")
    item = rows.select_for_update(of=("self",)).get(pk=found)
    attempt = PayoutAttempt.objects.across_brands().select_for_update(of=("self",)).get(pk=attempt_id)
    attempt.item = item
    return item, attempt


def _done(item: PayoutItem, attempt: PayoutAttempt, outcome: Outcome, at: datetime) -> PayoutItem:
    payment = outcome.payment
    order = PaymentOrder.from_body(attempt.request_body)
    if payment is None or not payment.fulfils(order):
        if item.state == ItemState.SENDING:
            items.note_unknown(item, attempt, kind=K.UNKNOWN, detail="the payment differs from the order", at=at)
        stop_rail(rail=item.run.rail, target=RailState.FROZEN, reason=f"payout {item.pk} differs on the rail", at=at)
        return item
    if attempt.finished_at is None:
        items.finish(
            attempt,
            state=AttemptState.DONE,
            kind=K.DONE,
            at=at,
            http_status=outcome.http_status,
            request_id=outcome.request_id,
            was_replay=outcome.was_replay,
        )
    if _is_paid_beside_the_books(item, payment):
        stop_rail(rail=item.run.rail, target=RailState.FROZEN, reason=_beside(item, payment), at=at)
        return item
    if item.state == ItemState.HELD:
        stop_rail(rail=item.run.rail, target=RailState.FROZEN, reason=_beside(item, payment), at=at)
    if item.state in (ItemState.PLANNED, ItemState.HELD):
        # It waited, and the other side had it all along: its lines are still reserved, so the books can follow.
        require_move(ITEM_MOVES, item.state, ItemState.UNKNOWN)
        item.state, item.hold_reason, item.hold_until = ItemState.UNKNOWN, "", None
        item.save(update_fields=["state", "hold_reason", "hold_until"])
    return settle_item(item_id=item.pk, transfer_ref=payment.ref, by=items.WORKER, at=at)


def _is_paid_beside_the_books(item: PayoutItem, payment: RemotePayment) -> bool:
    """The money left for an item that was called off, or a second time: nothing here can be settled, people look."""
    if item.state in (*SETTLED_ITEMS, ItemState.CAME_BACK):
        return item.transfer_ref != payment.ref
    return item.state == ItemState.CANCELLED


def _beside(item: PayoutItem, payment: RemotePayment) -> str:
    return f"payout {item.pk} is {item.state}, yet the rail paid it as {payment.ref}"


def _same_key_later(item: PayoutItem, attempt: PayoutAttempt, outcome: Outcome, at: datetime) -> None:
    attempt.last_outcome, attempt.last_detail = outcome.kind, outcome.detail[:200]
    attempt.save(update_fields=["last_outcome", "last_detail"])
    wait = _ASK_AGAIN
    if outcome.kind == K.THROTTLED:
        wait = pause_throttled(rail=item.run.rail, retry_after=outcome.retry_after, at=at)
    items.back_to_planned(item, at=at, is_new_key=False, reason=outcome.kind, wait=wait)
    if outcome.kind == K.CONFIGURATION:
        reason = f"configuration: {outcome.detail or 'the rail refuses our credentials'}"
        stop_rail(rail=item.run.rail, target=RailState.PAUSED, reason=reason, at=at)


def _unknown(item: PayoutItem, attempt: PayoutAttempt, outcome: Outcome, at: datetime) -> None:
    items.note_unknown(item, attempt, kind=outcome.kind, detail=outcome.detail, at=at)
    if outcome.kind == K.KEY_MISUSE:
        stop_rail(rail=item.run.rail, target=RailState.FROZEN, reason=f"key misuse on payout {item.pk}", at=at)


def _refused(attempt: PayoutAttempt, outcome: Outcome, at: datetime) -> None:
    items.finish(
        attempt,
        state=AttemptState.REFUSED,
        kind=outcome.kind,
        at=at,
        detail=outcome.detail,
        http_status=outcome.http_status,
        request_id=outcome.request_id,
        was_replay=outcome.was_replay,
    )
