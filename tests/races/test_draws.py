"""Draws under pressure: entries racing the close, and two workers settling the same draw, on a real database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from recruiting.models import Agent, Program
from scheduling.actions import entries, settlements, windows
from scheduling.allocation.verify_draw import check
from scheduling.errors import TryAgain, WindowNotOpen
from scheduling.models import Claim, DrawEntry, Shift
from scheduling.queries.draws import draw_proof
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.states import ClaimSource, DrawEntryState, WindowState
from tests import cast
from tests.factories import recruiting as recruit
from tests.races.presses import together
from tests.scheduling.conftest import made_program
from tests.scheduling.release.scene import CLOCK, HOUR, close, enter, fresh, released, window_of, worker

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 12


@pytest.fixture
def acme_chat(at: datetime) -> Program:
    return made_program(cast.make_brand("Acme"), "Holiday Chat")


def bench(program: Program, at: datetime) -> list[Agent]:
    return [worker(f"P{number} Draw", program, at) for number in range(PEOPLE)]


def test_two_workers_settling_one_draw_book_every_winner_once(acme_chat: Program, at: datetime) -> None:
    people = bench(acme_chat, at)
    request, shifts = released(acme_chat, at, seats=4)
    window = window_of(request)
    for agent in people:
        enter(window, agent, shifts, at)
    close(window)

    def settle() -> None:
        for _try in range(20):
            try:
                settlements.settle_draw(window_id=window.pk, by=CLOCK, at=window.closes_at)
            except TryAgain:
                continue
            return

    together([settle] * 4)
    done = fresh(window)
    assert done.state == WindowState.REVEALED
    assert check(draw_proof(done), say=lambda line: None)
    assert Claim.objects.across_brands().filter(source=ClaimSource.DRAW).count() == len(done.result["winners"]) == 12
    assert [one.filled for one in Shift.objects.across_brands().order_by("pk")] == [4, 4, 4]
    assert counters_out_of_step() == []


def test_an_entry_racing_the_close_is_in_the_digest_or_refused(acme_chat: Program, at: datetime) -> None:
    people = bench(acme_chat, at)[:5]
    request, shifts = released(acme_chat, at)
    window = window_of(request)
    last = window.closes_at - timedelta(milliseconds=1)
    wishes = [one.pk for one in shifts]

    def press(agent: Agent) -> Callable[[], Any]:
        actor = recruit.agent_actor(agent)
        return lambda: entries.enter_draw(window_id=window.pk, agent=agent, wishes=wishes, by=actor, at=last)

    def shut() -> None:
        windows.close_window(window_id=window.pk, by=CLOCK, at=window.closes_at)

    answers = together([*(press(agent) for agent in people), shut])[:-1]
    shut()
    accepted = [one for one in answers if isinstance(one, DrawEntry)]
    assert all(isinstance(one, DrawEntry | WindowNotOpen) for one in answers)
    frozen = DrawEntry.objects.across_brands().filter(window=window, state=DrawEntryState.FROZEN)
    assert set(frozen.values_list("receipt", flat=True)) == {one.receipt for one in accepted}
    assert fresh(window).result["entrants"] == len(accepted)
    settlements.settle_draw(window_id=window.pk, by=CLOCK, at=window.closes_at + HOUR)
    assert check(draw_proof(fresh(window)), say=lambda line: None)


def test_one_agent_entering_from_two_devices_has_one_entry(acme_chat: Program, at: datetime) -> None:
    agent = worker("Ada Obi", acme_chat, at)
    request, shifts = released(acme_chat, at)
    window = window_of(request)
    actor = recruit.agent_actor(agent)

    def press(wishes: list[Shift]) -> Callable[[], Any]:
        ids = [one.pk for one in wishes]
        return lambda: entries.enter_draw(window_id=window.pk, agent=agent, wishes=ids, by=actor, at=at)

    answers = together([press(shifts), press(shifts[::-1]), press(shifts[:1])])
    assert all(isinstance(one, DrawEntry) for one in answers)
    kept = DrawEntry.objects.across_brands().get()
    assert kept.receipt in {one.receipt for one in answers}
