"""What it costs to prove the books, against one grouped sum over the same entries, and whether a planted fault is found.

Run with `python -m benchmarks.verify_books [entries]`, a million by default. It writes into a test database that it makes and
drops; entries are written by plain SQL in balanced journals with the guards off: making them takes minutes and not an hour.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")
AGENTS, BRANDS = 2_000, 200
ACCOUNTS = """
    INSERT INTO payments_account (id, code, currency, owner_kind, owner_id, normal_side, has_running_balance, may_go_negative)
    SELECT gen_random_uuid(), 'accrued', 'USD', 'agent', gen_random_uuid(), -1, true, false FROM generate_series(1, {agents})
    UNION ALL
    SELECT gen_random_uuid(), 'unbilled', 'USD', 'brand', gen_random_uuid(), 1, true, false FROM generate_series(1, {brands})
    UNION ALL
    SELECT gen_random_uuid(), 'revenue.margin', 'USD', 'platform', '00000000-0000-0000-0000-000000000000', -1, false, true
"""
# Three legs each: a brand's, an agent's and the platform's. Ids rise with time, as ours do.
BATCH = """
    WITH numbered AS (
        SELECT a.id, a.owner_kind, a.owner_id, row_number() OVER (PARTITION BY a.owner_kind ORDER BY a.id) - 1 AS place
        FROM payments_account a
    ), made AS (
        INSERT INTO payments_journal (id, kind, leg_count, posting_key, content_hash, effective_at, source_kind, source_id,
                                      actor, reason)
        SELECT uuidv7(), 'earning_accrued', 3, 'bench:' || n, 'x', now(), 'bench', gen_random_uuid(), 'bench', ''
        FROM generate_series({first}, {last}) n RETURNING id, posting_key
    ), legs AS (
        SELECT m.id, split_part(m.posting_key, ':', 2)::bigint AS n, leg.owner_kind, leg.amount
        FROM made m CROSS JOIN (VALUES ('brand', 150), ('agent', -100), ('platform', -50)) AS leg (owner_kind, amount)
    )
    INSERT INTO payments_entry (journal_id, account_id, currency, owner_kind, owner_id, amount_minor)
    SELECT l.id, a.id, 'USD', a.owner_kind, a.owner_id, l.amount
    FROM legs l JOIN numbered a ON a.owner_kind = l.owner_kind
     AND a.place = CASE l.owner_kind WHEN 'agent' THEN l.n % {agents} WHEN 'brand' THEN l.n % {brands} ELSE 0 END
"""
BALANCES = """
    INSERT INTO payments_balance (account_id, amount_minor, version, normal_side, may_go_negative)
    SELECT a.id, sum(e.amount_minor), 1, a.normal_side, a.may_go_negative
    FROM payments_account a JOIN payments_entry e ON e.account_id = a.id WHERE a.has_running_balance
    GROUP BY a.id, a.normal_side, a.may_go_negative
"""


def run(sql: str, **sizes: int) -> Any:
    """Run our own SQL and return its first value, where there is one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql.format(**sizes))
        return cursor.fetchone()[0] if cursor.description else None


def fill(entries: int, batch: int = 20_000) -> None:
    """Accounts, journals, entries, running balances, and snapshots of a month of days."""
    run(ACCOUNTS, agents=AGENTS, brands=BRANDS)
    run("ALTER TABLE payments_journal DISABLE TRIGGER USER; ALTER TABLE payments_entry DISABLE TRIGGER USER")
    for first in range(0, entries // 3, batch):
        last = min(first + batch, entries // 3) - 1
        run(BATCH, first=first, last=last, agents=AGENTS, brands=BRANDS)
    run(BALANCES)
    run("ALTER TABLE payments_journal ENABLE TRIGGER USER; ALTER TABLE payments_entry ENABLE TRIGGER USER")
    run("VACUUM ANALYZE payments_entry")
    run("VACUUM ANALYZE payments_journal")
    run("ANALYZE")


def seconds(call: Callable[[], Any], rounds: int = 3) -> float:
    """The median of some rounds, in seconds."""
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def grouped_sum(by: str) -> None:
    """One grouped sum over every entry. Its totals are looked at: a sum that nobody reads is never added up."""
    sums = f"SELECT {by}, sum(amount_minor) AS total FROM payments_entry GROUP BY {by}"  # noqa: S608  our own
    run(f"SELECT max(total) FROM ({sums}) s")  # noqa: S608  our own


def by_rule() -> list[tuple[float, str]]:
    """What each rule alone takes, the slowest first."""
    from django.db import connection, transaction

    from payments.ledger.reading import _rule_by_rule

    spent = []
    with transaction.atomic(), connection.cursor() as cursor:
        began = time.perf_counter()
        for name, _found in _rule_by_rule(cursor, 20):
            spent.append((time.perf_counter() - began, name))
            began = time.perf_counter()
    return sorted(spent, reverse=True)


def ledger_findings() -> list[str]:
    """What breaks a rule of the ledger alone: these entries have no earnings and charges behind them."""
    from payments.ledger import verify_books

    alone = ("journal", "running balance", "snapshot")
    return [one.rule for one in verify_books() if one.rule.startswith(alone)]


def planted() -> int:
    """Push one running balance off by a cent and count what is found; then put it right."""
    one = "account_id = (SELECT min(account_id::text)::uuid FROM payments_balance)"
    run(f"UPDATE payments_balance SET amount_minor = amount_minor + sign(amount_minor) WHERE {one}")  # noqa: S608  our own
    found = len(ledger_findings())
    run(f"UPDATE payments_balance SET amount_minor = amount_minor - sign(amount_minor) WHERE {one}")  # noqa: S608  our own
    return found


def main() -> None:
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    old = setup_databases(verbosity=0, interactive=False)
    try:
        report(entries)
    finally:
        teardown_databases(old, verbosity=0)


def report(entries: int) -> None:
    """Fill the books, prove them and say how long it took."""
    from datetime import timedelta

    from django.utils import timezone

    from payments.ledger import take_snapshots, verify_books

    made = seconds(lambda: fill(entries), rounds=1)
    take_snapshots(at=timezone.now() + timedelta(hours=1))
    rows = run("SELECT count(*) FROM payments_entry")
    print(f"load {os.getloadavg()[0]:.2f}, fsync {run('SHOW fsync')}, {rows:,} entries in {made:.0f} s")
    by_account = seconds(lambda: grouped_sum("account_id"))
    by_journal, whole = seconds(lambda: grouped_sum("journal_id, currency")), seconds(verify_books)
    print(
        f"a sum by journal and currency {by_journal:.2f} s, by account {by_account:.2f} s, verify_books {whole:.2f} s"
    )
    print(f"ratio to the sum by journal {whole / by_journal:.1f} (5), to the sum by account {whole / by_account:.1f}")
    for spent, rule in by_rule():
        print(f"  {spent:.2f} s {rule}")
    print(f"false findings {len(ledger_findings())} (0), planted 1, found {planted()}, load {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
