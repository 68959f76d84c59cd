"""Every row of a payout's table: what may follow what, and what each answer of a rail does."""

from datetime import timedelta
from typing import Any

import pytest

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import MoveRefused
from gigcx.kernel.states import may_move
from payments import actions
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.errors import MaybeSent
from payments.gateways import execution, rail_of
from payments.models import Earning, PayoutAccount, PayoutAttempt, PayoutItem, PayoutRun, RailSwitch, SandboxPayment
from payments.states import (
    ATTEMPT_MOVES,
    ITEM_MOVES,
    RAIL_MOVES,
    RUN_MOVES,
    AttemptState,
    EarningState,
    ItemState,
    OutcomeKind,
    RailState,
    RunState,
)
from recruiting.models import Agent, Program
from tests.factories import payments as pay
from tests.payments.conftest import Clock

K = OutcomeKind
run_of = pay.run_of
books = pytest.mark.usefixtures("books_balance_after_everything")
ITEM_TABLE = {
    "planned": {"sending", "unknown", "held", "cancelled"},
    "sending": {"transferred", "unknown", "planned", "held"},
    "unknown": {"sending", "transferred", "planned"},
    "held": {"planned", "unknown", "cancelled"},
    "transferred": {"arrived", "returned", "came_back"},
    "arrived": {"returned", "came_back"},
    "returned": {"came_back"},
    "came_back": set(),
    "cancelled": set(),
}
RUN_TABLE = {
    "planned": {"approved", "cancelled"},
    "approved": {"executing", "stopping"},
    "executing": {"paused", "stopping", "closed"},
    "paused": {"executing", "stopping"},
    "stopping": {"closed"},
    "closed": set(),
    "cancelled": set(),
}
ATTEMPT_TABLE = {
    "sent": {"done", "refused", "unknown", "superseded"},
    "unknown": {"sent", "done", "superseded"},
    "done": set(),
    "refused": set(),
    "superseded": set(),
}
RAIL_TABLE = {"open": {"paused", "frozen"}, "paused": {"open", "frozen"}, "frozen": {"open"}}


@pytest.mark.parametrize(
    ("moves", "states", "table"),
    [
        (ITEM_MOVES, ItemState, ITEM_TABLE),
        (RUN_MOVES, RunState, RUN_TABLE),
        (ATTEMPT_MOVES, AttemptState, ATTEMPT_TABLE),
        (RAIL_MOVES, RailState, RAIL_TABLE),
    ],
)
def test_every_pair_moves_or_is_refused_as_the_tables_say(moves: Any, states: Any, table: dict[str, set[str]]) -> None:
    for source in states.values:
        allowed = {target for target in states.values if target != source and may_move(moves, source, target)}
        assert allowed == table[source], source


def claimed(run: PayoutRun, clock: Clock) -> actions.Claimed:
    found = actions.claim_item(rail="sandbox", run_id=run.pk, at=clock())
    assert found is not None
    return found


def answered(run: PayoutRun, clock: Clock, kind: OutcomeKind, **said: Any) -> actions.Claimed:
    """The run's item was sent, and this came back."""
    found = claimed(run, clock)
    actions.record_outcome(attempt_id=found.attempt_id, outcome=Outcome(kind=kind, **said), at=clock())
    return found


def remote(order: PaymentOrder, **other: Any) -> RemotePayment:
    same = {
        "ref": "tr_1",
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "destination": order.destination,
    }
    return RemotePayment(**{**same, **other})


def attempt() -> PayoutAttempt:
    return PayoutAttempt.objects.across_brands().get()


