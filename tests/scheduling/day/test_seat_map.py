"""Who holds which seat, and the board on a wall."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from scheduling.models import Claim, Shift
from scheduling.queries.seat_map import seat_map
from scheduling.states import ClaimKind, ClaimState, SeatNow, SessionState, ShiftState
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def now(at: datetime) -> Iterator[datetime]:
    """The wall clock stands at the story's noon."""
    with time_machine.travel(at, tick=False):
        yield at


@pytest.fixture
def running(chat: Program, at: datetime) -> Shift:
    """Six seats that began an hour ago."""
    return plan.make_shift(chat, at - HOUR, seats=6, standby_seats=1, state=ShiftState.STARTED)


def hold(shift: Shift, name: str, doing: str = "", **fields: Any) -> Claim:
    """Somebody holds a seat, and is at the desk doing something where that is said."""
    state = ClaimState.CHECKED_IN if doing else ClaimState.CLAIMED
    claim = plan.make_claim(recruit.make_agent(name), shift, state=state, **fields)
    if doing and doing != SeatNow.AWAY:
        plan.make_session(claim, state=SessionState(doing), until=shift.starts_at + HOUR, device=name)
    return claim


def told(program: Program, at: datetime) -> list[tuple[list[tuple[str, SeatNow]], int, int]]:
    """Who does what, shift by shift, and what is offered and free."""
    found = seat_map(program, at=at)
    return [([(seat.name, seat.now) for seat in one.held], one.offered, one.free) for one in found.shifts]


def test_every_seat_says_who_holds_it_and_what_they_do(chat: Program, running: Shift, at: datetime) -> None:
    hold(running, "Ada Obi", SessionState.ON_CONTACT)
    hold(running, "Bo Lind", SessionState.LOST)
    hold(running, "Cy Dahl", SeatNow.AWAY)
    hold(running, "Di Late")
    hold(running, "Ed Ready", SessionState.READY, kind=ClaimKind.STANDBY)
    Shift.objects.across_brands().update(reserved=1)
    held = [
        ("Ada Obi", SeatNow.ON_CONTACT),
        ("Bo Lind", SeatNow.LOST),
        ("Cy Dahl", SeatNow.AWAY),
        ("Di Late", SeatNow.LATE),
        ("Ed Ready", SeatNow.READY),
    ]
    assert told(chat, at) == [(held, 1, 1)]


def test_seats_of_the_next_hour_are_to_come_and_later_ones_and_given_back_ones_are_not_shown(
    chat: Program, at: datetime
) -> None:
    soon = plan.make_shift(chat, at + 45 * MINUTE, seats=2)
    hold(soon, "Ada Obi")
    plan.make_claim(recruit.make_agent("Bo Back"), soon, state=ClaimState.RELEASED)
    hold(plan.make_shift(chat, at + HOUR), "Cy Later")
    assert told(chat, at) == [([("Ada Obi", SeatNow.COMING)], 0, 1)]


@pytest.mark.parametrize("people", [1, 3])
def test_the_map_is_read_in_three_queries(
    chat: Program,
    running: Shift,
    at: datetime,
    people: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(people):
        hold(running, f"Agent{number} North", SessionState.READY)
    with django_assert_num_queries(3):
        assert len(told(chat, at)[0][0]) == people


def test_nobody_beyond_the_list_is_forgotten(
    chat: Program, running: Shift, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduling.queries.seat_map.MOST_PEOPLE", 2)
    for name in ("Ada Obi", "Bo Lind", "Cy Dahl"):
        hold(running, name, SessionState.READY)
    found = seat_map(chat, at=at)
    assert (len(found.shifts[0].held), found.hidden, found.shifts[0].free) == (2, 1, 3)


@pytest.fixture
def planner(client: Client, acme_owner: BrandActor) -> Client:
    client.force_login(acme_owner.user)
    return client


def address(name: str, program: Program) -> str:
    return f"{reverse(f'scheduling:{name}', kwargs={'slug': 'acme'})}?program={program.pk}"


def test_the_map_moves_when_somebody_does_and_answers_nothing_while_nobody_does(
    planner: Client, chat: Program, running: Shift, voice: Program
) -> None:
    claim = hold(running, "Ada Obi", SessionState.READY)
    first = planner.get(address("wallboard-seats-live", chat))
    assert "Ada Obi" in first.content.decode()
    assert (
        planner.get(address("wallboard-seats-live", chat), headers={"If-None-Match": first["ETag"]}).status_code == 304
    )
    claim.sessions.across_brands().update(state=SessionState.ON_CONTACT)
    moved = planner.get(address("wallboard-seats-live", chat), headers={"If-None-Match": first["ETag"]})
    assert (moved.status_code, moved["ETag"] != first["ETag"]) == (200, True)
    page = planner.get(address("wallboard-seats", chat)).content.decode()
    assert "On contact" in page
    assert address("wallboard-screen", chat) in page
    for name in ("wallboard-seats", "wallboard-seats-live", "wallboard-screen", "wallboard-screen-live"):
        assert planner.get(address(name, voice)).status_code == 404


def test_a_wall_shows_board_and_seats_without_menus_money_or_anything_to_press(
    planner: Client, chat: Program, running: Shift, at: datetime
) -> None:
    hold(running, "Ada Obi", SessionState.READY)
    plan.ask_for(running.request, at, hours=2, agents=4)
    planner.post(reverse("scheduling:wallboard-look", kwargs={"slug": "acme"}), {"program": str(chat.pk)})
    page = planner.get(address("wallboard-screen", chat)).content.decode()
    assert "3 people are missing now." in page
    assert "Ada Obi" in page
    assert "<form" not in page
    assert "USD" not in page
    assert page.count("<h1>") == 1
    live = planner.get(address("wallboard-screen-live", chat))
    again = planner.get(address("wallboard-screen-live", chat), headers={"If-None-Match": live["ETag"]})
    assert (live.status_code, "Ada Obi" in live.content.decode(), again.status_code) == (200, True, 304)
