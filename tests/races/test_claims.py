"""Sixty-four agents want a hundred seats, one agent wants nine shifts at once: over HTTP, on a real server and database."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from gigcx.accounts.models import User
from gigcx.kernel import clock
from gigcx.kernel.ids import uuid7
from recruiting.models import Agent, Program
from scheduling.errors import TryAgain
from scheduling.models import Claim, Shift, WaitlistEntry, WorkSession
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.states import OCCUPYING
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan
from tests.factories import vetting as vet
from tests.races import processes
from tests.races.presses import at_once
from tests.races.processes import Browser
from tests.scheduling.conftest import made_program

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AGENTS, SEATS, DAYS, THREADS = 64, 20, 5, 16
AGAIN = 10  # a row is waited for six seconds at most, and on a slow machine fifteen may stand before one


@pytest.fixture
def now() -> datetime:
    """The real present: the server in the other threads reads the wall clock."""
    return clock.now()


@pytest.fixture
def acme_chat(now: datetime) -> Program:
    return made_program(cast.make_brand("Acme"), "Holiday Chat")


@pytest.fixture
def globex_voice(now: datetime) -> Program:
    return made_program(cast.make_brand("Globex"), "Billing Voice")


def certified(number: int, programs: list[Program], now: datetime) -> Agent:
    user = User.objects.create_user(f"agent{number}@example.test", "x", full_name=f"Agent {number}", timezone="UTC")
    agent = recruit.make_agent(user)
    for program in programs:
        vet.make_eligible(agent, program, now - timedelta(days=1))
    return agent


def browser_of(agent: Agent, server: Any) -> Browser:
    return processes.browser_of(agent.user, urlsplit(server.url).netloc)


def press(browser: Browser, shift: Shift) -> tuple[int, str]:
    """A press on Claim, again while the answer is to try again: its status, and its words or where it leads."""
    address = reverse("scheduling:shift-claim", kwargs={"shift_id": shift.pk})
    sent = {"key": uuid7().hex, "version": 1, "pay_minor": 1600}
    status, text, location = browser.press(address, **sent)
    for _again in range(AGAIN):
        if str(TryAgain.default_message) not in text:
            break
        status, text, location = browser.press(address, **sent)
    return status, location or text


def all_at_once(presses: list[Callable[[], tuple[int, str]]]) -> list[tuple[int, str]]:
    """Run the presses from threads that leave a gate together."""
    parts = at_once(lambda start: [one() for one in presses[start::THREADS]], times=THREADS)
    return [answer for part in parts for answer in part]


def sentences(text: str) -> str:
    return re.sub(r"<[^>]+>", " ", text)


def test_sixty_four_agents_on_100_seats_get_exactly_100_the_loser_of_the_last_seat_is_first_on_the_waitlist(
    acme_chat: Program, now: datetime, live_server: Any
) -> None:
    """Five shifts of twenty seats, on five days, wanted by all: 320 presses for 100 seats."""
    start = (now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    shifts = [plan.make_shift(acme_chat, start + timedelta(days=day), seats=SEATS) for day in range(DAYS)]
    clients = [browser_of(certified(number, [acme_chat], now), live_server) for number in range(AGENTS)]
    answers = all_at_once([lambda one=one, shift=shift: press(one, shift) for shift in shifts for one in clients])  # type: ignore[misc]
    assert {status for status, _where in answers} == {302}
    seated = [where for _status, where in answers if "claimed=" in where]
    assert (len(seated), len(answers) - len(seated)) == (100, AGENTS * DAYS - 100)
    for shift in shifts:
        held = Claim.objects.across_brands().filter(shift=shift)
        assert (held.count(), held.values("agent").distinct().count()) == (SEATS, SEATS)
        line = WaitlistEntry.objects.across_brands().filter(shift=shift).order_by("position")
        assert list(line.values_list("position", flat=True)) == list(range(1, AGENTS - SEATS + 1))
        assert not held.filter(agent__in=line.values("agent")).exists()
    assert counters_out_of_step() == []


def test_a_hundred_and_sixty_presses_on_one_hot_shift_fill_its_hundred_seats_and_no_more(
    acme_chat: Program, now: datetime, live_server: Any
) -> None:
    start = (now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    shift = plan.make_shift(acme_chat, start, seats=100)
    clients = [browser_of(certified(number, [acme_chat], now), live_server) for number in range(120)]
    answers = all_at_once([lambda one=one: press(one, shift) for one in [*clients, *clients[:40]]])  # type: ignore[misc]
    assert {status for status, _where in answers} == {302}
    assert Claim.objects.across_brands().filter(shift=shift).count() == 100
    assert WaitlistEntry.objects.across_brands().filter(shift=shift).count() == 20
    assert counters_out_of_step() == []


def test_one_agent_racing_nine_overlapping_shifts_gets_one_without_deadlock_or_5xx(
    acme_chat: Program, globex_voice: Program, now: datetime, live_server: Any
) -> None:
    start = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    agent = certified(1, [acme_chat, globex_voice], now)
    shifts = [
        plan.make_shift(program, start + timedelta(minutes=15 * step), seats=5)
        for step in range(9)
        for program in [acme_chat if step % 2 else globex_voice]
    ]
    browsers = [browser_of(agent, live_server) for _shift in range(36)]
    answers = all_at_once(
        [lambda client=client, shift=shifts[n % 9]: press(client, shift) for n, client in enumerate(browsers)]  # type: ignore[misc]
    )
    held = Claim.objects.across_brands().filter(agent=agent, state__in=list(OCCUPYING))
    assert max(status for status, _text in answers) < 500
    assert held.count() == 1
    assert sum(status == 302 for status, _text in answers) >= 1
    assert all("You work" in sentences(text) for status, text in answers if status == 409)
    assert sum(shift.filled for shift in Shift.objects.across_brands()) == 1
    assert counters_out_of_step() == []


def test_pressing_twice_at_once_makes_one_claim(acme_chat: Program, now: datetime, live_server: Any) -> None:
    start = (now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    shift = plan.make_shift(acme_chat, start, seats=5)
    agent = certified(1, [acme_chat], now)
    browsers = [browser_of(agent, live_server) for _press in range(THREADS)]
    answers = all_at_once([lambda client=client: press(client, shift) for client in browsers])  # type: ignore[misc]
    assert [status for status, _text in answers] == [302] * THREADS
    assert Claim.objects.across_brands().filter(agent=agent).count() == 1
    assert counters_out_of_step() == []


def test_two_devices_checking_in_at_once_make_one_session(acme_chat: Program, now: datetime, live_server: Any) -> None:
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    agent = certified(1, [acme_chat], now)
    claim = plan.make_claim(agent, plan.make_shift(acme_chat, quarter, hours=2, state="started"))
    address = reverse("scheduling:desk-check-in", kwargs={"claim_id": claim.pk})

    browsers = [browser_of(agent, live_server) for _device in range(THREADS)]
    answers = all_at_once([lambda client=client: client.post(address) for client in browsers])  # type: ignore[misc]
    assert max(status for status, _text in answers) < 500
    assert sum(status == 302 for status, _text in answers) == 1
    assert WorkSession.objects.across_brands().filter(agent=agent).count() == 1
