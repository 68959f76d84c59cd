"""One payout on its way: claimed and committed before the call, its answer written after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, SystemActor
from payments import ledger
from payments.actions import journals
from payments.actions.giving_back import give_back
from payments.actions.outcomes import PaymentOrder, RemotePayment
from payments.actions.rails import is_open, stop_rail
from payments.actions.settlement import settle_item
from payments.actions.totals import retotal
from payments.errors import MaybeSent
from payments.events import PayoutHeld
from payments.models import PayoutAttempt, PayoutItem, PayoutRun
from payments.policies import (
    BETWEEN_LOOK_UPS,
    HOLD_OF_REFUSED,
    LEASE,
    LOOK_UP_AFTER,
    is_usable,
    may_try_anew,
    must_look_up,
)
from payments.queries.runs import waiting_for_tax_data
from payments.states import (
    ATTEMPT_MOVES,
    ITEM_MOVES,
    AttemptState,
    ItemState,
    OutcomeKind,
    PayoutAccountState,
    RailState,
    RunState,
)

WORKER: Final = SystemActor("payout worker")
MISSING_TAX: Final = "missing_tax"
RESEND_AFTER: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a worker needs for one call. By now the key is stored and committed.

    `was_tried`: something was sent for this item before, so it may have landed.
    """

    item_id: UUID
    attempt_id: UUID
    rail: str
    key: str
    order: PaymentOrder
    was_tried: bool = False


@transaction.atomic
def claim_item(*, rail: str, at: datetime, run_id: UUID | None = None, room_minor: int | None = None) -> Claimed | None:
    """This function will take the next item of a running run for sending, or return None.

    Whole items, oldest first; one that does not fit into `room_minor` waits, and so do those behind it. An item whose
    account stopped being usable is held, alone; where a try of it may still land, it is looked up instead. The lease is
    two minutes by the database's clock.
    """
    if not is_open(rail):
        return None
    while (item := _next(rail, at, run_id)) is not None:
        attempt = _open_attempt(item)
        if attempt is not None and must_look_up(attempt, at=at):
            _doubt(item, attempt, at)
            continue
        if not is_usable(item.account, at=at):
            is_resting = item.account.state == PayoutAccountState.ACTIVE
            hold_item(item, reason="account_resting" if is_resting else f"account_{item.account.state}", at=at)
            continue
        if room_minor is not None and item.amount_minor > room_minor:
            _wait(item, "no_funds")
            return None
        return _sending(item, rail, at)
    return None


def _next(rail: str, at: datetime, run_id: UUID | None) -> PayoutItem | None:
    rows = PayoutItem.objects.across_brands().filter(
        state=ItemState.PLANNED, next_try_at__lte=at, run__state=RunState.EXECUTING, run__rail=rail
    )
    if run_id is not None:
        rows = rows.filter(run_id=run_id)
    rows = rows.select_related("account", "run").select_for_update(skip_locked=True, of=("self",))
    return rows.order_by("pk").first()


def _sending(item: PayoutItem, rail: str, at: datetime) -> Claimed:
    attempt = item.attempts.filter(number=item.attempt_number).first()
    if attempt is None:
        attempt = new_attempt(item, at)
    else:
        _again(attempt, at)
    mark_sending(item, at=at)
    return Claimed(
        item_id=item.pk,
        attempt_id=attempt.pk,
        rail=rail,
        key=attempt.idempotency_key,
        order=PaymentOrder.from_body(attempt.request_body),
        was_tried=attempt.send_count > 1 or attempt.number > 1,
    )


def mark_sending(item: PayoutItem, *, at: datetime, wait_reason: str = "") -> None:
    """This function will lease a planned or unknown item to whoever sends it now."""
    _move(item, ItemState.SENDING)
    item.lease_until, item.wait_reason = at + LEASE, wait_reason
    item.save(update_fields=["state", "lease_until", "wait_reason"])


