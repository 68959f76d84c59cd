"""A night of a template through the whole stage: what is paid, what counts as rest, what counts into a week."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from gigcx.kernel.intervals import Period
from gigcx.tenancy.models import Brand
from recruiting.models import Agent
from scheduling.design.expand import block_on
from scheduling.errors import RestTooShort
from scheduling.models import Shift
from scheduling.queries.hours import Held, Limits, minutes_in, refusal_for, week_of
from scheduling.queries.prices import hourly_pay, price_of_shift, seconds_between
from scheduling.queries.work import payable_minutes
from scheduling.states import ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet
from tests.scheduling.conftest import made_program

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
NIGHTS = [(date(2027, 3, 13), 7), (date(2026, 10, 31), 9), (date(2026, 12, 5), 8)]
HOUR = timedelta(hours=1)


@pytest.fixture
def agent(acme: Brand, at: datetime) -> Agent:
    """An agent of a program in New York."""
    program = made_program(acme, "Night Chat", timezone="America/New_York")
    agent = recruit.make_agent("Nia Night")
    vet.make_eligible(agent, program, at)
    return agent


def shift_of(agent: Agent, on: date) -> Shift:
    block = block_on(on, time(22), 8 * 60, NEW_YORK)
    program = agent.engagements.get().program
    hours = block.seconds / 3600
    return plan.make_shift(program, block.starts_at, hours=hours, state=ShiftState.ENDED)


@pytest.mark.parametrize(("on", "hours"), NIGHTS)
def test_a_2200_0600_shift_lasts_7_or_9_real_hours_on_change_nights_for_pay_rest_and_weekly_hours(
    agent: Agent, on: date, hours: int
) -> None:
    shift = shift_of(agent, on)
    assert shift.ends_at.astimezone(NEW_YORK).time() == time(6)
    assert seconds_between(shift.starts_at, shift.ends_at) == hours * 3600
    assert price_of_shift(shift).pay.amount_minor == hourly_pay(shift.rate_card).pay.amount_minor * hours
    claim = plan.make_worked_claim(agent, shift)
    assert payable_minutes(claim.pk).worked_seconds == hours * 3600
    held = Held(claim.pk, shift.pk, shift.starts_at, shift.ends_at, shift.ends_at)
    both_weeks = (week_of(on, NEW_YORK), week_of(on + timedelta(days=7), NEW_YORK))
    assert sum(minutes_in(week, [held.period]) for week in both_weeks) == hours * 60
    early, late = _after(held, 8 * HOUR - timedelta(minutes=15)), _after(held, 8 * HOUR)
    limits = Limits(NEW_YORK, day_minutes=24 * 60)
    assert isinstance(refusal_for(early, [held], limits), RestTooShort)
    assert refusal_for(late, [held], limits) is None


def _after(held: Held, rest: timedelta) -> Period:
    return Period(held.ends_at + rest, held.ends_at + rest + 10 * HOUR)
