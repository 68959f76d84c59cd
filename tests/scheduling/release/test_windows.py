"""Sealed draws from the commitment to the reveal, on a real database."""

from datetime import datetime, timedelta

import pytest

from gigcx.kernel.errors import Invalid, NotFound
from recruiting.models import Agent, Engagement, Program
from recruiting.states import Tier
from scheduling.actions import entries, waves, windows
from scheduling.actions.claims import claim_shift
from scheduling.errors import NotEligible, ShiftNotOpen, WaveNotOpen, WindowNotOpen
from scheduling.models import (
    DrawEntry,
    ReleaseWave,
)
from scheduling.queries.draws import draw_proof, find_receipt
from scheduling.states import (
    ClaimSource,
    DrawEntryState,
    ShiftState,
    WaveAudience,
    WaveMode,
    WindowState,
)
from tests.factories import recruiting as recruit
from tests.factories import scheduling as sched
from tests.scheduling.release.scene import (
    CLOCK,
    DAY,
    HOUR,
    SECOND,
    close,
    enter,
    entry,
    fresh,
    released,
    settle,
    state_of,
    waves_of,
    window_of,
    worker,
)

pytestmark = pytest.mark.django_db


# waves


def test_favorites_draw_first_then_everyone_then_first_come(chat: Program, at: datetime) -> None:
    worker("Fay Vorite", chat, at, is_favorite=True)
    request, shifts = released(chat, at, seats=10)
    assert waves_of(request.pk) == [
        (WaveAudience.FAVORITES, WaveMode.DRAW, at),
        (WaveAudience.EVERYONE, WaveMode.DRAW, at + DAY),
        (WaveAudience.EVERYONE, WaveMode.FIRST_COME, at + 2 * DAY),
    ]
    assert {state_of(shift) for shift in shifts} == {ShiftState.COLLECTING}


def test_without_favorites_everyone_draws_at_once(chat: Program, at: datetime) -> None:
    request, _shifts = released(chat, at)
    assert [(audience, mode) for audience, mode, _opens in waves_of(request.pk)] == [
        (WaveAudience.EVERYONE, WaveMode.DRAW),
        (WaveAudience.EVERYONE, WaveMode.FIRST_COME),
    ]


def test_a_shift_that_starts_too_soon_for_the_draw_opens_first_come_at_once(
    chat: Program, ada: Agent, at: datetime
) -> None:
    request, (soon, later) = released(chat, at, starts=(35, 96))
    assert (state_of(soon), state_of(later)) == (ShiftState.OPEN, ShiftState.COLLECTING)
    assert window_of(request).result["shifts"] == [str(later.pk)]
    claim_shift(shift_id=soon.pk, agent=ada, by=recruit.agent_actor(ada), at=at)
    with pytest.raises((WaveNotOpen, ShiftNotOpen)):
        claim_shift(shift_id=later.pk, agent=ada, by=recruit.agent_actor(ada), at=at)


def test_first_come_from_the_start_where_the_planner_chose_it(chat: Program, at: datetime) -> None:
    request, shifts = released(chat, at, is_draw_first=False)
    assert waves_of(request.pk) == [(WaveAudience.EVERYONE, WaveMode.FIRST_COME, at)]
    assert {state_of(shift) for shift in shifts} == {ShiftState.OPEN}


def test_a_scheduled_publication_collects_nothing_before_its_time(chat: Program, ada: Agent, at: datetime) -> None:
    request, shifts = released(chat, at, publish_at=at + 3 * HOUR)
    window = window_of(request)
    assert (window.state, state_of(shifts[0])) == (WindowState.COMMITTED, ShiftState.ANNOUNCED)
    with pytest.raises(WindowNotOpen):
        enter(window, ada, shifts[:1], at + 2 * HOUR)
    windows.open_window(window_id=window.pk, by=CLOCK, at=at + 2 * HOUR)
    assert fresh(window).state == WindowState.COMMITTED
    windows.open_window(window_id=window.pk, by=CLOCK, at=at + 3 * HOUR)
    assert (fresh(window).state, state_of(shifts[0])) == (WindowState.OPEN, ShiftState.COLLECTING)


def test_a_scheduled_first_come_release_opens_at_its_time(chat: Program, at: datetime) -> None:
    request, shifts = released(chat, at, is_draw_first=False, publish_at=at + HOUR)
    wave = ReleaseWave.objects.across_brands().get(request=request)
    waves.open_wave(wave_id=wave.pk, by=CLOCK, at=at)
    assert state_of(shifts[0]) == ShiftState.ANNOUNCED
    waves.open_wave(wave_id=wave.pk, by=CLOCK, at=at + HOUR)
    assert {state_of(shift) for shift in shifts} == {ShiftState.OPEN}


# entering


