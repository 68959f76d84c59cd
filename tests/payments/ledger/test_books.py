"""The books: balanced, append-only, complete, idempotent, and never overdrawn."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from gigcx.kernel.money import Money
from payments import ledger
from payments.errors import CurrencyMismatch, Overdrawn, PostingKeyReused, Unbalanced, WrongMode
from payments.ledger import Posting, agent_account, brand_account, credit, debit, platform_account
from payments.models import Account, Balance, Entry, Journal
from payments.states import JournalKind
from tests.cast import MONDAY_NOON
from tests.payments.ledger.postings import AGENT, BRAND, accrual, payable

pytestmark = pytest.mark.django_db


def balance(code: str, agent: UUID = AGENT) -> int:
    return ledger.balance_of(agent_account(agent, code, "USD"))


def broken_ledger_rules() -> list[str]:
    """What breaks a rule of the ledger alone; these postings have no earnings and charges behind them."""
    about_lines = {"agent's accounts equal the unpaid earnings", "a brand's unbilled equals its open charges"}
    return [finding.rule for finding in ledger.verify_books() if finding.rule not in about_lines]


def sqlstate(refused: DatabaseError) -> str:
    return str(getattr(refused.__cause__, "pgcode", ""))


def test_a_posting_moves_every_account_it_names() -> None:
    ledger.post([accrual("one")])
    assert balance("accrued") == 1000
    assert ledger.balance_of(brand_account(BRAND, "unbilled", "USD")) == 1500
    assert ledger.balance_of(platform_account("revenue.margin", "USD")) == 500
    assert ledger.trial_balance().is_zero
    assert broken_ledger_rules() == []


def test_the_same_key_and_content_is_posted_once_and_returns_the_same_journal() -> None:
    first = ledger.post([accrual("one")])
    again = ledger.post([accrual("two"), accrual("one")])
    assert again[1] == first[0]
    assert again[0] != first[0]
    assert Journal.objects.count() == 2
    assert balance("accrued") == 2000


def test_a_key_used_for_another_content_is_refused_and_nothing_is_written() -> None:
    ledger.post([accrual("one")])
    with pytest.raises(PostingKeyReused):
        ledger.post([accrual("two"), accrual("one", pay=900)])
    assert Journal.objects.count() == 1


def test_a_key_used_twice_in_one_batch_for_two_contents_is_refused() -> None:
    with pytest.raises(PostingKeyReused):
        ledger.post([accrual("one"), accrual("one", pay=900)])


def test_legs_that_do_not_sum_to_zero_are_refused() -> None:
    lame = accrual("one")
    with pytest.raises(Unbalanced):
        ledger.post([Posting("x", lame.kind, lame.legs[:2], MONDAY_NOON, "test", UUID(int=3))])


def test_a_single_leg_or_none_is_refused() -> None:
    lame = accrual("one")
    for legs in (lame.legs[:1], ()):
        with pytest.raises(Unbalanced):
            ledger.post([Posting("x", lame.kind, legs, MONDAY_NOON, "test", UUID(int=3))])


def test_two_currencies_do_not_balance_each_other() -> None:
    legs = (
        debit(brand_account(BRAND, "unbilled", "EUR"), Money(100, "EUR")),
        credit(agent_account(AGENT, "accrued", "USD"), Money(100, "USD")),
    )
    with pytest.raises(Unbalanced):
        ledger.post([Posting("x", JournalKind.EARNING_ACCRUED, legs, MONDAY_NOON, "test", UUID(int=3))])


def test_an_account_takes_only_its_own_currency() -> None:
    with pytest.raises(CurrencyMismatch):
        debit(agent_account(AGENT, "accrued", "USD"), Money(100, "EUR"))


def test_an_agents_account_never_passes_zero() -> None:
    ledger.post([accrual("one")])
    with pytest.raises(Overdrawn) as refused:
        ledger.post([payable("p", 1001)])
    assert refused.value.context["short_minor"] == 1
    assert balance("accrued") == 1000
    assert balance("payable") == 0


def test_the_database_itself_refuses_an_overdrawn_balance() -> None:
    ledger.post([accrual("one")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.filter(account__code="accrued").update(amount_minor=1)


@pytest.mark.parametrize("model", [Account, Journal, Entry])
@pytest.mark.parametrize("in_savepoint", [False, True])
def test_update_and_delete_are_refused_by_the_database(model: Any, in_savepoint: bool) -> None:
    ledger.post([accrual("one")])
    field = {"account": "code", "journal": "reason", "entry": "currency"}[model._meta.model_name]
    for act in (lambda: model.objects.update(**{field: "EUR"}), lambda: raw_delete(model)):
        outer = transaction.atomic() if in_savepoint else nullcontext()
        with pytest.raises(DatabaseError) as refused, outer, transaction.atomic():
            act()
        assert sqlstate(refused.value) == "23L01"
    assert ledger.trial_balance().is_zero
    assert Entry.objects.count() == 3


def raw_delete(model: Any) -> None:
    """Delete without Django's collector looking first."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608  our own table


