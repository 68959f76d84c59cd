"""A rail that is asked for patience waits shortly, then longer, and opens by itself; refusals are read without a code too."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import stripe

from payments import actions, tasks
from payments.actions.rails import pause_throttled
from payments.errors import UnknownRemote
from payments.gateways import execution, rail_of
from payments.gateways.stripe.answers import outcome_of, retry_after_of
from payments.gateways.stripe.rail import StripeConnectRail
from payments.models import PayoutRun, RailSwitch
from payments.policies.payouts import patience
from payments.queries.payouts import next_try_in
from payments.states import ItemState, OutcomeKind, RailState
from recruiting.models import Agent
from tests.factories import payments as pay
from tests.fakes.stripe_server import FakeStripe
from tests.payments.conftest import Clock

pytestmark = pytest.mark.django_db
MakeRun = Callable[..., PayoutRun]
RAIL = "stripe_connect"


def test_patience_doubles_from_a_second_to_a_minute_and_is_never_shorter_than_asked_for() -> None:
    assert [patience(times).total_seconds() for times in (1, 2, 3, 7, 500)] == [1, 2, 4, 60, 60]
    assert patience(3, percent=0) == timedelta(seconds=2)
    assert patience(1, retry_after=timedelta(seconds=9)) == timedelta(seconds=9)
    assert patience(1, retry_after=timedelta(days=9)) == timedelta(minutes=10)


@pytest.mark.parametrize(("said", "seconds"), [("7", 7), ("", None), ("soon", None), ("-3", None), ("9" * 9, None)])
def test_only_seconds_are_taken_from_a_retry_after(said: str, seconds: int | None) -> None:
    found = retry_after_of({"Retry-After": said})
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_a_rail_asked_for_patience_again_and_again_waits_longer_until_something_was_paid(
    ada: Agent, bo: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada, bo)
    for times in (1, 2, 3):
        stripe_side.faults = ["429"]
        execution.execute_run(run.pk, clock=clock)
        switch = RailSwitch.objects.get(rail=RAIL)
        assert (switch.state, switch.times_throttled) == (RailState.PAUSED, times)
        assert switch.opens_at is not None
        assert timedelta() < switch.opens_at - clock() <= patience(times)
        clock.at = max(switch.opens_at, clock.at + (next_try_in(run.pk, at=clock()) or timedelta()))
    stripe_side.faults = ["", "429"]
    execution.execute_run(run.pk, clock=clock)
    assert RailSwitch.objects.get(rail=RAIL).times_throttled == 1
    clock.wait(seconds=2)
    execution.execute_run(run.pk, clock=clock)  # no sweep was needed to open it
    assert len(stripe_side.transfers) == 2
    assert next_try_in(run.pk, at=clock()) is None


def test_a_second_worker_told_to_wait_at_the_same_time_counts_once_and_the_longer_wait_holds(clock: Clock) -> None:
    pause_throttled(rail=RAIL, retry_after=None, at=clock())
    pause_throttled(rail=RAIL, retry_after=timedelta(seconds=30), at=clock())
    switch = RailSwitch.objects.get(rail=RAIL)
    assert (switch.times_throttled, switch.opens_at) == (1, clock() + timedelta(seconds=30))
    assert actions.reopen_throttled(at=clock() + timedelta(seconds=29)) == 0
    assert actions.reopen_throttled(at=clock() + timedelta(seconds=30)) == 1


def test_patience_never_opens_a_rail_that_people_stopped(clock: Clock) -> None:
    actions.switch_rail(rail=RAIL, target=RailState.PAUSED, reason="a look first", by=pay.SYSTEM, at=clock())
    pause_throttled(rail=RAIL, retry_after=None, at=clock())
    assert actions.reopen_throttled(at=clock() + timedelta(hours=1)) == 0
    assert RailSwitch.objects.get(rail=RAIL).reason == "a look first"


def test_a_run_that_was_asked_for_patience_goes_on_in_a_moment_but_not_for_ever(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = execution.execute_run
    monkeypatch.setattr(execution, "execute_run", lambda run_id, *, turn: send(run_id, clock=clock, turn=turn))
    for room in ("payments.gateways.execution", "payments.tasks.payouts"):
        monkeypatch.setattr(f"{room}.database_now", clock)
    later: list[tuple[float, int]] = []
    monkeypatch.setattr(
        "payments.tasks.payouts.hint_later",
        lambda task, wait, *, run_id, times: later.append((wait.total_seconds(), times)),
    )
    run_id = str(stripe_run(ada).pk)
    stripe_side.read_faults = ["429"]
    tasks.execute_run(run_id=run_id)
    stripe_side.faults = ["429"]
    tasks.execute_run(run_id=run_id, times=7)
    (unanswered, second), (throttled, eighth) = later
    assert (second, eighth, unanswered) == (2, 8, 2.0)
    assert 0 < throttled <= 1
    stripe_side.read_faults = ["429"]
    tasks.execute_run(run_id=run_id, times=20)  # the next sweep begins anew
    assert len(later) == 2


def test_a_worker_that_stood_still_longer_than_its_lease_sends_nothing(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = stripe_run(ada)
    with monkeypatch.context() as stopped:
        stopped.setattr(execution, "LEASE", timedelta())
        execution.send_next(run, clock=clock)
    assert (pay.item_of(run).state, stripe_side.transfers) == (ItemState.UNKNOWN, [])
    clock.wait(minutes=1)
    execution.resolve_unknown(pay.item_of(run).pk, clock=clock)
    assert len(stripe_side.transfers) == 1


def test_a_rail_that_tells_no_balance_refuses_by_itself_what_it_has_no_money_for(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def untold(*args: Any) -> None:
        raise UnknownRemote

    run = stripe_run(ada, funds=100)
    monkeypatch.setattr(StripeConnectRail, "balance", untold)
    execution.execute_run(run.pk, clock=clock)
    run.refresh_from_db()
    assert (run.state, stripe_side.transfers) == ("paused", [])
    stripe_side.available = 10_000
    execution.go_on_when_funded(clock=clock)
    execution.execute_run(run.pk, clock=clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED


def refused(kind: type[stripe.StripeError], status: int, **body: str) -> stripe.StripeError:
    """As the SDK makes it: only some kinds are told the code apart from the body."""
    given: dict[str, Any] = {"http_status": status, "json_body": {"error": body}}
    if kind is stripe.InvalidRequestError:
        given |= {"param": None, "code": body.get("code")}
    return kind(body.get("message", ""), **given)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused(stripe.PermissionError, 403, code="account_invalid"), OutcomeKind.ACCOUNT_REFUSED),
        (refused(stripe.PermissionError, 403, message="This key may not."), OutcomeKind.CONFIGURATION),
        (
            refused(stripe.InvalidRequestError, 400, message="No such destination: 'acct_1'"),
            OutcomeKind.ACCOUNT_REFUSED,
        ),
        (refused(stripe.InvalidRequestError, 400, message="You have insufficient funds."), OutcomeKind.NO_FUNDS),
        (refused(stripe.InvalidRequestError, 400, message="Received unknown parameter"), OutcomeKind.CONFIGURATION),
        (refused(stripe.APIError, 400, code="lock_timeout"), OutcomeKind.THROTTLED),
    ],
)
def test_a_refusal_is_read_from_its_body_and_words_where_the_sdk_tells_no_code(
    error: stripe.StripeError, kind: OutcomeKind
) -> None:
    assert outcome_of(error).kind == kind


def test_a_transfer_that_tells_only_what_it_must_is_read(stripe_side: FakeStripe) -> None:
    ref = stripe_side.add_account("acct_1")
    made = stripe_side.by_hand(amount=100, destination=ref)
    for name in ("reversed", "amount_reversed", "transfer_group"):
        del made[name]
    rail = rail_of(RAIL)
    assert isinstance(rail, StripeConnectRail)
    found = rail.payment(made["id"])
    assert (found.amount_minor, found.destination, found.group, found.is_reversed) == (100, ref, "", False)
