"""A try that may still land is asked about before its item is held, called off or sent anew."""

from datetime import timedelta

import pytest

from payments import actions
from payments.actions.outcomes import Outcome, RemotePayment
from payments.gateways import execution, rail_of
from payments.models import Earning, PayoutAttempt, PayoutItem, PayoutRun, RailSwitch, SandboxPayment
from payments.states import EarningState, ItemState, OutcomeKind, RailState, RunState
from recruiting.models import Agent, Program
from tests.factories import payments as pay
from tests.payments.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]
NOT_NOW = [OutcomeKind.IN_FLIGHT, OutcomeKind.THROTTLED, OutcomeKind.CONFIGURATION]
not_now = pytest.mark.parametrize("kind", NOT_NOW)


def asked(run: PayoutRun, clock: Clock, kind: OutcomeKind) -> actions.Claimed:
    """The run's item was sent once, and the rail answered "not now"."""
    claimed = actions.claim_item(rail="sandbox", run_id=run.pk, at=clock())
    assert claimed is not None
    actions.record_outcome(attempt_id=claimed.attempt_id, outcome=Outcome(kind=kind), at=clock())
    assert pay.item_of(run).state == ItemState.PLANNED
    RailSwitch.objects.update(state=RailState.OPEN, reason="")
    return claimed


def lands(claimed: actions.Claimed) -> RemotePayment:
    """The first try is carried out on the other side after all."""
    outcome = rail_of("sandbox").send(claimed.order, key=claimed.key)
    assert outcome.payment is not None
    return outcome.payment


def replace_account(agent: Agent, clock: Clock) -> None:
    actions.replace_payout_account(
        agent_id=agent.pk, rail="sandbox", country="US", has_stepped_up=True, by=pay.SYSTEM, at=clock()
    )


def held(clock: Clock, reason: str) -> None:
    """As a release before this rule left it: held with a try under way."""
    until = clock() + timedelta(days=30)
    PayoutItem.objects.across_brands().update(state=ItemState.HELD, hold_reason=reason, hold_until=until)


def line() -> Earning:
    return Earning.objects.across_brands().get()


@not_now
def test_a_try_under_way_outlives_a_replaced_account_and_pays_once(
    ada: Agent, program: Program, clock: Clock, kind: OutcomeKind
) -> None:
    run = pay.run_of(ada, program)
    claimed = asked(run, clock, kind)
    replace_account(ada, clock)
    clock.wait(minutes=1)
    assert execution.execute_run(run.pk, clock=clock) == 0
    actions.free_held_items(at=clock())
    assert (pay.item_of(run).state, line().state) == (ItemState.UNKNOWN, EarningState.IN_PAYOUT)
    payment = lands(claimed)
    outcome = Outcome(kind=OutcomeKind.DONE, payment=payment)
    actions.record_outcome(attempt_id=claimed.attempt_id, outcome=outcome, at=clock())
    assert (pay.item_of(run).state, line().state) == (ItemState.TRANSFERRED, EarningState.PAID)


@not_now
def test_a_try_that_never_landed_is_looked_up_twice_then_held_and_given_back(
    ada: Agent, program: Program, clock: Clock, kind: OutcomeKind
) -> None:
    run = pay.run_of(ada, program)
    asked(run, clock, kind)
    replace_account(ada, clock)
    clock.wait(minutes=1)
    execution.execute_run(run.pk, clock=clock)
    for answer in (ItemState.UNKNOWN, ItemState.PLANNED):
        clock.wait(minutes=6)
        assert execution.resolve_unknown(pay.item_of(run).pk, clock=clock) == answer
    assert execution.execute_run(run.pk, clock=clock) == 0
    assert pay.item_of(run).state == ItemState.HELD
    actions.free_held_items(at=clock())
    assert (pay.item_of(run).state, line().state) == (ItemState.CANCELLED, EarningState.PAYABLE)
    assert SandboxPayment.objects.count() == 0


def test_an_item_found_held_with_a_try_under_way_is_looked_up_not_called_off(
    ada: Agent, program: Program, clock: Clock
) -> None:
    run = pay.run_of(ada, program)
    claimed = asked(run, clock, OutcomeKind.IN_FLIGHT)
    held(clock, "account_replaced")
    replace_account(ada, clock)
    lands(claimed)
    assert actions.free_held_items(at=clock()) == 1
    assert pay.item_of(run).state == ItemState.UNKNOWN
    clock.wait(minutes=3)
    assert execution.resolve_unknown(claimed.item_id, clock=clock) == ItemState.TRANSFERRED


