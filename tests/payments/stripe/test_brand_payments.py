"""Brands pay through Stripe: credited once, when it has settled, whichever way and however often it is heard."""

from collections.abc import Callable
from typing import Any

import pytest

from gigcx.kernel.money import Money
from gigcx.tenancy.actors import BrandActor, OpsActor
from gigcx.tenancy.models import Brand
from payments import actions, ledger
from payments.errors import RailUnavailable
from payments.gateways import collecting, incoming
from payments.gateways.reconciling import reconcile_rail
from payments.ledger import balance_of, platform_account
from payments.models import BrandFunds, StripeEvent, TopUp
from payments.queries import spendable
from payments.states import InboxState, TopUpState
from recruiting.models import Program
from tests.factories import funds as money
from tests.fakes.stripe_server import FakeStripe
from tests.fakes.stripe_shapes import wrongs
from tests.payments.conftest import Clock

pytestmark = pytest.mark.django_db
Knock = Callable[..., int]


@pytest.fixture(autouse=True)
def one_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gigcx.kernel.clock.now", clock)


@pytest.fixture
def top_up(acme: Brand, acme_owner: BrandActor, clock: Clock, stripe_side: FakeStripe) -> TopUp:
    """A page where Acme may pay 500.00."""
    begun = actions.start_top_up(
        brand_id=acme.pk, amount=Money(50_000, "USD"), rail="stripe_connect", by=acme_owner, at=clock()
    )
    urls = {"return_url": "https://app.test/back", "cancel_url": "https://app.test/no"}
    assert collecting.open_page(begun, saves_method=True, at=clock(), **urls) == "https://checkout.stripe.test/cs_1"
    return now(begun)


def now(top_up: TopUp) -> TopUp:
    return TopUp.objects.across_brands().get(pk=top_up.pk)


def wallet(brand: Brand) -> int:
    return spendable(brand.pk, "USD").wallet.amount_minor


def hear(event: dict[str, Any], deliver: Knock, clock: Clock, *, times: int = 1) -> str:
    for _again in range(times):
        assert deliver(event) == 200
        incoming.process_event(event["id"], clock=clock)
    return str(StripeEvent.objects.get(pk=event["id"]).state)


