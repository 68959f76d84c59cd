"""Reading while others write: a hot account's balance is the full sum, and no snapshot forgets a late commit."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from payments import ledger
from payments.ledger.reading import SNAPSHOT_LAG
from payments.models import Account, BalanceSnapshot
from tests.payments.ledger.postings import accrual

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def in_thread(call: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            call()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def database_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found


def both_ways(account: Account) -> tuple[int, int]:
    """Snapshot plus tail, and the full sum, as one moment has them."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(
                "SELECT coalesce(sum(amount_minor), 0) FROM payments_entry WHERE account_id = %s", [account.pk]
            )
            total = int(cursor.fetchone()[0]) * account.normal_side
        return ledger.balance(account), total


def test_a_hot_balance_equals_the_full_sum_while_writers_are_busy() -> None:
    ledger.post([accrual("first")])
    account = Account.objects.get(code="revenue.margin")
    stop, compared = threading.Event(), 0

    def write(place: int) -> None:
        n = 0
        while not stop.is_set():
            with transaction.atomic():  # commits long after its entries got their moment
                ledger.post([accrual(f"{place}:{n}", agent=UUID(int=20 + place), brand=UUID(int=40 + place))])
                time.sleep(0.02 * place)
            n += 1

    writers = [in_thread(lambda place=place: write(place)) for place in (1, 2, 3)]  # type: ignore[misc]
    try:
        ends = time.monotonic() + 4
        while time.monotonic() < ends or compared <= 5:  # four seconds, longer where the machine is slow
            ledger.take_snapshots(at=database_clock() + SNAPSHOT_LAG)  # no lag: the hardest case
            snapshot_and_tail, total = both_ways(account)
            assert snapshot_and_tail == total
            compared += 1
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert compared > 5
    assert BalanceSnapshot.objects.filter(account=account).count() > 3
    assert [one for one in ledger.verify_books() if one.rule in _LEDGER_ALONE] == []
    snapshot_and_tail, total = both_ways(account)
    assert snapshot_and_tail == total > 500


_LEDGER_ALONE = {
    "journal sums to zero per currency",
    "journal has all its legs",
    "running balance equals its entries",
    "snapshot equals its entries",
}


def test_an_open_transaction_pulls_the_snapshot_back_before_it_began() -> None:
    ledger.post([accrual("first")])
    has_posted, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            ledger.post([accrual("late", agent=UUID(int=21), brand=UUID(int=41))])
            has_posted.set()
            may_commit.wait(10)

    writer = in_thread(write)
    assert has_posted.wait(10)
    ledger.take_snapshots(at=database_clock() + SNAPSHOT_LAG + timedelta(minutes=5))
    may_commit.set()
    writer.join()
    account = Account.objects.get(code="revenue.margin")
    assert both_ways(account) == (1000, 1000)


def test_two_writers_of_one_key_write_one_journal() -> None:
    ids: list[UUID] = []
    threads = [in_thread(lambda: ids.extend(ledger.post([accrual("same"), accrual("other")]))) for _ in range(6)]
    for thread in threads:
        thread.join()
    assert len(ids) == 12
    assert len(set(ids)) == 2
    assert ledger.trial_balance().is_zero