def new_attempt(item: PayoutItem, at: datetime) -> PayoutAttempt:
    """This function will write a try with its key and its bytes, before anything is sent."""
    order = PaymentOrder(
        amount_minor=item.amount_minor,
        currency=item.currency,
        destination=item.destination_ref,
        group=item.pk,
        run=item.run_id,
    )
    return PayoutAttempt.objects.create(
        item=item,
        number=item.attempt_number,
        idempotency_key=f"gigcx:payout:{item.pk}:{item.attempt_number}",
        request_body=order.as_body(),
        sent_at=at,
        last_sent_at=at,
    )


def _again(attempt: PayoutAttempt, at: datetime) -> None:
    if attempt.state != AttemptState.SENT:
        require_move(ATTEMPT_MOVES, attempt.state, AttemptState.SENT)
    attempt.state, attempt.last_sent_at = AttemptState.SENT, at
    attempt.send_count += 1
    attempt.save(update_fields=["state", "last_sent_at", "send_count"])


@transaction.atomic
def expire_lease(*, item_id: UUID, at: datetime) -> bool:
    """This function will make an item unknown whose worker did not answer in time: it may or may not have been sent."""
    item = _locked(item_id)
    if item.state != ItemState.SENDING or item.lease_until is None or item.lease_until > at:
        return False
    attempt = item.attempts.get(number=item.attempt_number)
    note_unknown(item, attempt, kind=OutcomeKind.UNKNOWN, detail="lease ended", at=at)
    return True


@transaction.atomic
def resend_item(*, item_id: UUID, at: datetime) -> Claimed | None:
    """This function will take an unknown item for another send under the same key, where that is still safe."""
    item = _locked(item_id)
    if item.state != ItemState.UNKNOWN or item.next_try_at > at or not is_open(item.run.rail):
        return None
    attempt = item.attempts.get(number=item.attempt_number)
    if must_look_up(attempt, at=at):
        return None
    return _sending(item, item.run.rail, at)


@transaction.atomic
def record_lookup(*, item_id: UUID, found: Sequence[RemotePayment], at: datetime) -> str:
    """This function will act on what the other side has for an unknown item and return the item's state.

    One equal payment settles it. Several, or a different one, freeze the rail. None, seen twice five minutes apart,
    allows a new key.
    """
    item = _locked(item_id)
    if item.state != ItemState.UNKNOWN:
        return str(item.state)
    attempt = item.attempts.get(number=item.attempt_number)
    order = PaymentOrder.from_body(attempt.request_body)
    if len(found) == 1 and found[0].fulfils(order):
        finish(attempt, state=AttemptState.DONE, kind=OutcomeKind.DONE, at=at, detail="found by look-up")
        settle_item(item_id=item.pk, transfer_ref=found[0].ref, by=WORKER, at=at)
        return str(ItemState.TRANSFERRED)
    if found:
        _later(item, at + BETWEEN_LOOK_UPS)
        stop_rail(rail=item.run.rail, target=RailState.FROZEN, reason=f"payout {item.pk} differs on the rail", at=at)
        return str(ItemState.UNKNOWN)
    return _nothing_there(item, attempt, at)


def _nothing_there(item: PayoutItem, attempt: PayoutAttempt, at: datetime) -> str:
    if attempt.looked_up_at is None or at - attempt.looked_up_at >= BETWEEN_LOOK_UPS:
        attempt.lookups_empty += 1
        attempt.looked_up_at = at
        attempt.save(update_fields=["lookups_empty", "looked_up_at"])
    if not may_try_anew(attempt, at=at):
        _later(item, at + BETWEEN_LOOK_UPS)
        return str(ItemState.UNKNOWN)
    finish(attempt, state=AttemptState.SUPERSEDED, kind=OutcomeKind.UNKNOWN, at=at, detail="not there in two look-ups")
    back_to_planned(item, at=at, is_new_key=True)
    if item.run.state == RunState.STOPPING:
        _cancel([item], reason="run stopped", by=WORKER, at=at)
    return str(item.state)


