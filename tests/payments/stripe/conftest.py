"""Stripe as a fake on this machine, its clock beside ours, and a run that pays through it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gigcx.kernel.money import Money
from payments import actions, ledger
from payments.models import PayoutAccount, PayoutItem, PayoutRun
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.fakes.stripe_server import FakeStripe, fake_stripe
from tests.fakes.stripe_state import body_of, signed
from tests.payments.conftest import Clock

SECRET = "whsec_of_the_platform"
OLD_SECRET = "whsec_from_before_the_rotation"


@pytest.fixture
def stripe_side(clock: Clock) -> Iterator[FakeStripe]:
    with fake_stripe(now=lambda: clock().timestamp()) as fake:
        yield fake


@pytest.fixture(autouse=True)
def test_mode(stripe_side: FakeStripe, settings: Any) -> None:
    settings.PAYMENTS_MODE = "test"
    settings.STRIPE_API_KEY = "sk_test_not_a_real_one"
    settings.STRIPE_API_BASE = stripe_side.url
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET, OLD_SECRET]


def stripe_account(agent: Agent, side: FakeStripe, **fields: Any) -> PayoutAccount:
    """An account that is complete on both sides."""
    ref = side.add_account(f"acct_{agent.pk.hex[-12:]}")
    at = MONDAY_NOON - timedelta(days=30)
    given = {"state": "active", "usable_from": at, "last4": "6789", "remote_ref": ref}
    return PayoutAccount.objects.create(
        agent=agent, rail="stripe_connect", country="US", currency="USD", created_at=at, **{**given, **fields}
    )


def fund(side: FakeStripe, amount_minor: int) -> None:
    """Money on Stripe, in its books and in ours."""
    side.available = amount_minor
    money = Money(amount_minor, "USD")
    actions.fund_rail(rail="stripe_connect", amount=money, by=pay.SYSTEM, at=MONDAY_NOON)


@pytest.fixture
def stripe_run(stripe_side: FakeStripe, program: Program) -> Callable[..., PayoutRun]:
    """Pays each agent an hour's work in a running run through Stripe."""

    def make(*agents: Agent, funds: int = 1_000_000, key: str = "2026-W47") -> PayoutRun:
        for agent in agents:
            pay.make_payable(agent, program)
            if not PayoutAccount.objects.across_brands().filter(agent=agent).exists():
                stripe_account(agent, stripe_side)
        fund(stripe_side, funds)
        return pay.make_running_run(rail="stripe_connect", key=key)

    return make


@pytest.fixture
def books_equal_the_other_side(db: None, stripe_side: FakeStripe) -> Iterator[None]:
    """After everything: one transfer a paid payout and the other way round, and the books add up."""
    yield
    compare(stripe_side)


def compare(side: FakeStripe) -> None:
    assert ledger.trial_balance().is_zero
    assert ledger.verify_books() == []
    states = ["transferred", "arrived", "returned"]
    rows = PayoutItem.objects.across_brands().filter(run__rail="stripe_connect", state__in=states)
    ours = {one.transfer_ref: (str(one.pk), one.amount_minor, one.destination_ref) for one in rows}
    theirs = {
        one["id"]: (one["transfer_group"], one["amount"], one["destination"])
        for one in side.transfers
        if not one["reversed"]
    }
    assert ours == theirs


@pytest.fixture
def deliver(clock: Clock) -> Callable[..., int]:
    """Stripe knocks with an event; returns our answer."""

    def knock(event: dict[str, Any], *, secret: str = SECRET, late: float = 0, body: bytes | None = None) -> int:
        content = body if body is not None else body_of(event)
        header = signed(content, secret, clock().timestamp() - late)
        event["_delivered"] = True
        return (
            Client()
            .post("/webhooks/stripe/", content, content_type="application/json", headers={"Stripe-Signature": header})
            .status_code
        )

    return knock
