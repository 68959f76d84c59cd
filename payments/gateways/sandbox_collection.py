"""The embedded way for brands to pay: a pretended checkout that behaves and moves nothing.

Its remote state lives in a table of its own, like the sandbox rail's, so that a process killed in the middle finds the
other side as a real one would be. How a payment goes is chosen on the pretended page.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand
from payments.actions.checkouts import (
    CheckoutOrder,
    CheckoutSession,
    CollectionFacts,
    CollectionRefused,
    CollectionState,
    MirrorFacts,
    MirrorOrder,
    RefundAnswer,
    SavedCharge,
)
from payments.gateways.guard import outside_transactions
from payments.models import SandboxBalance, SandboxCheckout
from payments.queries.clock import database_now
from payments.states import RailCode, ReceiptMethod

S = CollectionState
BANK_DEBIT_TAKES: Final = timedelta(minutes=5)

# How the pretended payer may pay, and what then happens.
WAYS: Final = ("card", "card_declined", "bank_debit", "bank_debit_fails")
_SAVED: Final = {"card": "sandbox card", "card_declined": "sandbox card", "bank_debit": "sandbox bank account"}


class SandboxCollection:
    """Collects pretended money."""

    code: Final = str(RailCode.SANDBOX)
    label: Final = "Sandbox"
    is_real_money: Final = False

    @outside_transactions
    def open_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutSession:
        """This function will open a pretended page; the same key gives the same one."""
        fresh = SandboxCheckout(
            ref=f"sbx_cs_{order.top_up_id.hex[-20:]}",
            owner_key=key,
            top_up_id=order.top_up_id,
            currency=order.amount.currency,
            amount_minor=order.amount.amount_minor,
            return_url=order.return_url,
            saves_method=order.saves_method,
            expires_at=order.expires_at,
            created_at=database_now(),
        )
        SandboxCheckout.objects.bulk_create([fresh], ignore_conflicts=True)
        found = SandboxCheckout.objects.get(owner_key=key)
        slug = Brand.objects.values_list("slug", flat=True).get(pk=order.brand_id)
        return CheckoutSession(
            found.ref, reverse("payments:test-checkout", kwargs={"slug": slug, "top_up_id": found.top_up_id})
        )

    @outside_transactions
    def charge_saved(self, order: SavedCharge, *, key: str) -> CollectionFacts:
        """This function will charge the saved pretended method, as it behaves; the same key answers the same."""
        way = order.method_ref.removeprefix("sbx_pm_")
        if way not in WAYS:
            raise CollectionRefused("no_such_payment_method")
        fresh = SandboxCheckout(
            ref=f"sbx_pi_{order.top_up_id.hex[-20:]}",
            owner_key=key,
            top_up_id=order.top_up_id,
            currency=order.amount.currency,
            amount_minor=order.amount.amount_minor,
            created_at=database_now(),
        )
        SandboxCheckout.objects.bulk_create([fresh], ignore_conflicts=True)
        found = SandboxCheckout.objects.get(owner_key=key)
        if found.state == S.OPEN:
            self.pay(ref=found.ref, way=way)
        return self._facts(SandboxCheckout.objects.get(pk=found.pk))

    @outside_transactions
    def pay(self, *, ref: str, way: str) -> None:
        """This function will let the pretended payer press the button: at once by card, later by bank debit."""
        at = database_now()
        with transaction.atomic():
            found = SandboxCheckout.objects.select_for_update().get(pk=ref)
            if found.state != S.OPEN:
                return
            found.method = ReceiptMethod.BANK_DEBIT if way.startswith("bank_debit") else ReceiptMethod.CARD
            found.method_label = _SAVED.get(way, "") if found.saves_method else ""
            found.failure = "insufficient_funds" if way == "bank_debit_fails" else ""
            if way == "card_declined":
                found.state, found.failure = S.FAILED, "card_declined"
            elif found.method == ReceiptMethod.BANK_DEBIT:
                found.state, found.settles_at = S.PROCESSING, at + BANK_DEBIT_TAKES
            else:
                found.state = S.PAID
                _receive(found)
            if found.state != S.FAILED:
                found.payment_ref = f"sbx_py_{found.top_up_id.hex[-20:]}"
            found.save()

    @outside_transactions
    def find(self, *, checkout_ref: str = "", payment_ref: str = "") -> CollectionFacts | None:
        """This function will look a pretended payment up by either reference."""
        asked = {"pk": checkout_ref} if checkout_ref else {"payment_ref": payment_ref or None}
        found = SandboxCheckout.objects.filter(**asked).first()
        return self._facts(found) if found else None

    @outside_transactions
    def find_of(self, top_up_id: UUID) -> tuple[CollectionFacts, ...]:
        """This function will look up every pretended payment of one top-up."""
        return tuple(self._facts(one) for one in SandboxCheckout.objects.filter(top_up_id=top_up_id).order_by("ref"))

    @outside_transactions
    def refund(self, *, top_up_id: UUID, payment_ref: str, amount: Money, key: str) -> RefundAnswer:
        """This function will give pretended money back, once a payment."""
        done = RefundAnswer(is_accepted=True, ref=f"sbx_re_{top_up_id.hex[-20:]}")
        with transaction.atomic():
            found = SandboxCheckout.objects.select_for_update().filter(payment_ref=payment_ref, state=S.PAID).first()
            if found is None or found.refunded_minor not in (0, amount.amount_minor):
                return RefundAnswer(is_accepted=False, detail="charge_not_refundable")
            if found.refunded_minor:
                return done
            if not _send_back(amount):
                return RefundAnswer(is_accepted=False, detail="balance_insufficient")
            found.refunded_minor = amount.amount_minor
            found.save(update_fields=["refunded_minor"])
        return done

    def mirror_invoice(self, order: MirrorOrder, *, key: str) -> MirrorFacts:
        """This function will pretend to copy an invoice: its total is the sum of its lines."""
        total = sum(money.amount_minor for _words, money in order.lines)
        return MirrorFacts(ref=f"sbx_in_{order.invoice_id.hex[-20:]}", total_minor=total)

    def void_invoice(self, *, ref: str, key: str) -> None:
        """This function will do nothing: the sandbox keeps no copies."""

    def _facts(self, found: SandboxCheckout) -> CollectionFacts:
        at = database_now()
        with transaction.atomic():
            now = SandboxCheckout.objects.select_for_update().get(pk=found.pk)
            if now.state == S.PROCESSING and now.settles_at and now.settles_at <= at:
                now.state = S.FAILED if now.failure else S.PAID
                _receive(now)
            if now.state == S.OPEN and now.expires_at and now.expires_at <= at:
                now.state = S.EXPIRED
            now.save(update_fields=["state"])
        return _told(now)


def _receive(found: SandboxCheckout) -> None:
    """What was paid can be sent on at once."""
    if found.state == S.PAID:
        SandboxBalance.objects.get_or_create(pk=found.currency)
        SandboxBalance.objects.filter(pk=found.currency).update(
            available_minor=F("available_minor") + found.amount_minor
        )


def _send_back(amount: Money) -> bool:
    rows = SandboxBalance.objects.filter(pk=amount.currency, available_minor__gte=amount.amount_minor)
    return bool(rows.update(available_minor=F("available_minor") - amount.amount_minor))


def _told(found: SandboxCheckout) -> CollectionFacts:
    is_saved = bool(found.method_label) and found.state in (S.PAID, S.PROCESSING)
    way = "bank_debit" if found.method == ReceiptMethod.BANK_DEBIT else "card"
    return CollectionFacts(
        state=found.state,
        amount_minor=found.amount_minor,
        currency=found.currency,
        checkout_ref=found.ref,
        payment_ref=found.payment_ref or "",
        method=found.method,
        failure=found.failure if found.state == S.FAILED else "",
        refunded_minor=found.refunded_minor,
        customer_ref="sbx_cus" if is_saved else "",
        method_ref=f"sbx_pm_{way}" if is_saved else "",
        method_label=found.method_label if is_saved else "",
    )
