"""Whoever was offered fewer hours than promised is paid for the rest, by the platform, once a period."""

from datetime import timedelta
from typing import Any

import pytest

from payments import actions, ledger
from payments.models import Charge, Earning
from payments.pricing import recompute
from payments.queries.guarantees import last_period
from payments.states import Cause, EarningKind, EarningState
from recruiting.models import Agent, Engagement, Program
from recruiting.states import EngagementState, LineKind, Standing
from scheduling.models import OfferedMinutes
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.factories import recruiting as recruit

pytestmark = pytest.mark.django_db
CERTIFIED = MONDAY_NOON - timedelta(days=40)


@pytest.fixture
def promising(program: Program) -> Program:
    """10.00 for each hour that was promised and not offered."""
    recruit.make_rate_card(program, {LineKind.GUARANTEE: (1000, 1000)})
    return program


def on_the_bench(agent: Agent, program: Program, **fields: Any) -> Engagement:
    given_engagement = {"state": EngagementState.CERTIFIED, "certified_at": CERTIFIED, **fields}
    return recruit.make_engagement(agent, program, **given_engagement)


def offer(engagement: Engagement, minutes: int, *, days_after: int) -> None:
    OfferedMinutes.objects.create(
        brand_id=engagement.brand_id,
        engagement=engagement,
        agent_id=engagement.agent_id,
        on_date=CERTIFIED.date() + timedelta(days=days_after),
        minutes=minutes,
    )


def sweep() -> list[Earning]:
    return actions.accrue_guarantees(by=pay.SYSTEM, at=MONDAY_NOON)


def test_missing_hours_are_paid_once_by_the_platform(ada: Agent, promising: Program) -> None:
    engagement = on_the_bench(ada, promising)
    offer(engagement, 240, days_after=3)
    offer(engagement, 600, days_after=31)  # the next period's
    (line,) = sweep()
    assert (line.kind, line.cause, line.state) == (EarningKind.GUARANTEE, Cause.GUARANTEE, EarningState.ACCRUED)
    assert (line.amount_minor, line.platform_share_minor) == (6000, 6000)
    assert recompute(line.explanation) == 6000
    assert not Charge.objects.across_brands().exists()
    assert sweep() == []
    assert ledger.verify_books() == []


def test_enough_hours_offered_owe_nothing_whoever_took_them(ada: Agent, promising: Program) -> None:
    offer(on_the_bench(ada, promising), 600, days_after=3)
    assert sweep() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"certified_at": MONDAY_NOON - timedelta(days=29)},
        {"standing": Standing.SUSPENDED, "standing_reason": "seen"},
        {"state": EngagementState.LAPSED},
        {"blocked_by_brand_at": CERTIFIED},
    ],
)
def test_nothing_is_owed_before_thirty_days_or_to_who_could_not_work(
    ada: Agent, promising: Program, fields: dict[str, Any]
) -> None:
    on_the_bench(ada, promising, **fields)
    assert sweep() == []


def test_a_card_without_a_guarantee_promises_nothing(ada: Agent, program: Program) -> None:
    on_the_bench(ada, program)
    assert sweep() == []


def test_periods_follow_each_other_from_the_day_of_certification(ada: Agent, promising: Program) -> None:
    engagement = on_the_bench(ada, promising)
    day = CERTIFIED.date()
    assert last_period(engagement, day + timedelta(days=29)) is None
    assert last_period(engagement, day + timedelta(days=30)) == (day, day + timedelta(days=30))
    assert last_period(engagement, day + timedelta(days=75)) == (day + timedelta(days=30), day + timedelta(days=60))
