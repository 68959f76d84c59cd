"""Money while working: an estimate by the real pricing, on the page and in its poll, and never a ledger row."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from payments import actions
from payments.models import Earning, Journal
from payments.queries.live import live_work
from recruiting.models import Agent, Program
from scheduling.models import Claim, WorkSession
from scheduling.states import ClaimState, SessionState
from tests.factories import payments as pay
from tests.factories import scheduling as sched

pytestmark = pytest.mark.django_db


def quarter_ago(minutes: int) -> datetime:
    """The last quarter of an hour, and so many minutes before."""
    now = clock.now().replace(second=0, microsecond=0)
    return now - timedelta(minutes=now.minute % 15 + minutes)


@pytest.fixture
def working(ada: Agent, program: Program) -> Claim:
    """A claim whose holder has been on contact for half an hour and still is."""
    start = quarter_ago(30)
    claim = sched.make_claim(ada, sched.make_shift(program, start, hours=4), state=ClaimState.CHECKED_IN)
    session = sched.make_session(claim, state=SessionState.ON_CONTACT, until=clock.now())
    sched.make_span(session, start, None, state=SessionState.ON_CONTACT)
    return claim


def page_of(agent: Agent, name: str) -> str:
    client = Client()
    client.force_login(agent.user)
    return client.get(reverse(f"payments:{name}")).content.decode()


def test_what_was_earned_so_far_counts_up_and_is_in_no_ledger(working: Claim, ada: Agent) -> None:
    at = working.starts_at + timedelta(minutes=30)
    first, later = live_work(ada.pk, at=at), live_work(ada.pk, at=at + timedelta(seconds=30))
    assert first is not None
    assert later is not None
    assert (first.seconds, first.worked.amount_minor) == (1800, 800)
    assert later.total.amount_minor > first.total.amount_minor
    assert not Earning.objects.across_brands().exists()
    assert not Journal.objects.exists()


def test_the_page_shows_it_and_asks_again_every_15_seconds(working: Claim, ada: Agent) -> None:
    page = page_of(ada, "earnings")
    assert 'data-poll="15"' in page
    assert reverse("payments:earnings-now") in page
    assert "Right now" in page_of(ada, "earnings-now")


def test_who_does_not_work_is_not_asked_again(ada: Agent, bo: Agent, working: Claim) -> None:
    assert live_work(bo.pk, at=clock.now()) is None
    assert "data-poll" not in page_of(bo, "earnings")


def test_a_silent_desk_counts_to_where_it_was_heard(working: Claim, ada: Agent) -> None:
    later = live_work(ada.pk, at=clock.now() + timedelta(hours=1))
    assert later is not None
    assert later.is_silent
    assert later.seconds < 3600


def test_the_estimate_is_what_the_verified_line_pays(ada: Agent, program: Program) -> None:
    start = quarter_ago(120)
    claim = sched.make_worked_claim(
        ada, sched.make_shift(program, start, hours=2), state=ClaimState.CHECKED_IN, minutes=60
    )
    WorkSession.objects.across_brands().update(state=SessionState.READY, ended_at=None)
    live = live_work(ada.pk, at=start + timedelta(minutes=61))
    Claim.objects.across_brands().filter(pk=claim.pk).update(
        state=ClaimState.VERIFIED, version=1, verified_at=clock.now()
    )
    actions.accrue_claim(claim_id=claim.pk, source_event_id=None, by=pay.SYSTEM, at=clock.now())
    real = sum(one.amount_minor for one in Earning.objects.across_brands())
    assert live is not None
    assert live.total.amount_minor == real


def test_the_page_costs_the_same_however_many_lines(
    working: Claim, ada: Agent, program: Program, django_assert_max_num_queries: Any
) -> None:
    client, url, counts = Client(), reverse("payments:earnings"), []
    client.force_login(ada.user)
    for n in (1, 2):
        for _one in range(n):
            pay.make_earning(ada, program)
        client.get(url)
        with django_assert_max_num_queries(18) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]
