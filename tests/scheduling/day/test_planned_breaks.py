"""Breaks on the pages: when each holder pauses, and that not everybody does at once."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor
from recruiting.models import Agent, Program
from scheduling.models import Shift
from scheduling.queries.breaks import planned_break_of, planned_breaks
from scheduling.states import ClaimKind
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def shift(chat: Program, at: datetime) -> Shift:
    """Eight hours with three seats; two are needed, three in the fourth and fifth hour."""
    request = plan.make_request(chat, at + DAY)
    plan.ask_for(request, at + DAY, hours=3, agents=2)
    plan.ask_for(request, at + DAY + 3 * HOUR, hours=2, agents=3)
    plan.ask_for(request, at + DAY + 5 * HOUR, hours=3, agents=2)
    return plan.make_shift(chat, at + DAY, hours=8, seats=3, request=request)


def test_everybody_on_a_long_shift_pauses_half_an_hour_away_from_its_ends_and_not_at_once(shift: Shift) -> None:
    breaks = planned_breaks(shift)
    assert sum(one.people for one in breaks) == 3
    assert {one.ends_at - one.starts_at for one in breaks} == {timedelta(minutes=30)}
    assert all(shift.starts_at + 2 * HOUR <= one.starts_at <= shift.ends_at - 2.5 * HOUR for one in breaks)
    busy = (shift.starts_at + 3 * HOUR, shift.starts_at + 5 * HOUR)
    assert len({one.starts_at for one in breaks}) > 1
    assert sum(one.people for one in breaks if not busy[0] <= one.starts_at < busy[1]) >= 2


def test_a_short_shift_and_standby_have_none(chat: Program, shift: Shift, ada: Agent, at: datetime) -> None:
    assert planned_breaks(plan.make_shift(chat, at + 3 * DAY, hours=5.75)) == []
    Shift.objects.across_brands().filter(pk=shift.pk).update(standby_seats=1)
    shift.refresh_from_db()
    assert planned_break_of(plan.make_claim(ada, shift, kind=ClaimKind.STANDBY)) is None


def test_who_claimed_first_pauses_first_and_both_pages_say_so(
    client: Client,
    shift: Shift,
    ada: Agent,
    bo: Agent,
    acme_owner: BrandActor,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    late, early = plan.make_claim(bo, shift, at=at), plan.make_claim(ada, shift, at=at - HOUR)
    first, second = planned_break_of(early), planned_break_of(late)
    assert first is not None
    assert second is not None
    assert first.starts_at <= second.starts_at
    client.force_login(ada.user)
    page = client.get(reverse("scheduling:claim", kwargs={"claim_id": early.pk})).content.decode()
    assert "Your break is planned from" in page
    client.force_login(acme_owner.user)
    there = {"slug": acme_owner.brand.slug, "shift_id": shift.pk}
    assert "Planned breaks" in client.get(reverse("scheduling:shift", kwargs=there)).content.decode()
