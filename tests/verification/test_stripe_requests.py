"""Every request we make, against the parameter types of the SDK that is installed; and the fake against its objects."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import stripe
from stripe.params import TransferCreateParams

from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from payments.actions import PaymentOrder
from payments.actions.checkouts import CheckoutOrder, CollectionRefused, CollectionUnknown, MirrorOrder, SavedCharge
from payments.errors import NotOffered, PaymentDiffers
from payments.gateways import PayoutRail
from payments.gateways.stripe.amounts import our_amount, stripe_amount
from payments.gateways.stripe.collection import StripeCollection
from payments.gateways.stripe.rail import StripeConnectRail
from payments.gateways.stripe.side import StripeSide
from payments.states import OutcomeKind
from tests.fakes.stripe_server import FakeStripe
from tests.fakes.stripe_shapes import SHAPES, problems, shape_of, wrongs
from tests.fakes.stripe_state import Seen

pytestmark = pytest.mark.django_db
GROUP = UUID(int=7)
DUE = datetime(2026, 12, 1, tzinfo=UTC)


def order(amount: int = 1600, destination: str = "acct_1", group: UUID = GROUP) -> PaymentOrder:
    return PaymentOrder(amount_minor=amount, currency="USD", destination=destination, group=group, run=UUID(int=8))


def page(**more: object) -> CheckoutOrder:
    given = {"top_up_id": uuid7(), "brand_id": uuid4(), "amount": Money(50_000, "USD"), "saves_method": True, **more}
    return CheckoutOrder(return_url="https://x.test/a", cancel_url="https://x.test/b", expires_at=DUE, **given)  # type: ignore[arg-type]  # given by name


def ask_everything(rail: StripeConnectRail, fake: FakeStripe) -> None:
    """Each thing that we ever ask of Stripe, once."""
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key=key("account"))
    rail.onboarding_link(ref=ref, return_url="https://x.test/a", refresh_url="https://x.test/b", key=key("onboarding"))
    fake.banks[ref] = {"id": "ba_1", "fingerprint": "f", "last4": "6789", "available_payout_methods": ["instant"]}
    rail.account_facts(ref)
    rail.send(order(destination=ref), key=key("payout"))
    rail.quote_instant(ref=ref, amount=Money(100, "USD"))
    rail.send_instant(order(destination=ref), key=key("instant"))
    rail.find(GROUP)
    rail.payment("tr_1")
    rail.payments_since(DUE)
    rail.balance("USD")
    side = StripeSide.from_settings()
    side.arrival(ref=fake.pay_out(ref, ["tr_1"]), account_ref=ref)
    side.undelivered_events(since=DUE)
    side.movements_since(DUE)
    side.payout_interval()
    collect_everything(StripeCollection.from_settings(), side, fake)


def collect_everything(collection: StripeCollection, side: StripeSide, fake: FakeStripe) -> None:
    paid = page()
    session = collection.open_checkout(paid, key=key("top-up"))
    intent = fake.pay_session(session.ref)
    collection.find(checkout_ref=session.ref)
    collection.find(payment_ref=intent)
    collection.find_of(paid.top_up_id)
    collection.charge_saved(saved(), key=key("top-up"))
    collection.refund(top_up_id=paid.top_up_id, payment_ref=intent, amount=Money(100, "USD"), key=key("refund"))
    lines = (("Serving customers", Money(10_000, "USD")), ("Tax", Money(2300, "USD")))
    given = {"invoice_id": uuid4(), "brand_id": uuid4(), "number": "GX-2026-000001", "customer_ref": ""}
    copy = collection.mirror_invoice(MirrorOrder(due_at=DUE, lines=lines, **given), key=key("invoice"))  # type: ignore[arg-type]  # given by name
    assert copy.total_minor == 12_300
    side.invoice(copy.ref)
    collection.void_invoice(ref=copy.ref, key=key("void"))
    fake.disputes["dp_1"] = {"id": "dp_1", "payment_intent": intent, "amount": 1, "currency": "usd", "status": "lost"}
    side.dispute("dp_1")


def saved() -> SavedCharge:
    return SavedCharge(
        top_up_id=uuid7(), brand_id=uuid4(), amount=Money(900, "USD"), customer_ref="cus_1", method_ref="pm_1"
    )


def key(purpose: str) -> str:
    return f"gigcx:{purpose}:{uuid4()}:1"


def test_every_request_has_the_shape_that_the_sdk_types_ask_for_our_key_and_nothing_personal(
    rail: StripeConnectRail, stripe_side: FakeStripe
) -> None:
    ask_everything(rail, stripe_side)
    assert wrongs(stripe_side.seen) == []
    asked = {id(shape_of(one)) for one in stripe_side.seen}
    assert asked == {id(shape) for shape in SHAPES.values()}
    assert {one.version for one in stripe_side.seen} == {stripe.api_version}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"key": "8b6d1f1c-random"}, "is not one of ours"),
        ({"path": "/v1/charges"}, "not on the list"),
        ({"params": {"currency": "usd", "destination": "x", "metadata": {"agent": "ada@example.test"}}}, "metadata"),
        ({"params": {"currency": "usd"}}, "missing"),
        ({"params": {"currency": "usd", "destination": "x", "amount": "16.00"}}, "whole number"),
    ],
)
def test_a_request_that_should_not_be_made_would_be_seen(change: dict[str, object], wrong: str) -> None:
    params = {"currency": "usd", "destination": "acct_1", "amount": "1600"}
    given = {"method": "POST", "path": "/v1/transfers", "params": params, "key": key("payout"), "content_type": ""}
    assert wrongs([Seen(**given)]) == []  # type: ignore[arg-type]  # given by name
    (found,) = wrongs([Seen(**{**given, **change})])  # type: ignore[arg-type]  # given by name
    assert wrong in found


def test_a_lost_answer_of_a_payment_page_is_unclear_and_the_same_key_gives_the_same_page(
    rail: PayoutRail, stripe_side: FakeStripe
) -> None:
    collection, asked, same = StripeCollection.from_settings(), page(), key("top-up")
    stripe_side.faults = ["lost"]
    with pytest.raises(CollectionUnknown):
        collection.open_checkout(asked, key=same)
    assert collection.open_checkout(asked, key=same).ref == "cs_1"
    assert len(stripe_side.sessions) == 1


def test_a_bank_debit_is_on_its_way_until_it_settles(rail: PayoutRail, stripe_side: FakeStripe) -> None:
    collection = StripeCollection.from_settings()
    session = collection.open_checkout(page(), key=key("top-up"))
    stripe_side.pay_session(session.ref, how="us_bank_account", is_settled=False)
    found = collection.find(checkout_ref=session.ref)
    assert found is not None
    assert (found.state, found.amount_minor, found.method) == ("processing", 0, "bank_debit")
    stripe_side.sessions[session.ref]["payment_status"] = "paid"
    stripe_side.intents["pi_1"].update(status="succeeded", amount_received=50_000)
    found = collection.find(checkout_ref=session.ref)
    assert found is not None
    assert (found.state, found.amount_minor, found.payment_ref) == ("paid", 50_000, "pi_1")


def test_a_declined_card_is_an_answer_and_a_wrong_order_a_refusal(rail: PayoutRail, stripe_side: FakeStripe) -> None:
    collection = StripeCollection.from_settings()
    stripe_side.next_card = "declines"
    declined = collection.charge_saved(saved(), key=key("top-up"))
    assert (declined.state, declined.failure, declined.payment_ref) == ("failed", "card_declined", "pi_1")
    stripe_side.faults = ["closed"]
    with pytest.raises(CollectionRefused):
        collection.open_checkout(page(), key=key("top-up"))
    assert collection.find(payment_ref="pi_of_nobody") is None


def test_an_account_whose_bank_is_not_shown_gets_no_instant_offer(
    rail: StripeConnectRail, stripe_side: FakeStripe
) -> None:
    ref = stripe_side.add_account("acct_1")
    with pytest.raises(NotOffered):
        rail.quote_instant(ref=ref, amount=Money(100, "USD"))
    assert rail.account_facts(ref).bank_number == ""


def test_a_parameter_that_the_sdk_does_not_know_would_be_seen() -> None:
    assert problems({"currency": "usd", "destination": "x", "acount": 1}, TransferCreateParams) == [".acount: unknown"]
    assert problems({"destination": "x"}, TransferCreateParams) == [".currency: missing"]


def test_the_fakes_transfer_has_only_fields_that_the_sdks_object_knows(
    rail: PayoutRail, stripe_side: FakeStripe
) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    rail.send(order(destination=ref), key="p")
    known = {name for part in stripe.Transfer.__mro__ for name in getattr(part, "__annotations__", {})}
    assert set(stripe_side.transfers[0]) <= known | {"id"}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("", OutcomeKind.DONE),
        ("lost", OutcomeKind.UNKNOWN),
        ("500", OutcomeKind.UNKNOWN),
        ("409", OutcomeKind.IN_FLIGHT),
        ("429", OutcomeKind.THROTTLED),
        ("empty", OutcomeKind.NO_FUNDS),
        ("closed", OutcomeKind.ACCOUNT_REFUSED),
        ("unauthorized", OutcomeKind.CONFIGURATION),
    ],
)
def test_each_answer_of_the_other_side_is_one_outcome(
    rail: PayoutRail, stripe_side: FakeStripe, fault: str, kind: OutcomeKind
) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    stripe_side.faults = [fault] if fault else []
    asked = len(stripe_side.seen)
    assert rail.send(order(destination=ref), key="p").kind == kind
    assert len(stripe_side.seen) == asked + 1  # the SDK never asks again by itself


def test_a_lost_answer_is_replayed_under_the_same_key_and_money_moves_once(
    rail: PayoutRail, stripe_side: FakeStripe
) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    stripe_side.faults = ["lost"]
    assert rail.send(order(destination=ref), key="p").kind == OutcomeKind.UNKNOWN
    again = rail.send(order(destination=ref), key="p")
    assert (again.kind, again.was_replay) == (OutcomeKind.DONE, True)
    assert len(stripe_side.transfers) == 1


def test_a_replayed_500_is_told_apart_and_the_payment_is_found_by_its_group(
    rail: PayoutRail, stripe_side: FakeStripe
) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    stripe_side.faults = ["500"]
    assert rail.send(order(destination=ref), key="p").kind == OutcomeKind.UNKNOWN
    assert rail.send(order(destination=ref), key="p").kind == OutcomeKind.FROZEN_ERROR
    (found,) = rail.find(GROUP)
    assert found.fulfils(order(destination=ref))
    assert rail.find(uuid4()) == ()


def test_a_key_used_for_another_amount_is_key_misuse(rail: PayoutRail, stripe_side: FakeStripe) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    rail.send(order(destination=ref), key="p")
    assert rail.send(order(amount=1, destination=ref), key="p").kind == OutcomeKind.KEY_MISUSE
    assert len(stripe_side.transfers) == 1


def test_the_balance_tells_available_from_pending(rail: PayoutRail, stripe_side: FakeStripe) -> None:
    stripe_side.available = 4200
    assert (rail.balance("USD").available_minor, rail.balance("USD").pending_minor) == (4200, 0)
    assert rail.balance("EUR").available_minor == 0


@pytest.mark.parametrize(
    ("money", "expected"), [(Money(5, "JPY"), 5), (Money(5, "ISK"), 500), (Money(1230, "KWD"), 1230)]
)
def test_special_currencies_are_counted_as_stripe_counts_them(money: Money, expected: int) -> None:
    assert stripe_amount(money) == expected
    assert our_amount(expected, money.currency) == money.amount_minor


@pytest.mark.parametrize("money", [Money(1234, "HUF"), Money(1231, "KWD")])
def test_an_amount_that_stripe_cannot_pay_exactly_is_refused(money: Money) -> None:
    with pytest.raises(PaymentDiffers):
        stripe_amount(money)


def test_an_instant_payout_whose_answer_was_lost_and_whose_key_was_forgotten_is_ordered_once(
    rail: StripeConnectRail, stripe_side: FakeStripe
) -> None:
    ref, wanted = stripe_side.add_account("acct_1"), uuid7()
    stripe_side.faults = ["lost"]
    assert rail.send_instant(order(destination=ref, group=wanted), key=key("instant")).kind == OutcomeKind.UNKNOWN
    stripe_side.ahead = 25 * 3600
    again = rail.send_instant(order(destination=ref, group=wanted), key=key("instant"))
    assert (again.kind, again.payment and again.payment.ref) == (OutcomeKind.DONE, "po_1")
    stripe_side.read_faults = ["429"]
    assert rail.send_instant(order(destination=ref), key=key("instant")).kind == OutcomeKind.UNKNOWN
    assert len(stripe_side.payouts) == 1
