"""Today's heading counts people, not seats; histories read as sentences; vetting knows what is booked."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor
from gigcx.web.timeline import phrases
from recruiting.models import Agent, Program
from scheduling.panels import coverage_headline
from scheduling.queries.coverage import axis_ticks, coverage
from scheduling.states import ClaimState, SessionState, ShiftState
from tests.factories import scheduling as plan
from vetting.registries import booked_work

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")


def needed_now(chat: Program, ada: Agent, at: datetime, *, agents: int) -> None:
    """A running shift that needs so many; Ada has come and sits at her desk."""
    request = plan.make_request(chat, at)
    plan.ask_for(request, at, hours=2, agents=agents)
    shift = plan.make_shift(chat, at, hours=2, seats=agents, state=ShiftState.STARTED, request=request)
    claim = plan.make_claim(ada, shift, state=ClaimState.CHECKED_IN)
    plan.make_session(claim, state=SessionState.ON_CONTACT)


def test_a_filled_seat_whose_holder_is_away_covers_nothing(
    chat: Program, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    needed_now(chat, ada, at, agents=2)
    plan.make_claim(bo, ada.claims.across_brands().get().shift)
    found = coverage(acme_owner.brand_id, at=at)
    assert (found.filled_now, found.present_now) == (2, 1)
    assert coverage_headline(found, zone=UTC) == "1 of 2 are at their desks. Every seat of the next 24 hours is filled."


def test_the_sentence_says_that_all_are_there_and_when_a_seat_is_open(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    needed_now(chat, ada, at, agents=1)
    later = at + timedelta(hours=5)
    plan.ask_for(ada.claims.across_brands().get().shift.request, later, hours=1, agents=3)
    words = coverage_headline(coverage(acme_owner.brand_id, at=at), zone=UTC)
    assert words == f"Covered now. 3 seats are open from {later:%H:%M}."


def test_today_has_one_heading_and_it_is_the_sentence(
    chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    needed_now(chat, ada, at, agents=1)
    client = Client()
    client.force_login(acme_owner.user)
    page = client.get("/b/acme/").content.decode()
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == ["Covered now. Every seat of the next 24 hours is filled."]


def test_every_recorded_action_reads_as_a_sentence() -> None:
    sources = [path.read_text() for path in (Path(settings.BASE_DIR) / "scheduling" / "actions").glob("*.py")]
    named = {name for source in sources for name in re.findall(r'"(scheduling\.[a-z_]+)"', source)}
    recorded = {
        name
        for name in named
        if not name.endswith((".claim", ".shift", ".capacityrequest", ".capacity_request", ".incentive"))
    }
    assert len(recorded) > 25
    assert recorded <= set(phrases()), recorded - set(phrases())


def test_vetting_knows_the_claims_that_are_booked(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    soon = plan.make_shift(chat, at + timedelta(hours=3), hours=1)
    plan.make_claim(ada, soon)
    plan.make_claim(bo, soon, state=ClaimState.UNDONE)
    plan.make_worked_claim(
        ada, plan.make_shift(chat, at - timedelta(hours=9), state=ShiftState.ENDED, request=soon.request)
    )
    both = [ada.pk, bo.pk]
    assert booked_work().count(agent_ids=both, program=chat, since=at) == 1
    assert booked_work().count(agent_ids=[bo.pk], program=chat, since=at) == 0


@pytest.mark.parametrize("peak", [0, 1, 7, 50_000, 50_001, 1_120_448])
def test_an_axis_has_at_most_six_round_ticks_however_high_it_is(peak: int) -> None:
    ticks = axis_ticks(peak)

    assert len(ticks) <= 6
    assert ticks[0] == 0
    assert peak - ticks[-1] < max(peak, 1) / 2