def test_a_card_payment_credits_the_wallet_once_whichever_event_comes_first(
    acme: Brand, top_up: TopUp, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    intent = stripe_side.pay_session("cs_1")
    done = stripe_side.tell("checkout.session.completed", stripe_side.sessions["cs_1"])
    paid = stripe_side.tell("payment_intent.succeeded", stripe_side.intents[intent])
    for event in (paid, done, paid):
        assert hear(event, deliver, clock, times=2) == InboxState.PROCESSED
    assert (wallet(acme), now(top_up).state, now(top_up).payment_ref) == (50_000, TopUpState.SETTLED, intent)
    assert ledger.verify_books() == []
    assert wrongs(stripe_side.seen) == []


def test_a_bank_debit_credits_only_when_settled(
    acme: Brand, top_up: TopUp, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    intent = stripe_side.pay_session("cs_1", how="us_bank_account", is_settled=False)
    hear(stripe_side.tell("checkout.session.completed", stripe_side.sessions["cs_1"]), deliver, clock)
    assert (wallet(acme), now(top_up).state) == (0, TopUpState.PROCESSING)
    stripe_side.sessions["cs_1"]["payment_status"] = "paid"
    stripe_side.intents[intent].update(status="succeeded", amount_received=50_000)
    hear(stripe_side.tell("payment_intent.succeeded", stripe_side.intents[intent]), deliver, clock)
    assert (wallet(acme), now(top_up).state) == (50_000, TopUpState.SETTLED)


def test_a_payment_that_only_claims_to_have_succeeded_credits_nothing(
    acme: Brand, top_up: TopUp, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    claim = {**stripe_side.sessions["cs_1"], "payment_status": "paid", "status": "complete"}
    hear(stripe_side.tell("checkout.session.completed", claim), deliver, clock)
    assert (wallet(acme), now(top_up).state) == (0, TopUpState.STARTED)


def test_a_session_that_expired_ends_the_top_up_and_money_that_comes_after_all_is_credited(
    acme: Brand, top_up: TopUp, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    stripe_side.sessions["cs_1"]["status"] = "expired"
    hear(stripe_side.tell("checkout.session.expired", stripe_side.sessions["cs_1"]), deliver, clock)
    assert now(top_up).state == TopUpState.EXPIRED
    intent = stripe_side.pay_session("cs_1")
    hear(stripe_side.tell("payment_intent.succeeded", stripe_side.intents[intent]), deliver, clock)
    assert (wallet(acme), now(top_up).state) == (50_000, TopUpState.SETTLED)


def test_a_disputed_card_takes_the_wallet_back_once(
    acme: Brand, top_up: TopUp, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    intent = stripe_side.pay_session("cs_1")
    hear(stripe_side.tell("payment_intent.succeeded", stripe_side.intents[intent]), deliver, clock)
    dispute = {"id": "dp_1", "object": "dispute", "payment_intent": intent, "amount": 50_000, "currency": "usd"}
    stripe_side.disputes["dp_1"] = {**dispute, "status": "warning_needs_response"}
    hear(stripe_side.tell("charge.dispute.created", dispute), deliver, clock)
    assert wallet(acme) == 50_000  # a warning has taken nothing
    stripe_side.disputes["dp_1"]["status"] = "needs_response"
    for kind in ("charge.dispute.updated", "charge.dispute.funds_withdrawn"):
        hear(stripe_side.tell(kind, dispute), deliver, clock, times=2)
    assert (wallet(acme), now(top_up).state) == (0, TopUpState.DISPUTED)
    stripe_side.disputes["dp_1"]["status"] = "won"
    hear(stripe_side.tell("charge.dispute.closed", dispute), deliver, clock, times=2)
    assert (wallet(acme), now(top_up).state) == (50_000, TopUpState.SETTLED)
    assert ledger.verify_books() == []


def test_what_stripe_kept_as_its_fee_and_made_available_meets_the_top_up_in_the_books(
    acme: Brand, top_up: TopUp, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    intent = stripe_side.pay_session("cs_1")
    hear(stripe_side.tell("payment_intent.succeeded", stripe_side.intents[intent]), deliver, clock)
    made = {"id": "txn_1", "type": "charge", "amount": 50_000, "fee": 1480, "currency": "usd", "status": "available"}
    stripe_side.movements = [{**made, "source": "ch_1", "created": int(clock().timestamp())}]
    stripe_side.available = 48_520
    assert reconcile_rail("stripe_connect", clock=clock).difference_count == 0
    assert balance_of(platform_account("rail.stripe_connect.available", "USD")) == 48_520
    assert balance_of(platform_account("rail.stripe_connect.pending", "USD")) == 0


def test_a_look_up_that_is_not_answered_is_tried_again(
    acme: Brand, top_up: TopUp, stripe_side: FakeStripe, deliver: Knock, clock: Clock
) -> None:
    stripe_side.pay_session("cs_1")
    stripe_side.read_faults = ["429"]
    event = stripe_side.tell("checkout.session.completed", stripe_side.sessions["cs_1"])
    assert hear(event, deliver, clock) == InboxState.FAILED
    assert RailUnavailable.code in StripeEvent.objects.get(pk=event["id"]).error
    clock.wait(minutes=1)
    assert incoming.process_event(event["id"], clock=clock) == InboxState.PROCESSED
    assert wallet(acme) == 50_000


def test_a_partial_refund_whose_answer_was_lost_and_whose_key_was_forgotten_goes_back_once(
    acme: Brand, top_up: TopUp, stripe_side: FakeStripe, deliver: Knock, clock: Clock, olu: OpsActor, program: Program
) -> None:
    intent = stripe_side.pay_session("cs_1")
    hear(stripe_side.tell("payment_intent.succeeded", stripe_side.intents[intent]), deliver, clock)
    money.make_prepaid(acme)
    money.set_aside(acme, program, 40_000)
    refund = actions.refund_top_up(top_up_id=top_up.pk, reason="leaving", by=olu, at=clock())
    stripe_side.read_faults = ["429"]
    assert not collecting.send_refund(refund, clock=clock)
    assert stripe_side.refunds == {}  # not sent without having looked
    stripe_side.faults = ["lost"]
    assert not collecting.send_refund(refund, clock=clock)
    stripe_side.intents[intent]["latest_charge"]["amount_refunded"] = 0  # its charge tells it late
    stripe_side.ahead = 75 * 3600  # its clock moves, ours does not
    assert [collecting.send_open_refunds(clock=clock) for _again in range(2)] == [1, 0]
    assert [one["amount"] for one in stripe_side.refunds.values()] == [10_000]
    assert now(top_up).ended_at is not None


def test_a_saved_card_whose_answer_was_lost_and_whose_key_was_forgotten_is_charged_once(
    acme: Brand, stripe_side: FakeStripe, clock: Clock
) -> None:
    BrandFunds.objects.create(
        brand=acme,
        currency="USD",
        customer_ref="cus_1",
        method_ref="pm_1",
        auto_top_up_below_minor=10_000,
        auto_top_up_minor=50_000,
        created_at=clock(),
    )
    stripe_side.faults = ["lost"]
    collecting.top_up_low_brands(clock=clock)
    stripe_side.ahead = 75 * 3600  # its clock moves, ours does not
    clock.wait(minutes=2)
    assert collecting.look_up_open(clock=clock) == 1
    assert (len(stripe_side.intents), wallet(acme)) == (1, 50_000)
