"""A webhook is kept once, believed only when it is signed well, and then only as a hint to look."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from payments import actions
from payments.errors import BadSignature
from payments.gateways import incoming
from payments.models import PayoutItem, PayoutRun, StripeEvent
from payments.states import InboxState, ItemState
from recruiting.models import Agent
from tests.factories import payments as pay
from tests.fakes.stripe_server import FakeStripe
from tests.fakes.stripe_state import body_of, signed
from tests.payments.conftest import Clock
from tests.payments.stripe.conftest import OLD_SECRET, SECRET, stripe_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_equal_the_other_side")]
Knock = Callable[..., int]
MakeRun = Callable[..., PayoutRun]


@pytest.fixture(autouse=True)
def one_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The view's clock is the test's."""
    monkeypatch.setattr("gigcx.kernel.clock.now", clock)


def some_event(side: FakeStripe, kind: str = "customer.updated", **more: Any) -> dict[str, Any]:
    return side.tell(kind, {"id": "cus_1", "object": "customer"}, **more)


def test_a_forged_stale_or_future_signature_stores_nothing(stripe_side: FakeStripe, deliver: Knock) -> None:
    event = some_event(stripe_side)
    assert deliver(event, secret="whsec_of_somebody_else") == 400
    assert deliver(event, late=301) == 400
    assert deliver(event, late=-301) == 400
    assert StripeEvent.objects.count() == 0
    assert deliver(event, late=299) == 200
    assert StripeEvent.objects.get().pk == event["id"]


@pytest.mark.parametrize("header", ["", "nonsense", "t=1", "v1=abc", "t=x,v1=abc", "t=,v1="])
def test_a_request_without_a_whole_signature_stores_nothing(stripe_side: FakeStripe, header: str) -> None:
    answer = Client().post(
        "/webhooks/stripe/",
        body_of(some_event(stripe_side)),
        content_type="application/json",
        headers={"Stripe-Signature": header},
    )
    assert (answer.status_code, StripeEvent.objects.count()) == (400, 0)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"", b"[]", b"not json", b'{"id": "evt_1"}', b'{"type": "x"}'])
def test_what_is_signed_well_and_is_no_event_stores_nothing(deliver: Knock, body: bytes) -> None:
    assert deliver({}, body=body) == 400
    assert StripeEvent.objects.count() == 0


def test_a_second_moment_in_the_header_does_not_make_an_old_signature_new(
    stripe_side: FakeStripe, clock: Clock
) -> None:
    body, now = body_of(some_event(stripe_side)), clock().timestamp()
    header = f"{signed(body, SECRET, now - 3600)},t={int(now)}"
    answer = Client().post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": header}
    )
    assert answer.status_code == 400


def test_a_rotated_secret_works(stripe_side: FakeStripe, deliver: Knock) -> None:
    assert deliver(some_event(stripe_side), secret=OLD_SECRET) == 200
    assert StripeEvent.objects.count() == 1


def test_only_a_signed_post_is_heard(stripe_side: FakeStripe) -> None:
    assert Client().get("/webhooks/stripe/").status_code == 405


def test_where_no_secret_is_set_nothing_is_believed(settings: Any, clock: Clock) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = []
    with pytest.raises(BadSignature):
        incoming.read_signed(b"{}", signature="t=1,v1=a", at=clock())


def test_on_the_sandbox_nobody_is_expected_to_knock(stripe_side: FakeStripe, deliver: Knock, settings: Any) -> None:
    settings.PAYMENTS_MODE, settings.STRIPE_API_KEY = "sandbox", ""
    assert deliver(some_event(stripe_side)) == 400
    assert not StripeEvent.objects.exists()


def test_a_live_event_in_test_mode_only_alarms(stripe_side: FakeStripe, deliver: Knock, clock: Clock) -> None:
    event = some_event(stripe_side, "transfer.reversed", is_live=True)
    assert deliver(event) == 200
    row = StripeEvent.objects.get()
    assert (row.state, row.alarm) == (InboxState.IGNORED, "wrong_mode")
    assert incoming.process_event(row.pk, clock=clock) == "taken"
    assert [one.path for one in stripe_side.seen] == []


