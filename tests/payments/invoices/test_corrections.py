"""Work corrected after it was invoiced: the invoice stays, a credit note takes the difference off."""

from datetime import timedelta

import pytest

from payments import actions
from payments.actions.credits import credit_lines, settle_at
from payments.actions.splits import split_line
from payments.ledger import balance_of, brand_account, platform_account
from payments.models import Charge, CreditNote, Earning
from payments.states import ChargeState, EarningState
from recruiting.models import Agent, Program
from tests.factories import invoices as bill
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db
LATER = bill.TUESDAY + timedelta(hours=3)


def test_a_line_withdrawn_after_its_invoice_comes_off_by_a_credit_note(ada: Agent, program: Program) -> None:
    invoice = bill.make_invoice(ada, program, lines=2)
    first = Earning.objects.across_brands().order_by("pk").first()
    assert first is not None
    actions.reverse_earnings([first.pk], reason="wrong person", by=pay.SYSTEM, at=LATER)
    note = CreditNote.objects.across_brands().get()
    assert (note.net_minor, bill.fresh(invoice).open_minor) == (2_200, 2_200)
    assert pay.fresh(first.pk).state == EarningState.REVERSED
    assert Charge.objects.across_brands().get(earning=first).state == ChargeState.INVOICED
    assert balance_of(platform_account("expense.service_credit", "USD")) == 0
    assert balance_of(platform_account("revenue.margin", "USD")) == 600


def test_a_line_split_after_its_invoice_is_billed_anew_to_the_cent(ada: Agent, program: Program) -> None:
    bill.make_invoice(ada, program)
    whole = Earning.objects.across_brands().get()
    parts = split_line(whole, minor=400, reason="ten minutes", by=pay.SYSTEM, at=LATER)
    anew = Charge.objects.across_brands().filter(earning__in=parts)
    assert sum(one.net_minor for one in anew) == CreditNote.objects.across_brands().get().net_minor == 2_200
    assert balance_of(brand_account(program.brand_id, "unbilled", "USD")) == 2_200


def test_a_correction_downwards_after_the_invoice_credits_the_brand_once(ada: Agent, program: Program) -> None:
    invoice = bill.make_invoice(ada, program)
    earning = Earning.objects.across_brands().get()
    for _again in range(2):
        assert settle_at([earning.pk], 1_500, version=2, by=pay.SYSTEM, at=LATER) in (700, 0)
    assert bill.fresh(invoice).open_minor == 1_500
    assert credit_lines([earning.pk], 9_000, key="dispute:x", by=pay.SYSTEM, at=LATER) == 1_500
    assert bill.fresh(invoice).state == "credited"
