"""Stripe as a fake on this machine, and the rail that talks to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from payments.gateways import PayoutRail, rail_of
from tests.fakes.stripe_server import FakeStripe, fake_stripe


@pytest.fixture
def stripe_side() -> Iterator[FakeStripe]:
    with fake_stripe() as fake:
        yield fake


@pytest.fixture
def rail(stripe_side: FakeStripe, settings: Any) -> PayoutRail:
    settings.PAYMENTS_MODE = "test"
    settings.STRIPE_API_KEY = "sk_test_not_a_real_one"
    settings.STRIPE_API_BASE = stripe_side.url
    return rail_of("stripe_connect")
