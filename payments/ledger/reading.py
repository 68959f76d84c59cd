"""Reading the books and proving them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from payments.ledger.chart import AccountRef
from payments.models import Account, Balance

# An entry carries its transaction's start, and a transaction is short; one that is longer pulls the cut back.
SNAPSHOT_LAG: Final = timedelta(hours=1)
# Enough for the groups of a few million entries: with the usual four megabytes each rule writes them to disk and back.
_SORTING_MEMORY: Final = "128MB"


@dataclass(frozen=True, slots=True)
class AccountSum:
    """One line of a trial balance: the sum of all entries of one code and currency, debits minus credits."""

    code: str
    owner_kind: str
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts by code; `off_by` is zero in every currency when the books balance."""

    lines: tuple[AccountSum, ...]
    off_by: dict[str, int]

    @property
    def is_zero(self) -> bool:
        """Do debits equal credits in every currency?"""
        return not any(self.off_by.values())


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the books that must not be."""

    rule: str
    subject: str
    detail: str


def balance_of(ref: AccountRef, *, at: datetime | None = None) -> int:
    """This function will return an account's balance, positive on its normal side; zero where it was never opened."""
    account = Account.objects.filter(
        code=ref.code, owner_kind=ref.owner_kind, owner_id=ref.owner_id, currency=ref.currency
    ).first()
    return balance(account, at=at) if account else 0


def balance(account: Account, *, at: datetime | None = None) -> int:
    """This function will return the balance, positive on the account's normal side.

    Without `at` the present one: the running balance where there is one, else the latest snapshot plus its tail. With
    `at`, what was recorded before that moment (exclusive).
    """
    if at is None and account.has_running_balance:
        return Balance.objects.values_list("amount_minor", flat=True).get(account=account) * account.normal_side
    return _snapshot_and_tail(account.pk, at) * account.normal_side


def _snapshot_and_tail(account_id: UUID, at: datetime | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH start AS (
                SELECT as_of, amount_minor FROM payments_balancesnapshot
                WHERE account_id = %(account)s AND (%(at)s::timestamptz IS NULL OR as_of <= %(at)s)
                ORDER BY as_of DESC LIMIT 1
            )
            SELECT coalesce((SELECT amount_minor FROM start), 0) + coalesce(sum(e.amount_minor), 0)
            FROM payments_entry e
            WHERE e.account_id = %(account)s
              AND e.recorded_at >= coalesce((SELECT as_of FROM start), '-infinity')
              AND (%(at)s::timestamptz IS NULL OR e.recorded_at < %(at)s)
            """,
            {"account": account_id, "at": at},
        )
        return int(cursor.fetchone()[0])


def balances_of_owner(owner_kind: str, owner_id: UUID) -> dict[str, dict[str, int]]:
    """This function will return an agent's or a brand's running balances: currency -> code -> amount on its side."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = Balance.objects.filter(account__owner_kind=owner_kind, account__owner_id=owner_id)
    for code, currency, amount, side in rows.values_list(
        "account__code", "account__currency", "amount_minor", "normal_side"
    ):
        found[currency][code] = amount * side
    return dict(found)


def trial_balance(at: datetime | None = None) -> TrialBalance:
    """This function will sum every entry recorded before `at` (all of them without) by account code and currency."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.code, a.owner_kind, a.currency, sum(e.amount_minor)
            FROM payments_entry e JOIN payments_account a ON a.id = e.account_id
            WHERE %(at)s::timestamptz IS NULL OR e.recorded_at < %(at)s
            GROUP BY a.code, a.owner_kind, a.currency ORDER BY a.owner_kind, a.code, a.currency
            """,
            {"at": at},
        )
        lines = tuple(AccountSum(code, kind, currency, int(total)) for code, kind, currency, total in cursor)
    off_by: dict[str, int] = defaultdict(int)
    for line in lines:
        off_by[line.currency] += line.amount_minor
    return TrialBalance(lines, dict(off_by))


def take_snapshots(*, at: datetime) -> int:
    """This function will write snapshots of the platform's accounts as they were an hour ago, and return how many.

    Cut by `recorded_at`, not by id: ids commit out of order. An entry carries the start of its transaction, so a
    transaction that is still open pulls the cut back to before it began.
    """
    with connection.cursor() as cursor:
        # First the open transactions, then, in a later statement, the entries: whatever ended in between is seen.
        as_of = min([at - SNAPSHOT_LAG, *_open_since(cursor)])
        cursor.execute(
            """
            INSERT INTO payments_balancesnapshot (account_id, as_of, amount_minor)
            SELECT a.id, %(as_of)s, coalesce(last.amount_minor, 0) + coalesce(sum(e.amount_minor), 0)
            FROM payments_account a
            LEFT JOIN LATERAL (
                SELECT s.as_of, s.amount_minor FROM payments_balancesnapshot s
                WHERE s.account_id = a.id AND s.as_of < %(as_of)s ORDER BY s.as_of DESC LIMIT 1
            ) last ON true
            LEFT JOIN payments_entry e ON e.account_id = a.id
                 AND e.recorded_at >= coalesce(last.as_of, '-infinity') AND e.recorded_at < %(as_of)s
            WHERE NOT a.has_running_balance
            GROUP BY a.id, last.amount_minor
            ON CONFLICT DO NOTHING
            """,
            {"as_of": as_of},
        )
        return int(cursor.rowcount)


