"""Invoices, credit notes and receipts on paper: from the hashed content, and for their own brand alone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from payments import actions
from payments.errors import DocumentAltered
from payments.models import Invoice, Receipt, RenderedDocument
from payments.queries.documents import receipt_paper_content
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import invoices as bill
from tests.factories import payments as pay
from tests.fakes.pdf_text import pages_of
from tests.payments.documents.test_statements import signed_in, unguarded

pytestmark = pytest.mark.django_db


def words_of(content: bytes) -> str:
    return " ".join(pages_of(content)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def invoice(ada: Agent, program: Program) -> Invoice:
    return bill.make_invoice(ada, program, lines=2)


def make_receipt(invoice: Invoice) -> Receipt:
    return Receipt.objects.create(
        brand_id=invoice.brand_id,
        currency=invoice.currency,
        amount_minor=5000,
        method="bank_transfer",
        remote_ref="SEPA 99",
        received_at=MONDAY_NOON,
    )


def test_an_issued_invoice_is_papered_with_its_number_lines_and_stamp(invoice: Invoice, acme_owner: BrandActor) -> None:
    client = signed_in(acme_owner.user)
    address = {"slug": "acme", "invoice_id": invoice.pk}
    pdf = client.get(reverse("payments:invoice-pdf", kwargs=address))
    words = words_of(pdf.content)
    for told in (str(invoice.full_number), "Holiday Chat", "SANDBOX, no money moves", "Due"):
        assert told in words
    sheet = client.get(reverse("payments:invoice-csv", kwargs=address)).content.decode().splitlines()
    assert sheet[0] == '"SANDBOX, no money moves"'
    assert len(sheet) == 4


def test_the_paper_of_an_invoice_stays_when_names_change(invoice: Invoice) -> None:
    first = bytes(actions.keep_invoice(invoice, file_format="pdf", at=MONDAY_NOON).content)
    Program.objects.across_brands().update(name="Renamed since")
    again = Invoice.objects.across_brands().select_related("brand").get(pk=invoice.pk)
    assert bytes(actions.keep_invoice(again, file_format="pdf", at=MONDAY_NOON).content) == first
    assert RenderedDocument.objects.count() == 1


def test_an_invoice_that_was_touched_is_not_handed_out(invoice: Invoice) -> None:
    actions.keep_invoice(invoice, file_format="pdf", at=MONDAY_NOON)
    unguarded("payments_invoiceline", "description = 'forged'")
    with pytest.raises(DocumentAltered):
        actions.keep_invoice(invoice, file_format="pdf", at=MONDAY_NOON)


def test_a_receipt_says_what_came_and_how(invoice: Invoice, acme_owner: BrandActor) -> None:
    receipt = make_receipt(invoice)
    url = reverse("payments:receipt-pdf", kwargs={"slug": "acme", "receipt_id": receipt.pk})
    words = words_of(signed_in(acme_owner.user).get(url).content)
    for told in ("SEPA 99", "50.00", "Bank transfer", "SANDBOX, no money moves"):
        assert told in words


def test_every_paper_of_a_receipt_names_the_parties_of_the_day_it_came(invoice: Invoice, settings: Any) -> None:
    receipt = actions.record_receipt(
        brand_id=invoice.brand_id,
        amount=Money(5_000, "USD"),
        method="bank_transfer",
        remote_ref="SEPA 100",
        received_at=MONDAY_NOON,
        by=pay.SYSTEM,
        at=MONDAY_NOON,
    )
    before, seller = receipt_paper_content(receipt), settings.LEGAL_ENTITY["name"]
    actions.keep_receipt(receipt, file_format="csv", at=MONDAY_NOON)
    Brand.objects.filter(pk=invoice.brand_id).update(legal_name="Renamed since Inc.")
    settings.LEGAL_ENTITY = {**settings.LEGAL_ENTITY, "name": "Another house"}
    again = Receipt.objects.across_brands().select_related("brand").get(pk=receipt.pk)
    assert receipt_paper_content(again) == before
    words = words_of(bytes(actions.keep_receipt(again, file_format="pdf", at=MONDAY_NOON).content))
    assert seller in words
    assert not any(name in words for name in ("Renamed since", "Another house"))


def test_no_brand_takes_anothers_papers(
    invoice: Invoice, acme_owner: BrandActor, globex_owner: BrandActor, ada: Agent
) -> None:
    receipt = make_receipt(invoice)
    for name, argument, pk in (("invoice", "invoice_id", invoice.pk), ("receipt", "receipt_id", receipt.pk)):
        for file_format in ("pdf", "csv"):
            ours = reverse(f"payments:{name}-{file_format}", kwargs={"slug": "acme", argument: pk})
            theirs = reverse(f"payments:{name}-{file_format}", kwargs={"slug": "globex", argument: pk})
            assert signed_in(acme_owner.user).get(ours).status_code == 200
            assert signed_in(globex_owner.user).get(ours).status_code == 404
            assert signed_in(globex_owner.user).get(theirs).status_code == 404
            assert signed_in(ada.user).get(ours).status_code == 404
            assert Client().get(ours).status_code == 302


def test_every_kind_of_paper_is_kept_under_its_own_hash(invoice: Invoice) -> None:
    kept: list[Any] = [actions.keep_invoice(invoice, file_format=one, at=MONDAY_NOON) for one in ("pdf", "csv")]
    kept.append(actions.keep_receipt(make_receipt(invoice), file_format="pdf", at=MONDAY_NOON))
    assert len({one.sha256 for one in kept}) == 3
    assert {(one.kind, one.format) for one in kept} == {("invoice", "pdf"), ("invoice", "csv"), ("receipt", "pdf")}