def leg_row(journal: UUID, amount: int, code: str = "accrued") -> None:
    account = Account.objects.get(code=code)
    Entry.objects.create(
        journal_id=journal,
        account=account,
        currency=account.currency,
        owner_kind=account.owner_kind,
        owner_id=account.owner_id,
        amount_minor=amount,
    )


def test_an_unbalanced_insert_past_our_code_is_refused_by_the_database() -> None:
    ledger.post([accrual("one")])
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        leg_row(Journal.objects.get().pk, 5)
    assert sqlstate(refused.value) == "23L02"


def test_an_entry_with_another_currency_than_its_account_is_refused_by_the_database() -> None:
    ledger.post([accrual("one")])
    account, journal = Account.objects.get(code="accrued"), Journal.objects.get()
    owner = {"owner_kind": "agent", "owner_id": AGENT}
    legs = [Entry(journal=journal, account=account, currency="EUR", amount_minor=one, **owner) for one in (5, -5)]
    with pytest.raises(IntegrityError, match="payments_entry_account_fk"), transaction.atomic():
        Entry.objects.bulk_create(legs)


def bare_journal(legs: int) -> UUID:
    key = uuid4().hex
    journal = Journal.objects.create(
        kind=JournalKind.EARNING_ACCRUED,
        leg_count=legs,
        posting_key=key,
        content_hash=key,
        effective_at=MONDAY_NOON,
        source_kind="test",
        source_id=UUID(int=3),
        actor="test",
    )
    return journal.pk


def two_legs(journal: UUID) -> None:
    account = Account.objects.get(code="accrued")
    Entry.objects.bulk_create(
        [
            Entry(
                journal_id=journal,
                account=account,
                currency="USD",
                owner_kind="agent",
                owner_id=AGENT,
                amount_minor=amount,
            )
            for amount in (5, -5)
        ]
    )


def no_legs() -> None:
    bare_journal(2)


def two_pairs() -> None:
    journal = bare_journal(2)
    two_legs(journal)
    two_legs(journal)


@pytest.mark.parametrize("write", [no_legs, two_pairs])
def test_a_journal_without_legs_or_with_a_second_pair_is_refused_at_commit(write: Callable[[], None]) -> None:
    ledger.post([accrual("one")])
    write()
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert sqlstate(refused.value) == "23L04"
    transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_late_legs_are_refused_also_inside_a_savepoint() -> None:
    ledger.post([accrual("one")])
    journal = Journal.objects.get().pk
    for nested in (False, True):
        inner = transaction.atomic() if nested else nullcontext()
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), inner:
            two_legs(journal)
        assert sqlstate(refused.value) == "23L03"
    assert Entry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_legs_posted_inside_nested_savepoints_are_accepted() -> None:
    with transaction.atomic(), transaction.atomic():
        ledger.post([accrual("one")])
        with transaction.atomic():
            ledger.post([accrual("two")])
    assert Journal.objects.count() == 2