def test_an_event_delivered_three_times_is_kept_and_worked_on_once(
    stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    event = some_event(stripe_side)
    assert [deliver(event) for _ in range(3)] == [200, 200, 200]
    assert incoming.process_event(event["id"], clock=clock) == InboxState.IGNORED
    assert incoming.process_event(event["id"], clock=clock) == "taken"
    assert StripeEvent.objects.get().tries == 1


def test_a_webhook_before_its_response_settles_the_item(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    from payments.gateways import rail_of

    run = stripe_run(ada)
    claimed = actions.claim_item(rail="stripe_connect", run_id=run.pk, at=clock())
    assert claimed is not None
    outcome = rail_of("stripe_connect").send(claimed.order, key=claimed.key)
    event = stripe_side.events[0]
    assert deliver(event) == 200
    assert incoming.process_event(event["id"], clock=clock) == InboxState.PROCESSED
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    actions.record_outcome(attempt_id=claimed.attempt_id, outcome=outcome, at=clock())
    assert pay.item_of(run).state == ItemState.TRANSFERRED
    assert len(stripe_side.transfers) == 1


def test_a_webhook_about_nothing_we_know_is_kept_and_alarms(
    stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    event = stripe_side.tell("transfer.created", {"id": "tr_of_nobody", "object": "transfer"})
    assert deliver(event) == 200
    assert incoming.process_event(event["id"], clock=clock) == InboxState.PROCESSED
    assert StripeEvent.objects.get().alarm == incoming.UNKNOWN_OBJECT


def test_what_the_webhook_claims_is_looked_up_not_believed(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    from payments.gateways import execution

    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    lie = {**stripe_side.transfers[0], "reversed": True, "amount_reversed": 1600}
    event = stripe_side.tell("transfer.reversed", lie)
    deliver(event)
    incoming.process_event(event["id"], clock=clock)
    assert pay.item_of(run).state == ItemState.TRANSFERRED


def test_an_event_that_fails_waits_longer_each_time_and_is_parked_after_ten_tries(
    stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    event = stripe_side.tell("transfer.created", {"id": "tr_1", "object": "transfer"})
    deliver(event)
    waits: list[timedelta] = []
    for _try in range(10):
        stripe_side.read_faults = ["429"]
        state = incoming.process_event(event["id"], clock=clock)
        row = StripeEvent.objects.get()
        waits.append(row.next_try_at - clock())
        clock.at = row.next_try_at
    assert state == InboxState.PARKED
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=15), timedelta(hours=1))
    assert incoming.process_event(event["id"], clock=clock) == "taken"
    actions.retry_event(event_id=event["id"], by=pay.SYSTEM, at=clock())
    assert incoming.process_event(event["id"], clock=clock) == InboxState.PROCESSED


def test_an_event_that_did_not_reach_us_is_asked_for(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, clock: Clock
) -> None:
    from payments.gateways import execution

    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    stripe_side.reverse("tr_1")
    for event_id in incoming.fetch_missed_events(clock=clock):
        incoming.process_event(event_id, clock=clock)
    assert pay.item_of(run).state == ItemState.CAME_BACK
    assert incoming.fetch_missed_events(clock=clock) == []


def test_an_account_that_lost_its_capability_is_restricted_and_comes_back(
    ada: Agent, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    account = stripe_account(ada, stripe_side)
    kind = "v2.core.account[configuration.recipient].capability_status_updated"

    def told(at: datetime) -> str:
        event = stripe_side.tell_thin(kind, account.remote_ref)
        event["id"] += f"_{at.timestamp()}"
        assert deliver(event) == 200
        assert incoming.process_event(event["id"], clock=clock) == InboxState.PROCESSED
        account.refresh_from_db(from_queryset=type(account).objects.across_brands())
        return str(account.state)

    stripe_side.disabled.add(account.remote_ref)
    assert told(clock()) == "restricted"
    assert account.requirement_codes == ["individual.id_number"]
    stripe_side.disabled.clear()
    clock.wait(minutes=1)
    assert told(clock()) == "active"


@pytest.mark.parametrize(("status", "state"), [("paid", ItemState.ARRIVED), ("failed", ItemState.RETURNED)])
def test_what_the_agents_bank_says_moves_the_payout_and_no_money(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, deliver: Knock, clock: Clock, status: str, state: str
) -> None:
    from payments.gateways import execution

    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    ref = stripe_side.pay_out(pay.item_of(run).destination_ref, ["tr_1"], status=status)
    event = stripe_side.events[-1]
    assert ref == event["data"]["object"]["id"]
    for _twice in range(2):
        deliver(event)
        incoming.process_event(event["id"], clock=clock)
    assert pay.item_of(run).state == state


def test_a_return_after_arrived_makes_no_debt_and_an_arrival_after_it_changes_nothing(
    ada: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    from payments.gateways import execution
    from payments.queries import agent_balance

    run = stripe_run(ada)
    execution.execute_run(run.pk, clock=clock)
    account = pay.item_of(run).destination_ref
    stripe_side.pay_out(account, ["tr_1"])
    stripe_side.pay_out(account, ["tr_1"], status="failed")
    paid, failed = stripe_side.events[-2:]
    for event in (paid, failed):
        deliver(event)
        incoming.process_event(event["id"], clock=clock)
    assert pay.item_of(run).state == ItemState.RETURNED
    assert agent_balance(ada.pk, at=clock())[0].available.amount_minor == 0


def test_duplicated_reversed_shuffled_and_dropped_webhooks_end_in_the_same_books(
    ada: Agent, bo: Agent, stripe_run: MakeRun, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    from payments.gateways import execution
    from payments.gateways.reconciling import reconcile_rail

    run = stripe_run(ada, bo)
    execution.execute_run(run.pk, clock=clock)
    stripe_side.reverse("tr_1")
    stripe_side.pay_out(stripe_side.transfers[1]["destination"], ["tr_2"])
    told = list(stripe_side.events)
    for event in [told[3], told[2], told[0], told[2], told[3]]:  # the second transfer's is dropped
        deliver(event)
        incoming.process_event(event["id"], clock=clock)
    states = list(PayoutItem.objects.across_brands().order_by("pk").values_list("state", flat=True))
    assert states == [ItemState.CAME_BACK, ItemState.ARRIVED]
    assert reconcile_rail("stripe_connect", clock=clock).difference_count == 0


def test_bodies_are_forgotten_after_ninety_days(stripe_side: FakeStripe, deliver: Knock, clock: Clock) -> None:
    deliver(some_event(stripe_side))
    clock.wait(days=89)
    assert actions.forget_bodies(at=clock()) == 0
    clock.wait(days=2)
    assert actions.forget_bodies(at=clock()) == 1
    assert StripeEvent.objects.get().body == {}