@books
@pytest.mark.django_db
class TestAnswers:
    def test_a_409_waits_and_asks_again_with_the_same_key(self, ada: Agent, program: Program, clock: Clock) -> None:
        run = run_of(ada, program)
        first = answered(run, clock, K.IN_FLIGHT)
        assert pay.item_of(run).state == ItemState.PLANNED
        assert actions.claim_item(rail="sandbox", run_id=run.pk, at=clock()) is None
        clock.wait(seconds=16)
        again = claimed(run, clock)
        assert (again.key, again.order) == (first.key, first.order)
        assert RailSwitch.objects.filter(state=RailState.PAUSED).count() == 0

    def test_refused_credentials_pause_the_rail_and_tell_ops(self, ada: Agent, program: Program, clock: Clock) -> None:
        run = run_of(ada, program)
        answered(run, clock, K.CONFIGURATION, detail="invalid_api_key")
        switch = RailSwitch.objects.get()
        assert (switch.state, "invalid_api_key" in switch.reason) == (RailState.PAUSED, True)
        assert OutboxEvent.objects.filter(type="payments.rail_stopped").count() == 1
        assert actions.reopen_throttled(at=clock() + timedelta(hours=1)) == 0  # people mend credentials
        assert attempt().state == AttemptState.SENT

    def test_key_misuse_freezes_the_rail(self, ada: Agent, program: Program, clock: Clock) -> None:
        run = run_of(ada, program)
        answered(run, clock, K.KEY_MISUSE)
        assert pay.item_of(run).state == ItemState.UNKNOWN
        assert RailSwitch.objects.get().state == RailState.FROZEN

    @pytest.mark.parametrize(
        "other", [{"amount_minor": 1}, {"currency": "EUR"}, {"destination": "acct_x"}, {"is_reversed": True}]
    )
    def test_a_success_of_another_amount_currency_or_destination_freezes_the_rail(
        self, ada: Agent, program: Program, clock: Clock, other: dict[str, Any]
    ) -> None:
        run = run_of(ada, program)
        found = claimed(run, clock)
        outcome = Outcome(kind=K.DONE, payment=remote(found.order, **other))
        actions.record_outcome(attempt_id=found.attempt_id, outcome=outcome, at=clock())
        assert pay.item_of(run).state == ItemState.UNKNOWN
        assert RailSwitch.objects.get().state == RailState.FROZEN

    def test_several_payments_found_for_one_item_freeze_the_rail(
        self, ada: Agent, program: Program, clock: Clock
    ) -> None:
        run = run_of(ada, program)
        found = answered(run, clock, K.UNKNOWN)
        two = [remote(found.order), remote(found.order, ref="tr_2")]
        assert actions.record_lookup(item_id=found.item_id, found=two, at=clock()) == ItemState.UNKNOWN
        assert RailSwitch.objects.get().state == RailState.FROZEN

    def test_no_funds_pauses_the_run_and_goes_on_under_a_new_key_once_funded(
        self, ada: Agent, program: Program, clock: Clock
    ) -> None:
        run = run_of(ada, program, funds=0)
        found = claimed(run, clock)
        outcome = rail_of("sandbox").send(found.order, key=found.key)
        actions.record_outcome(attempt_id=found.attempt_id, outcome=outcome, at=clock())
        run.refresh_from_db()
        assert (run.state, pay.item_of(run).attempt_number, attempt().state) == ("paused", 2, "refused")
        assert AuditEntry.objects.filter(action="payments.move_run", to_state="paused").count() == 1
        assert execution.go_on_when_funded(clock=clock) == 0
        pay.fund_sandbox(1600)
        assert execution.go_on_when_funded(clock=clock) == 1
        execution.execute_run(run.pk, clock=clock)
        assert pay.item_of(run).state == ItemState.TRANSFERRED
        assert SandboxPayment.objects.get().idempotency_key.endswith(":2")

    def test_a_run_that_people_paused_does_not_go_on_by_itself(
        self, ada: Agent, program: Program, clock: Clock
    ) -> None:
        run = run_of(ada, program)
        actions.pause_run(run_id=run.pk, reason="a look", by=pay.SYSTEM, at=clock())
        assert actions.claim_item(rail="sandbox", run_id=run.pk, at=clock()) is None
        assert execution.go_on_when_funded(clock=clock) == 0
        actions.start_run(run_id=run.pk, by=pay.SYSTEM, at=clock())
        assert execution.execute_run(run.pk, clock=clock) == 1

    def test_an_answer_before_the_response_settles_the_item_and_the_response_changes_nothing(
        self, ada: Agent, program: Program, clock: Clock
    ) -> None:
        run = run_of(ada, program)
        found = claimed(run, clock)
        outcome = rail_of("sandbox").send(found.order, key=found.key)
        assert outcome.payment is not None
        # the webhook is faster than our own worker
        actions.settle_item(item_id=found.item_id, transfer_ref=outcome.payment.ref, by=pay.SYSTEM, at=clock())
        actions.record_outcome(attempt_id=found.attempt_id, outcome=outcome, at=clock())
        lost = Outcome(kind=K.UNKNOWN)
        actions.record_outcome(attempt_id=found.attempt_id, outcome=lost, at=clock())
        assert (pay.item_of(run).state, attempt().state) == (ItemState.TRANSFERRED, AttemptState.DONE)

    def test_a_late_refusal_does_not_undo_what_a_look_up_settled(
        self, ada: Agent, program: Program, clock: Clock
    ) -> None:
        run = run_of(ada, program)
        found = answered(run, clock, K.UNKNOWN)
        outcome = rail_of("sandbox").send(found.order, key=found.key)
        assert outcome.payment is not None
        actions.record_lookup(item_id=found.item_id, found=[outcome.payment], at=clock())
        late = Outcome(kind=K.ACCOUNT_REFUSED)
        actions.record_outcome(attempt_id=found.attempt_id, outcome=late, at=clock())
        assert pay.item_of(run).state == ItemState.TRANSFERRED

    def test_the_bytes_of_a_try_are_those_that_were_stored_whatever_the_account_says_now(
        self, ada: Agent, program: Program, clock: Clock
    ) -> None:
        run = run_of(ada, program)
        found = answered(run, clock, K.UNKNOWN)
        PayoutAccount.objects.across_brands().update(remote_ref="elsewhere")
        clock.wait(seconds=31)
        again = actions.resend_item(item_id=found.item_id, at=clock())
        assert again is not None
        assert (again.key, again.order.as_body()) == (found.key, attempt().request_body)
        assert again.order.destination != "elsewhere"
        assert rail_of("sandbox").send(again.order, key=again.key).kind == K.DONE

    def test_a_resend_waits_half_a_minute_and_for_an_open_rail(
        self, ada: Agent, program: Program, clock: Clock
    ) -> None:
        run = run_of(ada, program)
        found = answered(run, clock, K.UNKNOWN)
        assert actions.resend_item(item_id=found.item_id, at=clock()) is None
        clock.wait(seconds=31)
        actions.switch_rail(rail="sandbox", target="paused", reason="a look", by=pay.SYSTEM, at=clock())
        assert actions.resend_item(item_id=found.item_id, at=clock()) is None

    def test_two_empty_look_ups_count_only_five_minutes_apart(self, ada: Agent, program: Program, clock: Clock) -> None:
        run = run_of(ada, program)
        found = answered(run, clock, K.FROZEN_ERROR)
        for _look_up in range(3):
            assert actions.record_lookup(item_id=found.item_id, found=[], at=clock()) == ItemState.UNKNOWN
            clock.wait(minutes=1)
        clock.wait(minutes=5)
        assert actions.record_lookup(item_id=found.item_id, found=[], at=clock()) == ItemState.PLANNED
        assert pay.item_of(run).attempt_number == 2

    def test_an_item_in_flight_or_settled_cannot_be_called_off(
        self, ada: Agent, program: Program, clock: Clock
    ) -> None:
        run = run_of(ada, program)
        found = answered(run, clock, K.IN_FLIGHT)
        with pytest.raises(MaybeSent):
            actions.cancel_item(item_id=found.item_id, reason="", by=pay.SYSTEM, at=clock())
        clock.wait(seconds=16)
        execution.execute_run(run.pk, clock=clock)
        with pytest.raises(MoveRefused):
            actions.cancel_item(item_id=found.item_id, reason="", by=pay.SYSTEM, at=clock())

    @pytest.mark.parametrize("before", ["transferred", "arrived", "returned"])
    def test_money_that_comes_back_to_us_is_payable_from_wherever_it_was(
        self, ada: Agent, program: Program, clock: Clock, before: str
    ) -> None:
        run = run_of(ada, program)
        execution.execute_run(run.pk, clock=clock)
        item = pay.item_of(run)
        if before == "arrived":
            actions.confirm_arrival(item_id=item.pk, by=pay.SYSTEM, at=clock())
        if before == "returned":
            actions.record_return(item_id=item.pk, reason="closed", by=pay.SYSTEM, at=clock())
        SandboxPayment.objects.all().delete()
        for _told in range(2):
            actions.record_came_back(item_id=item.pk, reason="reversed", by=pay.SYSTEM, at=clock())
        assert Earning.objects.across_brands().get().state == EarningState.PAYABLE
        with pytest.raises(MoveRefused):
            actions.record_return(item_id=item.pk, reason="closed", by=pay.SYSTEM, at=clock())

    def test_a_failing_audit_write_undoes_the_whole_settlement(
        self, ada: Agent, program: Program, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = run_of(ada, program)
        found = claimed(run, clock)
        outcome = rail_of("sandbox").send(found.order, key=found.key)

        def fail(*_args: Any, **_fields: Any) -> None:
            raise RuntimeError("the disk is full")

        with monkeypatch.context() as broken:
            broken.setattr("payments.actions.settlement.trail.record", fail)
            with pytest.raises(RuntimeError):
                actions.record_outcome(attempt_id=found.attempt_id, outcome=outcome, at=clock())
        assert (pay.item_of(run).state, attempt().state) == (ItemState.SENDING, AttemptState.SENT)
        assert Earning.objects.across_brands().get().state == EarningState.IN_PAYOUT
        actions.record_outcome(attempt_id=found.attempt_id, outcome=outcome, at=clock())
        assert pay.item_of(run).state == ItemState.TRANSFERRED

    def test_items_of_two_runs_are_never_in_both(self, ada: Agent, program: Program, clock: Clock) -> None:
        run = run_of(ada, program)
        pay.make_payable(ada, program, at=clock())
        other = pay.make_running_run(key="other", at=clock())
        for one in (run, other):
            execution.execute_run(one.pk, clock=clock)
        assert PayoutItem.objects.across_brands().filter(state=ItemState.TRANSFERRED).count() == 2
        assert SandboxPayment.objects.count() == 2
