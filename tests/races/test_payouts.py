"""Many workers, one run: real connections on a real Postgres."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gigcx.audit.models import AuditEntry
from gigcx.kernel.money import Money
from payments import actions, ledger
from payments.errors import FundsShort
from payments.gateways import execution
from payments.ledger import agent_account, brand_account, credit, debit, platform_account
from payments.models import Account, BrandHold, Earning, Entry, InstantFee, PayoutItem, SandboxPayment, Statement
from payments.states import ItemState
from scheduling.states import ClaimState
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched
from tests.races.presses import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WORKERS = 12


def raised(results: list[Any]) -> list[Any]:
    return [one for one in results if isinstance(one, Exception)]


def test_one_run_started_twice_on_twelve_workers_pays_once() -> None:
    program = recruit.make_program(cast.make_brand("Acme"))
    recruit.make_rate_card(program)
    for n in range(8):
        agent = recruit.make_agent(f"Agent{n} Race")
        pay.make_payable(agent, program)
        pay.make_account(agent, behaviour="times_out" if n % 4 == 0 else "pays")
    pay.fund_sandbox()
    run = pay.make_running_run()
    clock = lambda: MONDAY_NOON + timedelta(minutes=1)  # noqa: E731
    assert raised(at_once(lambda n: execution.execute_run(run.pk, clock=clock), times=WORKERS)) == []
    later = lambda: MONDAY_NOON + timedelta(minutes=2)  # noqa: E731
    unknown = list(PayoutItem.objects.across_brands().filter(state=ItemState.UNKNOWN).values_list("pk", flat=True))
    assert len(unknown) == 2
    at_once(lambda n: execution.resolve_unknown(unknown[n % 2], clock=later), times=6)
    assert set(PayoutItem.objects.across_brands().values_list("state", flat=True)) == {ItemState.TRANSFERRED}
    assert SandboxPayment.objects.count() == Statement.objects.across_brands().count() == 8
    assert ledger.verify_books() == []


def test_a_fact_heard_by_many_at_once_accrues_once() -> None:
    program = recruit.make_program(cast.make_brand("Acme"))
    recruit.make_rate_card(program)
    shift = sched.make_shift(program, MONDAY_NOON - timedelta(days=2))
    claim = sched.make_worked_claim(recruit.make_agent(), shift, state=ClaimState.VERIFIED)
    results = at_once(
        lambda n: actions.accrue_claim(claim_id=claim.pk, source_event_id=UUID(int=9), by=pay.SYSTEM, at=MONDAY_NOON),
        times=WORKERS,
    )
    assert raised(results) == []
    assert sum(len(one) for one in results) == 1
    assert Earning.objects.across_brands().count() == 1
    assert ledger.verify_books() == []


def test_a_hot_balance_equals_the_full_sum_while_writers_are_busy() -> None:
    def posting(worker: int, n: int) -> ledger.Posting:
        agent = UUID(int=100 + worker % 3)
        legs = (
            debit(brand_account(UUID(int=1), "unbilled", "USD"), Money(150, "USD")),
            credit(agent_account(agent, "accrued", "USD"), Money(100, "USD")),
            credit(platform_account("revenue.margin", "USD"), Money(50, "USD")),
        )
        return ledger.Posting(f"race:{worker}:{n}", "earning_accrued", legs, MONDAY_NOON, "race", UUID(int=2))

    ledger.post([posting(0, -1)])
    margin = Account.objects.get(code="revenue.margin")

    def work(worker: int) -> list[int]:
        if worker == 0:
            return [ledger.balance(margin) % 50 for _look in range(20)]
        for n in range(10):
            ledger.post([posting(worker, n), posting(worker, n + 1000)])
        return []

    results = at_once(work, times=8)
    assert raised(results) == []
    assert set(results[0]) == {0}
    full = -sum(Entry.objects.filter(account=margin).values_list("amount_minor", flat=True))
    assert ledger.balance(margin) == full == 50 * (1 + 7 * 20)
    assert ledger.trial_balance().is_zero
    assert [one.rule for one in ledger.verify_books() if "running" in one.rule] == []


def test_the_same_keys_posted_in_opposite_orders_never_deadlock() -> None:
    def posting(key: str) -> ledger.Posting:
        money = Money(5, "USD")
        legs = (
            debit(platform_account("bank", "USD"), money),
            credit(agent_account(UUID(int=7), "payable", "USD"), money),
        )
        return ledger.Posting(key, "payout_came_back", legs, MONDAY_NOON, "race", UUID(int=2))

    keys = [f"k{n:02}" for n in range(20)]
    results = at_once(lambda n: ledger.post(posting(key) for key in (keys if n % 2 else keys[::-1])), times=8)
    assert raised(results) == []
    assert ledger.balance_of(agent_account(UUID(int=7), "payable", "USD")) == 5 * len(keys)


def test_of_many_requests_racing_for_the_last_money_the_rest_are_refused_with_the_shortfall() -> None:
    brand = cast.make_brand("Acme")
    program = recruit.make_program(brand)
    actions.set_terms(
        brand_id=brand.pk, currency="USD", credit_limit_minor=100_00, days_until_due=14, by=pay.SYSTEM, at=MONDAY_NOON
    )
    results = at_once(
        lambda n: actions.hold_funds(
            brand_id=brand.pk,
            program_id=program.pk,
            source_kind="request",
            source_id=UUID(int=n + 1),
            amount=Money(40_00, "USD"),
            until=MONDAY_NOON + timedelta(days=1),
            at=MONDAY_NOON,
        ),
        times=WORKERS,
    )
    refused = raised(results)
    assert len(refused) == WORKERS - 2
    assert all(isinstance(one, FundsShort) and one.context["shortfall_minor"] == 20_00 for one in refused)
    assert BrandHold.objects.across_brands().count() == 2


def test_the_first_instant_fee_set_by_many_at_once_is_one_and_the_history_keeps_all() -> None:
    olu = cast.ops("Olu Ops")

    def put(number: int) -> Any:
        return actions.set_instant_fee(currency="USD", fee_minor=100 + number, reason="Agreed.", by=olu, at=MONDAY_NOON)

    assert raised(at_once(put)) == []
    fee = InstantFee.objects.get()
    told = AuditEntry.objects.filter(action="payments.set_instant_fee", subject_id=fee.pk)
    changes = [one.changes["fee_minor"] for one in told]
    assert sorted(after for _before, after in changes) == [100, 101, 102, 103, 104, 105]
    assert sum(before is None for before, _after in changes) == 1
    assert fee.fee_minor in {after for _before, after in changes} - {before for before, _after in changes}
