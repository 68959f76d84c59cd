"""Shrinkage, shows, deferred work, the day's re-forecast and the baseline."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from gigcx.kernel.errors import Invalid
from scheduling.staffing import (
    Promise,
    agents_a,
    baseline,
    deferred_agents,
    effective_aht,
    figures_at,
    queue_c,
    reforecast,
    seats_for,
    seats_for_show_rate,
    slot_aht,
    staff,
    staff_later,
)


def test_seats_are_rounded_up_once_and_never_by_a_float_s_last_digit() -> None:
    assert seats_for([0, 7, 14, 15, 21], 0.3).tolist() == [0, 10, 20, 22, 30]
    assert seats_for(np.arange(1, 5_000) * 7, 0.3).tolist() == [10 * n for n in range(1, 5_000)]
    with pytest.raises(Invalid):
        seats_for(3, 1)


@pytest.mark.parametrize("correlation", [0.0, 0.02, 0.2])
@pytest.mark.parametrize("agents", [1, 5, 14, 60])
def test_seats_for_show_rate_are_the_least_that_are_enough(agents: int, correlation: float) -> None:
    seats = int(seats_for_show_rate(agents, 0.9, confidence=0.95, correlation=correlation))
    spread = (1 - correlation) / correlation if correlation else np.inf

    def enough(places: int) -> float:
        shown = stats.betabinom(places, 0.9 * spread, 0.1 * spread) if correlation else stats.binom(places, 0.9)
        return float(shown.sf(agents - 1))

    assert enough(seats) >= 0.95
    assert seats == agents or enough(seats - 1) < 0.95


def test_everybody_shows_or_nobody_is_needed() -> None:
    assert seats_for_show_rate([0, 3, 10], 1.0).tolist() == [0, 3, 10]
    assert seats_for_show_rate([0, 14], 0.93, correlation=0.05).tolist()[0] == 0
    assert seats_for_show_rate([[5], [6]], 0.9).shape == (2, 1)
    with pytest.raises(Invalid):
        seats_for_show_rate(3, 0)


def test_chats_at_once_take_longer_each_and_less_in_all() -> None:
    assert slot_aht(600, 3, 2.5) == pytest.approx(720)
    assert effective_aht([600, 300], [1.7, 1]).tolist() == pytest.approx([600 / 1.7, 300])
    with pytest.raises(Invalid):
        effective_aht(600, 0.5)


hours = st.lists(st.floats(0, 30), min_size=1, max_size=14)


@settings(deadline=None, max_examples=150)
@given(work=hours, within=st.integers(0, 6), spare=st.floats(0, 8), carried=st.floats(0, 20), closed=st.integers(0, 3))
def test_deferred_work_keeps_every_deadline_that_can_be_kept(
    work: list[float], within: int, spare: float, carried: float, closed: int
) -> None:
    size = len(work)
    spares = spare * (np.arange(size) % 3 == 0)
    plan = deferred_agents(work, within, 1.0, spares, carried)
    total, came = np.cumsum(plan.done + plan.done_idle), np.cumsum(work) + carried
    due = np.concatenate([np.zeros(within), np.cumsum(work)])[:size] + (np.arange(size) >= within) * carried
    assert plan.is_kept
    assert (total >= due - 1e-6).all()
    assert (total <= came + 1e-6).all()
    assert plan.backlog == pytest.approx(came - total, abs=1e-6)
    assert (plan.done_idle <= spares + 1e-9).all()
    assert (plan.done <= plan.agents + 1e-9).all()


@settings(deadline=None, max_examples=60)
@given(work=hours, within=st.integers(0, 6), spare=st.floats(0, 4))
def test_deferred_peaks_are_within_one_agent_of_the_least_possible(
    work: list[float], within: int, spare: float
) -> None:
    size = len(work)
    plan = deferred_agents(work, within, 1.0, spare, 0.0)
    peak = _least_peak(np.array(work), within, np.full(size, spare))
    assert plan.agents.max(initial=0) <= np.ceil(peak - 1e-6) + 1e-9


def _least_peak(work: np.ndarray, within: int, spare: np.ndarray) -> float:
    """A linear programme: cells x[i, t] of work i done in t, the peak of what spare time leaves."""
    size = work.size
    cells = [(i, t) for i in range(size) for t in range(i, min(i + within, size - 1) + 1) if i + within < size]
    if not cells:
        return 0.0
    rows = np.zeros((size, len(cells) + 1))
    equal, wanted = np.zeros((size, len(cells) + 1)), np.zeros(size)
    for place, (i, t) in enumerate(cells):
        rows[t, place], equal[i, place], wanted[i] = 1, 1, work[i]
    rows[:, -1] = -1
    found = optimize.linprog([0] * len(cells) + [1], A_ub=rows, b_ub=spare, A_eq=equal, b_eq=wanted)
    return float(found.fun)


def test_idle_time_is_used_before_anybody_is_added() -> None:
    plan = deferred_agents([4, 0, 0, 0], 3, 1.0, [1, 1, 1, 1], 0.0)
    assert plan.agents.tolist() == [0, 0, 0, 0]
    assert plan.done_idle.tolist() == [1, 1, 1, 1]
    level = deferred_agents([12, 0, 0, 0], 3, 1.0, 0.0)
    assert level.agents.tolist() == [3, 3, 3, 3]


def test_closed_hours_add_nobody_and_a_deadline_inside_them_is_said_to_be_missed() -> None:
    plan = deferred_agents([2, 0, 0, 2], [3, 3, 3, 0], [1, 0, 0, 0], 0.0)
    assert (plan.agents.tolist(), plan.is_kept) == ([2, 0, 0, 0], False)
    assert plan.backlog.tolist() == [0, 0, 0, 2]


def test_work_carried_in_is_due_when_it_says() -> None:
    assert deferred_agents([0, 0, 0], 9, 1.0, 0.0, [0, 0, 6]).agents.tolist() == [2, 2, 2]
    assert deferred_agents([0, 0, 0], 0, 1.0, 0.0, 6).agents.tolist() == [6, 0, 0]
    with pytest.raises(Invalid):
        deferred_agents([1, 2], 1, 1.0, 0.0, -1)


def test_a_re_forecast_bends_the_rest_by_what_came_and_recent_weighs_more() -> None:
    forecast, actual = [100.0] * 8, [120.0, 120, 120, 120]
    plain = reforecast(forecast, actual, 4, 0)
    assert plain.ratio == pytest.approx(1.2)
    assert plain.volume.tolist() == pytest.approx([120] * 8)
    believed = reforecast(forecast, actual, 4, 1_000)
    assert 1 < believed.ratio < plain.ratio
    early, late = (reforecast(forecast, came, 4, 10).ratio for came in ([150, 100, 100, 100], [100, 100, 100, 150]))
    assert 1 < early < late
    assert reforecast(forecast, [], 0, 5).ratio == 1
    assert reforecast([0, 0], [0, 0], 1, 0).ratio == 1
    slower = reforecast(forecast, actual, 4, 0, forecast_aht=[300] * 8, actual_aht=[330] * 4)
    assert slower.aht is not None
    assert slower.aht.tolist() == pytest.approx([330] * 8)
    with pytest.raises(Invalid):
        reforecast(forecast, actual, 5, 0)


def test_a_baseline_is_the_median_of_six_weeks_at_the_level_of_the_last_two() -> None:
    weeks = np.array([[10.0, 20], [10, 20], [10, 20], [500, 900], [10, 20], [10, 20]])
    assert baseline(weeks).tolist() == [10, 20]
    assert baseline(weeks, level=1.5).tolist() == [15, 30]
    assert baseline(np.vstack([weeks[:4], [[12, 24], [12, 24]]])).tolist() == pytest.approx([12.0, 24], rel=0.1)
    assert baseline([[np.nan, 4], [np.nan, 4]]).tolist() == [0, 4]
    assert baseline(np.vstack([[[1e6, 1e6]], weeks]), level=1).tolist() == [10, 20]
    with pytest.raises(Invalid):
        baseline([])


def test_a_week_is_staffed_and_described_at_the_rounded_seats_with_own_staff_taken_off() -> None:
    promise = Promise(target=0.8, threshold=20, patience=180, is_patient=True, max_occupancy=0.85, shrinkage=0.3)
    week = staff([100, 100, 0], 180, 1_800, promise, in_house=[6, 25, 2])
    assert (week.agents.tolist(), week.seats.tolist(), week.to_book.tolist()) == ([14, 14, 0], [20, 20, 0], [14, 0, 0])
    assert week.present.tolist() == [14, 17, 1]
    assert week.figures.service_level.tolist() == pytest.approx(
        queue_c([14, 17, 1], [10, 10, 0], 180, 20).service_level.tolist()
    )
    beyond = staff(110, 180, 1_800, promise)
    assert beyond.present >= beyond.agents


def test_chat_agents_are_as_many_servers_as_chats_they_hold() -> None:
    promise = Promise(target=0.8, threshold=30, patience=120, concurrency=3, factor=2.5)
    chats = staff(60, 600, 1_800, promise)
    assert float(chats.load) == pytest.approx(20 * 3 / 2.5)
    assert chats.agents == agents_a(24, 720, 120, 30, 0.8, slots=3)
    assert figures_at(chats.agents, 60, 600, 1_800, promise).service_level >= 0.8
    assert figures_at(chats.agents - 1, 60, 600, 1_800, promise).service_level < 0.8


def test_e_mail_is_levelled_over_open_hours_and_fills_idle_time_first() -> None:
    promise = Promise(target=0.8, threshold=0, patience=0, max_occupancy=0.8, shrinkage=0.2)
    mail = staff_later([40, 0, 0, 0], 360, 1_800, promise, due=3, is_open=[1, 0, 1, 1], spare_hours=[0, 0.8, 0, 0])
    assert mail.hours.tolist() == [4, 0, 0, 0]
    assert mail.agents.tolist() == [3, 0, 3, 2]
    assert mail.seats.tolist() == [4, 0, 4, 3]
    assert mail.plan.is_kept


def test_a_week_keeps_the_shape_of_its_input() -> None:
    promise = Promise(target=0.8, threshold=20, patience=180, shrinkage=0.3)
    plane = staff([[10, 20, 30], [40, 50, 0]], 180, 900, promise)
    assert {one.shape for one in (plane.load, plane.seats, plane.to_book, plane.figures.service_level)} == {(2, 3)}