def test_a_try_the_rail_put_off_until_its_key_may_be_forgotten_is_not_sent_again(
    ada: Agent, program: Program, clock: Clock
) -> None:
    run = pay.run_of(ada, program)
    claimed = asked(run, clock, OutcomeKind.CONFIGURATION)
    lands(claimed)
    clock.wait(hours=25)
    assert execution.execute_run(run.pk, clock=clock) == 0
    assert execution.resolve_unknown(claimed.item_id, clock=clock) == ItemState.TRANSFERRED
    assert SandboxPayment.objects.get().asked_count == 1


def test_a_late_yes_to_a_held_item_settles_it_and_freezes_the_rail(ada: Agent, program: Program, clock: Clock) -> None:
    run = pay.run_of(ada, program)
    claimed = asked(run, clock, OutcomeKind.IN_FLIGHT)
    held(clock, "account_restricted")
    outcome = Outcome(kind=OutcomeKind.DONE, payment=lands(claimed))
    actions.record_outcome(attempt_id=claimed.attempt_id, outcome=outcome, at=clock())
    assert RailSwitch.objects.get().state == RailState.FROZEN
    assert (pay.item_of(run).state, line().state) == (ItemState.TRANSFERRED, EarningState.PAID)


def test_a_late_yes_to_an_item_called_off_freezes_the_rail_and_nothing_is_sent_after(
    ada: Agent, program: Program, clock: Clock
) -> None:
    run = pay.run_of(ada, program)
    claimed = asked(run, clock, OutcomeKind.IN_FLIGHT)
    PayoutAttempt.objects.across_brands().update(state="superseded", finished_at=clock(), outcome=OutcomeKind.UNKNOWN)
    actions.cancel_item(item_id=claimed.item_id, reason="by hand", by=pay.SYSTEM, at=clock())
    again = pay.make_run(key="2026-W48")
    actions.start_run(run_id=again.pk, by=pay.SYSTEM, at=clock())
    outcome = Outcome(kind=OutcomeKind.DONE, payment=lands(claimed))
    assert actions.record_outcome(attempt_id=claimed.attempt_id, outcome=outcome, at=clock()).state == "cancelled"
    switch = RailSwitch.objects.get()
    assert switch.state == RailState.FROZEN
    assert str(claimed.item_id) in switch.reason
    assert execution.execute_run(again.pk, clock=clock) == 0
    assert SandboxPayment.objects.get().group == claimed.item_id


@not_now
@pytest.mark.parametrize("has_landed", [True, False])
def test_a_stopped_run_looks_its_open_tries_up_and_closes(
    ada: Agent, program: Program, clock: Clock, kind: OutcomeKind, has_landed: bool
) -> None:
    run = pay.run_of(ada, program)
    claimed = asked(run, clock, kind)
    if has_landed:
        lands(claimed)
    actions.stop_run(run_id=run.pk, reason="a wrong list", by=pay.SYSTEM, at=clock())
    assert pay.item_of(run).state == ItemState.UNKNOWN
    for _look_up in range(2):
        clock.wait(minutes=6)
        if pay.item_of(run).state == ItemState.UNKNOWN:
            execution.resolve_unknown(claimed.item_id, clock=clock)
    actions.close_finished_runs(by=pay.SYSTEM, at=clock())
    run.refresh_from_db()
    assert run.state == RunState.CLOSED
    ended = (ItemState.TRANSFERRED, EarningState.PAID) if has_landed else (ItemState.CANCELLED, EarningState.PAYABLE)
    assert (pay.item_of(run).state, line().state) == ended
    assert SandboxPayment.objects.count() == int(has_landed)


@pytest.mark.parametrize("kind", [*NOT_NOW, OutcomeKind.NO_FUNDS])
def test_an_answer_after_the_stop_does_not_leave_the_run_open(
    ada: Agent, program: Program, clock: Clock, kind: OutcomeKind
) -> None:
    run = pay.run_of(ada, program)
    claimed = actions.claim_item(rail="sandbox", run_id=run.pk, at=clock())
    assert claimed is not None
    actions.stop_run(run_id=run.pk, reason="a wrong list", by=pay.SYSTEM, at=clock())
    actions.record_outcome(attempt_id=claimed.attempt_id, outcome=Outcome(kind=kind), at=clock())
    for _sweep in range(3):
        actions.close_finished_runs(by=pay.SYSTEM, at=clock())
        clock.wait(minutes=6)
        if pay.item_of(run).state == ItemState.UNKNOWN:
            execution.resolve_unknown(claimed.item_id, clock=clock)
    actions.close_finished_runs(by=pay.SYSTEM, at=clock())
    run.refresh_from_db()
    assert (run.state, pay.item_of(run).state) == (RunState.CLOSED, ItemState.CANCELLED)
