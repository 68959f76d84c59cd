"""What goes into a run: the oldest first, nothing below the minimum, debts a fifth at most, and holds that end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from gigcx.tenancy.actors import OpsActor
from payments import actions, tasks
from payments.actions.accounts import fingerprint_of
from payments.errors import ApprovalMissing, NothingToPay, SamePerson
from payments.gateways import execution
from payments.models import Earning, Entry, PayoutAccount, PayoutItem, PayoutRun, TaxProfile
from payments.policies import approvals_needed, last_payday, must_wait_for_tax_data
from payments.queries import agent_balance
from payments.queries.runs import run_checks
from payments.states import EarningKind, EarningState, ItemState, RunState, TaxForm
from recruiting.models import Agent, Program
from recruiting.states import AgentState
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.payments.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


def check(run: PayoutRun, code: str) -> Any:
    return next(one for one in run_checks(run, at=MONDAY_NOON) if one.code == code)


def paid_before(agent: Agent, program: Program, clock: Clock) -> Earning:
    """A line of 16.00 that was paid."""
    earning = pay.make_payable(agent, program)
    pay.make_account(agent)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run(key="before").pk, clock=clock)
    return earning


def clawed(earning: Earning, minor: int, clock: Clock) -> None:
    actions.record_clawback(earning_id=earning.pk, minor=minor, fault="Logged in, away.", by=pay.SYSTEM, at=clock())
    clock.wait(days=8)
    actions.release_earnings(by=pay.SYSTEM, at=clock())


def test_a_clawback_takes_a_fifth_of_a_payout_and_the_rest_carries_over(
    ada: Agent, program: Program, clock: Clock
) -> None:
    clawed(paid_before(ada, program, clock), 500, clock)
    pay.make_payable(ada, program, at=clock())
    first = pay.make_running_run(key="one", at=clock())
    assert pay.item_of(first).amount_minor == 1600 - 320
    execution.execute_run(first.pk, clock=clock)
    pay.make_payable(ada, program, at=clock())
    second = pay.make_run(key="two", at=clock())
    assert pay.item_of(second).amount_minor == 1600 - 180
    actions.cancel_run(run_id=second.pk, reason="again", by=pay.SYSTEM, at=clock())
    assert agent_balance(ada.pk, at=clock())[0].available.amount_minor == 1600  # what was netted is undone with it
    assert pay.item_of(pay.make_run(key="three", at=clock())).amount_minor == 1600 - 180


def test_a_net_below_the_minimum_or_zero_carries_over(ada: Agent, program: Program, clock: Clock) -> None:
    clawed(paid_before(ada, program, clock), 1600, clock)
    pay.make_payable(ada, program, minutes=20, at=clock())  # 5.33, of which a fifth would leave 4.26
    with pytest.raises(NothingToPay):
        pay.make_run(key="small", at=clock())
    open_lines = Earning.objects.across_brands().filter(state=EarningState.PAYABLE).order_by("amount_minor")
    assert [one.amount_minor for one in open_lines] == [-1600, 533]
    assert not PayoutRun.objects.filter(period_key="small").exists()


def test_whoever_waited_longest_comes_first_in_a_run(ada: Agent, bo: Agent, program: Program) -> None:
    late, early = sorted((ada, bo), key=lambda agent: agent.pk)
    pay.make_payable(early, program, at=MONDAY_NOON - timedelta(hours=2))
    pay.make_payable(late, program, at=MONDAY_NOON)
    for agent in (ada, bo):
        pay.make_account(agent)
    run = pay.make_run()
    order = PayoutItem.objects.across_brands().filter(run=run).order_by("pk").values_list("agent_id", flat=True)
    assert list(order) == [early.pk, late.pk]


def test_a_late_entry_goes_to_the_next_run_under_its_own_date(ada: Agent, program: Program, clock: Clock) -> None:
    worked = MONDAY_NOON - timedelta(days=30)
    paid_before(ada, program, clock)
    late = pay.make_earning(ada, program, worked_to=worked, at=clock(), review_ends_at=clock() + timedelta(hours=24))
    clock.wait(hours=25)
    actions.release_earnings(by=pay.SYSTEM, at=clock())
    run = pay.make_run(key="next", at=clock())
    assert pay.item_of(run).allocations.get().earning_id == late.pk
    assert pay.fresh(late.pk).worked_to == worked


def test_planning_asks_the_same_questions_for_one_agent_and_for_five(
    program: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from django.db import connection

    counts = []
    for many in (1, 5):
        for n in range(many):
            agent = recruit.make_agent(f"Agent{many}{n} Many")
            pay.make_payable(agent, program)
            pay.make_account(agent)
        with CaptureQueriesContext(connection) as asked:
            run = pay.make_run(key=str(many))
        counts.append(len(asked))
        assert run.item_count == many
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (TUESDAY, TUESDAY),
        (TUESDAY - timedelta(seconds=1), TUESDAY - timedelta(days=7)),
        (TUESDAY + timedelta(days=6, hours=23), TUESDAY),
        (TUESDAY.replace(hour=0), TUESDAY - timedelta(days=7)),
    ],
)
def test_payday_is_tuesday_noon(at: datetime, due: datetime) -> None:
    assert last_payday(at) == due


def weekly(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """The sweep at a moment; what it would wake is not woken."""
    monkeypatch.setattr("payments.tasks.payouts.database_now", lambda: at)
    monkeypatch.setattr("payments.tasks.payouts.hint", lambda *_args, **_kwargs: None)
    tasks.plan_weekly_runs()


def test_the_weekly_run_leaves_on_time_once_and_a_small_one_starts_by_itself(
    ada: Agent, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay.make_payable(ada, program)
    pay.make_account(ada)
    weekly(monkeypatch, TUESDAY - timedelta(minutes=1))
    assert not PayoutRun.objects.exists()
    for minutes in (0, 5, 10):
        weekly(monkeypatch, TUESDAY + timedelta(minutes=minutes))
    run = PayoutRun.objects.get()
    assert (run.period_key, run.state, run.kind) == ("2026-W48", RunState.EXECUTING, "weekly")


def test_after_an_outage_the_weekly_run_still_leaves_with_what_was_ready_on_time(
    ada: Agent, bo: Agent, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay.make_payable(ada, program)
    pay.make_payable(bo, program, at=TUESDAY + timedelta(hours=1))
    for agent in (ada, bo):
        pay.make_account(agent)
    weekly(monkeypatch, TUESDAY + timedelta(hours=20))
    assert PayoutItem.objects.across_brands().get().agent_id == ada.pk
    weekly(monkeypatch, TUESDAY + timedelta(days=3))
    assert PayoutRun.objects.count() == 1


def test_a_large_weekly_run_waits_for_people(ada: Agent, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    pay.make_payable(ada, program, minutes=130 * 60)
    pay.make_account(ada)
    weekly(monkeypatch, TUESDAY)
    assert PayoutRun.objects.get().state == RunState.PLANNED


def test_a_leaving_agent_is_paid_out_below_the_minimum_and_the_ledger_keeps_no_name(
    ada: Agent, bo: Agent, program: Program, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for agent in (ada, bo):
        pay.make_payable(agent, program, minutes=15)
        pay.make_account(agent)
    pay.fund_sandbox()
    Agent.objects.across_brands().filter(pk=ada.pk).update(state=AgentState.CLOSING)
    monkeypatch.setattr("payments.tasks.payouts.database_now", clock)
    monkeypatch.setattr("payments.tasks.payouts.hint", lambda *_args, **_kwargs: None)
    tasks.plan_final_runs()
    tasks.plan_final_runs()
    run = PayoutRun.objects.get()
    execution.execute_run(run.pk, clock=clock)
    item = pay.item_of(run)
    assert (item.agent_id, item.amount_minor, item.state) == (ada.pk, 400, ItemState.TRANSFERRED)
    name = ada.user.full_name
    ada.user.full_name = "Former agent"
    ada.user.save(update_fields=["full_name"])
    owners = Entry.objects.filter(owner_kind="agent").values_list("owner_id", flat=True)
    assert set(owners) == {ada.pk, bo.pk}
    assert not any(name in str(value) for row in Entry.objects.values() for value in row.values())


def test_two_agents_on_one_bank_account_raise_a_review_not_a_block(
    ada: Agent, bo: Agent, program: Program, olu: OpsActor
) -> None:
    for agent in (ada, bo):
        pay.make_payable(agent, program)
        pay.make_account(agent, fingerprint=fingerprint_of("US000123456789"))
    run = pay.make_run()
    assert (check(run, "duplicates").is_ok, check(run, "duplicates").is_blocking) == (False, False)
    assert approvals_needed(run) == 1
    with pytest.raises(ApprovalMissing):
        actions.start_run(run_id=run.pk, by=pay.SYSTEM, at=MONDAY_NOON)
    actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=olu, at=MONDAY_NOON)
    assert actions.start_run(run_id=run.pk, by=pay.SYSTEM, at=MONDAY_NOON).state == RunState.EXECUTING


def test_new_bank_details_ask_for_a_look_for_a_week(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program)
    account = pay.make_account(ada)
    facts = actions.AccountFacts(remote_ref=account.remote_ref, state="active", bank_number="US999", last4="0999")
    changed_at = MONDAY_NOON - timedelta(days=3)
    actions.record_account_facts(account_id=account.pk, facts=facts, by=pay.SYSTEM, at=changed_at)
    run = pay.make_run()
    assert not check(run, "new_details").is_ok
    assert approvals_needed(run) == 1
    later = next(one for one in run_checks(run, at=changed_at + timedelta(days=8)) if one.code == "new_details")
    assert later.is_ok


def test_who_touched_a_payout_of_a_run_cannot_approve_it(
    ada: Agent, bo: Agent, program: Program, olu: OpsActor
) -> None:
    pay.make_payable(ada, program, minutes=130 * 60)
    pay.make_payable(bo, program)
    for agent in (ada, bo):
        pay.make_account(agent)
    run = pay.make_run()
    item = PayoutItem.objects.across_brands().get(agent=bo)
    actions.cancel_item(item_id=item.pk, reason="asked to wait", by=olu, at=MONDAY_NOON)
    run.refresh_from_db()
    seen: dict[str, Any] = {"run_id": run.pk, "totals_hash": run.totals_hash, "at": MONDAY_NOON}
    with pytest.raises(SamePerson):
        actions.approve_run(**seen, by=olu)
    assert actions.approve_run(**seen, by=cast.ops("Noor Haddad")).state == RunState.APPROVED


def test_checks_are_looked_at_again_when_a_run_starts(ada: Agent, program: Program, olu: OpsActor) -> None:
    pay.make_payable(ada, program, minutes=130 * 60)
    account = pay.make_account(ada)
    run = pay.make_run()
    actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=olu, at=MONDAY_NOON)
    PayoutAccount.objects.across_brands().filter(pk=account.pk).update(fingerprint="shared")
    pay.make_account(recruit.make_agent("Cy Third"), fingerprint="shared")
    assert actions.start_run(run_id=run.pk, by=pay.SYSTEM, at=MONDAY_NOON).state == RunState.EXECUTING
    run.refresh_from_db()
    assert any(row["code"] == "duplicates" and not row["is_ok"] for row in run.checks)


def told_taxes(agent: Agent) -> None:
    TaxProfile.objects.create(
        agent=agent,
        valid=DateRange(date(2026, 1, 1), None),
        country="US",
        form=TaxForm.NEC_1099,
        legal_name="Ada Obi",
        created_at=MONDAY_NOON,
    )


def test_missing_tax_data_holds_and_never_forfeits(ada: Agent, program: Program, clock: Clock) -> None:
    pay.make_payable(ada, program, minutes=130 * 60)  # 2,080.00: from 2,000.00 in 2026 the form is due
    pay.make_account(ada)
    pay.fund_sandbox()
    run = pay.make_run()
    item = pay.item_of(run)
    assert (item.state, item.hold_reason, item.hold_until) == ("held", "missing_tax", MONDAY_NOON + timedelta(days=30))
    clock.wait(days=31)
    assert actions.free_held_items(at=clock()) == 1
    assert pay.item_of(run).state == ItemState.CANCELLED
    assert agent_balance(ada.pk, at=clock())[0].available.amount_minor == 208_000
    again = pay.make_run(key="again", at=clock())
    assert pay.item_of(again).state == ItemState.HELD
    assert actions.free_held_items(at=clock()) == 0
    told_taxes(ada)
    assert actions.free_held_items(at=clock()) == 1
    assert pay.item_of(again).state == ItemState.PLANNED


def test_what_the_year_paid_before_counts_towards_the_form(ada: Agent, program: Program, clock: Clock) -> None:
    pay.make_payable(ada, program, minutes=120 * 60)  # 1,920.00
    pay.make_account(ada)
    pay.fund_sandbox()
    execution.execute_run(pay.make_running_run(key="one").pk, clock=clock)
    pay.make_payable(ada, program, minutes=5 * 60)
    assert pay.item_of(pay.make_run(key="two")).hold_reason == "missing_tax"


@pytest.mark.parametrize(
    ("form", "minor", "limit", "first_paid_days_ago", "waits"),
    [
        (TaxForm.NEC_1099, 199_999, 200_000, 300, False),
        (TaxForm.NEC_1099, 200_000, 200_000, None, True),
        (TaxForm.NEC_1099, 900_000, None, 300, False),  # an unknown threshold is not guessed
        (TaxForm.DAC7, 900_000, None, 59, False),
        (TaxForm.DAC7, 1, None, 60, True),
        (TaxForm.DAC7, 1, None, None, False),
        ("", 900_000, None, 300, False),
    ],
)
def test_each_report_waits_from_its_own_moment(
    form: str, minor: int, limit: int | None, first_paid_days_ago: int | None, waits: bool
) -> None:
    first = None if first_paid_days_ago is None else MONDAY_NOON - timedelta(days=first_paid_days_ago)
    asked = {"form": form, "year_minor": minor, "threshold_minor": limit, "first_paid_at": first, "at": MONDAY_NOON}
    assert must_wait_for_tax_data(**asked) is waits  # type: ignore[arg-type]  # a row of the table above


def test_a_debit_other_than_clawback_and_fee_cannot_be_written(ada: Agent, program: Program) -> None:
    from django.db import IntegrityError, transaction

    for kind in EarningKind.values:
        if kind in (EarningKind.CLAWBACK, EarningKind.INSTANT_FEE):
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            pay.make_earning(ada, program, kind=kind, pay_minor=-100, platform_minor=-100, bill_minor=0)
