"""Write down, ask, record: where brands' payments meet the other side. Every step commits before the next begins."""

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actors import Actor, SystemActor
from payments import actions
from payments.actions.checkouts import (
    CheckoutOrder,
    CollectionFacts,
    CollectionRefused,
    CollectionState,
    CollectionUnknown,
    SavedCharge,
)
from payments.actions.top_ups import Refund, refund_of
from payments.gateways.collection import BrandCollection, collecting_rail, collection_of
from payments.models import BrandFunds, TopUp
from payments.policies.funds import ASK_AGAIN_WITHIN
from payments.queries.clock import database_now
from payments.queries.funds import brands_to_top_up, funds_of, open_top_ups, top_up_of, unconfirmed_refunds
from payments.states import TopUpState

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
CASHIER = SystemActor("cashier")


def open_page(top_up: TopUp, *, return_url: str, cancel_url: str, saves_method: bool, at: datetime) -> str:
    """This function will open the page where the brand pays and return its address.

    Raises:
        CollectionUnknown: the other side did not answer in time; nobody has the page, so nobody can pay twice.
        CollectionRefused: it said no.
    """
    funds = funds_of(top_up.brand_id, top_up.currency)
    order = CheckoutOrder(
        top_up_id=top_up.pk,
        brand_id=top_up.brand_id,
        amount=top_up.money,
        return_url=return_url,
        cancel_url=cancel_url,
        expires_at=top_up.expires_at,
        customer_ref=funds.customer_ref if funds else "",
        saves_method=saves_method,
    )
    session = collection_of(top_up.rail).open_checkout(order, key=top_up.idempotency_key)
    actions.record_checkout(top_up_id=top_up.pk, session=session, at=at)
    return session.url


def look_up(top_up_id: UUID, *, by: Actor = CASHIER, clock: Clock = database_now) -> TopUp:
    """This function will ask how a top-up's payment stands and record it. Nothing is recorded when nobody answers."""
    top_up = _known(top_up_id)
    if top_up.state not in (TopUpState.STARTED, TopUpState.PROCESSING):
        return top_up
    try:
        facts = _facts(top_up, clock())
    except CollectionUnknown as unclear:
        logger.warning("a top-up is not answered", extra={"top_up": str(top_up_id), "detail": unclear.detail})
        return top_up
    except CollectionRefused as refused:
        facts = CollectionFacts(state=CollectionState.FAILED, failure=refused.detail)
    if facts is None:
        return top_up
    return actions.record_collection_facts(top_up_id=top_up_id, facts=facts, by=by, at=clock())


def _known(top_up_id: UUID) -> TopUp:
    found = top_up_of(top_up_id=top_up_id)
    if found is None:
        raise TopUp.DoesNotExist
    return found


def _facts(top_up: TopUp, at: datetime) -> CollectionFacts | None:
    collection = collection_of(top_up.rail)
    if top_up.checkout_ref or top_up.payment_ref:
        return collection.find(checkout_ref=top_up.checkout_ref or "", payment_ref=top_up.payment_ref or "")
    if top_up.is_automatic and at - top_up.started_at < ASK_AGAIN_WITHIN:
        return _charged_once(collection, top_up)
    return _searched(collection, top_up, at)


def _charged_once(collection: BrandCollection, top_up: TopUp) -> CollectionFacts | None:
    """An earlier request may have landed, and only the other side's clock says whether it still knows the key."""
    return _found(collection, top_up) or _charged(collection, top_up)


def _charged(collection: BrandCollection, top_up: TopUp) -> CollectionFacts | None:
    """Asked again in the same words under the same key: the other side charges once."""
    funds = funds_of(top_up.brand_id, top_up.currency)
    if funds is None or not funds.method_ref:
        return None
    order = SavedCharge(
        top_up_id=top_up.pk,
        brand_id=top_up.brand_id,
        amount=top_up.money,
        customer_ref=funds.customer_ref,
        method_ref=funds.method_ref,
    )
    return collection.charge_saved(order, key=top_up.idempotency_key)


def _searched(collection: BrandCollection, top_up: TopUp, at: datetime) -> CollectionFacts | None:
    """The answer was lost: whatever was paid is found by our own mark; nothing found after its end is an end."""
    ended = CollectionFacts(state=CollectionState.EXPIRED) if top_up.expires_at <= at else None
    return _found(collection, top_up) or ended


def _found(collection: BrandCollection, top_up: TopUp) -> CollectionFacts | None:
    found = collection.find_of(top_up.pk)
    paid = [one for one in found if one.state == CollectionState.PAID]
    if len(paid) > 1:
        logger.error("a top-up was paid more than once", extra={"top_up": str(top_up.pk)})
    return next(iter(paid or found), None)


def look_up_open(*, clock: Clock = database_now) -> int:
    """This function will ask about every open top-up and return how many ended."""
    ended = 0
    for top_up_id in open_top_ups(clock()):
        actions.note_top_up_asked(top_up_id=top_up_id, at=clock())
        try:
            after = look_up(top_up_id, clock=clock)
        except DomainError as wrong:
            logger.exception("a top-up's payment differs", extra={"top_up": str(top_up_id), "code": wrong.code})
            continue
        ended += after.state not in (TopUpState.STARTED, TopUpState.PROCESSING)
    return ended


def top_up_low_brands(*, clock: Clock = database_now) -> int:
    """This function will charge saved methods of brands below their line and return how many were charged."""
    return sum(_top_up(funds, clock) for funds in brands_to_top_up())


def _top_up(funds: BrandFunds, clock: Clock) -> int:
    try:
        top_up = actions.start_automatic_top_up(funds_id=funds.pk, rail=collecting_rail(), by=CASHIER, at=clock())
    except DomainError:
        return 0  # one is on its way, or rests after a failure
    look_up(top_up.pk, clock=clock)
    return 1


def send_refund(refund: Refund, *, clock: Clock = database_now) -> bool:
    """This function will ask for a decided refund and record the answer; True when the other side took it."""
    if not refund.payment_ref:
        return False
    answer = collection_of(refund.rail).refund(
        top_up_id=refund.top_up_id, payment_ref=refund.payment_ref, amount=refund.amount, key=refund.key
    )
    if answer.is_accepted:
        actions.confirm_refund(top_up_id=refund.top_up_id, by=CASHIER, at=clock())
    elif answer.is_certain:
        actions.undo_refund(top_up_id=refund.top_up_id, reason=answer.detail, by=CASHIER, at=clock())
    return answer.is_accepted


def send_open_refunds(*, clock: Clock = database_now) -> int:
    """This function will ask again for refunds whose answer was lost; what happened already is found, not sent."""
    return sum(_send_again(_known(top_up_id), clock) for top_up_id in unconfirmed_refunds())


def _send_again(top_up: TopUp, clock: Clock) -> bool:
    actions.note_top_up_asked(top_up_id=top_up.pk, at=clock())
    try:
        return send_refund(refund_of(top_up), clock=clock)
    except (CollectionUnknown, CollectionRefused) as unclear:
        logger.warning("a refund is not answered", extra={"top_up": str(top_up.pk), "detail": unclear.detail})
        return False
