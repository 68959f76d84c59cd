"""Holds that end, money set aside, training and bounties, and the gate that scheduling asks."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from gigcx.kernel.errors import MoveRefused
from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand
from payments import actions, ledger
from payments.errors import AlreadyHeld, EndRequired
from payments.models import BrandHold, Charge, Earning, EarningHold
from payments.queries import spendable
from payments.states import (
    ACCOUNT_MOVES,
    ATTEMPT_MOVES,
    BRAND_HOLD_MOVES,
    CHARGE_MOVES,
    EARNING_MOVES,
    ITEM_MOVES,
    RAIL_MOVES,
    RUN_MOVES,
    AttemptState,
    BrandHoldState,
    ChargeState,
    EarningState,
    ItemState,
    PayoutAccountState,
    RailState,
    RunState,
)
from recruiting.models import Agent, Program, RateCard
from scheduling.errors import FundsRefused
from scheduling.registries import PriceLine, funds_gate, price_book
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db
SOON = MONDAY_NOON + timedelta(days=1)


def hold(earning: Earning, **given: Any) -> EarningHold:
    asked: dict[str, Any] = {
        "reason": "review",
        "note": "Overlap.",
        "until": SOON,
        "by": pay.SYSTEM,
        "at": MONDAY_NOON,
        **given,
    }
    return actions.hold_earning(earning_id=earning.pk, **asked)


def test_a_held_line_is_not_released_and_an_ended_hold_lifts_itself(ada: Agent, program: Program) -> None:
    earning = pay.make_earning(ada, program)
    hold(earning)
    assert actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON) == 0
    assert (pay.fresh(earning.pk).state, Charge.objects.across_brands().get().state) == ("held", "held")
    assert actions.lift_ended_holds(by=pay.SYSTEM, at=SOON) == 1
    assert pay.fresh(earning.pk).state == EarningState.PAYABLE
    assert Charge.objects.across_brands().get().state == ChargeState.READY
    assert ledger.verify_books() == []


def test_a_line_held_for_two_reasons_waits_for_both(ada: Agent, program: Program) -> None:
    earning = pay.make_earning(ada, program)
    first = hold(earning)
    second = hold(earning, reason="identity")
    actions.lift_hold(hold_id=first.pk, by=pay.SYSTEM, at=MONDAY_NOON)
    assert pay.fresh(earning.pk).state == EarningState.HELD
    actions.lift_hold(hold_id=second.pk, by=pay.SYSTEM, at=MONDAY_NOON)
    assert pay.fresh(earning.pk).state == EarningState.PAYABLE


def test_a_hold_lifted_during_the_review_goes_back_into_review(ada: Agent, program: Program) -> None:
    earning = pay.make_earning(ada, program, worked_to=MONDAY_NOON - timedelta(hours=1))
    actions.lift_hold(hold_id=hold(earning).pk, by=pay.SYSTEM, at=MONDAY_NOON)
    assert pay.fresh(earning.pk).state == EarningState.ACCRUED


def test_a_hold_needs_a_reason_and_an_end_and_stands_once(ada: Agent, program: Program) -> None:
    earning = pay.make_earning(ada, program)
    for wrong in ({"until": MONDAY_NOON}, {"reason": " "}):
        with pytest.raises(EndRequired):
            hold(earning, **wrong)
    hold(earning)
    with pytest.raises(AlreadyHeld):
        hold(earning)


def test_a_payable_line_can_no_longer_be_held(ada: Agent, program: Program) -> None:
    with pytest.raises(MoveRefused):
        hold(pay.make_payable(ada, program))


def set_aside(brand: Brand, program: Program, minor: int, **given: Any) -> None:
    asked: dict[str, Any] = {"source_kind": "request", "source_id": uuid4(), **given}
    funds_gate().hold(
        brand_id=brand.pk, program_id=program.pk, amount=Money(minor, "USD"), until=SOON, at=MONDAY_NOON, **asked
    )


def test_the_gate_holds_up_to_the_limit_and_says_what_is_missing(acme: Brand, program: Program) -> None:
    actions.set_terms(
        brand_id=acme.pk, currency="USD", credit_limit_minor=10_000, days_until_due=14, by=pay.SYSTEM, at=MONDAY_NOON
    )
    set_aside(acme, program, 9_000)
    with pytest.raises(FundsRefused) as refused:
        set_aside(acme, program, 1_500)
    assert (refused.value.shortfall_minor, refused.value.cause) == (500, "wallet")
    assert spendable(acme.pk, "USD").free.amount_minor == 1_000


def test_the_same_source_again_replaces_its_hold_and_release_gives_the_rest_back(acme: Brand, program: Program) -> None:
    source = uuid4()
    set_aside(acme, program, 9_000, source_id=source)
    set_aside(acme, program, 4_000, source_id=source)
    assert spendable(acme.pk, "USD").held.amount_minor == 4_000
    funds_gate().release(source_kind="request", source_id=source, at=MONDAY_NOON)
    funds_gate().release(source_kind="request", source_id=source, at=MONDAY_NOON)
    assert spendable(acme.pk, "USD").held.amount_minor == 0


def test_what_work_cost_is_taken_from_its_hold_and_counted_once(ada: Agent, acme: Brand, program: Program) -> None:
    source = uuid4()
    set_aside(acme, program, 5_000, source_id=source)
    before = spendable(acme.pk, "USD").free.amount_minor
    pay.make_earning(ada, program, hold_sources=(("request", source),))
    after = spendable(acme.pk, "USD")
    assert (after.held.amount_minor, after.unbilled.amount_minor) == (2_800, 2_200)
    assert after.free.amount_minor == before


def test_a_hold_whose_time_is_over_ends(acme: Brand, program: Program) -> None:
    set_aside(acme, program, 5_000)
    assert actions.expire_holds(at=SOON + timedelta(days=9)) == 1
    assert BrandHold.objects.across_brands().get().state == BrandHoldState.EXPIRED


def test_the_price_book_takes_the_steps_of_the_real_price(program: Program) -> None:
    card = RateCard.objects.across_brands().with_lines().get(program=program)
    found = price_book().estimate(card, [PriceLine("productive_hour", seconds=5400)])
    assert (found.pay, found.bill) == (Money(2400, "USD"), Money(3300, "USD"))


def test_a_bounty_is_paid_once_per_agent_and_certification_version(ada: Agent, bo: Agent, program: Program) -> None:
    pay.engaged(ada, program)
    pay.engaged(bo, program)
    version = uuid4()
    for agent in (ada, ada, bo):
        actions.accrue_bounty(
            agent_id=agent.pk,
            program_id=program.pk,
            certification_version_id=version,
            source_event_id=uuid4(),
            by=pay.SYSTEM,
            at=MONDAY_NOON,
        )
    amounts = list(Earning.objects.across_brands().values_list("amount_minor", "charge__net_minor"))
    assert amounts == [(2500, 3000), (2500, 3000)]


TABLES = [
    (EARNING_MOVES, EarningState),
    (CHARGE_MOVES, ChargeState),
    (BRAND_HOLD_MOVES, BrandHoldState),
    (ACCOUNT_MOVES, PayoutAccountState),
    (RUN_MOVES, RunState),
    (ITEM_MOVES, ItemState),
    (ATTEMPT_MOVES, AttemptState),
    (RAIL_MOVES, RailState),
]


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_every_state_is_in_its_table_and_none_follows_itself(table: dict[str, frozenset[str]], states: type) -> None:
    assert set(table) == set(states.values)  # type: ignore[attr-defined]  # TextChoices
    assert all(state not in after for state, after in table.items())


def test_paid_and_replaced_lines_are_never_reversed(ada: Agent, program: Program) -> None:
    earning = pay.make_earning(ada, program)
    actions.reverse_earnings([earning.pk], reason="wrong", by=pay.SYSTEM, at=MONDAY_NOON)
    with pytest.raises(MoveRefused):
        actions.reverse_earnings([earning.pk], reason="wrong", by=pay.SYSTEM, at=MONDAY_NOON)
    assert ledger.verify_books() == []
