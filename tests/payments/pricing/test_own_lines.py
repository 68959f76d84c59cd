"""Time on a shift that is no work: each kind a line of its own, priced from the minutes that scheduling tells."""

from datetime import timedelta
from typing import Any

import pytest

from gigcx.kernel.errors import Invalid
from gigcx.tenancy.actors import BrandActor
from payments import actions, ledger
from payments.models import Charge, Earning
from payments.pricing import recompute, sent_home_seconds, sentence
from payments.queries.tiers import tier_history
from payments.states import Cause, EarningKind
from recruiting.actions import StandingReport, record_standing
from recruiting.models import Agent, Program
from recruiting.states import LineKind
from scheduling.actions.incentives import announce_incentive
from scheduling.models import Claim, Shift, VtoOffer, VtoTaken
from scheduling.queries.prices import hour_at_desk, price_at_desk
from scheduling.queries.work import payable_minutes
from scheduling.states import ClaimKind, ClaimState, SessionState, VtoState
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched

pytestmark = pytest.mark.django_db
STARTS = MONDAY_NOON - timedelta(days=2)
HOUR = timedelta(hours=1)


def a_shift(program: Program) -> Shift:
    return sched.make_shift(program, STARTS, hours=4, standby_seats=1)


def lines_of(claim: Claim) -> dict[str, Earning]:
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=MONDAY_NOON)
    assert ledger.verify_books() == []
    rows = Earning.objects.across_brands().filter(source_id=claim.pk)
    assert all(recompute(one.explanation) == one.amount_minor for one in rows)
    return {one.kind: one for one in rows}


def worked(agent: Agent, shift: Shift, *, minutes: int = 60, **fields: Any) -> Claim:
    return sched.make_worked_claim(agent, shift, state=ClaimState.VERIFIED, minutes=minutes, **fields)


def test_standby_that_was_never_called_is_paid_as_standby_and_not_as_work(ada: Agent, program: Program) -> None:
    found = lines_of(worked(ada, a_shift(program), minutes=240, kind=ClaimKind.STANDBY))
    assert set(found) == {EarningKind.STANDBY}
    line = found[EarningKind.STANDBY]
    assert (line.amount_minor, line.cause, line.worked_seconds) == (2000, Cause.STANDBY, 4 * 3600)
    assert Charge.objects.across_brands().get().net_minor == 3200
    assert sentence(line.explanation) == "240 min × 5.00 an hour = 20.00 USD"


def test_standby_that_was_called_is_paid_as_standby_until_the_call_and_as_work_after(
    ada: Agent, program: Program
) -> None:
    found = lines_of(worked(ada, a_shift(program), minutes=240, promoted_at=STARTS + HOUR))
    assert (found[EarningKind.STANDBY].amount_minor, found[EarningKind.TIME].amount_minor) == (500, 4800)
    assert found[EarningKind.STANDBY].worked_to == found[EarningKind.TIME].worked_from + HOUR


def time_off(claim: Claim, *, pay_bp: int) -> None:
    shift = claim.shift
    offer = VtoOffer.objects.create(
        brand_id=shift.brand_id,
        shift=shift,
        places=1,
        taken=1,
        pay_bp=pay_bp,
        state=VtoState.CLOSED,
        created_at=STARTS,
        expires_at=STARTS + HOUR,
    )
    VtoTaken.objects.create(
        brand_id=shift.brand_id,
        offer=offer,
        claim=claim,
        agent_id=claim.agent_id,
        pay_bp=pay_bp,
        seconds_left=3 * 3600,
        taken_at=STARTS + HOUR,
    )


def test_time_off_by_choice_is_a_line_of_its_own_at_the_share_that_was_offered(ada: Agent, program: Program) -> None:
    claim = worked(ada, a_shift(program))
    time_off(claim, pay_bp=5_000)
    found = lines_of(claim)
    line = found[EarningKind.VTO]
    assert (found[EarningKind.TIME].amount_minor, line.amount_minor, line.cause) == (1600, 2400, Cause.VTO)
    assert (line.worked_from, line.worked_to) == (STARTS + HOUR, STARTS + 4 * HOUR)
    assert sentence(line.explanation) == "90 min × 16.00 an hour = 24.00 USD"


def test_time_off_offered_without_pay_has_no_line(ada: Agent, program: Program) -> None:
    claim = worked(ada, a_shift(program))
    time_off(claim, pay_bp=0)
    assert set(lines_of(claim)) == {EarningKind.TIME}