def _open_since(cursor: Any) -> list[datetime]:
    """When the oldest other transaction on this database began, if there is one."""
    cursor.execute(
        """
        SELECT min(xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
        """
    )
    return [row for (row,) in cursor.fetchall() if row is not None]


# Journals have rising ids, and their entries lie in that order: reading both by it takes a third of the time of hashing
# hundreds of thousands of groups. A planner that does not know how they lie would hash.
_ALONG_JOURNALS: Final = ("enable_hashagg", "enable_hashjoin", "enable_sort")
_JOURNAL_RULES: Final = {
    "journal sums to zero per currency": """
        SELECT e.journal_id::text, e.currency || ' off by ' || sum(e.amount_minor)
        FROM (
            SELECT journal_id FROM payments_entry GROUP BY journal_id
            HAVING sum(amount_minor) <> 0 OR min(currency) <> max(currency)
        ) unclear JOIN payments_entry e USING (journal_id)
        GROUP BY e.journal_id, e.currency HAVING sum(e.amount_minor) <> 0
    """,
    "journal has all its legs": """
        SELECT j.id::text, coalesce(e.legs, 0) || ' of ' || j.leg_count FROM payments_journal j
        LEFT JOIN (SELECT journal_id, count(*) AS legs FROM payments_entry GROUP BY journal_id) e ON e.journal_id = j.id
        WHERE coalesce(e.legs, 0) <> j.leg_count
    """,
}
_RULES: Final = {
    "running balance equals its entries": """
        SELECT b.account_id::text, b.amount_minor || ' instead of ' || coalesce(s.total, 0)
        FROM payments_balance b
        LEFT JOIN (SELECT account_id, sum(amount_minor) AS total FROM payments_entry GROUP BY account_id) s
            USING (account_id)
        WHERE b.amount_minor <> coalesce(s.total, 0)
    """,
    "snapshot equals its entries": """
        WITH steps AS (
            SELECT account_id, as_of, amount_minor, lag(as_of) OVER earlier AS since,
                   coalesce(lag(amount_minor) OVER earlier, 0) AS before
            FROM payments_balancesnapshot WINDOW earlier AS (PARTITION BY account_id ORDER BY as_of)
        )
        SELECT s.account_id::text, s.amount_minor || ' before ' || s.as_of FROM steps s
        WHERE s.amount_minor <> s.before + (
            SELECT coalesce(sum(e.amount_minor), 0) FROM payments_entry e
            WHERE e.account_id = s.account_id AND e.recorded_at < s.as_of
              AND e.recorded_at >= coalesce(s.since, '-infinity'))
    """,
    "agent's accounts equal the unpaid earnings": """
        WITH books AS (
            SELECT a.owner_id AS agent_id, a.currency,
                   -sum(b.amount_minor) FILTER (WHERE a.code = 'accrued') AS accrued,
                   -sum(b.amount_minor) FILTER (WHERE a.code = 'payable') AS payable,
                   -sum(b.amount_minor) FILTER (WHERE a.code = 'in_transit') AS in_transit,
                   -sum(b.amount_minor) FILTER (WHERE a.code = 'clawback') AS clawback
            FROM payments_balance b JOIN payments_account a ON a.id = b.account_id
            WHERE a.owner_kind = 'agent' GROUP BY a.owner_id, a.currency
        ), lines AS (
            SELECT agent_id, currency,
                   sum(amount_minor) FILTER (WHERE state IN ('accrued', 'held') AND kind <> 'clawback') AS accrued,
                   sum(amount_minor) FILTER (WHERE state = 'payable' AND kind <> 'clawback') AS payable,
                   sum(amount_minor) FILTER (WHERE state = 'in_payout') AS in_transit,
                   sum(amount_minor) FILTER (
                       WHERE state IN ('accrued', 'held', 'payable') AND kind = 'clawback') AS clawback
            FROM payments_earning GROUP BY agent_id, currency
        )
        SELECT coalesce(books.agent_id, lines.agent_id)::text,
               concat_ws(' ', 'books', books.accrued, books.payable, books.in_transit, books.clawback,
                         'lines', lines.accrued, lines.payable, lines.in_transit, lines.clawback)
        FROM books FULL JOIN lines USING (agent_id, currency)
        WHERE coalesce(books.accrued, 0) <> coalesce(lines.accrued, 0)
           OR coalesce(books.payable, 0) <> coalesce(lines.payable, 0)
           OR coalesce(books.in_transit, 0) <> coalesce(lines.in_transit, 0)
           OR coalesce(books.clawback, 0) <> coalesce(lines.clawback, 0)
    """,
    "a transferred payout has one paid journal of its amount": """
        SELECT i.id::text, i.state || ' with ' || count(e.id) || ' legs' FROM payments_payoutitem i
        LEFT JOIN payments_journal j ON j.posting_key = 'paid:' || i.id
        LEFT JOIN payments_account a ON a.owner_kind = 'agent' AND a.owner_id = i.agent_id
             AND a.code = 'in_transit' AND a.currency = i.currency
        LEFT JOIN payments_entry e ON e.journal_id = j.id AND e.account_id = a.id AND e.amount_minor = i.amount_minor
        GROUP BY i.id
        HAVING (count(e.id) = 1) <> (i.state IN ('transferred', 'arrived', 'returned', 'came_back'))
    """,
    "a payout's lines sum to its amount": """
        SELECT i.id::text, i.amount_minor || ' instead of ' || coalesce(sum(al.amount_minor), 0)
        FROM payments_payoutitem i
        LEFT JOIN payments_payoutallocation al ON al.item_id = i.id
        GROUP BY i.id HAVING i.amount_minor <> coalesce(sum(al.amount_minor), 0)
    """,
    "bill equals brand-funded pay plus margin, never less": """
        SELECT c.id::text, c.net_minor || ' ' || c.currency || ' for ' || e.brand_share_minor || ' ' || e.currency
        FROM payments_charge c JOIN payments_earning e ON e.id = c.earning_id
        WHERE CASE WHEN c.currency = e.currency THEN c.net_minor < e.brand_share_minor
                   ELSE coalesce(e.explanation -> 'fx' ->> 'base' <> e.currency
                                 OR e.explanation -> 'fx' ->> 'quote' <> c.currency, true) END
    """,
    "a week's tally equals its open charges": """
        WITH tallied AS (
            SELECT brand_id, program_id, billing_week, currency, kind, cause,
                   sum(lines) AS lines, sum(net_minor) AS total
            FROM payments_chargetally GROUP BY brand_id, program_id, billing_week, currency, kind, cause
            HAVING sum(lines) <> 0 OR sum(net_minor) <> 0
        ), open AS (
            SELECT c.brand_id, c.program_id, c.billing_week, c.currency, c.kind, e.cause,
                   count(*) AS lines, sum(c.net_minor - c.credited_minor) AS total
            FROM payments_charge c JOIN payments_earning e ON e.id = c.earning_id
            WHERE c.state IN ('accrued', 'held', 'ready')
            GROUP BY c.brand_id, c.program_id, c.billing_week, c.currency, c.kind, e.cause
        )
        SELECT brand_id::text,
               concat_ws(' ', billing_week, kind, cause, currency, tallied.lines, tallied.total, 'instead of',
                         open.lines, open.total)
        FROM tallied FULL JOIN open USING (brand_id, program_id, billing_week, currency, kind, cause)
        WHERE coalesce(tallied.lines, 0) <> coalesce(open.lines, 0)
           OR coalesce(tallied.total, 0) <> coalesce(open.total, 0)
    """,
    "a brand's unbilled equals its open charges": """
        WITH books AS (
            SELECT a.owner_id AS brand_id, a.currency, sum(b.amount_minor) AS total
            FROM payments_balance b JOIN payments_account a ON a.id = b.account_id
            WHERE a.owner_kind = 'brand' AND a.code = 'unbilled' GROUP BY a.owner_id, a.currency
        ), lines AS (
            SELECT brand_id, currency, sum(net_minor - credited_minor) AS total FROM payments_charge
            WHERE state IN ('accrued', 'held', 'ready') GROUP BY brand_id, currency
        )
        SELECT coalesce(books.brand_id, lines.brand_id)::text,
               coalesce(books.total, 0) || ' instead of ' || coalesce(lines.total, 0)
        FROM books FULL JOIN lines USING (brand_id, currency)
        WHERE coalesce(books.total, 0) <> coalesce(lines.total, 0)
    """,
}


