"""Through a Stripe that times out, replays, refuses and forgets, every payout leaves exactly once."""

from collections.abc import Callable

import pytest
from django.db import transaction
from stripe._api_version import _ApiVersion

from payments import actions
from payments.actions.rails import switch_rail
from payments.gateways import execution, incoming, rail_of
from payments.gateways.guard import InsideTransaction
from payments.models import Earning, PayoutAccount, PayoutAttempt, PayoutItem, PayoutRun, RailSwitch
from payments.queries.reconciliation import accounts_to_ask_about
from payments.states import EarningState, ItemState, RailState
from recruiting.models import Agent
from tests.factories import payments as pay
from tests.fakes.stripe_server import FakeStripe
from tests.payments.conftest import Clock
from tests.payments.stripe.conftest import stripe_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_equal_the_other_side")]
MakeRun = Callable[..., PayoutRun]


def go_on(run: PayoutRun, clock: Clock) -> None:
    """What the sweep does, a minute later."""
    clock.wait(minutes=1)
    actions.reopen_throttled(at=clock())
    for item_id in list(PayoutItem.objects.across_brands().filter(state="sending").values_list("pk", flat=True)):
        actions.expire_lease(item_id=item_id, at=clock())
    due = PayoutItem.objects.across_brands().filter(state="unknown", next_try_at__lte=clock())
    for item_id in list(due.values_list("pk", flat=True)):
        execution.resolve_unknown(item_id, clock=clock)
    actions.free_held_items(at=clock())
    execution.go_on_when_funded(clock=clock)
    execution.execute_run(run.pk, clock=clock)


def posts(side: FakeStripe) -> list[str]:
    return [one.key for one in side.seen if one.method == "POST" and one.path == "/v1/transfers"]


