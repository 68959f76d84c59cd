"""Payouts through Stripe Connect: Accounts v2 as recipients, one transfer a payout, found again by its group."""

from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

import stripe

from gigcx.kernel.money import Money
from payments.actions.accounts import AccountFacts
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.gateways.guard import outside_transactions
from payments.gateways.protocol import RailBalance
from payments.gateways.stripe.amounts import our_amount, stripe_amount
from payments.gateways.stripe.answers import is_replay, outcome_of
from payments.gateways.stripe.client import client_for_reads, client_for_writes
from payments.states import OutcomeKind, PayoutAccountState, RailCode

_STATES: Final = {
    "active": PayoutAccountState.ACTIVE,
    "pending": PayoutAccountState.ONBOARDING,
    "restricted": PayoutAccountState.RESTRICTED,
    "rejected": PayoutAccountState.REJECTED,
    "unsupported": PayoutAccountState.REJECTED,
}


class StripeConnectRail:
    """A rail that moves real money in live mode and Stripe's test money in test mode."""

    code: Final = str(RailCode.STRIPE_CONNECT)
    label: Final = "Stripe Connect"
    is_real_money: Final = True

    def __init__(self, *, reads: stripe.StripeClient, writes: stripe.StripeClient) -> None:
        self._reads = reads
        self._writes = writes

    @classmethod
    def from_settings(cls) -> Self:
        """This function will build the rail; wrong mode or key raises ImproperlyConfigured."""
        return cls(reads=client_for_reads(), writes=client_for_writes())

    @outside_transactions
    def open_account(self, *, account_id: UUID, country: str, email: str, key: str) -> str:
        """This function will open a recipient account. Who bears fees and losses is fixed for good here."""
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

    @outside_transactions
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

    @outside_transactions
    def account_facts(self, ref: str) -> AccountFacts:
        """This function will ask whether transfers to the account are possible, and what is missing."""
        account = self._reads.v2.core.accounts.retrieve(ref, {"include": ["configuration.recipient", "requirements"]})
        status = _dig(
            account, "configuration", "recipient", "capabilities", "stripe_balance", "stripe_transfers", "status"
        )
        entries = _dig(account, "requirements", "entries") or []
        codes = tuple(str(_dig(entry, "description") or "") for entry in entries)
        return AccountFacts(
            remote_ref=ref,
            state=_STATES.get(str(status), PayoutAccountState.ONBOARDING),
            requirement_codes=codes,
        )

    @outside_transactions
    def send(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will order one transfer under our key, from the available balance, exactly once a call."""
        try:
            transfer = self._writes.v1.transfers.create(
                {
                    "amount": stripe_amount(Money(order.amount_minor, order.currency)),
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
            payment=_payment(transfer),
            http_status=response.code if response else None,
            request_id=(response.request_id or "") if response else "",
            was_replay=is_replay(response.headers if response else {}),
        )

    @outside_transactions
    def find(self, group: UUID) -> tuple[RemotePayment, ...]:
        """This function will return every transfer of one item; it is asked for where an answer was lost."""
        found = self._reads.v1.transfers.list({"transfer_group": str(group), "limit": 100})
        return tuple(_payment(one) for one in found.data)

    @outside_transactions
    def payments_since(self, at: datetime) -> tuple[RemotePayment, ...]:
        """This function will return every transfer from a moment on."""
        found = self._reads.v1.transfers.list({"created": {"gte": int(at.timestamp())}, "limit": 100})
        return tuple(_payment(one) for one in found.auto_paging_iter())

    @outside_transactions
    def balance(self, currency: str) -> RailBalance:
        """This function will return the platform's balance in one currency, available and pending apart."""
        found = self._reads.v1.balance.retrieve()
        return RailBalance(_sum_of(found.available, currency), _sum_of(found.pending, currency))


def _payment(transfer: stripe.Transfer) -> RemotePayment:
    currency = transfer.currency.upper()
    return RemotePayment(
        ref=transfer.id,
        amount_minor=our_amount(transfer.amount, currency),
        currency=currency,
        destination=str(transfer.destination),
        group=transfer.transfer_group or "",
        is_reversed=transfer.reversed,
    )


def _sum_of(amounts: Any, currency: str) -> int:
    return sum(our_amount(one.amount, currency) for one in amounts if one.currency.upper() == currency)


def _dig(found: Any, *path: str) -> Any:
    for step in path:
        found = getattr(found, step, None) if not isinstance(found, dict) else found.get(step)
        if found is None:
            return None
    return found
