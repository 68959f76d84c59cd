"""Invoice pages and the API of invoices: what a brand sees, in how many queries, and what nobody else sees."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.audit.outbox import Delivered
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from payments import actions
from payments.events import DunningStepTaken, InvoiceIssued
from payments.handlers import notices
from payments.models import BillingProfile, CreditNote, Invoice, ReceiptProposal
from payments.states import ReceiptMethod
from recruiting.models import Agent, Program
from tests.cast import make_member, ops
from tests.factories import invoices as bill
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"payments:{name}", kwargs={"slug": "acme", **kwargs})


def heard() -> Delivered:
    return Delivered(uuid4(), bill.TUESDAY, None, None, bill.TUESDAY)


def credited(invoice: Invoice, olu: OpsActor) -> CreditNote:
    return actions.credit_whole_invoice(invoice_id=invoice.pk, reason="Not served.", by=olu, at=bill.TUESDAY)


def test_an_invoice_is_read_from_its_sum_to_the_minute(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor
) -> None:
    invoice = bill.make_invoice(ada, program)
    client = signed_in(acme_owner.user)
    listed = client.get(url("invoices")).content.decode()
    assert "INV-2026-00001" in listed
    assert "is open, due 1 December 2026." in listed
    page = client.get(url("invoice", invoice_id=invoice.pk)).content.decode()
    for words in ("60 min × 22.00 an hour", "Ada Obi", "Nothing new can be published", "Not subject to IE tax"):
        assert words in page
    assert url("billing-line", charge_id=invoice.lines.get().charge_id) in page
    assert "16.00" not in page


def test_an_invoice_longer_than_a_page_shows_every_line_once_and_in_order(
    ada: Agent, program: Program, acme_owner: BrandActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.views.invoices.PAGE", 2)
    invoice = bill.make_invoice(ada, program, lines=5)
    shown = bill.rows_of(signed_in(acme_owner.user), url("invoice", invoice_id=invoice.pk))
    assert list(shown) == [1, 2, 3, 4, 5]
    assert all("22.00" in row and "Ada Obi" in row for row in shown.values())


def test_nobody_else_opens_an_invoice_or_a_credit_note(
    ada: Agent, program: Program, globex_owner: BrandActor, acme: Brand, mallory: Any, olu: OpsActor
) -> None:
    invoice = bill.make_invoice(ada, program)
    note = credited(invoice, olu)
    viewer = make_member(acme, "Vera Viewer", role="viewer")
    for address in (url("invoice", invoice_id=invoice.pk), url("credit-note", credit_note_id=note.pk), url("invoices")):
        for user in (globex_owner.user, ada.user, mallory.user):
            assert signed_in(user).get(address).status_code in (302, 404)
        assert signed_in(viewer.user).get(address).status_code == 403
    for name, kwargs in (("invoice", {"invoice_id": invoice.pk}), ("credit-note", {"credit_note_id": note.pk})):
        theirs = reverse(f"payments:{name}", kwargs={"slug": "globex", **kwargs})
        assert signed_in(globex_owner.user).get(theirs).status_code == 404
    page = signed_in(globex_owner.user).get(reverse("payments:invoices", kwargs={"slug": "globex"})).content.decode()
    assert "INV-2026" not in page
    assert "No invoice yet" in page


def test_a_draft_is_not_the_brands_to_open(ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor) -> None:
    pay.make_payable(ada, program)
    draft = bill.make_draft(acme)
    assert signed_in(acme_owner.user).get(url("invoice", invoice_id=draft.pk)).status_code == 404


def test_a_paid_and_credited_invoice_says_by_what(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor, olu: OpsActor
) -> None:
    invoice = bill.make_invoice(ada, program, lines=2)
    line = invoice.lines.order_by("position").first()
    assert line is not None
    actions.issue_credit_note(invoice_id=invoice.pk, nets={line.pk: 1_000}, reason="Idle <b>", by=olu, at=bill.TUESDAY)
    actions.record_receipt(
        brand_id=acme.pk,
        amount=Money(3_400, "USD"),
        method=ReceiptMethod.BANK_TRANSFER,
        remote_ref="bank:9",
        received_at=bill.TUESDAY,
        by=olu,
        at=bill.TUESDAY,
    )
    client = signed_in(acme_owner.user)
    page = client.get(url("invoice", invoice_id=invoice.pk)).content.decode()
    assert "bank transfer" in page
    assert "CN-2026-00001" in page
    assert "If it is not paid" not in page
    note = CreditNote.objects.across_brands().get()
    noted = client.get(url("credit-note", credit_note_id=note.pk)).content.decode()
    assert "Idle &lt;b&gt;" in noted
    assert "INV-2026-00001" in noted


def test_invoice_pages_cost_the_same_with_one_line_and_with_three(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(acme_owner.user)
    counts: list[list[int]] = []
    for lines in (1, 3):
        at = bill.TUESDAY + timedelta(days=7 * len(counts))
        for _line in range(lines):
            pay.make_payable(ada, program, at=at)
        draft = bill.make_draft(acme, week=bill.LAST_WEEK + timedelta(days=7 * len(counts)), at=at)
        actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=at)
        addresses = [url("invoices"), url("invoice", invoice_id=draft.pk)]
        addresses += ["/api/v1/brands/acme/invoices/", f"/api/v1/brands/acme/invoices/{draft.pk}/"]
        found = []
        for address in addresses:
            client.get(address)
            with django_assert_max_num_queries(14) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        counts.append(found)
    assert counts[0] == counts[1]


def test_billing_details_are_checked_kept_and_never_lost(acme: Brand, acme_owner: BrandActor) -> None:
    client = signed_in(acme_owner.user)
    assert "Acme Incorporated" in client.get(url("billing-profile")).content.decode()
    typed = {"legal_name": "Acme GmbH", "country": "DE", "vat_id": "DE123456789", "purchase_order": "PO-7"}
    refused = client.post(url("billing-profile"), typed)
    assert refused.status_code == 422
    assert "PO-7" in refused.content.decode()
    assert "not a VAT number" in refused.content.decode()
    assert client.post(url("billing-profile"), {**typed, "vat_id": "DE 123456788"}).status_code == 302
    assert BillingProfile.objects.across_brands().get().vat_id == "DE123456788"
    assert "VAT number checked" in client.get(url("billing-profile")).content.decode()


def test_who_may_only_look_at_billing_changes_no_details(acme: Brand) -> None:
    planner = make_member(acme, "Pia Planner", role="planner")
    typed = {"legal_name": "Mine", "country": "DE"}
    assert signed_in(planner.user).post(url("billing-profile"), typed).status_code == 403
    assert BillingProfile.objects.across_brands().count() == 0


def test_the_api_gives_the_same_invoice_line_by_line(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor, globex_owner: BrandActor, olu: OpsActor
) -> None:
    invoice = bill.make_invoice(ada, program, lines=2)
    client = signed_in(acme_owner.user)
    (listed,) = client.get("/api/v1/brands/acme/invoices/").json()["results"]
    assert (listed["number"], listed["gross_minor"], listed["open_minor"]) == ("INV-2026-00001", 4_400, 4_400)
    one = client.get(f"/api/v1/brands/acme/invoices/{invoice.pk}/").json()
    assert one["content_sha256"] == invoice.content_sha256
    assert sum(line["net_minor"] for line in one["content"]["lines"]) == one["content"]["net_minor"] == 4_400
    credited(invoice, olu)
    (note,) = client.get("/api/v1/brands/acme/credit-notes/").json()["results"]
    assert (note["number"], note["invoice"], note["gross_minor"]) == ("CN-2026-00001", "INV-2026-00001", 4_400)
    for name in ("invoices", "credit-notes", f"invoices/{invoice.pk}"):
        assert signed_in(globex_owner.user).get(f"/api/v1/brands/acme/{name}/").status_code == 404
        assert Client().get(f"/api/v1/brands/acme/{name}/").status_code in (401, 403)
    assert signed_in(globex_owner.user).get(f"/api/v1/brands/globex/invoices/{invoice.pk}/").status_code == 404


def test_ops_type_a_transfer_in_another_looks_and_lines_are_credited_in_the_admin(
    ada: Agent, acme: Brand, program: Program, olu: OpsActor
) -> None:
    invoice = bill.make_invoice(ada, program, lines=2)
    first, second = signed_in(olu.user), signed_in(ops("Ines Ops").user)
    typed = {"amount": "12.5", "bank_reference": "WIRE 7", "received_on": "2026-11-17"}
    transfer = reverse("admin:payments_invoice_transfer", args=[invoice.pk])
    assert first.post(transfer, {**typed, "amount": "12.555"}).status_code == 422
    assert first.post(transfer, typed).status_code == 302
    proposal = ReceiptProposal.objects.across_brands().get()
    decide = reverse("admin:payments_receiptproposal_decide", args=[proposal.pk, "confirm"])
    first.post(decide)
    assert bill.fresh(invoice).paid_minor == 0
    second.post(decide)
    assert bill.fresh(invoice).paid_minor == 1_250
    credit = reverse("admin:payments_invoice_credit", args=[invoice.pk])
    assert "line_2" in first.get(credit).content.decode()
    assert first.post(credit, {"reason": "Late.", "line_1": "99"}).status_code == 422
    assert first.post(credit, {"reason": "Late.", "line_1": "10.00", "line_2": ""}).status_code == 302
    assert CreditNote.objects.across_brands().get().net_minor == 1_000
    changed = first.get(reverse("admin:payments_invoice_change", args=[invoice.pk])).content.decode()
    assert "Type a bank transfer in" in changed


def test_the_brands_billing_people_hear_of_invoices_and_reminders(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    make_member(acme, "Vera Viewer", role="viewer")
    invoice = bill.make_invoice(ada, program)
    told = list(notices.invoice_issued(InvoiceIssued(invoice_id=invoice.pk), heard()))
    assert [one.user_id for one in told] == [acme_owner.user.pk]
    assert "INV-2026-00001" in str(told[0].title)
    assert "1 December 2026" in str(told[0].text)
    step = DunningStepTaken(invoice_id=invoice.pk, step="past_due")
    assert "nothing new can be published" in str(next(iter(notices.invoice_unpaid(step, heard()))).title)
    actions.credit_whole_invoice(invoice_id=invoice.pk, reason="x", by=pay.SYSTEM, at=bill.TUESDAY)
    assert notices.invoice_unpaid(step, heard()) == []
