"""What is given before shifts are made: published seats nobody asked for, and a night that goes on after the week."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.kernel.intervals import from_wall
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Program
from scheduling import actions
from scheduling.actions.intervals import TypedInterval
from scheduling.design.problem import DesignProblem, Family, Kind
from scheduling.design.search import design_shifts
from scheduling.errors import NothingToDesign
from scheduling.models import CapacityRequest
from scheduling.queries.designs import demand_of, need_beyond
from scheduling.queries.published import published_of
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MONDAY = date(2026, 11, 23)
NEXT = MONDAY + timedelta(days=7)
DESIGNER = SystemActor("designer")
NINE = from_wall(MONDAY, time(9), ZoneInfo("UTC"))


def draft(chat: Program, by: BrandActor, at: datetime, *parts: TypedInterval, week: date = MONDAY) -> CapacityRequest:
    request = actions.draft_request(program_id=chat.pk, channel="chat", week_starts_on=week, by=by, at=at)
    return actions.set_intervals(request_id=request.pk, intervals=parts, by=by, at=at)


def designed(request: CapacityRequest, by: BrandActor, at: datetime) -> CapacityRequest:
    actions.design_request_shifts(request_id=request.pk, by=by, at=at)
    assert actions.make_designed_shifts(request_id=request.pk, by=DESIGNER, at=at, iterations=2) is not None
    request.refresh_from_db()
    return request


def test_published_seats_that_nobody_asked_for_cover_a_further_request(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    out = plan.make_request(chat, NINE)
    plan.ask_for(out, NINE, hours=4, agents=3)
    plan.make_shift(chat, NINE, hours=4, seats=5, request=out)
    request = draft(chat, acme_owner, at, TypedInterval(NINE, NINE + 4 * HOUR, 6))
    published = published_of(chat, "chat", MONDAY)
    assert (published.cover(NINE), published.spare(NINE), published.cover(NINE + 4 * HOUR)) == (5, 2, 0)
    assert demand_of(request, at=at).given_minutes == 2 * 4 * 60
    made = designed(request, acme_owner, at)
    assert [one.seats for one in made.shifts.all()] == [4]
    assert made.quotes.get().assumptions["given_minutes"] == 480


def test_a_request_that_is_covered_already_makes_no_shifts_and_says_why(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    plan.make_shift(chat, NINE, hours=4, seats=5)
    request = draft(chat, acme_owner, at, TypedInterval(NINE, NINE + 4 * HOUR, 5))
    with pytest.raises(NothingToDesign, match="cover all of it"):
        actions.design_request_shifts(request_id=request.pk, by=acme_owner, at=at)


def test_sunday_night_is_designed_into_monday_and_next_week_counts_it(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    night = from_wall(NEXT - timedelta(days=1), time(22), ZoneInfo("UTC"))
    before = night - 24 * HOUR
    nights = [TypedInterval(before, before + 8 * HOUR, 3), TypedInterval(night, night + 2 * HOUR, 3)]
    request = draft(chat, acme_owner, at, *nights)
    after = draft(chat, acme_owner, at, TypedInterval(night + 2 * HOUR, night + 8 * HOUR, 3), week=NEXT)
    made = designed(request, acme_owner, at)
    shifts = [(one.starts_at, one.ends_at, one.seats) for one in made.shifts.order_by("starts_at")]
    assert shifts == [(start, start + 8 * HOUR, 3) for start in (before, night)]
    assert (made.design["under"], made.design["over"], made.design["is_proven"]) == (0, 0, True)
    quote = made.quotes.get()
    actions.accept_quote(quote_id=quote.pk, by=acme_owner, at=at, is_draw_first=False)
    assert not any(demand_of(after, at=at).left.values())


def test_a_next_week_nobody_planned_is_expected_to_begin_like_this_one(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    midnight = from_wall(MONDAY, time(0), ZoneInfo("UTC"))
    request = draft(chat, acme_owner, at, TypedInterval(midnight, midnight + 6 * HOUR, 2))
    assert sum(need_beyond(request).values()) == 2 * 6 * 4
    draft(chat, acme_owner, at, TypedInterval(NINE + 7 * 24 * HOUR, NINE + (7 * 24 + 1) * HOUR, 2), week=NEXT)
    assert not any(need_beyond(request).values())


def test_what_the_night_after_lacks_is_not_this_weeks_and_nobody_starts_there() -> None:
    """One day of eight slots and a night of four that needs two: without demand of its own the day makes nothing."""
    families = (Family(0, 7, 2, 4),)
    idle = DesignProblem(60, (0,), (0,) * 8 + (2,) * 4, families, tail_slots=4)
    assert design_shifts(idle, iterations=1, seconds=60).shifts == ()
    busy = DesignProblem(60, (0,), (0,) * 6 + (2,) * 6, families, tail_slots=4)
    found = design_shifts(busy, iterations=1, seconds=60)
    assert (found.under_minutes, found.over_minutes, found.is_proven) == (0, 0, True)
    assert busy.slots_of(0, Kind(7, 4)) == range(7, 11)
    assert busy.slots_of(0, Kind(7, 6)) is None


def test_the_pages_say_what_is_published_already(
    client: Client, chat: Program, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    plan.make_shift(chat, NINE, hours=4, seats=2)
    made = designed(draft(chat, acme_owner, at, TypedInterval(NINE, NINE + 4 * HOUR, 6)), acme_owner, at)
    client.force_login(acme_owner.user)
    there = {"slug": acme_owner.brand.slug, "request_id": made.pk}
    assert b"cover 8 h of this demand already" in client.get(reverse("scheduling:request", kwargs=there)).content
    assert b"taken off the demand here" in client.get(reverse("scheduling:request-shifts", kwargs=there)).content
