"""Stripe's copy of an invoice only collects: keyed, equal to what is open, and voided when it should not be paid."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from payments import actions
from payments.actions.checkouts import CollectionRefused, CollectionUnknown, MirrorFacts, MirrorOrder
from payments.errors.invoices import NothingToInvoice
from payments.gateways import mirroring
from payments.models import BrandFunds, Invoice, InvoiceCopy
from payments.states import CopyState, InvoiceState, RailCode, ReceiptMethod
from recruiting.models import Agent, Program
from tests.factories import invoices as bill
from tests.factories import payments as pay
from tests.fakes.stripe_server import FakeStripe, fake_stripe

pytestmark = pytest.mark.django_db
SOON = bill.TUESDAY + timedelta(minutes=15)


@pytest.fixture
def stripe_side(settings: Any) -> Iterator[FakeStripe]:
    with fake_stripe(now=SOON.timestamp) as fake:
        settings.PAYMENTS_MODE = "test"
        settings.STRIPE_API_KEY, settings.STRIPE_API_BASE = "sk_test_51ours", fake.url
        yield fake


@pytest.fixture
def invoice(ada: Agent, program: Program) -> Invoice:
    """Two hours of Ada, 44.00 before tax."""
    return bill.make_invoice(ada, program, lines=2)


def mirror(at: Any = SOON) -> int:
    return mirroring.mirror_invoices(clock=lambda: at)


def copy_of(invoice: Invoice) -> InvoiceCopy:
    return InvoiceCopy.objects.for_brand(invoice.brand_id).get(invoice=invoice)


def pay_off(invoice: Invoice, minor: int, *, ref: str = "bank-1") -> None:
    actions.record_receipt(
        brand_id=invoice.brand_id,
        amount=Money(minor, "USD"),
        method=ReceiptMethod.BANK_TRANSFER,
        remote_ref=ref,
        invoice_id=invoice.pk,
        received_at=SOON,
        by=pay.SYSTEM,
        at=SOON,
    )


def test_an_open_invoice_is_copied_once_under_our_number_and_key(stripe_side: FakeStripe, invoice: Invoice) -> None:
    assert (mirror(), mirror()) == (1, 0)
    (theirs,) = stripe_side.invoices.values()
    copy = copy_of(invoice)
    assert (theirs["number"], theirs["status"], theirs["total"]) == (invoice.full_number, "open", invoice.gross_minor)
    assert theirs["metadata"] == {"invoice": str(invoice.pk), "brand": str(invoice.brand_id)}
    assert (copy.state, copy.ref, copy.amount_minor) == (CopyState.OPEN, theirs["id"], invoice.gross_minor)
    assert (copy.idempotency_key, bill.fresh(invoice).remote_ref) == (f"gigcx:invoice:{invoice.pk}:1", theirs["id"])
    assert BrandFunds.objects.for_brand(invoice.brand_id).get(currency="USD").customer_ref.startswith("cus_")


def test_what_was_paid_before_is_taken_off_and_nobody_is_named(
    stripe_side: FakeStripe, invoice: Invoice, ada: Agent
) -> None:
    pay_off(invoice, 400)
    assert mirror() == 1
    copy = copy_of(invoice)
    assert copy.amount_minor == invoice.gross_minor - 400
    assert next(iter(stripe_side.invoices.values()))["total"] == copy.amount_minor
    said = " ".join(text for text, _money in mirroring.order_of(copy).lines)
    assert ada.user.full_name not in said


def test_a_copy_is_voided_once_another_sum_is_open(stripe_side: FakeStripe, invoice: Invoice) -> None:
    mirror()
    pay_off(invoice, invoice.gross_minor)
    mirror()
    assert (copy_of(invoice).state, bill.fresh(invoice).state) == (CopyState.VOIDED, InvoiceState.PAID)
    assert [one["status"] for one in stripe_side.invoices.values()] == ["void"]


def test_a_copy_that_was_paid_itself_is_not_voided(stripe_side: FakeStripe, invoice: Invoice) -> None:
    mirror()
    pay_off(invoice, invoice.gross_minor, ref=copy_of(invoice).ref or "")
    mirror()
    assert (copy_of(invoice).state, bill.fresh(invoice).state) == (CopyState.OPEN, InvoiceState.PAID)


def test_a_copy_with_another_total_than_ours_is_voided_and_never_shown(
    stripe_side: FakeStripe, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (("Something else", Money(1, "USD")),)
    monkeypatch.setattr(mirroring, "lines_of_copy", lambda copy: words)
    assert mirror() == 0
    assert (copy_of(invoice).state, bill.fresh(invoice).remote_ref) == (CopyState.VOIDED, None)
    assert [one["status"] for one in stripe_side.invoices.values()] == ["void"]


class Silent:
    """A provider that does not answer, or says no."""

    def __init__(self, answer: Exception) -> None:
        self.answer, self.asked = answer, list[tuple[MirrorOrder, str]]()

    def mirror_invoice(self, order: MirrorOrder, *, key: str) -> MirrorFacts:
        self.asked.append((order, key))
        raise self.answer


def test_without_an_answer_it_is_asked_again_in_the_same_words_and_never_after_twenty_hours(
    stripe_side: FakeStripe, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Silent(CollectionUnknown("timeout"))
    monkeypatch.setattr(mirroring, "collection_of", lambda rail: side)
    mirror()
    BrandFunds.objects.for_brand(invoice.brand_id).update(customer_ref="cus_saved_meanwhile")
    mirror(SOON + timedelta(hours=1))
    mirror(SOON + timedelta(hours=21))
    assert len(side.asked) == 2
    assert side.asked[0] == side.asked[1]


def test_a_refused_copy_is_not_asked_for_again(
    stripe_side: FakeStripe, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Silent(CollectionRefused("customer_deleted"))
    monkeypatch.setattr(mirroring, "collection_of", lambda rail: side)
    mirror()
    mirror()
    assert (len(side.asked), copy_of(invoice).state, copy_of(invoice).failure) == (
        1,
        CopyState.REFUSED,
        "customer_deleted",
    )


def test_the_sandbox_copies_nothing(invoice: Invoice) -> None:
    assert mirror() == 0
    assert not InvoiceCopy.objects.across_brands().exists()


def test_a_paid_invoice_needs_no_copy_and_no_brand_asks_for_one(invoice: Invoice, acme_owner: BrandActor) -> None:
    asked: dict[str, Any] = {"invoice_id": invoice.pk, "rail": RailCode.STRIPE_CONNECT, "at": SOON}
    with pytest.raises(NotFound):
        actions.start_invoice_copy(by=acme_owner, **asked)
    pay_off(invoice, invoice.gross_minor)
    with pytest.raises(NothingToInvoice):
        actions.start_invoice_copy(by=pay.SYSTEM, **asked)


def test_the_invoices_page_leads_to_where_it_can_be_paid(
    stripe_side: FakeStripe, invoice: Invoice, acme: Brand, acme_owner: BrandActor
) -> None:
    mirror()
    client = Client()
    client.force_login(acme_owner.user)
    page = client.get(f"/b/{acme.slug}/billing/invoices/{invoice.pk}/").content.decode()
    assert copy_of(invoice).pay_url in page
