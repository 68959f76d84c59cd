"""What Stripe says of a payment of a brand, in our words."""

from typing import Any, Final

import stripe

from payments.actions.checkouts import CollectionFacts, CollectionState
from payments.gateways.stripe.amounts import our_amount
from payments.gateways.stripe.rail import dig
from payments.states import ReceiptMethod

S = CollectionState
_CARDS: Final = frozenset({"card", "link", "amazon_pay", "cashapp", "paypal"})
_TRANSFERS: Final = frozenset({"customer_balance"})


def facts_of_session(session: "stripe.checkout.Session") -> CollectionFacts:
    """This function will judge a payment page. Complete and unpaid is a bank debit on its way: nothing is credited yet."""
    intent = session.payment_intent
    has_intent = dig(intent, "status") is not None
    paid = facts_of_intent(intent, checkout_ref=session.id) if has_intent else None
    state = _state_of_session(session, paid.state if paid else "")
    currency = (session.currency or "").upper()
    return CollectionFacts(
        state=state,
        amount_minor=paid.amount_minor if paid and paid.amount_minor else _total(session, currency, state),
        currency=currency,
        checkout_ref=session.id,
        payment_ref=paid.payment_ref if paid else str(intent or ""),
        method=paid.method if paid else "",
        failure=paid.failure if paid else "",
        refunded_minor=paid.refunded_minor if paid else 0,
        customer_ref=_ref(session.customer) or (paid.customer_ref if paid else ""),
        method_ref=paid.method_ref if paid else "",
        method_label=paid.method_label if paid else "",
    )


def _state_of_session(session: "stripe.checkout.Session", intent_state: str) -> str:
    if session.payment_status == "paid" or intent_state == S.PAID:
        return S.PAID
    if session.status == "expired":
        return S.EXPIRED
    if session.status == "complete":
        return S.FAILED if intent_state == S.FAILED else S.PROCESSING
    return S.PROCESSING if intent_state == S.PROCESSING else S.OPEN


def _total(session: "stripe.checkout.Session", currency: str, state: str) -> int:
    return our_amount(session.amount_total or 0, currency) if state == S.PAID else 0


def facts_of_intent(intent: Any, *, is_final: bool = False, checkout_ref: str = "") -> CollectionFacts:
    """This function will judge a payment. `is_final`: nobody stands at a page who could try another card."""
    currency = str(intent.currency).upper()
    charge, method = dig(intent, "latest_charge"), dig(intent, "payment_method")
    kind = str(dig(method, "type") or dig(charge, "payment_method_details", "type") or "")
    is_saved = dig(intent, "setup_future_usage") is not None
    return CollectionFacts(
        state=_state_of_intent(intent, is_final=is_final),
        amount_minor=our_amount(dig(intent, "amount_received") or 0, currency),
        currency=currency,
        checkout_ref=checkout_ref,
        payment_ref=str(intent.id),
        method=_method_of(kind),
        failure=str(dig(intent, "last_payment_error", "code") or ""),
        refunded_minor=our_amount(dig(charge, "amount_refunded") or 0, currency) if charge else 0,
        customer_ref=_ref(dig(intent, "customer")),
        method_ref=_ref(method) if is_saved else "",
        method_label=_label(method, kind) if is_saved else "",
    )


def _state_of_intent(intent: Any, *, is_final: bool) -> str:
    match intent.status:
        case "succeeded":
            return S.PAID
        case "processing":
            return S.PROCESSING
        case "canceled":
            return S.FAILED
    has_failed = dig(intent, "last_payment_error") is not None
    return S.FAILED if has_failed or is_final else S.OPEN


def _method_of(kind: str) -> str:
    if kind in _TRANSFERS:
        return ReceiptMethod.BANK_TRANSFER
    return ReceiptMethod.CARD if not kind or kind in _CARDS else ReceiptMethod.BANK_DEBIT


def _label(method: Any, kind: str) -> str:
    last4 = str(dig(method, kind, "last4") or "") if kind else ""
    return f"{kind.replace('_', ' ')} … {last4}" if last4 else kind.replace("_", " ")


def _ref(found: Any) -> str:
    return str(dig(found, "id") or found or "")
