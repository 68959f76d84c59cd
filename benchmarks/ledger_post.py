"""How fast the books take journals: batches against singles, four threads that share two hundred agents, and what it
would cost to keep a running balance of the platform's accounts too.

Run with `python -m benchmarks.ledger_post`. It writes into a test database that it makes and drops.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from payments.ledger import Posting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")


def posting(batch: str, n: int, *, brand: int = 1, agent: int = 0, revenue: str = "margin") -> "Posting":
    from gigcx.kernel import clock
    from gigcx.kernel.money import Money
    from payments.ledger import Posting, agent_account, brand_account, credit, debit, platform_account

    legs = (
        debit(brand_account(UUID(int=brand), "unbilled", "USD"), Money(150, "USD")),
        credit(agent_account(UUID(int=agent or 100 + n % 200), "accrued", "USD"), Money(100, "USD")),
        credit(platform_account(f"revenue.{revenue}", "USD"), Money(50, "USD")),
    )
    return Posting(f"bench:{batch}:{n}", "earning_accrued", legs, clock.now(), "bench", UUID(int=2))


def timed(call: Callable[[], None]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def singles(many: int) -> None:
    from payments import ledger

    batch = uuid4().hex
    for n in range(many):
        ledger.post([posting(batch, n)])


def batches(many: int, size: int = 100) -> None:
    from payments import ledger

    batch = uuid4().hex
    for start in range(0, many, size):
        ledger.post(posting(batch, n) for n in range(start, start + size))


def on_threads(call: Callable[[], None], how_many: int = 4) -> float:
    from django.db import connections

    def one() -> None:
        try:
            call()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(how_many)]

    def run() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return timed(run)


@contextmanager
def all_in_line() -> Iterator[None]:
    """Every account, the platform's too, gets a row that each posting locks and moves."""
    from payments.ledger import AccountRef

    ours = AccountRef.has_running_balance
    AccountRef.has_running_balance = property(lambda self: True)  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        AccountRef.has_running_balance = ours  # type: ignore[method-assign]


def apart(many: int, revenue: str) -> float:
    """Journals a second of four threads with a brand and an agent each, which share nothing but the platform."""
    from payments import ledger

    batch, places = uuid4().hex, count(1)

    def one_thread() -> None:
        place = next(places)
        for n in range(many):
            ledger.post([posting(f"{batch}.{place}", n, brand=10 + place, agent=20 + place, revenue=revenue)])

    return 4 * many / on_threads(one_thread)


def hot_accounts(rounds: int = 3, many: int = 60) -> tuple[float, float]:
    """Medians of alternating rounds: hot accounts skipped, and all accounts in line."""
    skipped, in_line = [], []
    for _ in range(rounds):
        skipped.append(apart(many, "margin"))
        with all_in_line():
            in_line.append(apart(many, "hot"))
    return statistics.median(skipped), statistics.median(in_line)


def _deadlocks() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot(), deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[1])


def main() -> None:
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    old = setup_databases(verbosity=0, interactive=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW fsync")
            fsync = cursor.fetchone()[0]
        print(f"load {os.getloadavg()[0]:.2f}, fsync {fsync}")
        batches(200)
        one_by_one = 400 / timed(lambda: singles(400))
        in_batches = 4000 / timed(lambda: batches(4000))
        print(f"singles {one_by_one:.0f}/s, batches of 100 {in_batches:.0f}/s, ratio {in_batches / one_by_one:.1f} (5)")
        shared = 4 * 2000 / on_threads(lambda: batches(2000))
        print(f"4 threads {shared:.0f}/s, {shared / in_batches:.2f} of one thread, {_deadlocks()} deadlocks (0)")
        skipped, in_line = hot_accounts()
        print(
            f"4 threads apart: hot accounts skipped {skipped:.0f}/s, all in line {in_line:.0f}/s, "
            f"ratio {skipped / in_line:.2f} (1.4), {_deadlocks()} deadlocks (0), load {os.getloadavg()[0]:.2f}"
        )
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
