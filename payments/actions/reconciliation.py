"""Our books against the other side's: what it paid is taken over, what does not fit is kept as a difference."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import SystemActor
from payments.actions import items
from payments.actions.outcomes import RemotePayment
from payments.actions.rails import stop_rail
from payments.actions.settlement import record_came_back, settle_item
from payments.models import PayoutItem
from payments.states import (
    ITEM_MOVES,
    SETTLED_ITEMS,
    AttemptState,
    DifferenceKind,
    ItemState,
    OutcomeKind,
    RailCode,
    RailState,
)

RECONCILER: Final = SystemActor("reconciliation")
K = DifferenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of holding one payment against the books: nothing, something taken over, or a difference of a kind."""

    kind: str = ""
    item_id: UUID | None = None
    ours_minor: int | None = None
    did: str = ""
    why: str = ""


@transaction.atomic
def take_over_payment(*, rail: str, payment: RemotePayment, at: datetime) -> Verdict:
    """This function will hold one payment of the other side against the books and follow it where that is safe.

    What it paid for an item of ours is settled, what it took back is payable again. A second payment, or one that
    differs from the order, freezes the rail and is a difference; one that we know nothing of is a difference.
    """
    item = _item_of(payment, rail)
    if item is None:
        return Verdict() if payment.is_reversed else Verdict(kind=K.MISSING_HERE, why="no payout of ours")
    if item.transfer_ref not in (None, payment.ref) or item.state == ItemState.CANCELLED:
        return _second(item, payment, at)
    kind = _differs(item, payment)
    if kind:
        return _frozen(item, kind, f"{payment.ref} is not what payout {item.pk} ordered", at)
    if item.state == ItemState.CAME_BACK:
        return _back(item, payment, at)
    return _settled(item, payment, at) if item.state in SETTLED_ITEMS else _open(item, payment, at)


def is_same(item: PayoutItem, payment: RemotePayment) -> bool:
    """This function will tell whether the books and the other side say exactly the same of a payout."""
    is_known = item.state in SETTLED_ITEMS and item.transfer_ref == payment.ref
    return is_known and not _differs(item, payment) and not payment.is_reversed and not payment.reversed_minor


def group_of(payment: RemotePayment) -> UUID | None:
    """This function will return the payout that a payment names as its own, or None where it names none."""
    try:
        return UUID(payment.group)
    except ValueError:
        return None


def _item_of(payment: RemotePayment, rail: str) -> PayoutItem | None:
    rows = PayoutItem.objects.across_brands().filter(run__rail=rail).select_related("run", "account")
    locked = rows.select_for_update(of=("self",))
    group = group_of(payment)
    found = locked.filter(pk=group).first() if group else None
    return found or locked.filter(transfer_ref=payment.ref).first()


def _differs(item: PayoutItem, payment: RemotePayment) -> str:
    if item.currency != payment.currency:
        return K.CURRENCY
    if item.amount_minor != payment.amount_minor:
        return K.AMOUNT
    return K.DESTINATION if item.destination_ref != payment.destination else ""


def _second(item: PayoutItem, payment: RemotePayment, at: datetime) -> Verdict:
    """It was called off here, or paid as another payment. One that was taken back again does no harm."""
    if payment.is_reversed:
        return Verdict(item_id=item.pk, did="reversed second payment")
    return _frozen(item, K.DOUBLE_PAYMENT, f"payout {item.pk} is {item.state}, yet paid as {payment.ref}", at)


def _back(item: PayoutItem, payment: RemotePayment, at: datetime) -> Verdict:
    is_pretended = item.run.rail == RailCode.SANDBOX  # nobody can take money back there
    if payment.is_reversed or is_pretended:
        return Verdict(item_id=item.pk, ours_minor=item.amount_minor)
    return _frozen(item, K.MISSING_HERE, f"payout {item.pk} came back here, yet {payment.ref} was never reversed", at)


def _settled(item: PayoutItem, payment: RemotePayment, at: datetime) -> Verdict:
    if payment.is_reversed:
        record_came_back(item_id=item.pk, reason="reversed on the other side", by=RECONCILER, at=at)
        return Verdict(item_id=item.pk, did="came back")
    if payment.reversed_minor:
        return Verdict(
            kind=K.REVERSED_THERE, item_id=item.pk, ours_minor=item.amount_minor, why="a part of it was reversed"
        )
    return Verdict(item_id=item.pk, ours_minor=item.amount_minor)


def _open(item: PayoutItem, payment: RemotePayment, at: datetime) -> Verdict:
    """The money left and we did not know: an answer was lost, or this database forgot."""
    tried = item.attempts.filter(finished_at__isnull=True).order_by("-number").first()
    if tried is not None:
        items.finish(tried, state=AttemptState.DONE, kind=OutcomeKind.DONE, at=at, detail="found on the other side")
    if item.state in (ItemState.PLANNED, ItemState.HELD):
        require_move(ITEM_MOVES, item.state, ItemState.UNKNOWN)
        item.state, item.hold_reason, item.hold_until = ItemState.UNKNOWN, "", None
        item.save(update_fields=["state", "hold_reason", "hold_until"])
    settle_item(item_id=item.pk, transfer_ref=payment.ref, by=RECONCILER, at=at)
    if payment.is_reversed:
        record_came_back(item_id=item.pk, reason="paid, then reversed on the other side", by=RECONCILER, at=at)
        return Verdict(item_id=item.pk, did="came back")
    return Verdict(item_id=item.pk, ours_minor=item.amount_minor, did="settled")


def _frozen(item: PayoutItem, kind: str, why: str, at: datetime) -> Verdict:
    stop_rail(rail=item.run.rail, target=RailState.FROZEN, reason=why, at=at)
    return Verdict(kind=kind, item_id=item.pk, ours_minor=item.amount_minor, why=why)
