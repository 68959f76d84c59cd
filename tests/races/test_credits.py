"""A credit note and a withdrawal of the same line meet: one waits for the other, neither holds what the other wants."""

import threading
import time

import pytest
from django.db import connection, transaction

from payments import actions, ledger
from payments.actions.drafts import locked_invoice
from payments.models import Charge, CreditNote, Earning
from payments.states import EarningState
from tests import cast
from tests.factories import invoices as bill
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.races.presses import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
_PATIENCE_SECONDS = 30


def _until_somebody_waits() -> None:
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < give_up:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_withdrawal_waits_for_an_invoice_without_holding_its_charges() -> None:
    program = recruit.make_program(cast.make_brand("Acme"))
    recruit.make_rate_card(program)
    invoice = bill.make_invoice(recruit.make_agent("Ada Obi"), program)
    work = Earning.objects.across_brands().get()
    is_taken = threading.Event()

    def credit() -> str:
        with transaction.atomic():
            locked_invoice(invoice.pk)
            is_taken.set()
            _until_somebody_waits()
            charge = Charge.objects.across_brands().select_for_update(of=("self",), nowait=True).get(earning=work)
            return str(charge.state)

    def withdraw() -> str:
        assert is_taken.wait(_PATIENCE_SECONDS)
        (row,) = actions.reverse_earnings([work.pk], reason="wrong person", by=pay.SYSTEM, at=bill.TUESDAY)
        return str(row.pk)

    assert together([credit, withdraw]) == ["invoiced", str(work.pk)]
    assert pay.fresh(work.pk).state == EarningState.REVERSED
    assert CreditNote.objects.across_brands().get().net_minor == 2_200
    assert ledger.verify_books() == []
