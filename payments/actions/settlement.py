"""The end of a payout: worker, look-up and webhook all come here, and only the first one changes anything."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from payments import ledger
from payments.actions import journals
from payments.actions.giving_back import fail_instant, give_back
from payments.actions.statements import issue_statement
from payments.errors import PaymentDiffers
from payments.events import EarningPaid, PayoutArrived, PayoutReturned, PayoutTransferred, StatementIssued
from payments.models import Earning, PayoutAllocation, PayoutItem
from payments.states import EARNING_MOVES, ITEM_MOVES, SETTLED_ITEMS, EarningState, ItemState


@transaction.atomic
def settle_item(*, item_id: UUID, transfer_ref: str, by: Actor, at: datetime) -> PayoutItem:
    """This function will write that a payout left: journal, lines paid, statement frozen. A second call changes nothing.

    Raises:
        PaymentDiffers: it was settled under another reference.
    """
    item = _locked(item_id)
    if item.state in SETTLED_ITEMS:
        if item.transfer_ref != transfer_ref:
            raise PaymentDiffers(
                _("Payout %(item)s was settled as %(known)s, not %(told)s.")
                % {"item": item.pk, "known": item.transfer_ref, "told": transfer_ref}
            )
        return item
    before = item.state
    require_move(ITEM_MOVES, item.state, ItemState.TRANSFERRED)
    item.state, item.transfer_ref, item.transferred_at = ItemState.TRANSFERRED, transfer_ref, at
    item.lease_until, item.wait_reason = None, ""
    item.save(update_fields=["state", "transfer_ref", "transferred_at", "lease_until", "wait_reason"])
    earnings = _pay(item, at)
    ledger.post([journals.transferred(item, rail=item.run.rail, actor=by.label or by.kind, at=at)])
    statement = issue_statement(item, earnings, at=at)
    trail.record("payments.settle_item", item, by=by, at=at, from_state=before, to_state=item.state)
    outbox.publish_all(
        [
            (PayoutTransferred(item_id=item.pk, agent_id=item.agent_id), None, item.agent_id),
            (StatementIssued(statement_id=statement.pk, agent_id=item.agent_id), None, item.agent_id),
            *((EarningPaid(earning_id=one.pk, agent_id=one.agent_id), one.brand_id, one.agent_id) for one in earnings),
        ],
        at=at,
    )
    return item


def _pay(item: PayoutItem, at: datetime) -> list[Earning]:
    ids = PayoutAllocation.objects.across_brands().filter(item=item, released_at__isnull=True)
    rows = Earning.objects.across_brands().filter(pk__in=ids.values("earning_id")).select_related("program", "brand")
    earnings = list(rows.select_for_update(of=("self",)).order_by("worked_from", "pk"))
    for one in earnings:
        require_move(EARNING_MOVES, one.state, EarningState.PAID)
    Earning.objects.across_brands().filter(pk__in=[one.pk for one in earnings]).update(
        state=EarningState.PAID, paid_at=at
    )
    return earnings


@transaction.atomic
def confirm_arrival(*, item_id: UUID, by: Actor, at: datetime) -> PayoutItem:
    """This function will note that the bank has it: information only, the books closed at the transfer."""
    item = _locked(item_id)
    _moved(item, ItemState.ARRIVED, by=by, at=at, stamp="arrived_at")
    outbox.publish(PayoutArrived(item_id=item.pk, agent_id=item.agent_id), at=at, agent_id=item.agent_id)
    return item


@transaction.atomic
def record_return(*, item_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutItem:
    """This function will note that the bank sent it back to the agent's own balance: no journal, the agent is told."""
    item = _locked(item_id)
    _moved(item, ItemState.RETURNED, by=by, at=at, stamp="ended_at", reason=reason)
    fail_instant(item, reason=reason, by=by, at=at)
    outbox.publish(PayoutReturned(item_id=item.pk, agent_id=item.agent_id), at=at, agent_id=item.agent_id)
    return item


@transaction.atomic
def record_came_back(*, item_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutItem:
    """This function will write that the money is ours again: the lines are payable and go into the next run."""
    item = _locked(item_id)
    if item.state == ItemState.CAME_BACK:
        return item
    _moved(item, ItemState.CAME_BACK, by=by, at=at, stamp="ended_at", reason=reason)
    actor = by.label or by.kind
    ledger.post([journals.came_back(item, rail=item.run.rail, actor=actor, at=at, reason=reason)])
    give_back([item], reason=reason, by=by, at=at)
    return item


def _moved(item: PayoutItem, state: str, *, by: Actor, at: datetime, stamp: str, reason: str = "") -> None:
    require_move(ITEM_MOVES, item.state, state)
    before, item.state = item.state, state
    setattr(item, stamp, at)
    item.save(update_fields=["state", stamp])
    trail.record("payments.move_item", item, by=by, at=at, from_state=before, to_state=state, reason=reason)


def _locked(item_id: UUID) -> PayoutItem:
    rows = PayoutItem.objects.across_brands().select_related("run", "account", "agent__user")
    found = rows.filter(pk=item_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found
