"""Paying invoices: from holds, wallet and receipts; credit notes; reminders and their end."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gigcx.audit.models import OutboxEvent
from gigcx.audit.outbox import Delivered
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from gigcx.tenancy.policies import may_trade
from gigcx.tenancy.states import BrandState
from payments import actions, handlers, ledger
from payments.actions import BillingDetails
from payments.errors import MoreThanRemaining, ReceiptKnown, SamePerson, VatNumberWrong
from payments.events import TopUpSettled
from payments.gateways import execution
from payments.ledger import Posting, balance_of, brand_account, credit, debit, platform_account
from payments.models import Allocation, BillingProfile, BrandFunds, CreditNote, DunningStep, Invoice, Receipt
from payments.queries.documents import receipt_number
from payments.queries.invoices import credit_note_content, hash_of, invoices_to_remind, receipt_content
from payments.states import DunningKind, FundsMode, InvoiceState, JournalKind, ReceiptMethod
from recruiting.models import Agent, Program
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import funds
from tests.factories import invoices as bill
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db
TUESDAY = bill.TUESDAY
LATER = TUESDAY + timedelta(days=3)


def put_into_wallet(brand: Brand, minor: int) -> None:
    money = Money(minor, "USD")
    legs = (debit(platform_account("bank", "USD"), money), credit(brand_account(brand.pk, "wallet", "USD"), money))
    ledger.post([Posting(f"test:{uuid4()}", JournalKind.TOP_UP_SETTLED, legs, MONDAY_NOON, "test", brand.pk)])


def receipt(brand: Brand, minor: int, ref: str = "bank:1", **fields: Any) -> Receipt:
    asked: dict[str, Any] = {"method": ReceiptMethod.BANK_TRANSFER, "received_at": LATER, "at": LATER, **fields}
    return actions.record_receipt(brand_id=brand.pk, amount=Money(minor, "USD"), remote_ref=ref, by=pay.SYSTEM, **asked)


def wallet(brand: Brand) -> int:
    return balance_of(brand_account(brand.pk, "wallet", "USD"))


def test_the_wallet_pays_the_oldest_invoice_first_and_part_of_the_next(
    ada: Agent, acme: Brand, program: Program
) -> None:
    first = bill.make_invoice(ada, program)
    pay.make_payable(ada, program)
    draft = bill.make_draft(acme, week=bill.LAST_WEEK + timedelta(days=7), at=TUESDAY + timedelta(days=7))
    second = actions.issue_invoice(invoice_id=draft.pk, by=pay.SYSTEM, at=TUESDAY + timedelta(days=7))
    put_into_wallet(acme, 3_000)
    for _again in range(2):
        actions.settle_invoices(brand_id=acme.pk, currency="USD", by=pay.SYSTEM, at=LATER)
    assert [bill.fresh(one).state for one in (first, second)] == ["paid", "part_paid"]
    assert (bill.fresh(second).open_minor, wallet(acme)) == (1_400, 0)
    assert Allocation.objects.across_brands().count() == 2
    assert OutboxEvent.objects.filter(type="payments.invoice_paid").count() == 1


def test_what_was_held_for_the_work_pays_before_the_wallet(ada: Agent, acme: Brand, program: Program) -> None:
    put_into_wallet(acme, 10_000)
    BrandFunds.objects.create(brand=acme, currency="USD", mode=FundsMode.PREPAID, created_at=MONDAY_NOON)
    source = uuid4()
    asked: dict[str, Any] = {"program_id": program.pk, "until": TUESDAY + timedelta(days=30), "at": MONDAY_NOON}
    for kind, source_id, minor in (("request", source, 3_000), ("request", uuid4(), 4_000)):
        actions.hold_funds(brand_id=acme.pk, source_kind=kind, source_id=source_id, amount=Money(minor, "USD"), **asked)
    bill.make_invoice(ada, program, hold_sources=(("request", source),))
    actions.settle_invoices(brand_id=acme.pk, currency="USD", by=pay.SYSTEM, at=LATER)
    hold = balance_of(brand_account(acme.pk, "hold", "USD"))
    assert (hold, wallet(acme)) == (4_800, 3_000)  # the other request's money and 800 of this one's are still held
    assert Invoice.objects.across_brands().get().state == InvoiceState.PAID


def test_a_bank_transfer_pays_its_invoice_and_the_rest_is_the_wallets(
    ada: Agent, acme: Brand, program: Program
) -> None:
    invoice = bill.make_invoice(ada, program)
    paid = receipt(acme, 2_500)
    assert receipt(acme, 2_500) == paid
    assert (bill.fresh(invoice).state, wallet(acme)) == ("paid", 300)
    assert receipt_content(paid)["paid"] == [{"invoice": "INV-2026-00001", "amount_minor": 2_200}]
    with pytest.raises(ReceiptKnown):
        receipt(acme, 2_501)


def test_a_payment_collected_elsewhere_lands_on_that_rail_once(ada: Agent, acme: Brand, program: Program) -> None:
    invoice = bill.make_invoice(ada, program)
    for _again in range(2):
        actions.record_invoice_payment(
            invoice_id=invoice.pk,
            amount=Money(2_000, "USD"),
            method=ReceiptMethod.CARD,
            rail="stripe_connect",
            remote_ref="pi_1",
            received_at=LATER,
            by=pay.SYSTEM,
            at=LATER,
        )
    assert (bill.fresh(invoice).state, bill.fresh(invoice).open_minor) == ("part_paid", 200)
    assert balance_of(platform_account("rail.stripe_connect.pending", "USD")) == 2_000


def test_nobody_but_ops_types_in_or_decides_a_bank_transfer(
    ada: Agent, program: Program, olu: OpsActor, acme_owner: BrandActor
) -> None:
    invoice = bill.make_invoice(ada, program)
    asked: dict[str, Any] = {"bank_reference": "WIRE 89", "received_at": TUESDAY, "at": LATER}
    owner: Any = acme_owner  # typed as ops only: what the checker sees, a request does not
    with pytest.raises(NotFound):
        actions.propose_receipt(invoice_id=invoice.pk, amount=Money(2_200, "USD"), by=owner, **asked)
    typed = actions.propose_receipt(invoice_id=invoice.pk, amount=Money(2_200, "USD"), by=olu, **asked)
    with pytest.raises(NotFound):
        actions.confirm_receipt(proposal_id=typed.pk, by=owner, at=LATER)
    with pytest.raises(NotFound):
        actions.decline_receipt(proposal_id=typed.pk, reason="mine", by=owner, at=LATER)
    assert bill.fresh(invoice).state == InvoiceState.ISSUED


def test_a_bank_transfer_by_hand_needs_a_second_look(ada: Agent, program: Program, olu: OpsActor) -> None:
    invoice = bill.make_invoice(ada, program)
    asked: dict[str, Any] = {"bank_reference": "WIRE 88", "received_at": TUESDAY, "by": olu, "at": LATER}
    typed = actions.propose_receipt(invoice_id=invoice.pk, amount=Money(2_200, "USD"), **asked)
    assert bill.fresh(invoice).state == InvoiceState.ISSUED
    with pytest.raises(SamePerson):
        actions.confirm_receipt(proposal_id=typed.pk, by=olu, at=LATER)
    with pytest.raises(ReceiptKnown):
        actions.propose_receipt(invoice_id=invoice.pk, amount=Money(10, "USD"), **asked)
    with pytest.raises(Invalid):
        actions.propose_receipt(invoice_id=invoice.pk, amount=Money(10, "EUR"), **{**asked, "bank_reference": "x"})
    second = cast.ops("Ines Ops")
    actions.confirm_receipt(proposal_id=typed.pk, by=second, at=LATER)
    assert bill.fresh(invoice).state == InvoiceState.PAID
    with pytest.raises(MoveRefused):
        actions.decline_receipt(proposal_id=typed.pk, reason="too late", by=second, at=LATER)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        type(typed).objects.across_brands().update(amount_minor=1)


def test_a_credit_note_takes_off_what_is_open_and_never_more_than_remains(
    ada: Agent, acme: Brand, program: Program, olu: OpsActor
) -> None:
    invoice = bill.make_invoice(ada, program, lines=2)
    line = invoice.lines.order_by("position").first()
    assert line is not None
    asked: dict[str, Any] = {"invoice_id": invoice.pk, "reason": "Ten minutes were idle.", "by": olu, "at": LATER}
    note = actions.issue_credit_note(nets={line.pk: 1_000}, **asked)
    assert (note.full_number, note.gross_minor, note.to_wallet_minor) == ("CN-2026-00001", 1_000, 0)
    assert bill.fresh(invoice).open_minor == 3_400
    assert hash_of(credit_note_content(CreditNote.objects.across_brands().get())) == note.content_sha256
    with pytest.raises(MoreThanRemaining):
        actions.issue_credit_note(nets={line.pk: 1_201}, **asked)
    with pytest.raises(Invalid):
        actions.issue_credit_note(nets={uuid4(): 1}, **asked)
    with pytest.raises(Invalid):
        actions.issue_credit_note(nets={line.pk: 1}, **{**asked, "reason": " "})
    rest = actions.credit_whole_invoice(**asked)
    assert (rest.full_number, rest.gross_minor, rest.lines.count()) == ("CN-2026-00002", 3_400, 2)
    assert bill.fresh(invoice).state == InvoiceState.CREDITED
    assert balance_of(platform_account("expense.service_credit", "USD")) == 4_400


def test_a_credit_note_on_a_paid_invoice_credits_the_wallet_with_its_tax(
    ada: Agent, acme: Brand, program: Program, acme_owner: BrandActor, olu: OpsActor
) -> None:
    irish = BillingDetails(legal_name="Acme Ltd", country="IE")
    actions.save_billing_profile(brand_id=acme.pk, details=irish, by=acme_owner, at=MONDAY_NOON)
    invoice = bill.make_invoice(ada, program)
    receipt(acme, 2_706)
    note = actions.credit_whole_invoice(invoice_id=invoice.pk, reason="Not served.", by=olu, at=LATER)
    assert (note.net_minor, note.tax_minor, note.to_wallet_minor) == (2_200, 506, 2_706)
    assert (bill.fresh(invoice).state, wallet(acme)) == ("paid", 2_706)
    assert balance_of(platform_account("tax.output.IE", "USD")) == 0


def test_a_credit_on_a_part_paid_invoice_goes_to_what_is_open_first(
    ada: Agent, acme: Brand, program: Program, olu: OpsActor
) -> None:
    invoice = bill.make_invoice(ada, program)
    receipt(acme, 1_500)
    charge_id = invoice.lines.get().charge_id
    (note,) = actions.credit_charges({charge_id: 1_000}, reason="Corrected minutes.", by=olu, at=LATER)
    assert (note.to_wallet_minor, wallet(acme)) == (300, 300)
    assert bill.fresh(invoice).state == InvoiceState.PAID
    with pytest.raises(NotFound):
        actions.credit_charges({charge_id: 1}, reason="mine", by=cast.outsider(), at=LATER)


def day(invoice: Invoice, late: int) -> datetime:
    assert invoice.due_on is not None
    return datetime(*invoice.due_on.timetuple()[:3], 18, tzinfo=TUESDAY.tzinfo) + timedelta(days=late)


def remind(invoice: Invoice, late: int) -> str:
    taken = actions.take_dunning_step(invoice_id=invoice.pk, by=pay.SYSTEM, at=day(invoice, late))
    return taken.step if taken else ""


def state_of(brand: Brand) -> str:
    return Brand.objects.get(pk=brand.pk).state


def test_reminders_come_on_their_days_once_and_stop_the_brand_step_by_step(
    ada: Agent, acme: Brand, program: Program
) -> None:
    invoice = bill.make_invoice(ada, program)
    taken = {late: remind(invoice, late) for late in range(-2, 25)}
    assert {late: step for late, step in taken.items() if step} == {
        0: DunningKind.DUE,
        3: DunningKind.REMINDER,
        7: DunningKind.PAST_DUE,
        14: DunningKind.LAST_REMINDER,
        21: DunningKind.SUSPENSION,
    }
    assert bill.fresh(invoice).state == InvoiceState.OVERDUE
    assert state_of(acme) == BrandState.SUSPENDED
    assert OutboxEvent.objects.filter(type="payments.invoice_overdue").count() == 1
    assert OutboxEvent.objects.filter(type="payments.dunning_step_taken").count() == 5


def test_a_brand_past_due_runs_and_cannot_post_until_it_has_paid(ada: Agent, acme: Brand, program: Program) -> None:
    invoice = bill.make_invoice(ada, program)
    for late in (0, 3, 7):
        remind(invoice, late)
    assert state_of(acme) == BrandState.PAST_DUE
    assert not may_trade(Brand.objects.get(pk=acme.pk))
    receipt(acme, 1_000)
    assert state_of(acme) == BrandState.PAST_DUE
    receipt(acme, 1_200, ref="bank:2")
    assert state_of(acme) == BrandState.ACTIVE
    assert bill.fresh(invoice).state == InvoiceState.PAID


def test_after_an_outage_no_warning_is_left_out_and_three_days_lie_between(
    ada: Agent, acme: Brand, program: Program
) -> None:
    invoice = bill.make_invoice(ada, program)
    days = [late for late in range(40, 60) if remind(invoice, late)]
    assert days == [40, 43, 46, 49, 52]
    assert state_of(acme) == BrandState.SUSPENDED


def test_a_brand_that_ops_paused_for_another_reason_stays_paused(
    ada: Agent, acme: Brand, program: Program, olu: OpsActor
) -> None:
    from gigcx.tenancy.actions import suspend_brand

    invoice = bill.make_invoice(ada, program)
    suspend_brand(brand_id=acme.pk, reason="Complaints.", by=olu, at=LATER)
    for late in (0, 3, 7):
        remind(invoice, late)
    receipt(acme, 2_200)
    assert state_of(acme) == BrandState.SUSPENDED


def test_nothing_is_reminded_before_it_is_due_or_after_it_is_paid(ada: Agent, acme: Brand, program: Program) -> None:
    invoice = bill.make_invoice(ada, program)
    assert invoices_to_remind(at=TUESDAY) == []
    assert invoices_to_remind(at=day(invoice, 0)) == [invoice.pk]
    receipt(acme, 2_200)
    assert invoices_to_remind(at=day(invoice, 9)) == []
    assert remind(invoice, 9) == ""
    assert DunningStep.objects.across_brands().count() == 0


def test_a_bankrupt_brands_agents_are_paid(ada: Agent, acme: Brand, program: Program, olu: OpsActor) -> None:
    invoice = bill.make_invoice(ada, program)
    with pytest.raises(MoveRefused):
        actions.write_off(invoice_id=invoice.pk, reason="Insolvent.", by=olu, at=LATER)
    for late in (0, 3, 7, 14, 21):
        remind(invoice, late)
    actions.write_off(invoice_id=invoice.pk, reason="Insolvent.", by=olu, at=day(invoice, 30))
    assert balance_of(platform_account("expense.bad_debt", "USD")) == 2_200
    pay.make_account(ada)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run(at=day(invoice, 31)).pk, clock=lambda: day(invoice, 31))
    assert pay.fresh(invoice.lines.get().charge.earning_id).state == "paid"
    assert state_of(acme) == BrandState.SUSPENDED
    receipt(acme, 2_200)  # money that comes after all is the brand's, in its wallet
    assert wallet(acme) == 2_200


def test_a_vat_number_that_cannot_exist_is_refused_and_a_changed_one_is_checked_anew(
    acme: Brand, acme_owner: BrandActor, olu: OpsActor, globex_owner: BrandActor
) -> None:
    def save(by: Any = acme_owner, **fields: str) -> BillingProfile:
        details = BillingDetails(**{"legal_name": "Acme", "country": "DE", **fields})
        return actions.save_billing_profile(brand_id=acme.pk, details=details, by=by, at=MONDAY_NOON)

    with pytest.raises(VatNumberWrong):
        save(vat_id="DE123456789")
    assert save(vat_id="de 123 456 788").vat_id == "DE123456788"
    confirmed = actions.confirm_vat_number(brand_id=acme.pk, reference="WAPI-1", by=olu, at=LATER)
    assert confirmed.vat_id_evidence == {"method": "register", "reference": "WAPI-1"}
    assert save(vat_id="DE123456788", email="pay@acme.test").vat_id_evidence["method"] == "register"
    assert save(vat_id="DE136695976").vat_id_evidence == {"method": "check digits"}
    assert save(vat_id="").vat_id_checked_at is None
    assert save(country="US", vat_id="12-34").vat_id_checked_at is None
    with pytest.raises(NotFound):
        save(by=globex_owner)
    with pytest.raises(NotFound):
        actions.confirm_vat_number(brand_id=acme.pk, reference="x", by=acme_owner, at=LATER)


@given(amounts=st.lists(st.integers(1, 9_000), min_size=1, max_size=8), credited=st.integers(0, 2))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_paid_and_credited_the_receivable_is_what_is_open(
    amounts: list[int], credited: int, ada: Agent, acme: Brand, program: Program
) -> None:
    from tests.payments.invoices.conftest import receivable_equals_open_invoices

    with transaction.atomic():
        invoice = bill.make_invoice(ada, program, lines=2)
        line = invoice.lines.order_by("position").first()
        assert line is not None
        for place, amount in enumerate(amounts):
            if place == credited:
                nets = {line.pk: min(amount, line.net_minor)}
                actions.issue_credit_note(invoice_id=invoice.pk, nets=nets, reason="x", by=pay.SYSTEM, at=LATER)
            receipt(acme, amount, ref=f"bank:{place}")
            receivable_equals_open_invoices()
        assert ledger.verify_books() == []
        transaction.set_rollback(True)


def test_a_top_up_that_settled_pays_what_is_open_and_opens_the_brand_again(
    ada: Agent, acme: Brand, program: Program
) -> None:
    invoice = bill.make_invoice(ada, program)
    for late in (0, 3, 7):
        remind(invoice, late)
    top_up = funds.pay(funds.begin(acme, 5_000))
    facts = funds.paid(5_000, top_up.payment_ref or "")
    actions.record_collection_facts(top_up_id=top_up.pk, facts=facts, by=pay.SYSTEM, at=LATER)
    fact = TopUpSettled(top_up_id=top_up.pk, brand_id=acme.pk, currency="USD")
    for _again in range(2):
        handlers.pay_open_invoices(fact, Delivered(uuid4(), LATER, acme.pk, None, LATER))
    assert (bill.fresh(invoice).state, wallet(acme)) == ("paid", 2_800)
    assert state_of(acme) == BrandState.ACTIVE


def test_receipts_have_gapless_numbers_of_their_own_series_whatever_they_came_by(
    ada: Agent, program: Program, acme: Brand
) -> None:
    invoice = bill.make_invoice(ada, program)
    for ref in ("bank-1", "bank-1", "bank-2"):  # heard twice it is one
        receipt(acme, 500, ref)
    with transaction.atomic():
        funds.fill_wallet(acme, 5_000, at=LATER)
        transaction.set_rollback(True)
    funds.fill_wallet(acme, 7_000, at=LATER)
    rows = Receipt.objects.for_brand(acme.pk).order_by("number")
    assert [row.full_number for row in rows] == ["RC-2026-00001", "RC-2026-00002", "RC-2026-00003"]
    assert {row.legal_entity for row in rows} == {invoice.legal_entity}
    assert receipt_number(rows[0]) == "RC-2026-00001"


def test_a_receipt_from_before_the_series_keeps_the_name_it_had(acme: Brand) -> None:
    kept = Receipt(brand=acme, received_at=LATER)
    assert receipt_number(kept) == f"RC-2026-{kept.pk.hex[-10:].upper()}"