def verify_books(limit: int = 20) -> list[Finding]:
    """This function will check every rule that must always hold and return what breaks one (at most `limit` per rule)."""
    with transaction.atomic(), connection.cursor() as cursor:
        return [finding for _rule, found in _rule_by_rule(cursor, limit) for finding in found]


def _rule_by_rule(cursor: Any, limit: int) -> Iterator[tuple[str, list[Finding]]]:
    cursor.execute("SELECT set_config('work_mem', %s, true)", [_SORTING_MEMORY])
    _hash_and_sort(cursor, "off")
    for rule, query in _JOURNAL_RULES.items():
        yield rule, _broken(cursor, rule, query, limit)
    _hash_and_sort(cursor, "on")
    for rule, query in _RULES.items():
        yield rule, _broken(cursor, rule, query, limit)


def _hash_and_sort(cursor: Any, state: str) -> None:
    cursor.execute("SELECT set_config(name, %s, true) FROM unnest(%s) AS name", [state, list(_ALONG_JOURNALS)])


def rules() -> list[str]:
    """This function will name the rules that `verify_books` checks."""
    return [*_JOURNAL_RULES, *_RULES]


def _broken(cursor: Any, rule: str, query: str, limit: int) -> list[Finding]:
    cursor.execute(f"SELECT * FROM ({query}) broken LIMIT %s", [limit])  # noqa: S608  our own constant
    return [Finding(rule, str(subject), str(detail)) for subject, detail in cursor.fetchall()]