def test_truncation_is_refused_outside_a_test_database() -> None:
    ledger.post([accrual("one")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('payments_ledger_refuse'::regproc), current_database()")
        source, name = cursor.fetchone()
        assert name.startswith("test_")
        # The same function, told that this is not a test database.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(source.replace(r"LIKE 'test\_%'", "LIKE 'production'"))
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            cursor.execute("TRUNCATE payments_entry, payments_journal CASCADE")
    assert sqlstate(refused.value) == "23L01"
    assert Entry.objects.count() == 3


def test_books_of_one_mode_refuse_another(settings: Any) -> None:
    ledger.post([accrual("one")])
    settings.PAYMENTS_MODE = "live"
    with pytest.raises(WrongMode):
        ledger.post([accrual("two")])
    assert Journal.objects.count() == 1


def test_a_hot_account_is_read_as_snapshot_plus_tail() -> None:
    ledger.post([accrual("one"), accrual("two", pay=800)])
    margin = Account.objects.get(code="revenue.margin")
    written = Entry.objects.filter(account=margin).earliest("pk").recorded_at
    assert ledger.take_snapshots(at=written + timedelta(hours=2)) >= 1
    assert ledger.balance(margin) == 1200
    assert broken_ledger_rules() == []


def test_a_balance_at_a_moment_leaves_out_what_was_recorded_later() -> None:
    ledger.post([accrual("one")])
    account = Account.objects.get(code="accrued")
    written: datetime = Entry.objects.earliest("pk").recorded_at
    assert ledger.balance(account, at=written) == 0
    assert ledger.balance(account, at=written + timedelta(seconds=1)) == 1000


def test_verify_books_finds_a_running_balance_that_drifted() -> None:
    ledger.post([accrual("one")])
    Balance.objects.filter(account__code="accrued").update(amount_minor=-999)
    assert [f.rule for f in ledger.verify_books() if "running" in f.rule] == ["running balance equals its entries"]


def test_verify_books_finds_journals_that_do_not_balance_in_each_currency_or_lack_legs() -> None:
    """Behind the guards' back: what no one can write today is found all the same, and nothing else is."""
    dollars, euros, _fine = ledger.post([accrual("one"), accrual("two", currency="EUR"), accrual("three")])
    _past_the_guards("UPDATE payments_entry SET amount_minor = amount_minor + 5 WHERE id = %s", _leg(dollars))
    _past_the_guards("UPDATE payments_entry SET journal_id = %s WHERE id = %s", dollars, _leg(euros))
    found = {(one.rule, one.subject, one.detail) for one in ledger.verify_books() if one.rule.startswith("journal")}
    assert found == {
        ("journal sums to zero per currency", str(dollars), "USD off by 5"),
        ("journal sums to zero per currency", str(dollars), "EUR off by 1500"),
        ("journal sums to zero per currency", str(euros), "EUR off by -1500"),
        ("journal has all its legs", str(dollars), "4 of 3"),
        ("journal has all its legs", str(euros), "2 of 3"),
    }


def test_verify_books_finds_a_journal_whose_two_currencies_only_balance_each_other() -> None:
    dollars, euros = ledger.post([accrual("one"), accrual("two", currency="EUR")])
    for minor, journal in ((5, dollars), (-5, euros)):
        _past_the_guards(
            "UPDATE payments_entry SET amount_minor = amount_minor + %s WHERE id = %s", minor, _leg(journal)
        )
    _past_the_guards("UPDATE payments_entry SET journal_id = %s WHERE journal_id = %s", dollars, euros)
    details = {one.detail for one in ledger.verify_books() if one.rule == "journal sums to zero per currency"}
    assert details == {"USD off by 5", "EUR off by -5"}


def _leg(journal: UUID) -> int:
    return Entry.objects.filter(journal_id=journal, owner_kind="brand").values_list("pk", flat=True).get()


def _past_the_guards(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE payments_entry DISABLE TRIGGER USER")
        cursor.execute(sql, values)


def test_a_batch_costs_the_same_number_of_queries_as_one(django_assert_num_queries: Any) -> None:
    ledger.post([accrual("warm")])
    with django_assert_num_queries(8):
        ledger.post([accrual("one")])
    with django_assert_num_queries(8):
        ledger.post([accrual(f"many-{n}") for n in range(3)])