def test_whoever_is_sent_home_gets_half_the_shift_in_two_lines(ada: Agent, program: Program) -> None:
    claim = worked(ada, a_shift(program), sent_home_at=STARTS + HOUR)
    (rest,) = [span for span in payable_minutes(claim.pk).spans if span.state == "sent_home"]
    assert rest.seconds == sent_home_seconds(shift_seconds=4 * 3600, worked_seconds=3600)
    found = lines_of(claim)
    assert (found[EarningKind.TIME].amount_minor, found[EarningKind.SENT_HOME].amount_minor) == (1600, 1600)


def test_pauses_are_paid_by_no_line(ada: Agent, program: Program) -> None:
    claim = sched.make_claim(ada, a_shift(program), state=ClaimState.VERIFIED)
    session = sched.make_session(claim, state=SessionState.ENDED, until=STARTS + HOUR)
    sched.make_span(session, STARTS, STARTS + HOUR, state=SessionState.AUX)
    assert lines_of(claim) == {}


def test_a_raised_tier_lifts_and_a_lowered_one_never_cuts(ada: Agent, bo: Agent, program: Program) -> None:
    recruit.make_rate_card(program, tier_multipliers={"new": 10_000, "proven": 11_000, "trusted": 12_000})
    raised = recruit.make_engagement(ada, program, tier="trusted")
    lowered = recruit.make_engagement(bo, program, tier="new")
    shift = a_shift(program)
    first = lines_of(worked(ada, shift, engagement=raised, tier="proven"))[EarningKind.TIME]
    second = lines_of(worked(bo, shift, engagement=lowered, tier="proven"))[EarningKind.TIME]
    assert (first.amount_minor, first.tier_bp) == (1920, 12_000)
    assert (second.amount_minor, second.tier_bp) == (1760, 11_000)


def test_a_new_rate_card_leaves_earlier_claims_alone(ada: Agent, program: Program) -> None:
    claim = worked(ada, a_shift(program))
    recruit.make_rate_card(program, {"productive_hour": (9900, 19900), "available_hour": (9900, 19900)})
    assert lines_of(claim)[EarningKind.TIME].amount_minor == 1600


def test_the_desk_shows_the_standby_hour_until_the_call_and_the_working_hour_after_it(
    ada: Agent, program: Program
) -> None:
    waiting = worked(ada, a_shift(program), minutes=240, kind=ClaimKind.STANDBY)
    assert hour_at_desk(waiting, waiting.rate_card).pay.amount_minor == 500
    assert price_at_desk(waiting, waiting.rate_card, 7200).pay.amount_minor == 1000
    waiting.kind, waiting.promoted_at = ClaimKind.SEAT, STARTS + HOUR
    assert hour_at_desk(waiting, waiting.rate_card).pay.amount_minor == 1600
    assert price_at_desk(waiting, waiting.rate_card, 7200).pay.amount_minor == 500 + 1600


def test_no_incentive_above_the_cards_highest_can_be_announced(program: Program, acme_owner: BrandActor) -> None:
    recruit.make_rate_card(program, {LineKind.INCENTIVE_CAP: (300, 300)})
    request = sched.make_request(program, MONDAY_NOON + HOUR, incentive_budget_minor=100_000)
    shift = sched.make_shift(program, MONDAY_NOON + HOUR, request=request)
    with pytest.raises(Invalid):
        announce_incentive(shift_id=shift.pk, per_hour_minor=301, by=acme_owner, at=MONDAY_NOON)
    step = announce_incentive(shift_id=shift.pk, per_hour_minor=300, by=acme_owner, at=MONDAY_NOON)
    assert step.per_hour_minor == 300


def test_the_tier_is_the_one_of_the_start_however_it_moved_since(ada: Agent, program: Program) -> None:
    recruit.make_rate_card(program, tier_multipliers={"new": 10_000, "proven": 11_000, "trusted": 12_000})
    engagement = recruit.make_engagement(ada, program, tier="new")
    for tier, days in (
        ("proven", 5),
        ("trusted", 3),
        ("new", 1),
    ):  # days before Monday; the shift began two days before
        record_standing(
            engagement_id=engagement.pk,
            report=StandingReport(tier=tier),
            by=pay.SYSTEM,
            at=MONDAY_NOON - timedelta(days=days),
        )
    history = tier_history(engagement.pk)
    assert [history.at(MONDAY_NOON - timedelta(days=days)) for days in (6, 5, 4, 2, 0)] == [
        "new",
        "proven",
        "proven",
        "trusted",
        "new",
    ]
    line = lines_of(worked(ada, a_shift(program), engagement=engagement, tier="proven"))[EarningKind.TIME]
    assert (line.amount_minor, line.tier_bp) == (1920, 12_000)
