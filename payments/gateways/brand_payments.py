"""What events about payments of brands lead to: looked up, then recorded. Until money has settled nothing is credited."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from gigcx.kernel.errors import NotFound
from payments import actions
from payments.actions.checkouts import CollectionFacts, CollectionRefused, CollectionUnknown
from payments.actions.inbox import INBOX
from payments.errors import RailUnavailable
from payments.gateways.collection import collecting_rail, collection_of
from payments.ledger.retries import with_retries
from payments.models import StripeEvent, TopUp
from payments.queries.inbox import invoice_known_as, top_up_known_as
from payments.states import RailCode, ReceiptMethod, TopUpState

Clock = Callable[[], datetime]
UNKNOWN_OBJECT: Final = "unknown_object"
UNMATCHED: Final = "unmatched"
_TAKEN: Final = ("needs_response", "under_review", "lost")


def checkout(event: StripeEvent, clock: Clock) -> str:
    """This function will look a payment page up and record how it stands."""
    top_up = top_up_known_as(top_up_id=_mark(event), checkout_ref=event.object_ref)
    if top_up is None:
        return UNKNOWN_OBJECT
    return _record(top_up, _look(checkout_ref=event.object_ref), clock)


def payment(event: StripeEvent, clock: Clock) -> str:
    """This function will look a payment up and record how it stands."""
    top_up = top_up_known_as(top_up_id=_mark(event), payment_ref=event.object_ref)
    if top_up is None:
        return UNKNOWN_OBJECT
    return _record(top_up, _look(checkout_ref=top_up.checkout_ref or "", payment_ref=event.object_ref), clock)


def _look(**refs: str) -> CollectionFacts | None:
    try:
        return collection_of(collecting_rail()).find(**refs)
    except (CollectionUnknown, CollectionRefused) as unclear:
        raise RailUnavailable(context={"code": unclear.detail}) from unclear


def _record(top_up: TopUp, facts: CollectionFacts | None, clock: Clock) -> str:
    if facts is None:
        return UNKNOWN_OBJECT
    at = clock()
    with_retries(lambda: actions.record_collection_facts(top_up_id=top_up.pk, facts=facts, by=INBOX, at=at))
    return ""


def card_dispute(event: StripeEvent, clock: Clock) -> str:
    """This function will look a card dispute up; one that only warns has taken nothing."""
    from payments.gateways.stripe.side import StripeSide

    dispute = StripeSide.from_settings().dispute(event.object_ref)
    given: dict[str, Any] = {
        "payment_ref": dispute.payment_ref,
        "dispute_ref": dispute.ref,
        "amount": dispute.amount,
        "by": INBOX,
        "at": clock(),
    }
    try:
        if dispute.state in _TAKEN:
            with_retries(lambda: actions.record_card_dispute(**given))
        if dispute.state == "won":
            with_retries(lambda: actions.win_card_dispute(**given))
        if dispute.state == "lost":
            with_retries(lambda: actions.lose_card_dispute(**given))
    except NotFound:
        return UNKNOWN_OBJECT
    return ""


def refund(event: StripeEvent, clock: Clock) -> str:
    """This function will see that a refund of ours happened; one made by hand on the other side is for people to look at."""
    found = event.body.get("data", {}).get("object", {})
    top_up = top_up_known_as(top_up_id=_mark(event), payment_ref=str(found.get("payment_intent") or ""))
    if top_up is None:
        return UNKNOWN_OBJECT
    facts = _look(payment_ref=top_up.payment_ref or "")
    if facts is None or not facts.refunded_minor:
        return UNMATCHED if found.get("status") == "failed" else ""
    is_ours = top_up.state == TopUpState.REFUNDED and facts.refunded_minor <= top_up.refunded_minor
    if is_ours and facts.refunded_minor == top_up.refunded_minor:
        with_retries(lambda: actions.confirm_refund(top_up_id=top_up.pk, by=INBOX, at=clock()))
    return "" if is_ours else UNMATCHED


def invoice(event: StripeEvent, clock: Clock) -> str:
    """This function will record that a copy of our invoice was paid, once by its reference."""
    if not event.type.startswith("invoice.p"):
        return ""
    from payments.gateways.stripe.side import StripeSide

    paid = StripeSide.from_settings().invoice(event.object_ref)
    ours = invoice_known_as(invoice_id=paid.mark, remote_ref=paid.ref)
    if ours is None:
        return UNKNOWN_OBJECT
    if paid.state != "paid" or not paid.amount:
        return ""
    with_retries(
        lambda: actions.record_invoice_payment(
            invoice_id=ours.pk,
            amount=paid.amount,
            method=ReceiptMethod.CARD,
            rail=RailCode.STRIPE_CONNECT,
            remote_ref=paid.ref,
            received_at=clock(),
            by=INBOX,
            at=clock(),
        )
    )
    return ""


def _mark(event: StripeEvent) -> str:
    """Our own mark on the thing: it says which top-up to look at, never what became of it."""
    found = event.body.get("data", {}).get("object", {})
    marks = found.get("metadata") if isinstance(found, dict) else None
    return str(marks.get("top_up") or "") if isinstance(marks, dict) else ""
