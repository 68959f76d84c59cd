"""A payout happens exactly once, whatever goes wrong on the way."""

from datetime import timedelta

import pytest

from payments import actions
from payments.errors import (
    PaymentDiffers,
)
from payments.gateways import execution
from payments.models import (
    Earning,
    PayoutAccount,
    PayoutAttempt,
    PayoutItem,
    RailSwitch,
    SandboxAccount,
    SandboxBalance,
    SandboxPayment,
    Statement,
)
from payments.queries import agent_balance
from payments.states import EarningState, ItemState, RailState, RunState
from recruiting.models import Agent, Program
from tests.factories import payments as pay
from tests.payments.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]
run_of = pay.run_of


def test_a_run_pays_what_is_payable_and_freezes_a_statement(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program)
    assert execution.execute_run(run.pk, clock=clock) == 1
    item = pay.item_of(run)
    assert (item.state, item.amount_minor) == (ItemState.TRANSFERRED, 1600)
    assert Earning.objects.across_brands().get().state == EarningState.PAID
    assert Statement.objects.across_brands().get().item_id == item.pk
    run.refresh_from_db()
    assert run.state == RunState.CLOSED
    assert agent_balance(ada.pk, at=clock())[0].paid_this_year.amount_minor == 1600
    assert SandboxBalance.objects.get().available_minor == 1_000_000 - 1600


def test_the_key_is_stored_before_the_call(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program)
    claimed = actions.claim_item(rail="sandbox", run_id=run.pk, at=clock())
    assert claimed is not None
    attempt = PayoutAttempt.objects.across_brands().get()
    assert attempt.idempotency_key == claimed.key == f"gigcx:payout:{claimed.item_id}:1"
    assert attempt.request_body["amount_minor"] == 1600
    assert pay.item_of(run).lease_until == clock() + timedelta(minutes=2)


