"""Planning, approving, stopping: who may, for which totals, and what becomes of the money."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.tenancy.actors import AgentActor, OpsActor
from payments import actions
from payments.errors import (
    ApprovalMissing,
    MaybeSent,
    NothingToPay,
    RunExists,
    SamePerson,
    TotalsChanged,
)
from payments.gateways import execution
from payments.models import (
    Earning,
    PayoutAllocation,
    PayoutItem,
    PayoutRun,
    RunApproval,
)
from payments.states import EarningState, ItemState, RailState, RunKind, RunState
from recruiting.models import Agent, Program
from tests import cast
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.payments.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]
run_of = pay.run_of


def test_less_than_the_minimum_waits_for_the_next_run(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program, minutes=15)
    pay.make_account(ada)
    with pytest.raises(NothingToPay):
        pay.make_run()
    assert Earning.objects.across_brands().get().state == EarningState.PAYABLE


def test_an_agent_without_a_usable_account_is_left_for_later(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program)
    pay.make_account(ada, at=MONDAY_NOON + timedelta(hours=1))
    with pytest.raises(NothingToPay):
        pay.make_run()


def test_a_period_has_one_run_and_an_earning_one_live_item(ada: Agent, program: Program) -> None:
    earning = pay.make_payable(ada, program)
    pay.make_account(ada)
    run = pay.make_run()
    with pytest.raises(RunExists):
        pay.make_run()
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutAllocation.objects.create(item=pay.item_of(run), earning=earning, amount_minor=1)


def test_a_week_that_was_called_off_is_planned_again_by_ops_alone_and_pays_once(
    ada: Agent, bo: Agent, program: Program, olu: OpsActor, ops_desk: Client
) -> None:
    for agent in (ada, bo):
        pay.make_payable(agent, program)
        pay.make_account(agent)
    first = pay.make_run()
    actions.cancel_run(run_id=first.pk, reason="Wrong rail.", by=olu, at=MONDAY_NOON)
    with pytest.raises(RunExists):
        pay.make_run()  # the sweep does not overrule people
    pay.fund_sandbox(1_000_000)
    early = pay.make_running_run(kind=RunKind.OFF_CYCLE, key="ada alone", agent_ids=[ada.pk])
    execution.execute_run(early.pk, clock=lambda: MONDAY_NOON)
    page = reverse("admin:payments_payoutrun_change", args=[first.pk])
    assert "Plan this week again" in ops_desk.get(page).content.decode()
    again = actions.plan_week_again(run_id=first.pk, by=olu, at=MONDAY_NOON + timedelta(hours=1))
    assert (again.period_key, again.kind, again.planned_by) == (first.period_key, RunKind.WEEKLY, olu.user)
    assert [one.agent_id for one in again.items.across_brands()] == [bo.pk]
    with pytest.raises(RunExists):
        actions.plan_week_again(run_id=first.pk, by=olu, at=MONDAY_NOON + timedelta(hours=2))
    with pytest.raises(MoveRefused):
        actions.plan_week_again(run_id=again.pk, by=olu, at=MONDAY_NOON + timedelta(hours=2))
    herself: Any = AgentActor(ada.user, ada.pk)  # typed as ops only: what the checker sees, a request does not
    with pytest.raises(NotFound):
        actions.plan_week_again(run_id=first.pk, by=herself, at=MONDAY_NOON)


def test_amount_and_destination_of_an_item_never_change(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program)
    pay.make_account(ada)
    pay.make_run()
    for change in ({"amount_minor": 1}, {"destination_ref": "elsewhere"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PayoutItem.objects.across_brands().update(**change)


def large_run(agent: Agent, program: Program, by: OpsActor) -> PayoutRun:
    """3,200.00 for one person: needs one approval."""
    pay.make_payable(agent, program, minutes=200 * 60)
    pay.make_account(agent)
    return pay.make_run(by=by)


def test_a_large_run_waits_for_somebody_other_than_its_planner(ada: Agent, program: Program, olu: OpsActor) -> None:
    run = large_run(ada, program, olu)
    with pytest.raises(ApprovalMissing):
        actions.start_run(run_id=run.pk, by=olu, at=MONDAY_NOON)
    with pytest.raises(SamePerson):
        actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=olu, at=MONDAY_NOON)
    second = cast.ops("Noor Haddad")
    actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=second, at=MONDAY_NOON)
    run.refresh_from_db()
    assert run.state == RunState.APPROVED
    actions.start_run(run_id=run.pk, by=olu, at=MONDAY_NOON)


def test_the_database_refuses_the_planners_own_approval(ada: Agent, program: Program, olu: OpsActor) -> None:
    run = large_run(ada, program, olu)
    with pytest.raises(DatabaseError), transaction.atomic():
        RunApproval.objects.create(run=run, approved_by=olu.user, approved_at=MONDAY_NOON, totals_hash="x")


def test_two_approvals_come_from_two_people(ada: Agent, program: Program, olu: OpsActor) -> None:
    pay.make_payable(ada, program, minutes=3200 * 60)  # 51,200.00
    pay.make_account(ada)
    run = pay.make_run()
    approve: dict[str, Any] = {"run_id": run.pk, "totals_hash": run.totals_hash, "at": MONDAY_NOON}
    assert actions.approve_run(**approve, by=olu).state == RunState.PLANNED
    with pytest.raises(SamePerson):
        actions.approve_run(**approve, by=olu)
    assert actions.approve_run(**approve, by=cast.ops("Noor Haddad")).state == RunState.APPROVED


def test_changed_totals_void_approvals(ada: Agent, bo: Agent, program: Program, olu: OpsActor) -> None:
    pay.make_payable(bo, program)
    pay.make_account(bo)
    run = large_run(ada, program, olu)
    second = cast.ops("Noor Haddad")
    actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=second, at=MONDAY_NOON)
    item = PayoutItem.objects.across_brands().get(agent=bo)
    actions.cancel_item(item_id=item.pk, reason="asked to wait", by=olu, at=MONDAY_NOON)
    with pytest.raises(ApprovalMissing):
        actions.start_run(run_id=run.pk, by=olu, at=MONDAY_NOON)


def test_an_approval_of_totals_seen_before_a_change_is_refused(ada: Agent, program: Program, olu: OpsActor) -> None:
    run = large_run(ada, program, olu)
    with pytest.raises(TotalsChanged):
        actions.approve_run(run_id=run.pk, totals_hash="old", by=cast.ops("Noor Haddad"), at=MONDAY_NOON)


def test_a_page_opened_before_a_change_approves_nothing_and_a_second_press_neither(
    ada: Agent, bo: Agent, program: Program, olu: OpsActor, client: Client
) -> None:
    pay.make_payable(bo, program)
    pay.make_account(bo)
    run = large_run(ada, program, olu)
    client.force_login(cast.ops("Noor Haddad").user)
    stale = {"seen": run.totals_hash}
    page = client.get(reverse("admin:payments_payoutrun_change", args=[run.pk])).content.decode()
    assert f'value="{run.totals_hash}"' in page
    item = PayoutItem.objects.across_brands().get(agent=bo)
    actions.cancel_item(item_id=item.pk, reason="asked to wait", by=olu, at=MONDAY_NOON)
    run.refresh_from_db()
    address = reverse("admin:payments_payoutrun_decide", args=[run.pk, "approve"])
    for sent, given in ((stale, 0), ({}, 0), ({"seen": run.totals_hash}, 1), ({"seen": run.totals_hash}, 1)):
        client.post(address, sent)
        assert RunApproval.objects.filter(run=run).count() == given
    run.refresh_from_db()
    assert run.state == RunState.APPROVED


def test_a_cancelled_run_makes_its_lines_payable_again(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program)
    pay.make_account(ada)
    run = pay.make_run()
    actions.cancel_run(run_id=run.pk, reason="wrong week", by=pay.SYSTEM, at=MONDAY_NOON)
    assert Earning.objects.across_brands().get().state == EarningState.PAYABLE
    assert pay.make_run(key="again").total_minor == 1600


def test_a_stopped_run_finishes_what_was_sent_and_cancels_the_rest(
    ada: Agent, bo: Agent, program: Program, clock: Clock
) -> None:
    pay.make_payable(bo, program)
    pay.make_account(bo)
    run = run_of(ada, program)
    claimed = actions.claim_item(rail="sandbox", run_id=run.pk, at=clock())
    assert claimed is not None
    actions.stop_run(run_id=run.pk, reason="stop", by=pay.SYSTEM, at=clock())
    with pytest.raises((MaybeSent, MoveRefused)):
        actions.cancel_item(item_id=claimed.item_id, reason="", by=pay.SYSTEM, at=clock())
    clock.wait(minutes=3)
    actions.expire_lease(item_id=claimed.item_id, at=clock())
    clock.wait(minutes=1)
    execution.resolve_unknown(claimed.item_id, clock=clock)
    actions.close_finished_runs(by=pay.SYSTEM, at=clock())
    run.refresh_from_db()
    assert run.state == RunState.CLOSED
    assert sorted(PayoutItem.objects.across_brands().values_list("state", flat=True)) == ["cancelled", "transferred"]


def test_a_changed_bank_account_never_redirects_a_planned_item(ada: Agent, program: Program, clock: Clock) -> None:
    run = run_of(ada, program)
    before = pay.item_of(run).destination_ref
    fresh = actions.replace_payout_account(
        agent_id=ada.pk, rail="sandbox", country="US", has_stepped_up=True, by=pay.SYSTEM, at=clock()
    )
    assert execution.execute_run(run.pk, clock=clock) == 0
    item = pay.item_of(run)
    assert (item.state, item.destination_ref) == (ItemState.HELD, before)
    actions.free_held_items(at=clock())
    assert Earning.objects.across_brands().get().state == EarningState.PAYABLE
    assert fresh.usable_from is None


def test_the_kill_switch_stops_sending_and_two_people_open_a_frozen_rail(
    ada: Agent, program: Program, clock: Clock, olu: OpsActor
) -> None:
    run = run_of(ada, program)
    actions.switch_rail(rail="sandbox", target="frozen", reason="a restore was seen", by=olu, at=clock())
    assert execution.execute_run(run.pk, clock=clock) == 0
    for _asked in range(2):
        switch = actions.switch_rail(rail="sandbox", target="open", reason="", by=olu, at=clock())
        assert switch.state == RailState.FROZEN
    second = cast.ops("Noor Haddad")
    assert actions.switch_rail(rail="sandbox", target="open", reason="", by=second, at=clock()).state == RailState.OPEN
    assert execution.execute_run(run.pk, clock=clock) == 1
