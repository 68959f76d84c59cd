"""An agent's week at a glance: the sum, the hours, where the money is, and the days, from the lines alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from gigcx.kernel.money import Money
from payments.models import Earning
from payments.queries.weeks import weeks_earned
from payments.states import EarningKind, EarningState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay
from tests.payments.test_pages import signed_in

pytestmark = pytest.mark.django_db

UTC_ZONE, TOKYO = ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo")
MONDAY = MONDAY_NOON.date() - timedelta(days=7)
SATURDAY_NOON = MONDAY_NOON - timedelta(days=2)


def dollars(amount: str) -> Money:
    return Money(int(amount.replace(".", "")), "USD")


def week_of(agent: Agent, zone: ZoneInfo = UTC_ZONE, monday: date = MONDAY) -> Any:
    (week,) = weeks_earned(agent.pk, mondays=[monday], zone=zone)[monday]
    return week


def test_a_week_is_the_sum_of_its_lines_by_where_the_money_is(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program, minutes=60)
    pay.make_earning(ada, program, minutes=30)
    week = week_of(ada)
    assert (week.total, week.seconds) == (dollars("24.00"), 90 * 60)
    assert (week.available, week.in_review, week.on_its_way, week.paid) == (
        dollars("16.00"),
        dollars("8.00"),
        dollars("0.00"),
        dollars("0.00"),
    )
    assert week.taken_off == dollars("0.00")


def test_days_add_up_to_the_week_and_tell_ink_from_pencil(ada: Agent, program: Program) -> None:
    pay.make_payable(ada, program, worked_to=SATURDAY_NOON - timedelta(days=3))
    pay.make_earning(ada, program, minutes=30)
    days = week_of(ada).days
    assert [day.on for day in days] == [MONDAY + timedelta(days=step) for step in range(7)]
    assert [(day.ink.amount_minor, day.pencil.amount_minor, day.seconds) for day in days] == [
        (0, 0, 0),
        (0, 0, 0),
        (1600, 0, 3600),
        (0, 0, 0),
        (0, 0, 0),
        (0, 800, 1800),
        (0, 0, 0),
    ]


def test_a_line_counts_on_the_readers_day_in_which_its_work_ended(ada: Agent, program: Program) -> None:
    pay.make_earning(ada, program, worked_to=datetime(2026, 11, 22, 16, tzinfo=UTC))
    here, there = date(2026, 11, 16), date(2026, 11, 23)
    assert set(weeks_earned(ada.pk, mondays=[here, there], zone=UTC_ZONE)) == {here}
    assert set(weeks_earned(ada.pk, mondays=[here, there], zone=TOKYO)) == {there}


def test_a_replaced_line_and_other_peoples_lines_count_nowhere(ada: Agent, bo: Agent, program: Program) -> None:
    replaced = pay.make_earning(ada, program)
    Earning.objects.across_brands().filter(pk=replaced.pk).update(state=EarningState.REVERSED, reversed_at=MONDAY_NOON)
    pay.make_earning(bo, program)
    assert weeks_earned(ada.pk, mondays=[MONDAY], zone=UTC_ZONE) == {}


def test_a_floor_adds_money_and_no_time(ada: Agent, program: Program) -> None:
    pay.make_earning(ada, program, minutes=60)
    pay.make_earning(ada, program, minutes=15, kind=EarningKind.FLOOR)
    week = week_of(ada)
    assert (week.total, week.seconds) == (dollars("20.00"), 3600)


def test_the_page_shows_a_whole_week_above_its_lines(ada: Agent, program: Program) -> None:
    for _each in range(2):
        pay.make_earning(ada, program, minutes=45)
    page = signed_in(ada.user).get(reverse("payments:earnings")).content.decode()
    assert '24.00 <span class="unit">USD</span>' in page
    assert "1.5 h paid time" in page
    assert page.count("Gross and net are the same: nothing was taken off.") == 1
    assert page.count('class="week-day"') == 7
    assert page.index("Day by day") < page.index(
        reverse("payments:earning", args=[Earning.objects.across_brands()[0].pk])
    )


@pytest.mark.parametrize(("day", "is_now"), [(MONDAY, True), (MONDAY + timedelta(days=7), False)])
def test_today_is_marked_only_in_the_week_that_has_it(day: date, is_now: bool, ada: Agent, program: Program) -> None:
    pay.make_earning(ada, program)
    with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False):
        page = signed_in(ada.user).get(reverse("payments:earnings")).content.decode()
    assert ('<li aria-current="date">' in page) is is_now
    assert (">This week<" in page) is is_now


def test_the_page_asks_for_an_account_once_something_is_earned_and_none_is_known(ada: Agent, program: Program) -> None:
    words = "We do not know where to pay you yet."
    client, url = signed_in(ada.user), reverse("payments:earnings")
    assert words not in client.get(url).content.decode()
    pay.make_earning(ada, program)
    assert words in client.get(url).content.decode()
    pay.make_account(ada)
    assert words not in client.get(url).content.decode()