def note_unknown(item: PayoutItem, attempt: PayoutAttempt, *, kind: str, detail: str, at: datetime) -> None:
    """This function will keep that nobody knows whether the payment left, and when to ask or send again."""
    if attempt.state != AttemptState.UNKNOWN:
        require_move(ATTEMPT_MOVES, attempt.state, AttemptState.UNKNOWN)
    attempt.state, attempt.last_outcome, attempt.last_detail = AttemptState.UNKNOWN, kind, detail[:200]
    attempt.save(update_fields=["state", "last_outcome", "last_detail"])
    if item.state != ItemState.UNKNOWN:
        _move(item, ItemState.UNKNOWN)
        trail.record("payments.doubt_item", item, by=WORKER, at=at, to_state=item.state, reason=detail or kind)
    item.lease_until = None
    item.next_try_at = at + (LOOK_UP_AFTER if must_look_up(attempt, at=at) else RESEND_AFTER)
    item.save(update_fields=["state", "lease_until", "next_try_at"])


def _doubt(item: PayoutItem, attempt: PayoutAttempt, at: datetime) -> None:
    """Held or called off, a try under way would land beside the next payout of the same lines: ask first."""
    kind = attempt.last_outcome or OutcomeKind.UNKNOWN
    note_unknown(item, attempt, kind=kind, detail=attempt.last_detail, at=at)
    if item.hold_reason:
        item.hold_reason, item.hold_until = "", None
        item.save(update_fields=["hold_reason", "hold_until"])


def back_to_planned(
    item: PayoutItem, *, at: datetime, is_new_key: bool, reason: str = "", wait: timedelta = timedelta()
) -> None:
    """This function will let an item wait for another turn, under the same key or a new one."""
    _move(item, ItemState.PLANNED)
    item.attempt_number += int(is_new_key)
    item.lease_until, item.wait_reason, item.next_try_at = None, reason, at + wait
    item.save(update_fields=["state", "attempt_number", "lease_until", "wait_reason", "next_try_at"])


def finish(attempt: PayoutAttempt, *, state: str, kind: str, at: datetime, **answer: object) -> None:
    """This function will write, once, how a try ended."""
    require_move(ATTEMPT_MOVES, attempt.state, state)
    attempt.state, attempt.outcome, attempt.last_outcome, attempt.finished_at = state, kind, kind, at
    attempt.last_detail = str(answer.get("detail", ""))[:200]
    attempt.http_status = answer.get("http_status")  # type: ignore[assignment]  # an int or None by our own callers
    attempt.remote_request_id = str(answer.get("request_id", ""))
    attempt.was_replay = bool(answer.get("was_replay", False))
    attempt.save()


def hold_item(item: PayoutItem, *, reason: str, at: datetime) -> None:
    """This function will hold one item with an end and tell the agent."""
    _move(item, ItemState.HELD)
    item.hold_reason, item.hold_until, item.lease_until = reason[:60], at + HOLD_OF_REFUSED, None
    item.save(update_fields=["state", "hold_reason", "hold_until", "lease_until"])
    trail.record("payments.hold_item", item, by=WORKER, at=at, to_state=item.state, reason=reason)
    outbox.publish(PayoutHeld(item_id=item.pk, agent_id=item.agent_id, reason=reason), at=at, agent_id=item.agent_id)


def free_held_items(*, at: datetime, batch: int = 500) -> int:
    """This function will send held items on that nothing keeps any more, and cancel those whose hold has ended.

    Cancelled, the money is payable again: a hold ends, and forfeits nothing. All are looked at, a batch a transaction:
    many that still wait keep nobody else waiting.
    """
    acted, last = 0, UUID(int=0)
    while (found := _freed(after=last, at=at, batch=batch)) is not None:
        freed, last = found
        acted += freed
    return acted


