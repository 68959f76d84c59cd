"""The embedded rail: it behaves like one and moves nothing.

Its remote state lives in tables of its own, written in transactions of its own, so that a worker killed in the middle
finds the other side exactly as a real one would be. How an account behaves is chosen when it is opened.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel.money import Money
from payments.actions.accounts import AccountFacts
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.errors import NotOffered
from payments.gateways.guard import outside_transactions
from payments.gateways.protocol import InstantOffer, RailBalance
from payments.models import SandboxAccount, SandboxBalance, SandboxPayment
from payments.queries.clock import database_now
from payments.states import OutcomeKind, PayoutAccountState, RailCode

K = OutcomeKind

# The test numbers an agent may type on the pretended bank's page, and what an account with that number then does.
TEST_NUMBERS: Final = {
    "000123456789": "pays",
    "000222222227": "times_out",
    "000333333335": "replays_500",
    "000111111116": "refuses",
    "000555555559": "returns",
    "000999999991": "throttles",
    "000444444442": "never_instant",
    "000666666668": "instant_fails",
}
_INSTANT_TAKES: Final = timedelta(minutes=30)


class SandboxRail:
    """A rail made of three tables."""

    code: Final = str(RailCode.SANDBOX)
    label: Final = "Sandbox"
    is_real_money: Final = False

    @outside_transactions
    def open_account(self, *, account_id: UUID, country: str, email: str, key: str) -> str:
        """This function will open a pretended account; the same key gives the same one."""
        ref = f"sbx_{account_id.hex[-20:]}"
        fresh = SandboxAccount(ref=ref, owner_key=key, country=country)
        SandboxAccount.objects.bulk_create([fresh], ignore_conflicts=True)
        return SandboxAccount.objects.get(owner_key=key).ref

    def onboarding_link(self, *, ref: str, return_url: str, refresh_url: str, key: str) -> str:
        """This function will return the address of the pretended bank's page."""
        account_id = SandboxAccount.objects.values_list("owner_key", flat=True).get(pk=ref).split(":")[2]
        return reverse("payments:sandbox-bank", kwargs={"account_id": account_id})

    @outside_transactions
    def account_facts(self, ref: str) -> AccountFacts:
        """This function will return what the pretended bank knows."""
        account = SandboxAccount.objects.get(pk=ref)
        if not account.is_complete:
            return AccountFacts(
                remote_ref=ref, state=PayoutAccountState.ONBOARDING, requirement_codes=("external_account",)
            )
        return AccountFacts(
            remote_ref=ref,
            state=PayoutAccountState.ACTIVE,
            bank_number=f"{account.country}{account.number}{account.holder}",
            last4=account.number[-4:],
            can_receive_instantly=account.behaviour != "never_instant",
        )

    @outside_transactions
    def complete_account(self, *, ref: str, holder: str, number: str) -> None:
        """This function will take the bank details typed on the pretended bank's page."""
        SandboxAccount.objects.filter(pk=ref).update(
            holder=holder, number=number, behaviour=TEST_NUMBERS.get(number, "pays"), is_complete=True
        )

    @outside_transactions
    def send(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will pay, refuse or go silent, as the account behaves."""
        account = SandboxAccount.objects.filter(pk=order.destination).first()
        if account is None or not account.is_complete:
            return Outcome(kind=K.ACCOUNT_REFUSED, http_status=400, detail="no_such_account")
        if account.behaviour == "throttles" and not SandboxPayment.objects.filter(idempotency_key=key).exists():
            self._remember(order, key, answer="throttled")
            return Outcome(kind=K.THROTTLED, http_status=429, detail="rate_limit")
        return self._answered(order, key, account.behaviour)

    def _answered(self, order: PaymentOrder, key: str, behaviour: str) -> Outcome:
        with transaction.atomic():
            known = SandboxPayment.objects.select_for_update().filter(idempotency_key=key).first()
            if known is not None and known.answer != "throttled":
                return self._replayed(known, order)
            return self._first(order, key, behaviour)

    def _replayed(self, known: SandboxPayment, order: PaymentOrder) -> Outcome:
        if known.request_hash != _hash(order):
            return Outcome(kind=K.KEY_MISUSE, http_status=400, detail="idempotency_error")
        SandboxPayment.objects.filter(pk=known.pk).update(asked_count=F("asked_count") + 1)
        if known.answer == "error":
            return Outcome(kind=K.FROZEN_ERROR, http_status=500, was_replay=True, detail="api_error")
        if not known.ref:
            return Outcome(kind=K.ACCOUNT_REFUSED, http_status=400, was_replay=True, detail=known.answer)
        return Outcome(kind=K.DONE, payment=_payment(known), http_status=200, was_replay=True)

    def _first(self, order: PaymentOrder, key: str, behaviour: str) -> Outcome:
        if behaviour == "refuses":
            self._remember(order, key, answer="account_closed")
            return Outcome(kind=K.ACCOUNT_REFUSED, http_status=400, detail="account_closed")
        if not self._take(order):
            return Outcome(kind=K.NO_FUNDS, http_status=400, detail="balance_insufficient")
        answer = "error" if behaviour == "replays_500" else "paid"
        paid = self._remember(order, key, answer=answer, ref=f"sbx_tr_{order.group.hex[-20:]}")
        if behaviour in ("times_out", "replays_500"):
            status = 500 if behaviour == "replays_500" else None
            return Outcome(kind=K.UNKNOWN, http_status=status, detail="the answer was lost")
        return Outcome(kind=K.DONE, payment=_payment(paid), http_status=200)

    def _take(self, order: PaymentOrder) -> bool:
        rows = SandboxBalance.objects.filter(currency=order.currency, available_minor__gte=order.amount_minor)
        return bool(rows.update(available_minor=F("available_minor") - order.amount_minor))

    def _remember(self, order: PaymentOrder, key: str, *, answer: str, ref: str = "") -> SandboxPayment:
        fresh = {
            "request_hash": _hash(order),
            "group": order.group,
            "destination": order.destination,
            "currency": order.currency,
            "amount_minor": order.amount_minor,
            "answer": answer,
            "ref": ref,
            "created_at": database_now(),
        }
        return SandboxPayment.objects.update_or_create(idempotency_key=key, defaults=fresh)[0]

    @outside_transactions
    def find(self, group: UUID) -> tuple[RemotePayment, ...]:
        """This function will return what was paid for one item."""
        return _paid(SandboxPayment.objects.filter(group=group).exclude(ref="").order_by("created_at"))

    @outside_transactions
    def payments_since(self, at: datetime) -> tuple[RemotePayment, ...]:
        """This function will return what was paid from a moment on."""
        return _paid(SandboxPayment.objects.filter(created_at__gte=at).exclude(ref="").order_by("created_at"))

    @outside_transactions
    def balance(self, currency: str) -> RailBalance:
        """This function will return what the sandbox holds."""
        found = SandboxBalance.objects.filter(pk=currency).first()
        return RailBalance(found.available_minor, found.pending_minor) if found else RailBalance(0, 0)

    @outside_transactions
    def quote_instant(self, *, ref: str, amount: Money) -> InstantOffer:
        """This function will offer half an hour, unless the account's bank is one that cannot.

        Raises:
            NotOffered: it cannot.
        """
        account = SandboxAccount.objects.filter(pk=ref, is_complete=True).first()
        if account is None or account.behaviour == "never_instant":
            raise NotOffered(_("Your bank does not take instant payouts."))
        return InstantOffer(_INSTANT_TAKES)

    @outside_transactions
    def send_instant(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will pass the item's money on to the pretended bank; the same item is always the same payment."""
        account = SandboxAccount.objects.filter(pk=order.destination).first()
        if account is None or account.behaviour == "instant_fails":
            return Outcome(kind=K.ACCOUNT_REFUSED, http_status=400, detail="instant_payouts_unsupported")
        sent = RemotePayment(
            ref=f"sbx_po_{order.group.hex[-20:]}",
            amount_minor=order.amount_minor,
            currency=order.currency,
            destination=order.destination,
            group=str(order.group),
        )
        return Outcome(kind=K.DONE, payment=sent, http_status=200)

    @outside_transactions
    def add_money(self, *, currency: str, amount_minor: int) -> None:
        """This function will put pretended money on the rail."""
        with transaction.atomic():
            SandboxBalance.objects.get_or_create(pk=currency)
            SandboxBalance.objects.filter(pk=currency).update(available_minor=F("available_minor") + amount_minor)

    @outside_transactions
    def return_due(self) -> list[UUID]:
        """This function will name the items whose money the bank sends back, until `returned` says that it was heard."""
        returning = SandboxAccount.objects.filter(behaviour="returns").values("ref")
        rows = SandboxPayment.objects.filter(destination__in=returning, returned_at__isnull=True).exclude(ref="")
        return list(rows.order_by("created_at", "pk").values_list("group", flat=True))

    @outside_transactions
    def returned(self, group: UUID) -> None:
        """This function will name an item's return no more."""
        SandboxPayment.objects.filter(group=group, returned_at__isnull=True).update(returned_at=database_now())


def _paid(rows: Iterable[SandboxPayment]) -> tuple[RemotePayment, ...]:
    return tuple(_payment(row) for row in rows)


def _payment(row: SandboxPayment) -> RemotePayment:
    return RemotePayment(
        ref=row.ref,
        amount_minor=row.amount_minor,
        currency=row.currency,
        destination=row.destination,
        group=str(row.group),
    )


def _hash(order: PaymentOrder) -> str:
    return hashlib.sha256(json.dumps(order.as_body(), sort_keys=True).encode()).hexdigest()