def test_a_timeout_after_acceptance_pays_once(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program, behaviour="times_out")
    execution.execute_run(run.pk, clock=clock)
    assert pay.item_of(run).state == ItemState.UNKNOWN
    clock.wait(seconds=31)
    execution.resolve_unknown(pay.item_of(run).pk, clock=clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    attempt = PayoutAttempt.objects.across_brands().get()
    assert (attempt.send_count, attempt.was_replay, attempt.state) == (2, True, "done")


def test_a_replayed_500_is_looked_up_not_sent_again(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program, behaviour="replays_500")
    item_id = pay.item_of(run).pk
    execution.execute_run(run.pk, clock=clock)
    clock.wait(seconds=31)
    assert execution.resolve_unknown(item_id, clock=clock) == "sent again"  # the same key once more
    assert pay.item_of(run).state == ItemState.UNKNOWN
    clock.wait(minutes=3)
    assert execution.resolve_unknown(item_id, clock=clock) == "transferred"
    assert SandboxPayment.objects.get().asked_count == 2


def test_a_worker_that_dies_between_call_and_answer_pays_once(ada: Agent, program: Program, clock: Clock) -> None:
    from payments.gateways import rail_of

    run = run_of(ada, program)
    claimed = actions.claim_item(rail="sandbox", run_id=run.pk, at=clock())
    assert claimed is not None
    rail_of("sandbox").send(claimed.order, key=claimed.key)  # and then the worker is gone
    clock.wait(minutes=3)
    assert actions.expire_lease(item_id=claimed.item_id, at=clock())
    clock.wait(minutes=1)
    execution.resolve_unknown(claimed.item_id, clock=clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert SandboxPayment.objects.count() == 1


def test_an_item_unknown_for_25_hours_is_looked_up_never_sent_again(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program, behaviour="times_out")
    execution.execute_run(run.pk, clock=clock)
    clock.wait(hours=25)
    assert execution.resolve_unknown(pay.item_of(run).pk, clock=clock) == "transferred"
    assert SandboxPayment.objects.get().asked_count == 1


def test_two_empty_look_ups_allow_a_new_key(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program)
    claimed = actions.claim_item(rail="sandbox", run_id=run.pk, at=clock())  # dies before the call
    assert claimed is not None
    clock.wait(hours=21)
    actions.expire_lease(item_id=claimed.item_id, at=clock())
    clock.wait(minutes=3)
    assert execution.resolve_unknown(claimed.item_id, clock=clock) == "unknown"
    clock.wait(minutes=6)
    assert execution.resolve_unknown(claimed.item_id, clock=clock) == "unknown"  # its key may still be remembered
    clock.wait(hours=4)
    assert execution.resolve_unknown(claimed.item_id, clock=clock) == "planned"
    execution.execute_run(run.pk, clock=clock)
    keys = PayoutAttempt.objects.across_brands().order_by("number").values_list("idempotency_key", "state")
    assert [(key[-2:], state) for key, state in keys] == [(":1", "superseded"), (":2", "done")]


def test_a_429_pauses_the_rail_and_loses_nothing(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program, behaviour="throttles")
    execution.execute_run(run.pk, clock=clock)
    assert pay.item_of(run).state == ItemState.PLANNED
    assert RailSwitch.objects.get().state == RailState.PAUSED
    clock.wait(seconds=40)
    assert actions.reopen_throttled(at=clock()) == 1
    execution.execute_run(run.pk, clock=clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert PayoutAttempt.objects.across_brands().get().send_count == 2


def test_a_run_short_of_funds_pays_the_oldest_first_and_the_rest_after_funding(
    ada: Agent, bo: Agent, program: Program, clock: Clock
) -> None:
    pay.make_payable(bo, program)
    pay.make_account(bo)
    run = run_of(ada, program, funds=2000)
    execution.execute_run(run.pk, clock=clock)
    items = PayoutItem.objects.across_brands().order_by("pk")
    assert [item.state for item in items] == ["transferred", "planned"]
    assert items.last().wait_reason == "no_funds"  # type: ignore[union-attr]  # there are two
    pay.fund_sandbox(5000)
    execution.execute_run(run.pk, clock=clock)
    assert {item.state for item in items.all()} == {"transferred"}
    assert SandboxPayment.objects.count() == 2


def test_a_refused_account_holds_that_item_alone_and_tells_why(
    ada: Agent, bo: Agent, program: Program, clock: Clock
) -> None:
    pay.make_payable(bo, program)
    pay.make_account(bo)
    run = run_of(ada, program, behaviour="refuses")
    execution.execute_run(run.pk, clock=clock)
    mine = PayoutItem.objects.across_brands().get(agent=ada)
    assert (mine.state, mine.hold_reason) == (ItemState.HELD, "account_closed")
    assert PayoutItem.objects.across_brands().get(agent=bo).state == ItemState.TRANSFERRED
    SandboxAccount.objects.update(behaviour="pays")
    account = PayoutAccount.objects.across_brands().get(agent=ada)
    execution.refresh_account(account, by=pay.SYSTEM, at=clock())
    actions.free_held_items(at=clock())
    execution.execute_run(run.pk, clock=clock)
    mine.refresh_from_db(from_queryset=PayoutItem.objects.across_brands())
    assert (mine.state, mine.attempt_number) == (ItemState.TRANSFERRED, 2)


def test_an_ended_hold_of_an_item_gives_the_money_back_to_payable(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program, behaviour="refuses")
    execution.execute_run(run.pk, clock=clock)
    clock.wait(days=31)
    actions.free_held_items(at=clock())
    assert pay.item_of(run).state == ItemState.CANCELLED
    assert Earning.objects.across_brands().get().state == EarningState.PAYABLE
    assert agent_balance(ada.pk, at=clock())[0].available.amount_minor == 1600


def test_a_capability_lost_between_plan_and_send_holds_that_item_only(
    ada: Agent, program: Program, clock: Clock
) -> None:
    run = run_of(ada, program)
    PayoutAccount.objects.across_brands().update(state="restricted")
    assert execution.execute_run(run.pk, clock=clock) == 0
    assert pay.item_of(run).state == ItemState.HELD
    assert SandboxPayment.objects.count() == 0


def test_a_payment_that_differs_from_the_order_freezes_the_rail(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program)
    claimed = actions.claim_item(rail="sandbox", run_id=run.pk, at=clock())
    assert claimed is not None
    clock.wait(minutes=3)
    actions.expire_lease(item_id=claimed.item_id, at=clock())
    other = actions.RemotePayment(ref="x", amount_minor=1, currency="USD", destination=claimed.order.destination)
    assert actions.record_lookup(item_id=claimed.item_id, found=[other], at=clock()) == "unknown"
    assert RailSwitch.objects.get().state == RailState.FROZEN
    assert execution.execute_run(run.pk, clock=clock) == 0


def test_settling_twice_changes_nothing_and_another_reference_is_refused(
    ada: Agent, program: Program, clock: Clock
) -> None:
    run = run_of(ada, program)
    execution.execute_run(run.pk, clock=clock)
    item = pay.item_of(run)
    assert item.transfer_ref is not None
    actions.settle_item(item_id=item.pk, transfer_ref=item.transfer_ref, by=pay.SYSTEM, at=clock())
    with pytest.raises(PaymentDiffers):
        actions.settle_item(item_id=item.pk, transfer_ref="another", by=pay.SYSTEM, at=clock())
    assert Statement.objects.across_brands().count() == 1


def test_money_that_came_back_is_payable_and_goes_into_the_next_run(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program)
    execution.execute_run(run.pk, clock=clock)
    item = pay.item_of(run)
    SandboxPayment.objects.all().delete()  # reversed by hand on the other side
    actions.record_came_back(item_id=item.pk, reason="reversed by hand", by=pay.SYSTEM, at=clock())
    assert Earning.objects.across_brands().get().state == EarningState.PAYABLE
    again = pay.make_run(key="2026-W48")
    assert again.total_minor == 1600
    actions.cancel_run(run_id=again.pk, reason="", by=pay.SYSTEM, at=clock())


def test_a_return_after_arrival_makes_no_debt(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program, behaviour="returns")
    execution.execute_run(run.pk, clock=clock)
    actions.confirm_arrival(item_id=pay.item_of(run).pk, by=pay.SYSTEM, at=clock())
    assert execution.sandbox_returns(at=clock()) == 1
    assert pay.item_of(run).state == ItemState.RETURNED
    assert agent_balance(ada.pk, at=clock())[0].available.amount_minor == 0


def test_a_return_that_a_dying_worker_did_not_write_down_is_told_again(
    ada: Agent, program: Program, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(ada, program, behaviour="returns")
    execution.execute_run(run.pk, clock=clock)
    with monkeypatch.context() as killed:
        killed.setattr(actions, "record_return", _killed)
        with pytest.raises(KeyboardInterrupt):
            execution.sandbox_returns(at=clock())
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert [execution.sandbox_returns(at=clock()) for _again in range(2)] == [1, 0]
    assert pay.item_of(run).state == ItemState.RETURNED


def _killed(**_given: object) -> None:
    raise KeyboardInterrupt
