"""Money of brands through Stripe: Checkout, a saved method, refunds, and copies of our invoices."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

import stripe
from django.utils.translation import gettext as _

from gigcx.kernel.money import Money
from payments.actions.checkouts import (
    CheckoutOrder,
    CheckoutSession,
    CollectionFacts,
    CollectionRefused,
    CollectionState,
    CollectionUnknown,
    MirrorFacts,
    MirrorOrder,
    RefundAnswer,
    SavedCharge,
)
from payments.gateways.guard import outside_transactions
from payments.gateways.stripe.amounts import our_amount, stripe_amount
from payments.gateways.stripe.client import StripeParty
from payments.gateways.stripe.facts import facts_of_intent, facts_of_session
from payments.states import RailCode

P = ParamSpec("P")
R = TypeVar("R")
_LINES_A_CALL: Final = 200
_CLOCKS_DIFFER: Final = timedelta(days=3)
_DEFINITE: Final = (stripe.InvalidRequestError, stripe.CardError)


def ordering(call: Callable[P, R]) -> Callable[P, R]:
    """This function will wrap a write to Stripe: outside transactions, and sure of a refusal only where it is one.

    Raises:
        CollectionRefused: Stripe said no for good.
        CollectionUnknown: everything else; the same key may be asked again, or the thing looked up.
    """

    @wraps(call)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except _DEFINITE as no:
            raise CollectionRefused(no.code or type(no).__name__) from no
        except stripe.StripeError as unclear:
            context = {"status": unclear.http_status, "request": unclear.request_id or ""}
            raise CollectionUnknown(unclear.code or type(unclear).__name__, context) from unclear

    return outside_transactions(asked)


class StripeCollection(StripeParty):
    """Collects real money in live mode and Stripe's test money in test mode."""

    code: Final = str(RailCode.STRIPE_CONNECT)
    label: Final = "Stripe"
    is_real_money: Final = True

    @ordering
    def open_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutSession:
        """This function will open a page where the brand pays; the same key gives the same page."""
        marks = {"top_up": str(order.top_up_id), "brand": str(order.brand_id)}
        intent: dict[str, Any] = {"metadata": marks}
        if order.saves_method:
            intent["setup_future_usage"] = "off_session"
        params: dict[str, Any] = {
            "mode": "payment",
            "client_reference_id": str(order.top_up_id),
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": order.amount.currency.lower(),
                        "unit_amount": stripe_amount(order.amount),
                        "product_data": {"name": _("Wallet top-up")},
                    },
                }
            ],
            "metadata": marks,
            "payment_intent_data": intent,
            "success_url": order.return_url,
            "cancel_url": order.cancel_url,
            "expires_at": int(order.expires_at.timestamp()),
        }
        if order.customer_ref:
            params["customer"] = order.customer_ref
        elif order.saves_method:
            params["customer_creation"] = "always"
        session = self._writes.v1.checkout.sessions.create(params, {"idempotency_key": key})  # type: ignore[arg-type]  # a TypedDict, built in steps
        return CheckoutSession(session.id, session.url or "")

    @outside_transactions
    def charge_saved(self, order: SavedCharge, *, key: str) -> CollectionFacts:
        """This function will charge the saved method; a declined card is an answer, not an error."""
        try:
            intent = self._charge(order, key)
        except CollectionRefused as declined:
            cause = declined.__cause__
            if not isinstance(cause, stripe.CardError):
                raise
            made = getattr(getattr(cause, "error", None), "payment_intent", None)
            ref = str(getattr(made, "id", "") or "")
            return CollectionFacts(state=CollectionState.FAILED, payment_ref=ref, failure=declined.detail)
        return facts_of_intent(intent, is_final=True)

    @ordering
    def _charge(self, order: SavedCharge, key: str) -> stripe.PaymentIntent:
        return self._writes.v1.payment_intents.create(
            {
                "amount": stripe_amount(order.amount),
                "currency": order.amount.currency.lower(),
                "customer": order.customer_ref,
                "payment_method": order.method_ref,
                "off_session": True,
                "confirm": True,
                "metadata": {"top_up": str(order.top_up_id), "brand": str(order.brand_id)},
            },
            {"idempotency_key": key},
        )

    @ordering
    def find(self, *, checkout_ref: str = "", payment_ref: str = "") -> CollectionFacts | None:
        """This function will look one payment up by either reference; None when there is none."""
        try:
            if payment_ref:
                intent = self._reads.v1.payment_intents.retrieve(
                    payment_ref, {"expand": ["latest_charge", "payment_method"]}
                )
                return facts_of_intent(intent, is_final=not checkout_ref, checkout_ref=checkout_ref)
            session = self._reads.v1.checkout.sessions.retrieve(
                checkout_ref, {"expand": ["payment_intent.latest_charge", "payment_intent.payment_method"]}
            )
            return facts_of_session(session)
        except stripe.InvalidRequestError as absent:
            if absent.http_status == 404 or absent.code == "resource_missing":
                return None
            raise

    @ordering
    def find_of(self, top_up_id: UUID) -> tuple[CollectionFacts, ...]:
        """This function will look up every payment made for one top-up: more than one is a finding.

        By its own mark on each payment since it was asked for, which its id tells; days earlier, as Stripe's clock is not
        ours.
        """
        asked = datetime.fromtimestamp((top_up_id.int >> 80) // 1000, UTC)
        since = _seconds(asked - _CLOCKS_DIFFER)
        found = self._reads.v1.payment_intents.list({"created": {"gte": since}, "limit": 100})
        mine = (one for one in found.auto_paging_iter() if _mark(one) == str(top_up_id))
        return tuple(facts_of_intent(one, is_final=True) for one in mine)

    @outside_transactions
    def refund(self, *, top_up_id: UUID, payment_ref: str, amount: Money, key: str) -> RefundAnswer:
        """This function will send money back the way it came.

        It is looked for first: only Stripe's clock says whether it still knows the key of a refund whose answer was lost.
        """
        try:
            made = self._refunded_before(top_up_id, payment_ref)
        except (CollectionRefused, CollectionUnknown) as silent:
            return RefundAnswer(is_accepted=False, is_certain=False, detail=f"not sent: {silent.detail}")
        try:
            made = made or self._refund(top_up_id, payment_ref, amount, key)
        except CollectionRefused as no:
            return RefundAnswer(is_accepted=False, detail=no.detail)
        except CollectionUnknown as unclear:
            return RefundAnswer(is_accepted=False, is_certain=False, detail=unclear.detail)
        is_accepted, has_failed = made.status in ("succeeded", "pending"), made.status in ("failed", "canceled")
        return RefundAnswer(
            is_accepted=is_accepted, is_certain=is_accepted or has_failed, ref=made.id, detail=str(made.status or "")
        )

    @ordering
    def _refunded_before(self, top_up_id: UUID, payment_ref: str) -> stripe.Refund | None:
        """By our own mark: what somebody gave back by hand on the same payment is not ours."""
        found = self._reads.v1.refunds.list({"payment_intent": payment_ref, "limit": 100})
        return next((one for one in found.auto_paging_iter() if _mark(one) == str(top_up_id)), None)

    @ordering
    def _refund(self, top_up_id: UUID, payment_ref: str, amount: Money, key: str) -> stripe.Refund:
        return self._writes.v1.refunds.create(
            {
                "payment_intent": payment_ref,
                "amount": stripe_amount(amount),
                "metadata": {"top_up": str(top_up_id)},
            },
            {"idempotency_key": key},
        )

    @ordering
    def mirror_invoice(self, order: MirrorOrder, *, key: str) -> MirrorFacts:
        """This function will copy an issued invoice to Stripe, finalized, under our number and never sent by it.

        Four requests, each under a key of its own made from ours: dying between them goes on where it stopped.
        """
        currency = order.lines[0][1].currency if order.lines else "USD"
        customer = order.customer_ref or self._customer(order, key)
        made = self._writes.v1.invoices.create(
            {
                "customer": customer,
                "number": order.number,
                "currency": currency.lower(),
                "collection_method": "send_invoice",
                "due_date": int(order.due_at.timestamp()),
                "auto_advance": False,
                "pending_invoice_items_behavior": "exclude",
                "metadata": {"invoice": str(order.invoice_id), "brand": str(order.brand_id)},
            },
            {"idempotency_key": f"{key}:invoice"},
        )
        ref = str(made.id)
        for start in range(0, len(order.lines), _LINES_A_CALL):
            part = order.lines[start : start + _LINES_A_CALL]
            lines = [{"description": text, "amount": stripe_amount(money)} for text, money in part]
            self._writes.v1.invoices.add_lines(
                ref,
                {"lines": lines},  # type: ignore[typeddict-item]  # description and amount
                {"idempotency_key": f"{key}:lines:{start}"},
            )
        final = self._writes.v1.invoices.finalize_invoice(
            ref, {"auto_advance": False}, {"idempotency_key": f"{key}:finalize"}
        )
        return MirrorFacts(
            ref=ref,
            total_minor=our_amount(final.total, currency),
            pay_url=str(final.hosted_invoice_url or ""),
            customer_ref=customer,
        )

    def _customer(self, order: MirrorOrder, key: str) -> str:
        made = self._writes.v1.customers.create(
            {"metadata": {"brand": str(order.brand_id)}}, {"idempotency_key": f"{key}:customer"}
        )
        return str(made.id)

    @ordering
    def void_invoice(self, *, ref: str, key: str) -> None:
        """This function will void a copy that does not equal our invoice."""
        self._writes.v1.invoices.void_invoice(ref, {}, {"idempotency_key": key})


def _mark(made: stripe.PaymentIntent | stripe.Refund) -> str:
    return str(getattr(made.metadata, "top_up", "") or "") if made.metadata else ""


def _seconds(at: datetime) -> int:
    return max(0, int(at.timestamp()))
