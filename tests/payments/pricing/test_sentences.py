"""What the books promise about time and prices, told from the first fact to the last line."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gigcx.audit import dispatcher
from gigcx.audit.outbox import publish
from gigcx.tenancy.actors import OpsActor
from gigcx.tenancy.models import Brand
from payments import actions, ledger, tasks
from payments.models import Charge, Earning, PayoutAllocation
from payments.queries.unheard import unpaid_excused
from payments.states import Cause, EarningKind, EarningState
from recruiting.models import Agent, Program
from recruiting.states import LineKind
from scheduling import actions as schedule
from scheduling.events import ShiftVerified
from scheduling.models import Claim, Incentive, MinuteAdjustment
from scheduling.states import CauseOwner, ClaimState, IncentiveCause, ShiftState
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_balance_after_everything")]
STARTS = MONDAY_NOON - timedelta(days=2)
HOUR = timedelta(hours=1)


def verified(agent: Agent, program: Program, *, starts_at: datetime = STARTS, hours: int = 1) -> Claim:
    shift = sched.make_shift(program, starts_at, hours=hours)
    return sched.make_worked_claim(agent, shift, state=ClaimState.VERIFIED)


def hear(claim: Claim, *, at: datetime = MONDAY_NOON) -> None:
    fact = ShiftVerified(claim_id=claim.pk, version=claim.version, agent_id=claim.agent_id, shift_id=claim.shift_id)
    publish(fact, at=at, brand_id=claim.brand_id, agent_id=claim.agent_id)
    dispatcher.dispatch_due(at=at)


def adjust(claim: Claim, seconds: int, **evidence: Any) -> None:
    MinuteAdjustment.objects.create(
        brand_id=claim.brand_id,
        claim=claim,
        agent_id=claim.agent_id,
        seconds=seconds,
        reason="seen",
        evidence=evidence,
        created_at=MONDAY_NOON,
    )
    claim.version += 1
    claim.save(update_fields=["version"])
    hear(claim)


def paid_out(agent: Agent) -> None:
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
    pay.make_account(agent)
    pay.make_run()


def lines() -> list[tuple[str, int]]:
    rows = Earning.objects.across_brands().exclude(state=EarningState.REVERSED).order_by("pk")
    return [(one.kind, one.amount_minor) for one in rows]


def test_shift_verified_twice_accrues_once_an_adjustment_accrues_the_difference_and_after_payment_it_is_a_noticed_clawback(
    ada: Agent, program: Program
) -> None:
    claim = verified(ada, program)
    hear(claim)
    hear(claim)
    assert lines() == [(EarningKind.TIME, 1600)]
    paid_out(ada)
    adjust(claim, 900)
    assert lines() == [(EarningKind.TIME, 1600), (EarningKind.ADJUSTMENT, 400)]
    adjust(claim, -1800, fault="Two desks were signed in from 12:00 to 12:30.")
    hear(claim)
    # 45 minutes in the end: the 4.00 added before is not on its way yet and is withdrawn, so 4.00 of what is gone is taken back
    assert lines() == [(EarningKind.TIME, 1600), (EarningKind.CLAWBACK, -400)]
    clawback = Earning.objects.across_brands().get(kind=EarningKind.CLAWBACK)
    assert clawback.explanation["fault"].startswith("Two desks")
    assert clawback.review_ends_at == MONDAY_NOON + timedelta(days=7)


def test_a_correction_upwards_after_a_clawback_gives_back_what_was_taken(ada: Agent, program: Program) -> None:
    claim = verified(ada, program)
    hear(claim)
    paid_out(ada)
    adjust(claim, -900, fault="Away from 12:15 to 12:30.")
    adjust(claim, 900)
    assert lines() == [(EarningKind.TIME, 1600), (EarningKind.CLAWBACK, -400), (EarningKind.ADJUSTMENT, 400)]


def test_a_late_entry_goes_to_the_next_run_under_its_own_date(ada: Agent, program: Program) -> None:
    hear(verified(ada, program))
    paid_out(ada)
    late = verified(ada, program, starts_at=STARTS - timedelta(days=9))
    hear(late)
    actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON)
    run = pay.make_run(key="2026-W48", at=MONDAY_NOON + timedelta(days=7))
    (taken,) = PayoutAllocation.objects.across_brands().filter(item__run=run)
    assert taken.earning.worked_to == late.ends_at
    assert Charge.objects.across_brands().get(earning=taken.earning).billing_week.isoformat() == "2026-11-02"


@pytest.mark.parametrize(
    ("starts_at", "hours"),
    [
        (datetime(2026, 11, 14, 3, tzinfo=UTC), 4),  # midnight in New York
        (datetime(2026, 11, 1, 4, tzinfo=UTC), 4),  # the hour that comes twice
        (datetime(2026, 3, 8, 5, tzinfo=UTC), 4),  # the hour that is missing
        (datetime(2026, 10, 31, 22, tzinfo=UTC), 4),  # the end of a month
        (datetime(2026, 1, 1, 3, tzinfo=UTC), 4),  # New Year in New York: the end of a tax year
    ],
)
def test_midnight_month_tax_year_and_clock_changes_pay_elapsed_seconds(
    ada: Agent, program: Program, starts_at: datetime, hours: int
) -> None:
    Program.objects.across_brands().filter(pk=program.pk).update(timezone="America/New_York")
    program.refresh_from_db()
    hear(verified(ada, program, starts_at=starts_at, hours=hours))
    line = Earning.objects.across_brands().get()
    assert (line.amount_minor, line.worked_seconds) == (1600 * hours, 3600 * hours)
    assert line.worked_to - line.worked_from == hours * HOUR


def test_a_cancelled_incentive_is_paid(ada: Agent, program: Program) -> None:
    claim = verified(ada, program)
    for minutes, amount in ((-60, 350), (60, 0)):  # announced before the claim, called off after it
        Incentive.objects.create(
            brand_id=claim.brand_id,
            shift=claim.shift,
            per_hour_minor=amount,
            currency="USD",
            cause=IncentiveCause.BRAND,
            announced_at=claim.claimed_at + timedelta(minutes=minutes),
        )
    hear(claim)
    assert (EarningKind.INCENTIVE, 350) in lines()


def test_a_grown_incident_pays_a_seat_once(ada: Agent, program: Program, acme: Brand, olu: OpsActor) -> None:
    recruit.make_rate_card(program, {LineKind.FLOOR: (800, 1100)})
    began = MONDAY_NOON - 6 * HOUR
    shift = sched.make_shift(program, began, hours=4, state=ShiftState.STARTED)
    claim = sched.make_claim(ada, shift, state=ClaimState.NO_SHOW, points=-50)
    incident = schedule.declare_incident(
        brand_id=acme.pk,
        cause_owner=CauseOwner.PLATFORM,
        title="Sign-in is down",
        starts_at=began - HOUR,
        by=olu,
        at=began + HOUR,
    )
    for hours in (1, 3):  # it grows
        schedule.rescope_incident(
            incident_id=incident.pk, scope={"program_ids": [str(program.pk)]}, by=olu, at=began + hours * HOUR
        )
    schedule.resolve_incident(incident_id=incident.pk, by=olu, at=began + 4 * HOUR)
    schedule.settle_incident(incident_id=incident.pk, by=pay.SYSTEM, at=MONDAY_NOON)
    dispatcher.dispatch_due(at=MONDAY_NOON)
    for _again in range(2):
        actions.accrue_excused(claim_id=claim.pk, source_event_id=uuid4(), by=pay.SYSTEM, at=MONDAY_NOON)
    (line,) = Earning.objects.across_brands()
    assert (line.kind, line.cause, line.amount_minor) == (EarningKind.FLOOR, Cause.PLATFORM, 3200)
    assert line.platform_share_minor == 3200
    assert not Charge.objects.across_brands().exists()
    assert ledger.verify_books() == []


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_second_incident_of_the_same_cause_pays_what_it_took_on_top(
    ada: Agent, program: Program, acme: Brand, olu: OpsActor, is_heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    recruit.make_rate_card(program, {LineKind.FLOOR: (800, 1100)})
    began = MONDAY_NOON - 6 * HOUR
    shift = sched.make_shift(program, began, hours=4, state=ShiftState.STARTED)
    claim = sched.make_claim(ada, shift, state=ClaimState.NO_SHOW, points=-50)
    settled_at = {1: MONDAY_NOON, 2: MONDAY_NOON + HOUR}
    for number, (since, until) in {1: (-1, 1), 2: (2, 4)}.items():
        incident = schedule.declare_incident(
            brand_id=acme.pk,
            cause_owner=CauseOwner.PLATFORM,
            title=f"Sign-in is down, {number}",
            starts_at=began + since * HOUR,
            scope={"program_ids": [str(program.pk)]},
            by=olu,
            at=began + until * HOUR,
        )
        schedule.resolve_incident(incident_id=incident.pk, by=olu, at=began + until * HOUR)
        schedule.settle_incident(incident_id=incident.pk, by=pay.SYSTEM, at=settled_at[number])
        if number == 1 or is_heard:
            dispatcher.dispatch_due(at=settled_at[number])
    seen_at = MONDAY_NOON + 2 * HOUR
    monkeypatch.setattr("payments.tasks.work.database_now", lambda: seen_at)
    assert list(unpaid_excused(at=seen_at)) == ([] if is_heard else [claim])
    for _again in range(2):
        tasks.accrue_missed_facts()
    live = Earning.objects.across_brands().exclude(state=EarningState.REVERSED)
    assert sum(one.amount_minor for one in live) == 800 + 1600
    assert {(one.kind, one.cause) for one in live} == {(EarningKind.FLOOR, Cause.PLATFORM)}
    assert list(unpaid_excused(at=seen_at)) == []
    assert ledger.verify_books() == []
