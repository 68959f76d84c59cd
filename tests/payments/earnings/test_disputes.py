"""Something is wrong with a line: only the disputed minutes wait, until a stated day; then silence decides."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gigcx.audit.models import AuditEntry, OutboxEvent
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor
from payments import actions
from payments.actions.splits import split_line
from payments.errors import MoreThanLine, NeedsSecondPerson, NotDisputable
from payments.models import Charge, Earning, EarningHold, LineDispute
from payments.policies import after_business_days
from payments.queries.disputes import live_lines
from payments.states import DisputeDecision, EarningKind, EarningState, LineDisputeState
from recruiting.models import Agent, Program
from scheduling.states import ClaimState
from tests.cast import MONDAY_NOON, make_member, ops
from tests.factories import payments as pay
from tests.factories import scheduling as sched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]
START = MONDAY_NOON - timedelta(hours=6)
DUE = MONDAY_NOON + timedelta(days=3)  # Thursday: three business days after a Monday
D = DisputeDecision


def as_agent(agent: Agent) -> AgentActor:
    return AgentActor(user=agent.user, agent_id=agent.pk)


@pytest.fixture
def line(ada: Agent, program: Program) -> Earning:
    """An hour at 16.00 (brand: 22.00), worked this morning from six, in review."""
    shift = sched.make_shift(program, START, hours=4)
    claim = sched.make_worked_claim(ada, shift, state=ClaimState.VERIFIED, minutes=60)
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)
    return Earning.objects.across_brands().get(kind=EarningKind.TIME)


def by_brand(line: Earning, owner: BrandActor, *, minutes: int | None = 10, **more: Any) -> LineDispute:
    begins = line.worked_from
    part = {"part_from": begins, "part_to": begins + timedelta(minutes=minutes)} if minutes else {}
    given_fields = {"reason": "Nobody was at the desk.", "by": owner, "at": MONDAY_NOON, **part, **more}
    return actions.dispute_charge(charge_id=line.charge.pk, **given_fields)


def by_agent(line: Earning, agent: Agent, claimed: int = 1867, **more: Any) -> LineDispute:
    fields = {"reason": "Ten minutes are missing.", "by": as_agent(agent), "at": MONDAY_NOON, **more}
    return actions.dispute_earning(earning_id=line.pk, claimed_minor=claimed, **fields)


def live(dispute: LineDispute) -> list[tuple[int, str]]:
    return [(row.amount_minor, row.state) for row in live_lines(dispute)]


def now(dispute: LineDispute) -> LineDispute:
    return LineDispute.objects.across_brands().get(pk=dispute.pk)


def decide(dispute: LineDispute, by: OpsActor, decision: str = D.STANDS, **more: Any) -> LineDispute:
    fields = {"reason": "The log shows it.", "at": MONDAY_NOON + timedelta(hours=1), **more}
    return actions.decide_dispute(dispute_id=dispute.pk, decision=decision, by=by, **fields)


def owed_by_brand() -> int:
    return sum(one.owed_minor for one in Charge.objects.across_brands().exclude(state="reversed"))


def sweep(at: datetime) -> None:
    actions.default_disputes(by=pay.SYSTEM, at=at)
    actions.lift_ended_holds(by=pay.SYSTEM, at=at)
    actions.release_earnings(by=pay.SYSTEM, at=at)


def test_a_dispute_of_ten_minutes_holds_ten_minutes(line: Earning, acme_owner: BrandActor) -> None:
    dispute = by_brand(line, acme_owner)
    assert live(dispute) == [(267, EarningState.HELD), (1333, EarningState.ACCRUED)]
    assert (dispute.disputed_minor, dispute.claimed_minor, dispute.due_at) == (267, 1600, DUE)
    assert owed_by_brand() == 2200
    held = dispute.held_earning
    assert held is not None
    assert held.worked_seconds == 600
    hold = EarningHold.objects.across_brands().get(lifted_at=None)
    assert (hold.earning_id, hold.until) == (held.pk, DUE)
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON + timedelta(days=2))
    assert live(dispute) == [(267, EarningState.HELD), (1333, EarningState.PAYABLE)]


def test_a_whole_line_is_held_as_it_is(line: Earning, acme_owner: BrandActor) -> None:
    dispute = by_brand(line, acme_owner, minutes=None)
    assert live(dispute) == [(1600, EarningState.HELD)]
    assert dispute.held_earning_id == line.pk


def test_three_silent_business_days_pay_the_agents_figure(line: Earning, acme_owner: BrandActor) -> None:
    dispute = by_brand(line, acme_owner)
    sweep(DUE - timedelta(seconds=1))
    assert now(dispute).state == LineDisputeState.OPEN
    sweep(DUE)
    assert (now(dispute).state, now(dispute).decided_minor) == (LineDisputeState.DEFAULTED, 1600)
    assert live(dispute) == [(267, EarningState.PAYABLE), (1333, EarningState.PAYABLE)]
    assert owed_by_brand() == 2200


def test_three_silent_business_days_pay_what_the_agent_says_is_missing(line: Earning, ada: Agent) -> None:
    dispute = by_agent(line, ada)
    assert live(dispute) == [(1600, EarningState.ACCRUED)]
    sweep(DUE)
    assert [row[0] for row in live(dispute)] == [1600, 267]
    assert now(dispute).state == LineDisputeState.DEFAULTED
    more = Earning.objects.across_brands().get(source_kind="line_dispute")
    assert (more.kind, more.cause, more.charge.net_minor) == (EarningKind.ADJUSTMENT, "dispute", 367)
    sweep(DUE + timedelta(minutes=1))
    assert more.pk == Earning.objects.across_brands().get(source_kind="line_dispute").pk


def test_above_the_cap_ops_must_act(line: Earning, ada: Agent) -> None:
    dispute = by_agent(line, ada, claimed=1600 + 10_001)
    assert dispute.needs_ops
    sweep(DUE + timedelta(days=30))
    assert now(dispute).state == LineDisputeState.OPEN
    assert sum(row[0] for row in live(dispute)) == 1600


def test_up_to_the_cap_silence_is_enough(line: Earning, ada: Agent) -> None:
    dispute = by_agent(line, ada, claimed=1600 + 10_000)
    sweep(DUE)
    assert now(dispute).state == LineDisputeState.DEFAULTED


def test_a_held_part_above_the_cap_waits_a_week_for_ops_and_not_forever(
    ada: Agent, program: Program, acme_owner: BrandActor
) -> None:
    line = pay.make_earning(ada, program, minutes=600, worked_to=MONDAY_NOON)
    dispute = by_brand(line, acme_owner, minutes=None)
    sweep(DUE)
    assert live(dispute) == [(16000, EarningState.HELD)]
    sweep(DUE + timedelta(days=7))
    assert live(dispute) == [(16000, EarningState.PAYABLE)]
    assert now(dispute).state == LineDisputeState.OPEN


def test_what_the_books_refuse_waits_for_ops_and_keeps_nobody_waiting(
    line: Earning, ada: Agent, bo: Agent, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from payments.actions import rulings

    stuck = by_agent(line, ada)
    other = by_agent(pay.make_earning(bo, program, worked_to=MONDAY_NOON), bo, at=MONDAY_NOON)
    settle = rulings.settle_figure

    def refuse(dispute: LineDispute, *args: Any, **fields: Any) -> None:
        if dispute.pk == stuck.pk:
            raise NotDisputable
        settle(dispute, *args, **fields)

    monkeypatch.setattr(rulings, "settle_figure", refuse)
    sweep(DUE)
    assert (now(stuck).state, now(stuck).needs_ops) == (LineDisputeState.OPEN, True)
    assert now(other).state == LineDisputeState.DEFAULTED


def test_a_weekend_is_no_business_day(program: Program) -> None:
    from zoneinfo import ZoneInfo

    friday = MONDAY_NOON + timedelta(days=4)
    assert after_business_days(friday, days=3, zone=ZoneInfo("UTC")) == friday + timedelta(days=5)


def test_ops_take_the_disputed_minutes_away(line: Earning, acme_owner: BrandActor, olu: OpsActor) -> None:
    dispute = by_brand(line, acme_owner)
    decide(dispute, olu, D.REMOVED)
    assert live(dispute) == [(1333, EarningState.ACCRUED)]
    assert owed_by_brand() == 1833
    assert now(dispute).decided_minor == 1333


def test_ops_correct_a_part_of_it(line: Earning, acme_owner: BrandActor, olu: OpsActor) -> None:
    dispute = by_brand(line, acme_owner)
    decide(dispute, olu, D.CORRECTED, decided_minor=1500)
    assert sorted(row[0] for row in live(dispute)) == [167, 1333]
    with pytest.raises(MoveRefused):
        decide(dispute, olu)


def test_the_line_stands_and_goes_on(line: Earning, acme_owner: BrandActor, olu: OpsActor) -> None:
    dispute = by_brand(line, acme_owner)
    decide(dispute, olu)
    assert live(dispute) == [(267, EarningState.ACCRUED), (1333, EarningState.ACCRUED)]
    assert OutboxEvent.objects.filter(type="payments.line_dispute_decided").count() == 1


@pytest.mark.parametrize("figure", [1332, 1601, -1])
def test_a_decision_is_between_what_the_two_sides_say(
    line: Earning, acme_owner: BrandActor, olu: OpsActor, figure: int
) -> None:
    with pytest.raises(MoreThanLine):
        decide(by_brand(line, acme_owner), olu, D.CORRECTED, decided_minor=figure)


def test_a_dispute_is_never_decided_by_a_party(line: Earning, ada: Agent, acme_owner: BrandActor) -> None:
    dispute = by_brand(line, acme_owner)
    for party in (acme_owner, as_agent(ada)):
        with pytest.raises(NotAllowed):
            decide(dispute, party)  # type: ignore[arg-type]  # what the action must refuse
    with pytest.raises(NeedsSecondPerson):
        decide(dispute, OpsActor(user=acme_owner.user))
    assert now(dispute).state == LineDisputeState.OPEN


def test_the_other_side_may_agree_and_the_own_side_may_withdraw(
    line: Earning, ada: Agent, bo: Agent, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    dispute = by_brand(line, acme_owner)
    for stranger in (as_agent(bo), globex_owner):
        with pytest.raises(NotFound):
            actions.concede_dispute(dispute_id=dispute.pk, by=stranger, at=MONDAY_NOON)
    with pytest.raises(NotAllowed):
        actions.concede_dispute(dispute_id=dispute.pk, by=acme_owner, at=MONDAY_NOON)
    with pytest.raises(NotAllowed):
        actions.withdraw_dispute(dispute_id=dispute.pk, by=as_agent(ada), at=MONDAY_NOON)
    actions.answer_dispute(dispute_id=dispute.pk, text="I was on the phone.", by=as_agent(ada), at=MONDAY_NOON)
    actions.concede_dispute(dispute_id=dispute.pk, by=as_agent(ada), at=MONDAY_NOON)
    assert live(dispute) == [(1333, EarningState.ACCRUED)]
    assert (now(dispute).decision, now(dispute).answer) == (D.REMOVED, "I was on the phone.")


def test_a_brand_that_agrees_pays_what_is_missing(line: Earning, ada: Agent, acme_owner: BrandActor) -> None:
    dispute = by_agent(line, ada)
    actions.concede_dispute(dispute_id=dispute.pk, by=acme_owner, at=MONDAY_NOON)
    assert sum(row[0] for row in live(dispute)) == 1867
    assert owed_by_brand() == 2567


def test_a_withdrawn_dispute_lets_the_line_go_on(line: Earning, acme_owner: BrandActor) -> None:
    dispute = by_brand(line, acme_owner)
    actions.withdraw_dispute(dispute_id=dispute.pk, by=acme_owner, at=MONDAY_NOON)
    assert now(dispute).state == LineDisputeState.WITHDRAWN
    assert live(dispute) == [(267, EarningState.ACCRUED), (1333, EarningState.ACCRUED)]


def test_lost_after_release_is_the_platforms_cost(
    ada: Agent, program: Program, acme_owner: BrandActor, olu: OpsActor
) -> None:
    line = pay.make_earning(ada, program, minutes=600, worked_to=MONDAY_NOON)
    dispute = released(line, ada, acme_owner)
    decide(dispute, olu, D.REMOVED, at=DUE + timedelta(days=9))
    assert live(dispute) == [(16000, EarningState.IN_PAYOUT)]
    assert owed_by_brand() == 0


def test_lost_after_release_by_shown_fault_is_taken_back_with_notice(
    ada: Agent, program: Program, acme_owner: BrandActor, olu: OpsActor
) -> None:
    line = pay.make_earning(ada, program, minutes=600, worked_to=MONDAY_NOON)
    dispute = released(line, ada, acme_owner)
    decide(dispute, olu, D.REMOVED, at=DUE + timedelta(days=9), fault="The log shows two devices at once.")
    assert live(dispute) == [(16000, EarningState.IN_PAYOUT), (-16000, EarningState.ACCRUED)]


def released(line: Earning, agent: Agent, owner: BrandActor) -> LineDispute:
    dispute = by_brand(line, owner, minutes=None)
    sweep(DUE + timedelta(days=7))
    pay.make_account(agent)
    pay.make_run(at=DUE + timedelta(days=8))
    return dispute


def test_an_appeal_is_decided_by_another_person(
    line: Earning, ada: Agent, acme_owner: BrandActor, olu: OpsActor
) -> None:
    dispute = by_brand(line, acme_owner)
    decide(dispute, olu, D.REMOVED)
    appeal = actions.appeal_dispute(
        dispute_id=dispute.pk, reason="I have the recording.", by=as_agent(ada), at=MONDAY_NOON + timedelta(hours=2)
    )
    with pytest.raises(NeedsSecondPerson):
        decide(appeal, olu)
    decide(appeal, ops("Ines Ops"), at=MONDAY_NOON + timedelta(hours=3))
    assert sum(row[0] for row in live(dispute)) == 1600
    assert Earning.objects.across_brands().get(source_kind="line_dispute").kind == EarningKind.BACK_PAY
    assert now(dispute).state == LineDisputeState.CLOSED
    with pytest.raises(NotDisputable):
        actions.appeal_dispute(dispute_id=appeal.pk, reason="again", by=as_agent(ada), at=MONDAY_NOON)


def test_a_silent_appeal_of_a_brand_changes_nothing(line: Earning, acme_owner: BrandActor, olu: OpsActor) -> None:
    dispute = by_brand(line, acme_owner)
    decide(dispute, olu)
    appeal = actions.appeal_dispute(
        dispute_id=dispute.pk, reason="Still nobody there.", by=acme_owner, at=MONDAY_NOON + timedelta(hours=2)
    )
    sweep(MONDAY_NOON + timedelta(days=10))
    assert now(appeal).state == LineDisputeState.DEFAULTED
    assert sum(row[0] for row in live(dispute)) == 1600


def test_a_clawback_in_dispute_is_not_netted_and_silence_forgives_it(ada: Agent, program: Program) -> None:
    pay.run_of(ada, program)
    line = Earning.objects.across_brands().get()
    clawback = actions.record_clawback(
        earning_id=line.pk, minor=400, fault="Two devices at once.", by=pay.SYSTEM, at=MONDAY_NOON
    )
    dispute = by_agent(clawback, ada, claimed=0)
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON + timedelta(days=2))
    assert live(dispute) == [(-400, EarningState.HELD)]
    sweep(DUE)
    assert live(dispute) == []
    assert now(dispute).decision == D.REMOVED


def test_a_clawback_that_was_netted_is_paid_back(ada: Agent, program: Program, olu: OpsActor) -> None:
    pay.run_of(ada, program)
    line = Earning.objects.across_brands().get()
    clawback = actions.record_clawback(
        earning_id=line.pk, minor=100, fault="Two devices at once.", by=pay.SYSTEM, at=MONDAY_NOON - timedelta(days=8)
    )
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
    pay.make_payable(ada, program)
    pay.make_run(key="next")
    assert pay.fresh(clawback.pk).state == EarningState.IN_PAYOUT
    dispute = by_agent(clawback, ada, claimed=0)
    decide(dispute, olu, D.REMOVED)
    assert [row[0] for row in live(dispute)] == [-100, 100]
    assert Earning.objects.across_brands().get(source_kind="line_dispute").platform_share_minor == 100


@pytest.mark.parametrize("claimed", [1600, 0])
def test_an_agents_figure_says_what_is_missing(line: Earning, ada: Agent, claimed: int) -> None:
    with pytest.raises(MoreThanLine):
        by_agent(line, ada, claimed=claimed)


def test_who_may_not_dispute_and_when(
    line: Earning, ada: Agent, bo: Agent, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    with pytest.raises(NotFound):
        by_agent(line, bo)
    with pytest.raises(NotFound):
        by_brand(line, globex_owner)
    with pytest.raises(NotAllowed):
        by_brand(line, make_member(acme_owner.brand, "Vera Viewer", role="viewer"))
    with pytest.raises(Invalid):
        by_brand(line, acme_owner, reason=" ")
    with pytest.raises(MoreThanLine):
        by_brand(line, acme_owner, part_from=MONDAY_NOON, part_to=MONDAY_NOON + timedelta(hours=1))
    with pytest.raises(NotDisputable):
        by_agent(line, ada, at=MONDAY_NOON + timedelta(days=15))
    assert not LineDispute.objects.across_brands().exists()
    by_brand(line, acme_owner)
    with pytest.raises(NotDisputable):
        by_brand(line, acme_owner)
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON + timedelta(days=2))
    rest = Charge.objects.across_brands().get(state="ready")
    with pytest.raises(NotDisputable):
        by_brand(rest.earning, acme_owner, at=MONDAY_NOON + timedelta(days=2))


def test_minutes_corrected_meanwhile_answer_the_dispute(line: Earning, acme_owner: BrandActor) -> None:
    dispute = by_brand(line, acme_owner)
    held = dispute.held_earning_id
    assert held is not None
    actions.reverse_earnings([held], reason="corrected", by=pay.SYSTEM, at=MONDAY_NOON)
    assert (now(dispute).state, now(dispute).decision) == (LineDisputeState.DECIDED, D.CORRECTED)


def test_a_failed_audit_leaves_no_dispute(
    line: Earning, acme_owner: BrandActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_fields: Any) -> None:
        raise RuntimeError("no space left")

    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    with pytest.raises(RuntimeError):
        by_brand(line, acme_owner)
    assert not LineDispute.objects.across_brands().exists()
    assert pay.fresh(line.pk).state == EarningState.ACCRUED


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(1, 600), minor=st.integers(1, 20_000))
def test_parts_sum_to_the_line_whatever_the_cut(ada: Agent, program: Program, minutes: int, minor: int) -> None:
    row = pay.make_earning(ada, program, minutes=minutes)
    cut = 1 + minor % max(1, row.amount_minor - 1)
    if cut >= row.amount_minor:
        return
    bill = row.charge.net_minor
    parts = split_line(row, minor=cut, reason="test", by=pay.SYSTEM, at=MONDAY_NOON)
    assert sum(one.amount_minor for one in parts) == row.amount_minor
    assert sum(one.charge.net_minor for one in Earning.objects.across_brands().filter(supersedes=row)) == bill
    assert all(
        one.charge.net_minor >= one.amount_minor for one in Earning.objects.across_brands().filter(supersedes=row)
    )
