"""What always holds of the books, over random histories."""

from collections import defaultdict
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gigcx.kernel.money import Money
from payments import ledger
from payments.errors import Overdrawn, PostingKeyReused
from payments.ledger import Posting, agent_account, credit, debit, mirrored
from payments.models import Account, Balance, Entry, Journal
from tests.payments.ledger.postings import SOURCE, accrual, payable

pytestmark = pytest.mark.django_db
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY"])
AGENTS = st.sampled_from([UUID(int=n) for n in (11, 12, 13)])
MOVES = st.one_of(
    st.builds(
        lambda key, pay, margin, agent, currency: accrual(
            f"a{key}", pay=pay, bill=pay + margin, agent=agent, currency=currency
        ),
        st.integers(0, 8),
        st.integers(1, 10**6),
        st.integers(0, 10**6),
        AGENTS,
        CURRENCIES,
    ),
    st.builds(
        lambda key, amount, agent, currency: payable(f"p{key}", amount, agent=agent, currency=currency),
        st.integers(0, 8),
        st.integers(1, 10**6),
        AGENTS,
        CURRENCIES,
    ),
)
BATCHES = st.lists(st.lists(MOVES, min_size=1, max_size=4), max_size=6)


def posted(batches: list[list[Posting]]) -> list[Posting]:
    """Post what the books take, each batch whole or not at all, and return what they took."""
    taken: dict[str, Posting] = {}
    for batch in batches:
        try:
            with transaction.atomic():
                ledger.post(batch)
        except (Overdrawn, PostingKeyReused):
            continue
        taken |= {one.posting_key: one for one in batch}
    return list(taken.values())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BATCHES)
def test_books_balance_balances_are_sums_and_refused_batches_leave_nothing(batches: list[list[Posting]]) -> None:
    with transaction.atomic():
        taken = posted(batches)
        expected: dict[tuple[str, str], int] = defaultdict(int)
        for one in taken:
            for leg in one.legs:
                expected[leg.account.code, leg.account.currency] += leg.amount_minor
        found = {(line.code, line.currency): line.amount_minor for line in ledger.trial_balance().lines}
        assert found == dict(expected)
        assert ledger.trial_balance().is_zero
        assert Journal.objects.count() == len(taken)
        assert Entry.objects.count() == sum(len(one.legs) for one in taken)
        _running_balances_are_sums()
        transaction.set_rollback(True)


def _running_balances_are_sums() -> None:
    for balance in Balance.objects.select_related("account"):
        legs = Entry.objects.filter(account=balance.account).values_list("amount_minor", flat=True)
        assert balance.amount_minor == sum(legs)
        assert balance.amount_minor * balance.normal_side >= 0
    assert Account.objects.filter(has_running_balance=True, running__isnull=True).count() == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=5), st.randoms())
def test_the_order_within_a_batch_changes_nothing(amounts: list[tuple[int, int]], random: object) -> None:
    postings = [accrual(f"k{n}", pay=pay, bill=pay + margin) for n, (pay, margin) in enumerate(amounts)]
    shuffled = list(postings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own Random
    sums = []
    for batch in (postings, shuffled):
        with transaction.atomic():
            ids = dict(zip([one.posting_key for one in batch], ledger.post(batch), strict=True))
            assert {key: Journal.objects.get(pk=pk).posting_key for key, pk in ids.items()} == {key: key for key in ids}
            sums.append([(line.code, line.amount_minor) for line in ledger.trial_balance().lines])
            transaction.set_rollback(True)
    assert sums[0] == sums[1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**9), st.integers(0, 10**9), CURRENCIES)
def test_a_mirror_takes_everything_back(pay: int, margin: int, currency: str) -> None:
    made = accrual("made", pay=pay, bill=pay + margin, currency=currency)
    with transaction.atomic():
        (journal,) = ledger.post([made])
        undone = Posting(
            "undone", "earning_reversed", mirrored(made.legs), made.effective_at, "test", SOURCE, reverses_id=journal
        )
        ledger.post([undone])
        assert all(line.amount_minor == 0 for line in ledger.trial_balance().lines)
        assert set(Balance.objects.values_list("amount_minor", flat=True)) == {0}
        transaction.set_rollback(True)


def test_an_agent_is_never_debited_past_zero_by_any_split_of_a_batch() -> None:
    """What is owed in one batch may pay itself in the same batch, and no cent more."""
    agent = UUID(int=11)
    ledger.post([accrual("a", pay=100, bill=100, agent=agent), payable("p", 100, agent=agent)])
    with pytest.raises(Overdrawn), transaction.atomic():
        ledger.post([accrual("b", pay=100, bill=100, agent=agent), payable("q", 101, agent=agent)])
    legs = (
        debit(agent_account(agent, "payable", "USD"), Money(100, "USD")),
        credit(agent_account(agent, "in_transit", "USD"), Money(100, "USD")),
    )
    ledger.post([Posting("r", "payout_reserved", legs, accrual("x").effective_at, "test", SOURCE)])
    assert ledger.balance_of(agent_account(agent, "in_transit", "USD")) == 100
