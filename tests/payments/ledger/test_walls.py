"""The database itself holds the books: whatever code, role or temporary table says otherwise."""

from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from payments import ledger
from payments.errors import PostingKeyReused
from payments.models import Balance, Entry, Journal
from tests.payments.ledger.postings import AGENT, BRAND, accrual, payable

pytestmark = pytest.mark.django_db


def sqlstate(refused: DatabaseError) -> str:
    return str(getattr(refused.__cause__, "pgcode", ""))


def run(sql: str, *args: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args or None)


def test_every_guard_of_the_ledger_runs_with_its_owners_rights_and_a_path_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.proname, p.prosecdef, array_to_string(p.proconfig, ';')
            FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid
            WHERE p.proname LIKE 'payments\\_%%' AND p.prosrc ~ '(FROM|JOIN) payments_'
            """
        )
        guards = {name: (is_definer, path) for name, is_definer, path in cursor.fetchall()}
    assert {"payments_entries_balance", "payments_journal_complete", "payments_only_drafts_grow"} <= set(guards)
    pinned = (True, "search_path=pg_catalog, public, pg_temp")
    assert {name: found for name, found in guards.items() if found != pinned} == {}


@pytest.mark.django_db(transaction=True)
def test_a_temporary_table_does_not_hide_the_real_journals_from_the_guard() -> None:
    ledger.post([accrual("one")])
    journal = Journal.objects.get()
    one = Entry.objects.order_by("pk").first()
    assert one is not None
    owner = (one.account_id, one.currency, one.owner_kind, one.owner_id)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        _late_legs_behind_a_false_journal(journal.pk, *owner)
    assert sqlstate(refused.value) == "23L03"
    assert Entry.objects.count() == 3


def _late_legs_behind_a_false_journal(*leg: Any) -> None:
    run("CREATE TEMPORARY TABLE payments_journal (id uuid, recorded_xid xid8, leg_count int) ON COMMIT DROP")
    run(
        """
        INSERT INTO public.payments_entry (journal_id, account_id, currency, owner_kind, owner_id, amount_minor)
        SELECT %s, %s, %s, %s, %s, unnest(ARRAY[5, -5])
        """,
        *leg,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("legs", [0, 1, 4])
@pytest.mark.parametrize("is_nested", [False, True])
def test_a_journal_with_fewer_or_more_legs_than_it_says_is_refused_also_in_a_savepoint(
    legs: int, is_nested: bool
) -> None:
    ledger.post([accrual("one")])
    account = Entry.objects.filter(owner_kind="agent").values_list("account_id", flat=True).get()
    inner = transaction.atomic() if is_nested else nullcontext()
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), inner:
        _bare_journal(account, legs)
    assert sqlstate(refused.value) == ("23L02" if legs % 2 else "23L04")
    assert Journal.objects.count() == 1


def _bare_journal(account: Any, legs: int) -> None:
    key = uuid4()
    run(
        """
        INSERT INTO payments_journal (id, kind, leg_count, posting_key, content_hash, effective_at, source_kind,
                                      source_id, actor, reason)
        VALUES (%s, 'earning_accrued', 2, %s, 'x', now(), 'test', %s, 'test', '')
        """,
        key,
        key.hex,
        key,
    )
    for n in range(0, legs, 2):
        amounts = [5, -5][: legs - n]
        run(
            """
            INSERT INTO payments_entry (journal_id, account_id, currency, owner_kind, owner_id, amount_minor)
            SELECT %s, %s, 'USD', 'agent', %s, unnest(%s::bigint[])
            """,
            key,
            account,
            AGENT,
            amounts,
        )


@pytest.mark.parametrize("is_nested", [False, True])
def test_a_reused_key_is_refused_also_under_a_savepoint_and_changes_nothing(is_nested: bool) -> None:
    ledger.post([accrual("one")])
    inner = transaction.atomic() if is_nested else nullcontext()
    with pytest.raises(PostingKeyReused), transaction.atomic(), inner:
        ledger.post([accrual("two"), accrual("one", pay=999)])
    assert Journal.objects.count() == 1
    assert ledger.balance_of(ledger.brand_account(BRAND, "unbilled", "USD")) == 1500


def _post_and_fail() -> None:
    ledger.post([accrual("one")])
    raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_the_same_key_again_is_the_same_journal_also_after_a_savepoint_rolled_back() -> None:
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            _post_and_fail()
        (first,) = ledger.post([accrual("one")])
    assert ledger.post([accrual("one"), accrual("one")]) == (first, first)
    assert Entry.objects.count() == 3


@pytest.mark.parametrize(
    "table", ["payments_account", "payments_journal", "payments_entry", "payments_balancesnapshot"]
)
@pytest.mark.parametrize("is_nested", [False, True])
def test_nothing_of_the_books_is_changed_or_deleted(table: str, is_nested: bool) -> None:
    ledger.post([accrual("one")])
    ledger.take_snapshots(at=Entry.objects.earliest("pk").recorded_at)
    column = {"payments_account": "code", "payments_journal": "reason", "payments_entry": "currency"}.get(
        table, "as_of"
    )
    for sql in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608  our own names
        inner = transaction.atomic() if is_nested else nullcontext()
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), inner:
            run(sql)
        assert sqlstate(refused.value) == "23L01"


def test_a_running_balance_is_never_removed() -> None:
    ledger.post([accrual("one"), payable("p", 400)])
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        Balance.objects.all()._raw_delete("default")  # past Django's collector
    assert sqlstate(refused.value) == "23L01"


def test_a_trial_balance_of_a_moment_leaves_out_what_came_later() -> None:
    ledger.post([accrual("one")])
    written = Entry.objects.earliest("pk").recorded_at
    assert ledger.trial_balance(at=written).lines == ()
    assert {line.code: line.amount_minor for line in ledger.trial_balance().lines} == {
        "unbilled": 1500,
        "accrued": -1000,
        "revenue.margin": -500,
    }
