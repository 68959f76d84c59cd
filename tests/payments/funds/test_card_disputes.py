"""A card's bank takes money back long after it was spent."""

from typing import Any

import pytest

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actions import mark_past_due
from gigcx.tenancy.models import Brand
from payments import actions, ledger
from payments.ledger import balance_of, platform_account
from payments.queries import spendable
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import funds as money
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db
DISPUTE: dict[str, Any] = {"payment_ref": "pi_1", "dispute_ref": "dp_1", "by": pay.SYSTEM, "at": MONDAY_NOON}


def dispute(minor: int) -> None:
    actions.record_card_dispute(amount=Money(minor, "USD"), **DISPUTE)


def state_of(brand: Brand) -> str:
    return Brand.objects.values_list("state", flat=True).get(pk=brand.pk)


def test_a_late_card_dispute_becomes_a_receivable_and_stops_posting_not_pay(
    ada: Agent, acme: Brand, program: Program
) -> None:
    money.make_prepaid(acme)
    money.fill_wallet(acme, 10_000, ref="pi_1")
    money.set_aside(acme, program, 7_000)
    earning = pay.make_earning(ada, program)
    for _twice in range(2):
        dispute(10_000)
    found = spendable(acme.pk, "USD")
    assert (found.wallet.amount_minor, found.receivable.amount_minor) == (0, 7_000)
    assert state_of(acme) == "past_due"
    assert actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON) == 1
    assert pay.fresh(earning.pk).state == "payable"
    assert ledger.verify_books() == []


def test_a_dispute_that_the_wallet_covers_stops_nothing(acme: Brand) -> None:
    money.fill_wallet(acme, 10_000, ref="pi_1")
    dispute(10_000)
    assert (spendable(acme.pk, "USD").wallet.amount_minor, state_of(acme)) == (0, "active")


def test_paying_what_a_dispute_left_lets_the_brand_post_again(acme: Brand, program: Program) -> None:
    money.make_prepaid(acme)
    money.fill_wallet(acme, 10_000, ref="pi_1")
    money.set_aside(acme, program, 7_000)
    dispute(10_000)
    money.fill_wallet(acme, 2_000)
    assert (spendable(acme.pk, "USD").receivable.amount_minor, state_of(acme)) == (5_000, "past_due")
    money.fill_wallet(acme, 6_000)
    found = spendable(acme.pk, "USD")
    assert (found.receivable.amount_minor, found.wallet.amount_minor, state_of(acme)) == (0, 1_000, "active")
    assert ledger.verify_books() == []


def test_a_brand_that_ops_stopped_for_another_reason_stays_stopped_when_it_pays_for_its_card(
    acme: Brand, program: Program
) -> None:
    money.make_prepaid(acme)
    money.fill_wallet(acme, 10_000, ref="pi_1")
    money.set_aside(acme, program, 7_000)
    mark_past_due(brand_id=acme.pk, reason="Asked by its owner.", by=pay.SYSTEM, at=MONDAY_NOON)
    dispute(10_000)
    money.fill_wallet(acme, 7_000)
    assert (spendable(acme.pk, "USD").receivable.amount_minor, state_of(acme)) == (0, "past_due")


def test_a_won_dispute_pays_what_is_still_owed_then_the_wallet(acme: Brand, program: Program) -> None:
    money.make_prepaid(acme)
    money.fill_wallet(acme, 10_000, ref="pi_1")
    money.set_aside(acme, program, 7_000)
    dispute(10_000)
    money.fill_wallet(acme, 2_000)
    for _twice in range(2):
        actions.win_card_dispute(amount=Money(10_000, "USD"), **DISPUTE)
    found = spendable(acme.pk, "USD")
    assert (found.receivable.amount_minor, found.wallet.amount_minor) == (0, 5_000)
    assert state_of(acme) == "active"
    assert balance_of(platform_account("rail.sandbox.disputed", "USD")) == 0
    assert ledger.verify_books() == []


def test_a_lost_dispute_leaves_what_the_provider_holds(acme: Brand) -> None:
    money.fill_wallet(acme, 10_000, ref="pi_1")
    dispute(10_000)
    for _twice in range(2):
        actions.lose_card_dispute(amount=Money(10_000, "USD"), **DISPUTE)
    assert balance_of(platform_account("rail.sandbox.disputed", "USD")) == 0
    assert balance_of(platform_account("rail.sandbox.available", "USD")) == 0
    assert ledger.verify_books() == []


def test_a_dispute_of_a_payment_that_is_not_ours_is_not_found(acme: Brand) -> None:
    with pytest.raises(NotFound):
        dispute(100)