def test_wishes_are_sealed_with_a_receipt_and_can_be_changed_and_withdrawn_until_the_close(
    chat: Program, ada: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    first = enter(window, ada, shifts[:2], at + HOUR)
    second = enter(window, ada, shifts[::-1], at + 2 * HOUR, max_minutes=240)
    assert second.pk == first.pk
    assert second.receipt != first.receipt
    entries.withdraw_entry(window_id=window.pk, agent=ada, by=recruit.agent_actor(ada), at=at + 3 * HOUR)
    assert entry(window, ada).state == DrawEntryState.WITHDRAWN
    enter(window, ada, shifts[:1], at + 4 * HOUR)
    assert DrawEntry.objects.across_brands().count() == 1


def test_wishes_must_be_shifts_of_the_draw_each_once(chat: Program, ada: Agent, at: datetime) -> None:
    request, shifts = released(chat, at)
    other = sched.make_shift(chat, at + 100 * HOUR, request=request)
    window = window_of(request)
    for wrong in ([], [shifts[0], shifts[0]], [other]):
        with pytest.raises(Invalid):
            enter(window, ada, wrong, at)
    with pytest.raises(Invalid):
        enter(window, ada, shifts, at, max_minutes=0)


def test_nobody_enters_for_somebody_else_nor_without_being_eligible_nor_from_another_program(
    chat: Program, voice: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    wishes = [shifts[0].pk]
    with pytest.raises(NotFound):
        entries.enter_draw(window_id=window.pk, agent=ada, wishes=wishes, by=recruit.agent_actor(bo), at=at)
    stranger = worker("Sten Other", voice, at)
    with pytest.raises(NotFound):
        enter(window, stranger, shifts, at)
    Engagement.objects.across_brands().filter(agent=ada).update(blocked_by_brand_at=at)
    with pytest.raises(NotEligible):
        enter(window, ada, shifts, at)


def test_the_draw_of_favorites_is_theirs_alone(chat: Program, ada: Agent, at: datetime) -> None:
    fay = worker("Fay Vorite", chat, at, is_favorite=True)
    request, shifts = released(chat, at, seats=10)
    window = window_of(request)
    with pytest.raises(WindowNotOpen):
        enter(window, ada, shifts, at)
    enter(window, fay, shifts, at)
    assert close(window).result["slots"][0]["seats"] == 3


def test_a_late_tick_accepts_no_late_entry(chat: Program, ada: Agent, bo: Agent, at: datetime) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, window.closes_at - SECOND)
    for late in (timedelta(0), SECOND, HOUR):  # the sweep has not come yet: the row still says open
        with pytest.raises(WindowNotOpen):
            enter(window, bo, shifts, window.closes_at + late)
        with pytest.raises(WindowNotOpen):
            entries.withdraw_entry(
                window_id=window.pk, agent=ada, by=recruit.agent_actor(ada), at=window.closes_at + late
            )
    assert fresh(window).state == WindowState.OPEN
    closed = settle(window, late=2 * HOUR)
    assert closed.result["entrants"] == 1


def test_nothing_closes_before_its_time(chat: Program, ada: Agent, at: datetime) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, at)
    windows.close_window(window_id=window.pk, by=CLOCK, at=window.closes_at - SECOND)
    assert fresh(window).state == WindowState.OPEN


# the close


def test_who_is_not_eligible_at_the_close_is_removed_with_the_reason_and_clashing_wishes_are_struck(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, at)
    enter(window, bo, shifts, at)
    Engagement.objects.across_brands().filter(agent=bo).update(blocked_by_brand_at=at)
    elsewhere = sched.make_shift(chat, shifts[0].starts_at + HOUR)
    sched.make_claim(ada, elsewhere)
    close(window)
    assert (entry(window, bo).state, bool(entry(window, bo).reason)) == (DrawEntryState.REMOVED, True)
    kept = entry(window, ada)
    assert (kept.state, kept.outcome["struck"]) == (DrawEntryState.FROZEN, [str(shifts[0].pk)])
    assert kept.outcome["minutes"] == 12 * 60 - 4 * 60


def test_an_entry_whose_every_wish_clashes_is_removed(chat: Program, ada: Agent, at: datetime) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts[:1], at)
    sched.make_claim(ada, sched.make_shift(chat, shifts[0].starts_at))
    close(window)
    assert entry(window, ada).state == DrawEntryState.REMOVED


def test_tickets_follow_the_tier_and_fall_with_seats_that_draws_gave(
    chat: Program, ada: Agent, bo: Agent, at: datetime
) -> None:
    Engagement.objects.across_brands().filter(agent=ada).update(tier=Tier.LEAD)
    past = sched.make_shift(chat, at - 3 * DAY, state=ShiftState.ENDED)
    sched.make_claim(ada, past, source=ClaimSource.DRAW, at=at - 5 * DAY)
    request, shifts = released(chat, at)
    window = window_of(request)
    enter(window, ada, shifts, at)
    enter(window, bo, shifts, at)
    close(window)
    assert (entry(window, ada).tickets, entry(window, bo).tickets) == (16, 10)


def test_counts_stay_hidden_while_wishes_are_taken(chat: Program, ada: Agent, at: datetime) -> None:
    request, shifts = released(chat, at)
    window = window_of(request)
    receipt = enter(window, ada, shifts, at).receipt
    proof = draw_proof(fresh(window))
    assert set(proof) == {"protocol", "window", "state", "opens_at", "closes_at", "commitment", "shifts"}
    assert receipt not in str(proof)
    assert find_receipt(fresh(window), receipt) is None
    closed = close(window)
    assert closed.entries_digest in str(draw_proof(closed))
    assert "seed" not in draw_proof(closed)
    assert find_receipt(closed, receipt) is not None