@transaction.atomic
def _freed(*, after: UUID, at: datetime, batch: int) -> tuple[int, UUID] | None:
    """How many of the next held items moved, and the last one looked at; None behind the last."""
    rows = (
        PayoutItem.objects.across_brands().filter(state=ItemState.HELD, pk__gt=after).select_related("account", "run")
    )
    acted = 0
    held = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:batch])
    untold = waiting_for_tax_data([item for item in held if item.hold_reason == MISSING_TAX], at=at)
    for item in held:
        attempt = _open_attempt(item)
        gone = item.account.state in (PayoutAccountState.REPLACED, PayoutAccountState.REJECTED)
        if attempt is not None:
            _doubt(item, attempt, at)
        elif gone or (item.hold_until is not None and item.hold_until <= at):
            _cancel([item], reason=item.hold_reason, by=WORKER, at=at)
        elif is_usable(item.account, at=at) and (item.hold_reason != MISSING_TAX or item.agent_id not in untold):
            _unhold(item, at)
        else:
            continue
        acted += 1
    return (acted, held[-1].pk) if held else None


def _unhold(item: PayoutItem, at: datetime) -> None:
    why = item.hold_reason
    _move(item, ItemState.PLANNED)
    is_used = item.attempts.filter(number=item.attempt_number, finished_at__isnull=False).exists()
    item.attempt_number += int(is_used)
    item.hold_reason, item.hold_until, item.next_try_at = "", None, at
    item.save(update_fields=["state", "attempt_number", "hold_reason", "hold_until", "next_try_at"])
    trail.record("payments.free_item", item, by=WORKER, at=at, to_state=item.state, reason=why)


@transaction.atomic
def cancel_item(*, item_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutItem:
    """This function will call one payout off; its lines are payable again and the run's approvals are void.

    Raises:
        MaybeSent: a try of it has not been answered for certain.
        MoveRefused: it was sent, or called off before.
    """
    item = _locked(item_id)
    require_move(ITEM_MOVES, item.state, ItemState.CANCELLED)
    if _open_attempt(item) is not None:
        raise MaybeSent
    _cancel([item], reason=reason, by=by, at=at)
    retotal(item.run)
    return item


def cancel_items(run: PayoutRun, *, reason: str, by: Actor, at: datetime) -> int:
    """This function will cancel every item of a run that was certainly not sent, and return how many.

    An item that waits with a try under way becomes unknown: its look-up ends it.
    """
    rows = PayoutItem.objects.across_brands().filter(run=run, state__in=[ItemState.PLANNED, ItemState.HELD])
    items = list(rows.select_related("account", "run").select_for_update(of=("self",)).order_by("pk"))
    tries = {item.pk: _open_attempt(item) for item in items}
    for item in items:
        attempt = tries[item.pk]
        if attempt is not None:
            _doubt(item, attempt, at)
    unsent = [item for item in items if tries[item.pk] is None]
    _cancel(unsent, reason=reason, by=by, at=at)
    return len(unsent)


def _open_attempt(item: PayoutItem) -> PayoutAttempt | None:
    return item.attempts.filter(finished_at__isnull=True).order_by("-number").first()


def _cancel(items: Sequence[PayoutItem], *, reason: str, by: Actor, at: datetime) -> None:
    for item in items:
        _move(item, ItemState.CANCELLED)
        item.ended_at, item.wait_reason = at, reason[:60]
        item.save(update_fields=["state", "ended_at", "wait_reason"])
        trail.record("payments.cancel_item", item, by=by, at=at, to_state=item.state, reason=reason)
    ledger.post(journals.unreserved(item, actor=by.label or by.kind, at=at, reason=reason) for item in items)
    give_back(items, reason=reason, by=by, at=at)


def _wait(item: PayoutItem, reason: str) -> None:
    item.wait_reason = reason
    item.save(update_fields=["wait_reason"])


def _later(item: PayoutItem, moment: datetime) -> None:
    item.next_try_at = moment
    item.save(update_fields=["next_try_at"])


def _move(item: PayoutItem, state: str) -> None:
    require_move(ITEM_MOVES, item.state, state)
    item.state = state


def _locked(item_id: UUID) -> PayoutItem:
    rows = PayoutItem.objects.across_brands().select_related("run", "account")
    found = rows.filter(pk=item_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found