def test_a_timeout_after_acceptance_pays_once(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["lost"]
    execution.execute_run(run.pk, clock=clock)
    assert pay.item_of(run).state == ItemState.UNKNOWN
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(posts(stripe_side)) == 1  # it was found, not ordered again


def test_a_request_that_never_arrived_is_sent_again_under_the_same_key(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["dropped", "503"]
    execution.execute_run(run.pk, clock=clock)
    go_on(run, clock)
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(posts(stripe_side)) == 3
    assert len(set(posts(stripe_side))) == 1


def test_a_timeout_whose_key_the_other_side_has_forgotten_pays_once(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["lost"]
    execution.execute_run(run.pk, clock=clock)
    stripe_side.ahead = 25 * 3600  # its clock moves, ours does not
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(stripe_side.transfers) == 1


@pytest.mark.parametrize("fault", ["409", "429"])
def test_a_not_now_whose_key_was_forgotten_meanwhile_pays_once(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, fault: str
) -> None:
    """The first request landed all the same, as one in flight does."""
    run = stripe_run(ada)
    stripe_side.faults = [fault]
    execution.execute_run(run.pk, clock=clock)
    attempt = PayoutAttempt.objects.across_brands().get()
    order = actions.PaymentOrder.from_body(attempt.request_body)
    rail_of("stripe_connect").send(order, key=attempt.idempotency_key)
    stripe_side.ahead = 25 * 3600
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(stripe_side.transfers) == 1


def test_without_an_answer_to_the_look_up_nothing_is_sent(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["lost"]
    execution.execute_run(run.pk, clock=clock)
    stripe_side.ahead = 25 * 3600
    clock.wait(minutes=1)
    stripe_side.read_faults = ["429"]
    execution.resolve_unknown(pay.item_of(run).pk, clock=clock)
    assert (pay.item_of(run).state, len(posts(stripe_side))) == (ItemState.UNKNOWN, 1)
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED


def test_a_replayed_500_is_looked_up_not_sent_again(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["500"]
    execution.execute_run(run.pk, clock=clock)
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(posts(stripe_side)) == 1


def test_an_item_unknown_for_25_hours_is_looked_up_never_sent_again(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["lost"]
    execution.execute_run(run.pk, clock=clock)
    clock.wait(hours=25)
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(posts(stripe_side)) == 1


def test_a_429_loses_nothing(ada: Agent, bo: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock) -> None:
    run = stripe_run(ada, bo)
    stripe_side.faults = ["429"]
    execution.execute_run(run.pk, clock=clock)
    assert RailSwitch.objects.get(rail="stripe_connect").state == RailState.PAUSED
    go_on(run, clock)
    assert {one.state for one in PayoutItem.objects.across_brands()} == {ItemState.TRANSFERRED}
    assert len(stripe_side.transfers) == 2


def test_a_run_short_of_funds_pays_oldest_items_first_and_the_rest_after_funding(
    ada: Agent, bo: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada, bo, funds=2000)
    execution.execute_run(run.pk, clock=clock)
    first, second = PayoutItem.objects.across_brands().order_by("pk")
    assert [first.state, second.state] == [ItemState.TRANSFERRED, ItemState.PLANNED]
    go_on(run, clock)
    stripe_side.available += 10_000
    go_on(run, clock)
    assert {one.state for one in PayoutItem.objects.across_brands()} == {ItemState.TRANSFERRED}
    assert len(stripe_side.transfers) == 2


def test_funds_that_run_out_between_the_balance_and_the_transfer_cost_a_new_key_and_no_money(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["empty"]
    execution.execute_run(run.pk, clock=clock)
    assert pay.item_of(run).state == ItemState.PLANNED
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert [key[-2:] for key in posts(stripe_side)] == [":1", ":2"]


def test_a_disabled_account_holds_that_item_only_until_it_is_active_again(
    ada: Agent, bo: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada, bo)
    mine = PayoutItem.objects.across_brands().get(agent=ada)
    stripe_side.disabled.add(mine.destination_ref)
    execution.execute_run(run.pk, clock=clock)
    mine.refresh_from_db(from_queryset=PayoutItem.objects.across_brands())
    assert (mine.state, mine.hold_reason) == (ItemState.HELD, "insufficient_capabilities_for_transfer")
    assert PayoutItem.objects.across_brands().get(agent=bo).state == ItemState.TRANSFERRED
    stripe_side.disabled.clear()
    assert incoming.ask_about_accounts(clock=clock) == 1  # its webhook was dropped
    go_on(run, clock)
    mine.refresh_from_db(from_queryset=PayoutItem.objects.across_brands())
    assert mine.state == ItemState.TRANSFERRED


def test_an_account_that_stripe_does_not_know_is_no_reason_to_stop_the_rail(
    ada: Agent, bo: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada, bo)
    mine = PayoutItem.objects.across_brands().get(agent=ada)
    del stripe_side.accounts[mine.destination_ref]
    execution.execute_run(run.pk, clock=clock)
    states = dict(PayoutItem.objects.across_brands().values_list("agent_id", "state"))
    assert states == {ada.pk: ItemState.HELD, bo.pk: ItemState.TRANSFERRED}


def test_a_key_rotated_between_two_tries_never_doubles(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, settings: pytest.FixtureRequest
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["lost"]
    execution.execute_run(run.pk, clock=clock)
    settings.STRIPE_API_KEY = "sk_test_another_one"  # type: ignore[attr-defined]  # pytest-django's settings
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(stripe_side.transfers) == 1


def test_a_new_sdk_between_two_tries_sends_the_same_words_under_the_same_key_and_never_doubles(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["dropped"]
    execution.execute_run(run.pk, clock=clock)
    monkeypatch.setattr(_ApiVersion, "CURRENT", "2027-03-31.next")
    go_on(run, clock)
    first, second = (one for one in stripe_side.seen if (one.method, one.path) == ("POST", "/v1/transfers"))
    assert (first.version, second.version) == ("2026-10-28.endive", "2027-03-31.next")
    assert (first.key, first.params) == (second.key, second.params)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(stripe_side.transfers) == 1


def test_wrong_credentials_stop_the_rail_and_lose_nothing(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["unauthorized"]
    execution.execute_run(run.pk, clock=clock)
    switch = RailSwitch.objects.get(rail="stripe_connect")
    assert (switch.state, pay.item_of(run).state) == (RailState.PAUSED, ItemState.PLANNED)
    switch_rail(rail="stripe_connect", target=RailState.OPEN, reason="", by=pay.SYSTEM, at=clock())
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED


def test_a_payout_taken_back_by_hand_before_we_knew_of_it_is_payable_again(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    stripe_side.faults = ["lost"]
    execution.execute_run(run.pk, clock=clock)
    stripe_side.reverse("tr_1")
    go_on(run, clock)
    assert pay.item_of(run).state == ItemState.CAME_BACK
    assert Earning.objects.across_brands().get().state == EarningState.PAYABLE
    again = pay.make_run(rail="stripe_connect", key="2026-W48")
    actions.start_run(run_id=again.pk, by=pay.SYSTEM, at=clock())
    execution.execute_run(again.pk, clock=clock)
    assert Earning.objects.across_brands().get().state == EarningState.PAID


def test_two_payments_of_one_payout_freeze_the_rail(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    run = stripe_run(ada)
    item = pay.item_of(run)
    stripe_side.faults = ["lost"]
    execution.execute_run(run.pk, clock=clock)
    stripe_side.by_hand(amount=1600, destination=item.destination_ref, group=str(item.pk))
    go_on(run, clock)
    assert RailSwitch.objects.get(rail="stripe_connect").state == RailState.FROZEN
    assert pay.item_of(run).state == ItemState.UNKNOWN
    stripe_side.reverse("tr_2")  # people put it right
    clock.wait(minutes=6)
    execution.resolve_unknown(item.pk, clock=clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert RailSwitch.objects.get(rail="stripe_connect").state == RailState.FROZEN


def test_the_account_is_opened_once_under_its_own_key(ada: Agent, stripe_side: FakeStripe, clock: Clock) -> None:
    from gigcx.tenancy.actors import AgentActor

    def start() -> str:
        return execution.start_onboarding(
            actor=AgentActor(user=ada.user, agent_id=ada.pk),
            country="US",
            rail_code="stripe_connect",
            return_to=lambda account_id: f"https://app.test/{account_id}",
            refresh_url="https://app.test/again",
            has_stepped_up=True,
            is_replacement=False,
            at=clock(),
        )

    assert start() == start() == "https://connect.stripe.test/onboard"
    account = PayoutAccount.objects.across_brands().get()
    opened = [one.key for one in stripe_side.seen if one.path == "/v2/core/accounts"]
    assert opened == [f"gigcx:account:{account.pk}:1"]
    execution.refresh_account(account, by=pay.SYSTEM, at=clock())
    account.refresh_from_db(from_queryset=PayoutAccount.objects.across_brands())
    assert account.state == "active"


@pytest.mark.parametrize("name", ["find", "payments_since", "balance", "account_facts", "send", "payment"])
def test_stripe_is_never_asked_inside_a_transaction(name: str, stripe_side: FakeStripe) -> None:
    rail = rail_of("stripe_connect")
    with pytest.raises(InsideTransaction), transaction.atomic():
        getattr(rail, name)(None)
    assert stripe_side.seen == []


def test_an_account_whose_rail_is_silent_keeps_no_other_account_waiting(
    ada: Agent, bo: Agent, stripe_side: FakeStripe, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for agent in (ada, bo):
        stripe_account(agent, stripe_side, state="onboarding", usable_from=None)
    first, second = accounts_to_ask_about()
    stripe_side.read_faults = ["429"] * 9
    with monkeypatch.context() as one_at_a_time:
        one_at_a_time.setattr("payments.queries.reconciliation.accounts_to_ask_about", lambda: [first])
        assert incoming.ask_about_accounts(clock=clock) == 0
    assert accounts_to_ask_about(limit=1) == [second]
