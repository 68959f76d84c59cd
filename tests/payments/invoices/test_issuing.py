"""Drafting and issuing: ready lines only, numbers without gaps, content that never changes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from payments import actions, ledger, tasks
from payments.actions import BillingDetails
from payments.errors import NothingToInvoice, SellerUnknown
from payments.ledger import balance_of, brand_account, platform_account
from payments.models import Charge, Invoice, InvoiceLine, NumberSeries, TaxDecision
from payments.queries.billing_weeks import brands_to_draft, drafts_to_issue, issues_at, ready_charges
from payments.queries.invoices import hash_of, invoice_content
from payments.states import INVOICE_MOVES, ChargeState, InvoiceState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON, make_brand
from tests.factories import invoices as bill
from tests.factories import payments as pay
from tests.factories import recruiting as recruit

pytestmark = pytest.mark.django_db
TUESDAY, LAST_WEEK = bill.TUESDAY, bill.LAST_WEEK


def german(brand: Brand, owner: BrandActor, vat_id: str = "DE123456788") -> None:
    details = BillingDetails(legal_name="Acme GmbH", country="DE", vat_id=vat_id, purchase_order="PO-7")
    actions.save_billing_profile(brand_id=brand.pk, details=details, by=owner, at=MONDAY_NOON)


def test_an_invoice_takes_what_is_ready_and_makes_it_owed(ada: Agent, acme: Brand, program: Program) -> None:
    invoice = bill.make_invoice(ada, program, lines=3)
    assert (invoice.full_number, invoice.state, invoice.gross_minor) == ("INV-2026-00001", "issued", 6_600)
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 11, 17), date(2026, 12, 1))
    assert [line.position for line in invoice.lines.order_by("position")] == [1, 2, 3]
    assert set(Charge.objects.across_brands().values_list("state", "invoice")) == {("invoiced", invoice.pk)}
    assert balance_of(brand_account(acme.pk, "receivable", "USD")) == 6_600
    assert balance_of(brand_account(acme.pk, "unbilled", "USD")) == 0
    assert OutboxEvent.objects.filter(type="payments.invoice_issued").count() == 1
    assert AuditEntry.objects.filter(action="payments.issue_invoice", subject_id=invoice.pk).count() == 1


def test_a_line_ties_to_the_minute(ada: Agent, program: Program) -> None:
    invoice = bill.make_invoice(ada, program)
    line, charge = InvoiceLine.objects.across_brands().get(), Charge.objects.across_brands().get()
    assert line.charge_id == charge.pk
    assert (line.seconds, line.net_minor, line.agent_name) == (3_600, charge.owed_minor, "Ada Obi")
    assert (line.worked_to - line.worked_from) == timedelta(seconds=line.seconds)
    assert "60 min × 22.00 an hour" in line.description
    assert invoice.lines.aggregate(total=Sum("net_minor"))["total"] == invoice.net_minor


def test_a_disputed_line_waits_for_the_next_invoice(ada: Agent, acme: Brand, program: Program) -> None:
    held = pay.make_earning(ada, program)
    hold = actions.hold_earning(
        earning_id=held.pk,
        reason="dispute",
        note="Ten minutes.",
        until=TUESDAY + timedelta(days=3),
        by=pay.SYSTEM,
        at=MONDAY_NOON,
    )
    first = bill.make_invoice(ada, program)
    assert first.lines.count() == 1
    assert Charge.objects.across_brands().get(earning=held).state == ChargeState.HELD
    actions.lift_hold(hold_id=hold.pk, by=pay.SYSTEM, at=TUESDAY + timedelta(days=1))
    next_week = TUESDAY + timedelta(days=7)
    assert brands_to_draft(at=TUESDAY + timedelta(days=1)) == []
    assert brands_to_draft(at=next_week) == [(acme.pk, "USD", LAST_WEEK + timedelta(days=7))]
    second = bill.make_draft(acme, week=LAST_WEEK + timedelta(days=7), at=next_week)
    actions.issue_invoice(invoice_id=second.pk, by=pay.SYSTEM, at=next_week)
    line = second.lines.get()
    assert line.charge.earning_id == held.pk
    assert line.worked_to == held.worked_to  # under its own date


def test_work_of_the_running_week_is_not_on_the_invoice(ada: Agent, acme: Brand, program: Program) -> None:
    pay.make_payable(ada, program, worked_to=MONDAY_NOON + timedelta(hours=3), at=TUESDAY + timedelta(days=2))
    assert ready_charges(acme.pk, "USD", until=LAST_WEEK + timedelta(days=7)).count() == 0
    draft = bill.make_draft(acme)
    with pytest.raises(NothingToInvoice):
        actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=TUESDAY)
    assert NumberSeries.objects.count() == 0


def test_a_week_is_drafted_once_and_issued_on_tuesday_morning_of_the_brand(
    ada: Agent, acme: Brand, program: Program
) -> None:
    pay.make_payable(ada, program)
    assert brands_to_draft(at=MONDAY_NOON) == [(acme.pk, "USD", LAST_WEEK)]
    draft = bill.make_draft(acme)
    assert draft.net_minor == 2_200
    assert (
        actions.draft_invoice(brand_id=acme.pk, currency="USD", period_from=LAST_WEEK, by=pay.SYSTEM, at=TUESDAY)
        is None
    )
    assert brands_to_draft(at=MONDAY_NOON) == []
    morning = issues_at(acme, LAST_WEEK)
    assert morning == datetime(2026, 11, 17, 11, tzinfo=UTC)  # six o'clock in New York
    assert drafts_to_issue(at=morning - timedelta(minutes=1)) == []
    assert drafts_to_issue(at=morning) == [draft.pk]


def test_the_sweep_drafts_issues_and_drops_what_is_empty(
    ada: Agent, acme: Brand, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.tasks.invoices.database_now", lambda: TUESDAY)
    monkeypatch.setattr("payments.tasks.invoices.hint", lambda task, **given: task(**given))
    pay.make_payable(ada, program)
    tasks.bill_weeks()
    invoice = Invoice.objects.across_brands().get()
    assert invoice.state == InvoiceState.ISSUED
    tasks.bill_weeks()
    assert Invoice.objects.across_brands().count() == 1
    empty = bill.make_draft(acme, week=LAST_WEEK - timedelta(days=7))
    tasks.bill_weeks()
    assert bill.fresh(empty).state == InvoiceState.DISCARDED


def test_a_draft_hinted_twice_is_issued_once(ada: Agent, acme: Brand, program: Program, monkeypatch: Any) -> None:
    monkeypatch.setattr("payments.tasks.invoices.database_now", lambda: TUESDAY)
    pay.make_payable(ada, program)
    draft, empty = bill.make_draft(acme), bill.make_draft(acme, week=LAST_WEEK - timedelta(days=7))
    for invoice in (draft, empty):
        for _again in range(2):
            tasks.issue_invoice(invoice_id=str(invoice.pk))
    assert (bill.fresh(draft).state, bill.fresh(empty).state) == (InvoiceState.ISSUED, InvoiceState.DISCARDED)
    assert OutboxEvent.objects.filter(type="payments.invoice_issued").count() == 1


def test_a_discarded_draft_leaves_its_lines_to_the_next_week(ada: Agent, acme: Brand, program: Program) -> None:
    pay.make_payable(ada, program)
    draft = bill.make_draft(acme)
    actions.discard_invoice(invoice_id=draft.pk, reason="Wait for the correction.", by=pay.SYSTEM, at=TUESDAY)
    assert Charge.objects.across_brands().get().state == ChargeState.READY
    assert brands_to_draft(at=TUESDAY) == []
    with pytest.raises(MoveRefused):
        actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=TUESDAY)


def test_a_charge_corrected_to_nothing_is_closed_without_a_line(ada: Agent, acme: Brand, program: Program) -> None:
    from payments.actions.credits import settle_at

    gone = pay.make_payable(ada, program)
    settle_at([gone.pk], 0, version=2, by=pay.SYSTEM, at=MONDAY_NOON)
    invoice = bill.make_invoice(ada, program)
    assert (invoice.lines.count(), invoice.net_minor) == (1, 2_200)
    assert Charge.objects.across_brands().get(earning=gone).state == ChargeState.INVOICED


def test_only_ops_and_the_product_issue(ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor) -> None:
    pay.make_payable(ada, program)
    draft = bill.make_draft(acme)
    with pytest.raises(NotFound):
        actions.issue_invoice(invoice_id=draft.pk, by=acme_owner, at=TUESDAY)


def test_with_real_money_an_invoice_needs_a_named_seller(
    ada: Agent, acme: Brand, program: Program, settings: Any
) -> None:
    settings.LEGAL_ENTITY = {**settings.LEGAL_ENTITY, "name": ""}
    pay.make_payable(ada, program)
    draft = bill.make_draft(acme)
    with pytest.raises(SellerUnknown):
        actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=TUESDAY)


def test_reverse_charge_needs_a_validated_vat_number(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor
) -> None:
    german(acme, acme_owner)
    charged_back = bill.make_invoice(ada, program)
    decision = TaxDecision.objects.across_brands().get(invoice=charged_back)
    assert (decision.rule, decision.tax_minor, charged_back.gross_minor) == ("reverse_charge", 0, 2_200)
    assert decision.evidence["vat_id"] == "DE123456788"
    assert (charged_back.buyer["name"], charged_back.purchase_order) == ("Acme GmbH", "PO-7")
    actions.refuse_vat_number(brand_id=acme.pk, reason="Not in the register.", by=pay.SYSTEM, at=TUESDAY)
    pay.make_payable(ada, program)
    later = TUESDAY + timedelta(days=7)
    draft = bill.make_draft(acme, week=LAST_WEEK + timedelta(days=7), at=later)
    taxed = actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=later)
    assert TaxDecision.objects.across_brands().get(invoice=taxed).rule == "domestic"
    assert (taxed.net_minor, taxed.tax_minor, taxed.gross_minor) == (2_200, 506, 2_706)
    assert balance_of(platform_account("tax.output.IE", "USD")) == 506


def test_the_tax_of_an_invoice_is_the_sum_over_its_lines(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor
) -> None:
    german(acme, acme_owner, vat_id="")
    for minutes in (7, 13, 61):
        pay.make_payable(ada, program, minutes=minutes)
    draft = bill.make_draft(acme)
    invoice = actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=TUESDAY)
    decision = TaxDecision.objects.across_brands().get()
    assert decision.base_minor == invoice.net_minor == invoice.lines.aggregate(total=Sum("net_minor"))["total"]
    assert decision.tax_minor == invoice.tax_minor == invoice.lines.aggregate(total=Sum("tax_minor"))["total"]


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_issued_invoice_never_changes(ada: Agent, program: Program) -> None:
    invoice = bill.make_invoice(ada, program)
    wanted: list[Callable[[], object]] = [
        lambda: Invoice.objects.across_brands().update(gross_minor=1, net_minor=1),
        lambda: Invoice.objects.across_brands().update(buyer={}),
        lambda: Invoice.objects.across_brands().update(number=9),
        lambda: sql("DELETE FROM payments_invoice"),
        lambda: InvoiceLine.objects.across_brands().update(net_minor=1),
        lambda: TaxDecision.objects.across_brands().update(tax_minor=1),
        lambda: sql("DELETE FROM payments_invoiceline"),
        lambda: Charge.objects.across_brands().update(invoice=None),
        lambda: NumberSeries.objects.update(last=7),
    ]
    for change in wanted:
        with pytest.raises(DatabaseError, match=r"frozen|one by one|invoiced once"), transaction.atomic():
            change()
    assert bill.fresh(invoice).gross_minor == 2_200


def test_an_invoice_says_the_same_after_names_rates_and_profile_changed(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor
) -> None:
    german(acme, acme_owner)
    invoice = bill.make_invoice(ada, program, lines=2)
    before = invoice.content_sha256
    ada.user.full_name = "Ada Married"
    ada.user.save(update_fields=["full_name"])
    program.name = "Renamed"
    program.save(update_fields=["name"])
    recruit.make_rate_card(program, {"productive_hour": (3000, 4000)})
    german(acme, acme_owner, vat_id="")
    actions.settle_invoices(brand_id=acme.pk, currency="USD", by=pay.SYSTEM, at=TUESDAY)
    content = invoice_content(bill.fresh(invoice))
    assert hash_of(content) == before == bill.fresh(invoice).content_sha256
    assert content["buyer"]["vat_id"] == "DE123456788"
    assert {line["agent"] for line in content["lines"]} == {"Ada Obi"}


def test_a_failed_audit_leaves_no_invoice_and_no_number(
    ada: Agent, acme: Brand, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay.make_payable(ada, program)
    draft = bill.make_draft(acme)

    def broken(*_args: Any, **_given: Any) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("payments.actions.invoices.trail.record", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=TUESDAY)
    assert bill.fresh(draft).state == InvoiceState.DRAFT
    assert Charge.objects.across_brands().get().state == ChargeState.READY
    assert NumberSeries.objects.count() == 0


def test_a_finished_invoice_goes_nowhere() -> None:
    for last in (InvoiceState.PAID, InvoiceState.CREDITED, InvoiceState.WRITTEN_OFF, InvoiceState.DISCARDED):
        assert not INVOICE_MOVES[last]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_threads_and_a_rollback_leave_invoice_numbers_gapless(ada: Agent) -> None:
    drafts = []
    for n in range(20):
        brand = make_brand(f"Brand{n}")
        program = recruit.make_program(brand, name=f"Care {n}")
        recruit.make_rate_card(program)
        pay.make_payable(ada, program)
        drafts.append(bill.make_draft(brand).pk)

    def issue(place: int) -> str | None:
        try:
            with transaction.atomic():
                issued = actions.issue_invoice(invoice_id=drafts[place], by=pay.SYSTEM, at=TUESDAY)
                if place in (3, 11):
                    raise RuntimeError("the worker died before it committed")
            return issued.full_number
        except RuntimeError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        given = [number for number in pool.map(issue, range(20)) if number]
    assert sorted(given) == [f"INV-2026-{n:05d}" for n in range(1, 19)]
    assert NumberSeries.objects.get().last == 18
    late = actions.issue_invoice(invoice_id=drafts[3], by=pay.SYSTEM, at=TUESDAY)
    assert late.full_number == "INV-2026-00019"
    assert ledger.verify_books() == []
