"""Taking back what was paid by the agent's own fault: said before, open to dispute, never more than a fifth of a payout."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigcx.audit.models import OutboxEvent
from payments import actions, ledger
from payments.actions.splits import split_line
from payments.errors import FaultNotShown, MoreThanLine, NotDisputable
from payments.gateways import execution
from payments.ledger import agent_account, balance_of
from payments.models import Charge, Earning, PayoutItem
from payments.pricing import recompute
from payments.pricing.netting import net_clawback
from payments.states import EarningKind, EarningState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]
LATER = MONDAY_NOON + timedelta(days=8)
FAULT = "Signed in from two places; sessions 1 and 2 overlap by 15 minutes."


def paid_line(agent: Agent, program: Program, **fields: Any) -> Earning:
    row = pay.make_payable(agent, program, **fields)
    pay.make_account(agent)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run().pk)
    return pay.fresh(row.pk)


def take_back(row: Earning, minor: int = 400, **given_fields: Any) -> Earning:
    return actions.record_clawback(
        **{"earning_id": row.pk, "minor": minor, "fault": FAULT, "by": pay.SYSTEM, "at": MONDAY_NOON, **given_fields}
    )


def lines(agent: Agent, kind: str) -> list[Earning]:
    rows = Earning.objects.across_brands().filter(agent=agent, kind=kind).exclude(state=EarningState.REVERSED)
    return list(rows.order_by("pk"))


def owed(agent: Agent) -> int:
    return balance_of(agent_account(agent.pk, "clawback", "USD"))


def test_a_clawback_needs_the_fault_shown(ada: Agent, program: Program) -> None:
    row = paid_line(ada, program)
    with pytest.raises(FaultNotShown):
        take_back(row, fault=" ")
    assert lines(ada, EarningKind.CLAWBACK) == []


def test_a_clawback_is_a_new_line_that_is_told_and_waits_seven_days(ada: Agent, program: Program) -> None:
    row = paid_line(ada, program)
    clawback = take_back(row)
    assert (clawback.amount_minor, clawback.state) == (-400, EarningState.ACCRUED)
    assert clawback.review_ends_at == MONDAY_NOON + timedelta(days=7)
    assert clawback.explanation["fault"] == FAULT
    assert recompute(clawback.explanation) == -400
    assert pay.fresh(row.pk).state == EarningState.PAID
    assert owed(ada) == 400
    assert OutboxEvent.objects.filter(type="payments.clawback_recorded", agent_id=ada.pk).count() == 1
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON + timedelta(days=6))
    assert pay.fresh(clawback.pk).state == EarningState.ACCRUED


def test_a_clawback_is_never_more_than_the_line_paid(ada: Agent, program: Program) -> None:
    row = paid_line(ada, program)
    take_back(row, 1000)
    with pytest.raises(MoreThanLine):
        take_back(row, 601)
    take_back(row, 600)
    assert owed(ada) == 1600


def test_a_line_still_in_review_is_corrected_and_not_clawed_back(ada: Agent, program: Program) -> None:
    with pytest.raises(NotDisputable):
        take_back(pay.make_earning(ada, program))


def test_the_same_part_is_clawed_back_once(ada: Agent, program: Program) -> None:
    row = paid_line(ada, program)
    first, again = take_back(row, part="v2"), take_back(row, part="v2")
    assert first.pk == again.pk
    assert owed(ada) == 400


def test_a_payout_carries_a_fifth_of_it_at_most_and_the_rest_carries_over(ada: Agent, program: Program) -> None:
    clawback = take_back(paid_line(ada, program))
    pay.make_payable(ada, program, at=LATER, worked_to=LATER - timedelta(days=2))
    actions.release_earnings(by=pay.SYSTEM, at=LATER)
    taken = actions.net_clawbacks({ada.pk: 1600}, currency="USD", by=pay.SYSTEM, at=LATER)
    assert [row.amount_minor for row in taken[ada.pk]] == [-320]
    assert pay.fresh(clawback.pk).state == EarningState.REVERSED
    assert [(row.amount_minor, row.state) for row in lines(ada, EarningKind.CLAWBACK)] == [
        (-320, EarningState.PAYABLE),
        (-80, EarningState.PAYABLE),
    ]
    assert owed(ada) == 400


def test_an_agent_who_owes_nothing_is_left_alone(ada: Agent, bo: Agent, program: Program) -> None:
    take_back(paid_line(ada, program))
    assert actions.net_clawbacks({bo.pk: 1600}, currency="USD", by=pay.SYSTEM, at=LATER) == {}


def test_a_forgiven_clawback_leaves_no_trace_in_the_balance(ada: Agent, program: Program) -> None:
    clawback = take_back(paid_line(ada, program))
    actions.forgive_clawback(earning_id=clawback.pk, minor=100, reason="half of it", by=pay.SYSTEM, at=MONDAY_NOON)
    assert owed(ada) == 300
    (rest,) = lines(ada, EarningKind.CLAWBACK)
    actions.forgive_clawback(earning_id=rest.pk, minor=300, reason="all of it", by=pay.SYSTEM, at=MONDAY_NOON)
    assert owed(ada) == 0


def test_a_planned_payout_nets_the_clawback_and_a_cancelled_one_gives_it_back(ada: Agent, program: Program) -> None:
    take_back(paid_line(ada, program))
    pay.make_payable(ada, program, at=LATER, worked_to=LATER - timedelta(days=2))
    actions.release_earnings(by=pay.SYSTEM, at=LATER)
    run = pay.make_run(at=LATER, key="2026-W48")
    item = pay.item_of(run)
    assert (item.amount_minor, owed(ada)) == (1280, 80)
    actions.cancel_run(run_id=run.pk, reason="not today", by=pay.SYSTEM, at=LATER)
    assert owed(ada) == 400
    assert balance_of(agent_account(ada.pk, "payable", "USD")) == 1600
    again = pay.make_run(at=LATER, key="2026-W49")
    assert (pay.item_of(again).amount_minor, owed(ada)) == (1280, 80)


def test_a_line_splits_exactly_in_pay_bill_and_time(ada: Agent, program: Program) -> None:
    row = pay.make_earning(ada, program, minutes=61)
    first, rest = split_line(row, minor=271, reason="test", by=pay.SYSTEM, at=MONDAY_NOON)
    assert first.amount_minor + rest.amount_minor == row.amount_minor
    assert first.worked_seconds + rest.worked_seconds == row.worked_seconds
    charges = Charge.objects.across_brands()
    assert charges.get(earning=first).net_minor + charges.get(earning=rest).net_minor == row.charge.net_minor
    assert [recompute(one.explanation) for one in (first, rest)] == [first.amount_minor, rest.amount_minor]
    assert pay.fresh(row.pk).state == EarningState.REVERSED
    again, _left = split_line(rest, minor=1, reason="test", by=pay.SYSTEM, at=MONDAY_NOON)
    assert again.part == "all~2a"


@pytest.mark.parametrize("minor", [0, 1600, 1601, -1])
def test_a_part_is_less_than_the_line(ada: Agent, program: Program, minor: int) -> None:
    with pytest.raises(MoreThanLine):
        split_line(pay.make_earning(ada, program), minor=minor, reason="test", by=pay.SYSTEM, at=MONDAY_NOON)


def test_the_agents_identity_holds_with_a_clawback(ada: Agent, program: Program) -> None:
    take_back(paid_line(ada, program))
    earned = sum(row.amount_minor for row in Earning.objects.across_brands().exclude(state=EarningState.REVERSED))
    sides = [balance_of(agent_account(ada.pk, code, "USD")) for code in ("accrued", "payable", "in_transit")]
    paid = sum(PayoutItem.objects.across_brands().values_list("amount_minor", flat=True))
    assert sum(sides) + paid - owed(ada) == earned
    assert ledger.verify_books() == []


@given(payable=st.integers(0, 10**9), debt=st.integers(0, 10**9))
def test_netting_takes_a_fifth_at_most_and_never_more_than_owed(payable: int, debt: int) -> None:
    taken = net_clawback(payable, debt)
    assert 0 <= taken <= debt
    assert taken * 5 <= payable
    assert taken == debt or (taken + 1) * 5 > payable
