"""What else there is to see on Stripe's side: payouts to banks, undelivered events, the balance's movements, settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

import stripe

from gigcx.kernel.money import Money
from payments.actions.arrivals import RemoteArrival
from payments.actions.inbox import IncomingEvent
from payments.actions.movements import RemoteMovement
from payments.errors import BadSignature
from payments.gateways.stripe.amounts import our_amount
from payments.gateways.stripe.client import client_for_reads
from payments.gateways.stripe.rail import dig
from payments.gateways.stripe.reading import asking
from payments.gateways.stripe.webhooks import event_of

_MOST_EVENTS: Final = 2000


@dataclass(frozen=True, slots=True)
class RemoteDispute:
    """A card payment that its bank takes back, as Stripe has it."""

    ref: str
    payment_ref: str
    amount: Money
    state: str


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """A copy of an invoice of ours. `mark` is our own id on it."""

    ref: str
    mark: str
    amount: Money
    state: str


class StripeSide:
    """Questions about Stripe's side that belong to no single payout."""

    def __init__(self, reads: stripe.StripeClient) -> None:
        self._reads = reads

    @classmethod
    def from_settings(cls) -> Self:
        """This function will build it; wrong mode or key raises ImproperlyConfigured."""
        return cls(client_for_reads())

    @asking
    def arrival(self, *, ref: str, account_ref: str) -> RemoteArrival:
        """This function will look a payout from an agent's balance to the bank up, with the transfers in it.

        Raises:
            UnknownRemote: there is none of that name on that account.
        """
        found = self._reads.v1.payouts.retrieve(ref, None, {"stripe_account": account_ref})
        metadata = dig(found, "metadata")
        return RemoteArrival(
            ref=found.id,
            account_ref=account_ref,
            state=found.status,
            amount_minor=our_amount(found.amount, found.currency),
            currency=found.currency.upper(),
            transfer_refs=self._transfers_in(ref, account_ref),
            item_ref=str(dig(metadata, "payout_item") or "") if metadata else "",
            failure=str(dig(found, "failure_code") or ""),
        )

    def _transfers_in(self, ref: str, account_ref: str) -> tuple[str, ...]:
        """Stripe tells them for automatic payouts only; for the others our mark or the amount says which it was."""
        try:
            found = self._reads.v1.balance_transactions.list(
                {"payout": ref, "limit": 100, "expand": ["data.source"]}, {"stripe_account": account_ref}
            )
        except stripe.InvalidRequestError:
            return ()
        refs = (dig(one, "source", "source_transfer") for one in found.auto_paging_iter())
        return tuple(str(dig(one, "id") or one) for one in refs if one)

    @asking
    def dispute(self, ref: str) -> RemoteDispute:
        """This function will look a card dispute up.

        Raises:
            UnknownRemote: there is none of that name.
        """
        found = self._reads.v1.disputes.retrieve(ref)
        intent = dig(found, "payment_intent")
        return RemoteDispute(
            found.id, str(dig(intent, "id") or intent or ""), _money(found.amount, found.currency), found.status
        )

    @asking
    def invoice(self, ref: str) -> RemoteInvoice:
        """This function will look the copy of an invoice up, with what was paid on it.

        Raises:
            UnknownRemote: there is none of that name.
        """
        found = self._reads.v1.invoices.retrieve(ref)
        mark = str(dig(found, "metadata", "invoice") or "")
        return RemoteInvoice(ref, mark, _money(found.amount_paid, found.currency), str(found.status or ""))

    @asking
    def undelivered_events(self, *, since: datetime) -> tuple[IncomingEvent, ...]:
        """This function will return the events that Stripe could not deliver to us since then."""
        found = self._reads.v1.events.list(
            {"delivery_success": False, "created": {"gte": _seconds(since)}, "limit": 100}
        )
        return tuple(_readable(found.auto_paging_iter()))

    @asking
    def movements_since(self, at: datetime) -> tuple[RemoteMovement, ...]:
        """This function will return what moved the platform's balance from a moment on."""
        found = self._reads.v1.balance_transactions.list({"created": {"gte": _seconds(at)}, "limit": 100})
        return tuple(_movement(one) for one in found.auto_paging_iter())

    @asking
    def payout_interval(self) -> str:
        """This function will say how often Stripe sweeps our own balance to our bank; it must be "manual"."""
        found = self._reads.v1.balance_settings.retrieve()
        return str(dig(found, "payments", "payouts", "schedule", "interval") or "")


def _seconds(at: datetime) -> int:
    return max(0, int(at.timestamp()))


def _money(amount: int, currency: str) -> Money:
    return Money(our_amount(amount, currency), currency.upper())


def _readable(found: Iterator[Any]) -> Iterator[IncomingEvent]:
    for count, one in enumerate(found):
        if count >= _MOST_EVENTS:
            return
        try:
            yield event_of(one.to_dict())
        except BadSignature:
            continue


def _movement(found: stripe.BalanceTransaction) -> RemoteMovement:
    currency = found.currency.upper()
    return RemoteMovement(
        ref=found.id,
        kind=found.type,
        source_ref=str(dig(found, "source", "id") or dig(found, "source") or ""),
        amount_minor=our_amount(found.amount, currency),
        fee_minor=our_amount(dig(found, "fee") or 0, currency),
        currency=currency,
        is_available=dig(found, "status") == "available",
        made_at=datetime.fromtimestamp(found.created, UTC),
    )
