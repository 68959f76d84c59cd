"""Payouts through Stripe Connect: Accounts v2 as recipients, one transfer a payout, found again by its group."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import stripe
from django.utils.translation import gettext as _

from gigcx.kernel.money import Money
from payments.actions.accounts import AccountFacts
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.errors import NotOffered, PaymentDiffers
from payments.gateways.guard import outside_transactions
from payments.gateways.protocol import InstantOffer, RailBalance
from payments.gateways.stripe.amounts import our_amount, stripe_amount
from payments.gateways.stripe.answers import is_replay, outcome_of
from payments.gateways.stripe.client import StripeParty
from payments.gateways.stripe.reading import asking
from payments.states import OutcomeKind, PayoutAccountState, RailCode

_INSTANT_TAKES: Final = timedelta(minutes=30)
_CLOCKS_DIFFER: Final = timedelta(days=3)
_LOOKED_THROUGH: Final = 100
_STATES: Final = {
    "active": PayoutAccountState.ACTIVE,
    "pending": PayoutAccountState.ONBOARDING,
    "restricted": PayoutAccountState.RESTRICTED,
    "rejected": PayoutAccountState.REJECTED,
    "unsupported": PayoutAccountState.REJECTED,
}


class StripeConnectRail(StripeParty):
    """A rail that moves real money in live mode and Stripe's test money in test mode."""

    code: Final = str(RailCode.STRIPE_CONNECT)
    label: Final = "Stripe Connect"
    is_real_money: Final = True

    @asking
    def open_account(self, *, account_id: UUID, country: str, email: str, key: str) -> str:
        """This function will open a recipient account. Who bears fees and losses is fixed for good here.

        A server error that the key will always replay is left behind under a second key; an account nobody uses costs
        nothing.
        """
        try:
            return self._opened(account_id, country, email, key)
        except stripe.APIError as error:
            if (error.http_status or 0) < 500 or not is_replay(error.headers):
                raise
        return self._opened(account_id, country, email, f"{key}:2")

    def _opened(self, account_id: UUID, country: str, email: str, key: str) -> str:
        account = self._writes.v2.core.accounts.create(
            {
                "dashboard": "express",
                "contact_email": email,
                "identity": {"country": country.lower(), "entity_type": "individual"},
                "configuration": {
                    "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
                },
                "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
                "metadata": {"payout_account": str(account_id)},
            },
            {"idempotency_key": key},
        )
        return str(account.id)

    @asking
    def onboarding_link(self, *, ref: str, return_url: str, refresh_url: str, key: str) -> str:
        """This function will return the address of Stripe's own onboarding pages."""
        link = self._writes.v2.core.account_links.create(
            {
                "account": ref,
                "use_case": {
                    "type": "account_onboarding",
                    "account_onboarding": {
                        "refresh_url": refresh_url,
                        "return_url": return_url,
                        "collection_options": {"fields": "eventually_due"},
                    },
                },
            },
            {"idempotency_key": key},
        )
        return str(link.url)

    @asking
    def account_facts(self, ref: str) -> AccountFacts:
        """This function will ask whether transfers to the account are possible, what is missing, and which bank it has.

        Raises:
            UnknownRemote: there is no such account.
            RailUnavailable: no answer just now.
        """
        account = self._reads.v2.core.accounts.retrieve(ref, {"include": ["configuration.recipient", "requirements"]})
        status = dig(
            account, "configuration", "recipient", "capabilities", "stripe_balance", "stripe_transfers", "status"
        )
        entries = dig(account, "requirements", "entries") or []
        codes = tuple(str(dig(entry, "description") or "") for entry in entries)
        is_closed = dig(account, "closed") is True
        bank = None if is_closed or status != "active" else self._bank_of(ref)
        return AccountFacts(
            remote_ref=ref,
            state=PayoutAccountState.REJECTED if is_closed else _state_of(status),
            requirement_codes=codes,
            bank_number=str(dig(bank, "fingerprint") or "") if bank else "",
            last4=str(dig(bank, "last4") or "")[-4:] if bank else "",
            can_receive_instantly="instant" in (dig(bank, "available_payout_methods") or []) if bank else False,
        )

    def _bank_of(self, ref: str) -> Any:
        """The account's bank or card as far as Stripe shows it to us: a fingerprint, never a number."""
        try:
            found = self._reads.v1.accounts.external_accounts.list(ref, {"limit": 10})
        except (stripe.APIConnectionError, stripe.RateLimitError):
            raise
        except stripe.StripeError:
            return None  # not every kind of account shows its bank to the platform
        banks = list(found.data)
        return next((one for one in banks if dig(one, "default_for_currency")), banks[0] if banks else None)

    @outside_transactions
    def send(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will order one transfer under our key, from the available balance, exactly once a call."""
        try:
            amount = stripe_amount(Money(order.amount_minor, order.currency))
        except PaymentDiffers:
            return Outcome(kind=OutcomeKind.ACCOUNT_REFUSED, detail="amount_not_payable")
        try:
            transfer = self._writes.v1.transfers.create(
                {
                    "amount": amount,
                    "currency": order.currency.lower(),
                    "destination": order.destination,
                    "transfer_group": str(order.group),
                    "metadata": {"payout_item": str(order.group), "payout_run": str(order.run)},
                },
                {"idempotency_key": key},
            )
        except stripe.StripeError as error:
            return outcome_of(error)
        response = transfer.last_response
        return Outcome(
            kind=OutcomeKind.DONE,
            payment=payment_of(transfer),
            http_status=response.code if response else None,
            request_id=(response.request_id or "") if response else "",
            was_replay=is_replay(response.headers if response else {}),
        )

    @asking
    def find(self, group: UUID) -> tuple[RemotePayment, ...]:
        """This function will return every transfer of one item; it is asked for where an answer was lost."""
        found = self._reads.v1.transfers.list({"transfer_group": str(group), "limit": 100})
        return tuple(payment_of(one) for one in found.data)

    @asking
    def payment(self, ref: str) -> RemotePayment:
        """This function will return one transfer as it is now.

        Raises:
            UnknownRemote: there is none of that name.
        """
        return payment_of(self._reads.v1.transfers.retrieve(ref))

    @asking
    def payments_since(self, at: datetime) -> tuple[RemotePayment, ...]:
        """This function will return every transfer from a moment on."""
        found = self._reads.v1.transfers.list({"created": {"gte": max(0, int(at.timestamp()))}, "limit": 100})
        return tuple(payment_of(one) for one in found.auto_paging_iter())

    @asking
    def balance(self, currency: str) -> RailBalance:
        """This function will return the platform's balance in one currency, available and pending apart."""
        found = self._reads.v1.balance.retrieve()
        return RailBalance(
            _sum_of(dig(found, "available") or [], currency), _sum_of(dig(found, "pending") or [], currency)
        )

    @asking
    def quote_instant(self, *, ref: str, amount: Money) -> InstantOffer:
        """This function will offer half an hour where the account's bank or card takes instant payouts.

        Raises:
            NotOffered: it does not, or Stripe does not say so.
        """
        if "instant" not in (dig(self._bank_of(ref), "available_payout_methods") or []):
            raise NotOffered(_("Your bank does not take instant payouts."))
        return InstantOffer(_INSTANT_TAKES)

    def _sent_before(self, order: PaymentOrder) -> RemotePayment | None:
        """Look through the newest hundred whatever their dates: a clock that was ahead may have named the item."""
        since = (order.group.int >> 80) // 1000 - _CLOCKS_DIFFER // timedelta(seconds=1)
        found = self._reads.v1.payouts.list({"limit": _LOOKED_THROUGH}, {"stripe_account": order.destination})
        for place, one in enumerate(found.auto_paging_iter(), start=1):
            if dig(one, "metadata", "payout_item") == str(order.group):
                return _instant_of(one, order)
            if place >= _LOOKED_THROUGH and one.created < since:
                break
        return None

    @outside_transactions
    def send_instant(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will send what a transfer put on the agent's own balance on to the bank, at once.

        The order is given on the agent's account; our balance does not move. It is looked for there first: only Stripe's
        clock says whether it still knows the key of an order whose answer was lost.
        """
        try:
            if sent := self._sent_before(order):
                return Outcome(kind=OutcomeKind.DONE, payment=sent, detail="found by look-up")
        except stripe.StripeError as silent:
            return Outcome(kind=OutcomeKind.UNKNOWN, detail=f"not sent: {type(silent).__name__}")
        try:
            payout = self._writes.v1.payouts.create(
                {
                    "amount": stripe_amount(Money(order.amount_minor, order.currency)),
                    "currency": order.currency.lower(),
                    "method": "instant",
                    "metadata": {"payout_item": str(order.group), "payout_run": str(order.run)},
                },
                {"idempotency_key": key, "stripe_account": order.destination},
            )
        except PaymentDiffers:
            return Outcome(kind=OutcomeKind.ACCOUNT_REFUSED, detail="amount_not_payable")
        except stripe.StripeError as error:
            return outcome_of(error)
        response = payout.last_response
        return Outcome(
            kind=OutcomeKind.DONE,
            payment=_instant_of(payout, order),
            http_status=response.code if response else None,
            request_id=(response.request_id or "") if response else "",
            was_replay=is_replay(response.headers if response else {}),
        )


def _instant_of(payout: stripe.Payout, order: PaymentOrder) -> RemotePayment:
    return RemotePayment(
        ref=payout.id,
        amount_minor=our_amount(payout.amount, payout.currency),
        currency=payout.currency.upper(),
        destination=order.destination,
        group=str(order.group),
    )


def payment_of(transfer: stripe.Transfer) -> RemotePayment:
    """This function will put a transfer into our words."""
    currency = transfer.currency.upper()
    made = dig(transfer, "created")
    return RemotePayment(
        ref=transfer.id,
        amount_minor=our_amount(transfer.amount, currency),
        currency=currency,
        destination=str(dig(transfer, "destination", "id") or dig(transfer, "destination") or ""),
        group=str(dig(transfer, "transfer_group") or ""),
        is_reversed=dig(transfer, "reversed") is True,
        reversed_minor=our_amount(dig(transfer, "amount_reversed") or 0, currency),
        made_at=datetime.fromtimestamp(int(made), UTC) if made else None,
    )


def _state_of(status: object) -> str:
    return _STATES.get(str(status), PayoutAccountState.ONBOARDING)


def _sum_of(amounts: Any, currency: str) -> int:
    return sum(our_amount(one.amount, currency) for one in amounts if one.currency.upper() == currency)


def dig(found: Any, *path: str) -> Any:
    """This function will follow names into an answer and return None where one is missing."""
    for step in path:
        found = getattr(found, step, None) if not isinstance(found, dict) else found.get(step)
        if found is None:
            return None
    return found
