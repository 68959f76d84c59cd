"""Many at once reach for the last of a brand's money: one gets it, the others hear what is missing."""

from typing import Any

import pytest

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.models import Brand
from payments import actions, ledger
from payments.errors import FundsShort, NotRefundable
from payments.models import BrandHold, Receipt, TopUp
from payments.queries import spendable
from recruiting.models import Program
from tests import cast
from tests.factories import funds as money
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.races.presses import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def world() -> tuple[Brand, Program]:
    acme = cast.make_brand("Acme")
    program = recruit.make_program(acme)
    recruit.make_rate_card(program)
    return acme, program


def refused(found: list[Any]) -> list[FundsShort]:
    return [one for one in found if isinstance(one, FundsShort)]


def test_of_bookings_racing_for_the_last_budget_one_is_refused_with_the_shortfall() -> None:
    acme, program = world()
    actions.set_budget(
        brand_id=acme.pk,
        program_id=None,
        currency="USD",
        month=cast.MONDAY_NOON.date(),
        soft_minor=10_000,
        hard_minor=10_000,
        by=pay.SYSTEM,
        at=cast.MONDAY_NOON,
    )
    found = at_once(lambda _number: money.set_aside(acme, program, 2_000))
    (short,) = refused(found)
    assert (short.context["cause"], short.context["shortfall_minor"]) == ("budget", 2_000)
    assert spendable(acme.pk, "USD").held.amount_minor == 10_000
    told = OutboxEvent.objects.filter(type="payments.budget_threshold_reached").order_by("pk")
    assert sorted(one.payload["threshold_percent"] for one in told) == [50, 80, 100]


def test_of_holds_racing_for_the_last_of_a_wallet_only_what_it_covers_is_held() -> None:
    acme, program = world()
    money.make_prepaid(acme, 9_000)
    found = at_once(lambda _number: money.set_aside(acme, program, 4_000))
    assert sorted(one.context["shortfall_minor"] for one in refused(found)) == [3_000] * 4
    assert spendable(acme.pk, "USD").wallet.amount_minor == 1_000
    assert BrandHold.objects.for_brand(acme.pk).count() == 2
    assert ledger.verify_books() == []


def test_a_payment_heard_by_many_at_once_is_credited_once() -> None:
    acme, _program = world()
    top_up = money.begin(acme, 50_000)
    facts = money.paid(50_000, "sbx_py_once")
    at_once(
        lambda _number: actions.record_collection_facts(
            top_up_id=top_up.pk, facts=facts, by=pay.SYSTEM, at=cast.MONDAY_NOON
        )
    )
    assert spendable(acme.pk, "USD").wallet.amount_minor == 50_000
    assert Receipt.objects.for_brand(acme.pk).count() == 1
    assert ledger.verify_books() == []


def test_the_last_of_a_wallet_is_held_or_given_back_never_both() -> None:
    acme, program = world()
    money.make_prepaid(acme)
    top_up = money.fill_wallet(acme, 5_000)

    def press(number: int) -> Any:
        if number % 2:
            return money.set_aside(acme, program, 5_000)
        return actions.refund_top_up(top_up_id=top_up.pk, reason="leaving", by=pay.SYSTEM, at=cast.MONDAY_NOON)

    found = at_once(press)
    assert sum(not isinstance(one, FundsShort | NotRefundable) for one in found) == 1
    assert spendable(acme.pk, "USD").wallet.amount_minor == 0
    assert ledger.verify_books() == []


def test_an_automatic_top_up_begun_by_many_workers_is_one() -> None:
    acme, _program = world()
    funds = money.make_prepaid(acme)
    type(funds).objects.for_brand(acme.pk).update(
        method_ref="sbx_pm_card", auto_top_up_below_minor=1_000, auto_top_up_minor=5_000
    )
    at_once(
        lambda _number: actions.start_automatic_top_up(
            funds_id=funds.pk, rail="sandbox", by=pay.SYSTEM, at=cast.MONDAY_NOON
        )
    )
    assert TopUp.objects.for_brand(acme.pk).count() == 1
