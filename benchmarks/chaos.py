"""Twenty bad months against a fake Stripe: kills, timeouts after acceptance, 409, 429, replayed 500s, forged, doubled and
dropped webhooks, clocks that jump 25 hours, money that runs out, disabled accounts. After each the two sides are compared.

Run with `python -m benchmarks.chaos`. It writes into a test database that it makes and drops.
"""

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.stripe_state import FakeStripe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")
SEEDS = 20
SECRET = "whsec_of_the_benchmark"  # noqa: S105  of a fake on this machine


def months(side: "FakeStripe") -> tuple[int, int, int]:
    """Tells every seed's month and returns payouts, kills and requests; raises where the two sides differ."""
    from tests.cast import MONDAY_NOON, make_brand
    from tests.factories import payments as pay
    from tests.factories import recruiting as recruit
    from tests.fakes.stripe_chaos import Chaos
    from tests.fakes.stripe_shapes import wrongs
    from tests.payments.stripe.conftest import compare, fund, stripe_account

    program = recruit.make_program(make_brand("Acme"))
    agents = [recruit.make_agent(f"{name} Obi") for name in ("Ada", "Bo", "Cai", "Dee")]
    for agent in agents:
        stripe_account(agent, side)
    fund(side, 1_000_000)
    at, kills = MONDAY_NOON + timedelta(hours=1), 0
    for seed in range(SEEDS):
        chaos = Chaos(seed, side, lambda: None, at, SECRET, pay.SYSTEM)
        side.clock = _clock_of(chaos)
        chaos.earn = _earnings_of(chaos, agents, program)
        began = time.perf_counter()
        chaos.live()
        compare(side)
        assert wrongs(side.seen) == []
        kills, at = kills + chaos.kills, chaos.at + timedelta(days=1)
        live = sum(not one["reversed"] for one in side.transfers)
        print(f"seed {seed}: {live} payouts stand, {chaos.kills} kills, equal ({time.perf_counter() - began:.1f} s)")
    return len(side.transfers), kills, len(side.seen)


def _clock_of(chaos: Any) -> Any:
    return lambda: chaos.at.timestamp()  # noqa: PLW0108  it moves


def _earnings_of(chaos: Any, agents: list[Any], program: Any) -> Any:
    from tests.factories import payments as pay

    return lambda: pay.make_payable(
        chaos.dice.choice(agents), program, minutes=chaos.dice.randrange(20, 90), at=chaos.at
    )


def main() -> None:
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.fakes.stripe_server import fake_stripe

    setup_test_environment(debug=False)
    old = setup_databases(verbosity=0, interactive=False)
    try:
        with fake_stripe() as side:
            settings.PAYMENTS_MODE, settings.STRIPE_API_KEY = "test", "sk_test_not_a_real_one"
            settings.STRIPE_API_BASE, settings.STRIPE_WEBHOOK_SECRETS = side.url, [SECRET]
            began = time.perf_counter()
            payouts, kills, requests = months(side)
            took = time.perf_counter() - began
        print(
            f"{SEEDS} seeds: {payouts} transfers, {kills} kills, {requests} requests, 0 double, 0 lost, "
            f"{took:.0f} s, load {os.getloadavg()[0]:.2f}"
        )
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
