"""How long ten thousand transfers take to compare with our books, both ways, and whether twenty planted differences are found.

Run with `python -m benchmarks.reconcile`. It writes into a test database that it makes and drops.
"""

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from payments.models import PayoutItem
    from tests.fakes.stripe_state import FakeStripe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")
MANY = 10_000


def settled_items() -> "list[PayoutItem]":
    """Payouts that our books say were made: rows alone, for nothing else of them is compared."""
    from gigcx.kernel.ids import uuid7
    from payments.models import PayoutAccount, PayoutItem, PayoutRun
    from tests.cast import MONDAY_NOON
    from tests.factories import recruiting as recruit

    agent = recruit.make_agent("Ada Obi")
    at = MONDAY_NOON
    account = PayoutAccount.objects.create(
        agent=agent,
        rail="stripe_connect",
        country="US",
        currency="USD",
        created_at=at,
        state="active",
        remote_ref="acct_1",
        usable_from=at,
    )
    given: dict[str, Any] = {"rail": "stripe_connect", "currency": "USD", "kind": "off_cycle", "state": "closed"}
    runs = [PayoutRun(id=uuid7(), period_key=str(n), planned_at=at, **given) for n in range(MANY)]
    PayoutRun.objects.bulk_create(runs, batch_size=2000)
    items = [
        PayoutItem(
            id=uuid7(),
            run=run,
            agent=agent,
            account=account,
            currency="USD",
            amount_minor=1000 + n,
            destination_ref="acct_1",
            state="transferred",
            transfer_ref=f"tr_{n}",
            planned_at=at,
            next_try_at=at,
            transferred_at=at - timedelta(hours=1),
        )
        for n, run in enumerate(runs)
    ]
    return list(PayoutItem.objects.bulk_create(items, batch_size=2000))


def mirror(side: "FakeStripe", items: "list[PayoutItem]") -> None:
    """The same payments on the other side."""
    side.add_account("acct_1")
    created = side.now() - 3600
    side.transfers = [
        {
            "id": one.transfer_ref,
            "object": "transfer",
            "amount": one.amount_minor,
            "amount_reversed": 0,
            "currency": "usd",
            "destination": one.destination_ref,
            "transfer_group": str(one.pk),
            "metadata": {},
            "created": created,
            "livemode": False,
            "reversed": False,
        }
        for one in items
    ]


def plant(side: "FakeStripe") -> list[tuple[str, str]]:
    """Twenty differences of every kind; returns kind and reference of each."""
    rows = side.transfers
    planted = [("amount", row["id"]) for row in rows[10:14]] + [("destination", row["id"]) for row in rows[20:23]]
    planted += [("currency", row["id"]) for row in rows[30:32]] + [("reversed_there", row["id"]) for row in rows[40:44]]
    changes: dict[str, dict[str, Any]] = {
        "amount": {"amount": 1},
        "destination": {"destination": "acct_x"},
        "currency": {"currency": "eur"},
    }
    changes["reversed_there"] = {"amount_reversed": 5}
    known = {row["id"]: row for row in rows}
    for kind, ref in planted:
        known[ref].update(changes[kind])
    twice = [{**row, "id": f"{row['id']}_again"} for row in rows[50:53]]
    by_hand = [{**rows[60], "id": f"tr_by_hand_{n}", "transfer_group": None} for n in range(2)]
    gone = [str(row["transfer_group"]) for row in rows[70:72]]
    side.transfers = [*rows[:70], *rows[72:], *twice, *by_hand]
    planted += [("double_payment", row["id"]) for row in twice] + [("missing_here", row["id"]) for row in by_hand]
    return planted + [("missing_there", group) for group in gone]


def measure(side: "FakeStripe") -> None:
    from payments.gateways.reconciling import reconcile_rail
    from payments.models import Difference
    from tests.cast import MONDAY_NOON

    side.clock = MONDAY_NOON.timestamp
    mirror(side, settled_items())
    planted = set(plant(side))
    began = time.perf_counter()
    done = reconcile_rail("stripe_connect", scope="full", clock=lambda: MONDAY_NOON)
    took = time.perf_counter() - began
    rows = Difference.objects.filter(state="open")
    found = {(str(row.kind), row.remote_ref or str(row.item_id)) for row in rows}
    print(
        f"{done.theirs_count} transfers against {done.ours_count} payouts: {took:.1f} s (30), "
        f"{len(found & planted)} of {len(planted)} found, {len(found - planted)} false, "
        f"load {os.getloadavg()[0]:.2f}{', ' + done.error if done.error else ''}"
    )


def main() -> None:
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    from tests.fakes.stripe_server import fake_stripe

    old = setup_databases(verbosity=0, interactive=False)
    try:
        with fake_stripe() as side:
            settings.PAYMENTS_MODE, settings.STRIPE_API_KEY = "test", "sk_test_not_a_real_one"
            settings.STRIPE_API_BASE = side.url
            measure(side)
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
