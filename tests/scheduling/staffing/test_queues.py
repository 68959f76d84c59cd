"""The queues against brute force, against each other, and at their edges."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from gigcx.kernel.errors import Invalid
from scheduling.staffing import (
    Definition,
    QueueFigures,
    agents_a,
    agents_c,
    effective_aht,
    erlang_b,
    erlang_c,
    excluding_short_abandons,
    load_of,
    queue_a,
    queue_c,
    seats_for,
)
from scheduling.staffing.palm import Rule
from tests.scheduling.staffing.birth_death import loss, summed

RULES: list[Rule] = [*list(Definition)[:3], excluding_short_abandons(10)]
loads = st.floats(0.01, 10_000)
shares = st.floats(0.02, 2.5)
times = st.floats(0.5, 3_600)


def _clean(figures: QueueFigures) -> None:
    for one in (figures.wait_probability, figures.service_level, figures.abandoned, figures.occupancy):
        assert ((one >= 0) & (one <= 1)).all()
    assert not np.isnan(figures.asa).any()


def test_100_contacts_in_30_minutes_aht_180_s_80_20_occupancy_85_percent_shrinkage_30_percent_needs_14_agents_20_scheduled() -> (
    None
):
    load = load_of(100, 180, 1_800)
    agents = agents_c(load, 180, 20, 0.8, max_occupancy=0.85)
    assert [float(load), int(agents), int(seats_for(agents, 0.3))] == [10, 14, 20]
    figures = queue_c(14, 10, 180, 20)
    assert (round(float(figures.wait_probability), 4), round(float(figures.service_level), 4)) == (0.1741, 0.8884)
    assert (round(float(figures.asa), 1), round(float(figures.occupancy), 3)) == (7.8, 0.714)


def test_erlang_b_and_c_have_their_published_values() -> None:
    # Erlang B: 10 servers, 5 erlangs 0.018385 (any teletraffic table); C from B at 8 of 10.
    assert erlang_b(10, 5) == pytest.approx(0.018385, abs=1e-6)
    assert erlang_b(5, 5) == pytest.approx(0.284868, abs=1e-6)
    assert erlang_c(10, 8) == pytest.approx(0.40918, abs=1e-5)
    assert erlang_b(1, 1) == pytest.approx(0.5)
    assert erlang_c([5, 4], 5).tolist() == [1, 1]


@pytest.mark.parametrize("definition", RULES, ids=str)
def test_endless_patience_gives_erlang_c(definition: Rule) -> None:
    load = np.array([0.4, 3, 10, 99.5, 1_000, 10_000])
    agents = np.ceil(load * 1.02) + 1
    patient, endless = queue_c(agents, load, 180, 20), queue_a(agents, load, 180, np.inf, 20, definition)
    for name in ("wait_probability", "asa", "service_level", "abandoned", "occupancy"):
        assert getattr(endless, name) == pytest.approx(getattr(patient, name), abs=1e-12)
    nearly = queue_a(agents, load, 180, 1e11, 20, definition)
    assert nearly.service_level == pytest.approx(patient.service_level, abs=1e-6)
    assert nearly.asa == pytest.approx(patient.asa, rel=1e-5)
    growing = queue_a([10], 12, 180, np.inf, 20)
    assert [growing.service_level.tolist(), growing.asa.tolist()] == [[0], [np.inf]]


def test_no_patience_gives_erlang_b() -> None:
    load, agents = np.array([0.4, 3, 10, 99.5, 1_000, 10_000]), np.array([1, 2, 14, 80, 1_030, 9_000])
    lost = erlang_b(agents, load)
    for patience in (0, 1e-9):
        gone = queue_a(agents, load, 180, patience, 20)
        assert gone.abandoned == pytest.approx(lost, abs=1e-9)
        assert gone.service_level == pytest.approx(1 - lost, abs=1e-9)
        assert gone.asa == pytest.approx(0, abs=1e-8)
    assert agents_a(load, 180, 0, 20, 0.9).tolist() == agents_a(load, 180, 1e-9, 20, 0.9).tolist()


@settings(deadline=None, max_examples=60)
@given(load=st.floats(0.01, 2_000), share=shares, aht=times)
def test_patience_equal_to_aht_makes_the_number_present_poisson(load: float, share: float, aht: float) -> None:
    agents = max(1, round(load * share))
    figures = queue_a(agents, load, aht, aht, 0)
    counts = np.arange(agents, agents + int(load + 40 * math.sqrt(load) + 60))
    masses = np.exp(counts * np.log(load) - load - special.gammaln(counts + 1))
    assert figures.wait_probability == pytest.approx(special.gammainc(agents, load), abs=1e-9)
    assert figures.abandoned == pytest.approx(masses @ (counts - agents) / load, abs=1e-9)


@pytest.mark.parametrize("definition", RULES, ids=str)
@settings(deadline=None, max_examples=80)
@given(load=loads, share=shares, aht=times, patience=st.floats(1e-3, 1e7), threshold=st.floats(0, 7_200))
def test_more_agents_never_lower_the_service_level(
    definition: Rule, load: float, share: float, aht: float, patience: float, threshold: float
) -> None:
    first = max(0, math.floor(load * share) - 5)
    levels = queue_a(np.arange(first, first + 12), load, aht, patience, threshold, definition).service_level
    assert (np.diff(levels) >= -1e-9).all()
    assert (np.diff(queue_c(np.arange(first, first + 12), load, aht, threshold).service_level) >= -1e-12).all()


@pytest.mark.parametrize("definition", RULES, ids=str)
@settings(deadline=None, max_examples=80)
@given(
    load=loads,
    share=shares,
    aht=times,
    patience=st.floats(1e-3, 1e7),
    threshold=st.floats(0, 7_200),
    more=st.floats(1, 2),
)
def test_more_load_never_raises_it(
    definition: Rule, load: float, share: float, aht: float, patience: float, threshold: float, more: float
) -> None:
    agents = max(1, round(load * share))
    lower, higher = queue_a(agents, [load, load * more], aht, patience, threshold, definition).service_level
    assert higher <= lower + 1e-9
    lower, higher = queue_c(agents, [load, load * more], aht, threshold).service_level
    assert higher <= lower + 1e-12


@settings(deadline=None, max_examples=80)
@given(load=loads, share=shares, aht=times, patience=times, threshold=st.floats(0, 600), scale=st.floats(0.001, 1_000))
def test_scaling_all_times_changes_nothing(
    load: float, share: float, aht: float, patience: float, threshold: float, scale: float
) -> None:
    agents = max(1, round(load * share))
    plain = queue_a(agents, load, aht, patience, threshold)
    scaled = queue_a(agents, load, aht * scale, patience * scale, threshold * scale)
    for name in ("wait_probability", "service_level", "abandoned", "occupancy"):
        assert getattr(scaled, name) == pytest.approx(getattr(plain, name), abs=1e-9)
    assert scaled.asa == pytest.approx(plain.asa * scale, rel=1e-6, abs=1e-9 * scale)


@pytest.mark.parametrize("definition", RULES, ids=str)
@settings(deadline=None, max_examples=60)
@given(
    load=loads, aht=times, patience=st.floats(1e-3, 1e7), threshold=st.floats(0, 7_200), target=st.floats(0.001, 0.9999)
)
def test_one_agent_fewer_misses_the_target(
    definition: Rule, load: float, aht: float, patience: float, threshold: float, target: float
) -> None:
    agents = int(agents_a(load, aht, patience, threshold, target, definition))
    assert queue_a(agents, load, aht, patience, threshold, definition).service_level >= target
    assert agents == 1 or queue_a(agents - 1, load, aht, patience, threshold, definition).service_level < target
    patient = int(agents_c(load, aht, threshold, target))
    assert queue_c(patient, load, aht, threshold).service_level >= target
    fewer = queue_c(patient - 1, load, aht, threshold).service_level
    assert fewer < target


@pytest.mark.parametrize("load", [1e-6, 0.3, 1, 10, 57.3, 999.5, 10_000])
@pytest.mark.parametrize("share", [0.05, 0.6, 0.97, 1, 1.003, 1.1, 2])
def test_both_models_match_a_birth_death_sum_to_10_000_erlangs_without_nan(load: float, share: float) -> None:
    agents = max(1, round(load * share))
    for patience, threshold in ((1e-3, 20), (1, 0), (30, 5), (180, 20), (600, 120), (1e5, 20), (1e7, 5), (180, 3_600)):
        if max(load - agents, 0) * patience / 180 > 3e5:
            continue
        whole, short = summed(agents, load, 180, patience, threshold), summed(agents, load, 180, patience, 10)
        for rule in RULES:
            figures = queue_a(agents, load, 180, patience, threshold, rule)
            name = rule if isinstance(rule, Definition) else "excluding_short_abandons"
            assert figures.service_level == pytest.approx(whole.level(name, short.hung_up_late), abs=1e-8)
        assert figures.wait_probability == pytest.approx(whole.wait, abs=1e-8)
        assert figures.abandoned == pytest.approx(whole.abandoned, abs=1e-8)
        assert figures.occupancy == pytest.approx(whole.occupancy, abs=1e-8)
        assert figures.asa == pytest.approx(whole.asa, rel=1e-6, abs=1e-6)
    assert erlang_b(agents, load) == pytest.approx(loss(agents, load), abs=1e-10)
    if agents > load * 1.0001:
        patient, whole = queue_c(agents, load, 180, 20), summed(agents, load, 180, math.inf, 20)
        assert patient.service_level == pytest.approx(1 - whole.answered_late, abs=1e-8)
        assert patient.wait_probability == pytest.approx(whole.wait, abs=1e-8)
        assert patient.asa == pytest.approx(whole.asa, rel=1e-6, abs=1e-9)


def test_agents_are_those_of_a_search_from_one_upwards() -> None:
    for load in (0.02, 0.5, 1, 3.7, 10, 41.2):
        for patience, threshold, target in ((20, 0, 0.9), (180, 20, 0.8), (600, 20, 0.5), (3_600, 60, 0.95)):
            slow = next(
                n
                for n in range(1, 200)
                if 1 - (whole := summed(n, load, 180, patience, threshold)).abandoned - whole.answered_late >= target
            )
            assert agents_a(load, 180, patience, threshold, target) == slow


def test_zero_volume_needs_nobody() -> None:
    assert load_of(0, 0, 900) == 0
    assert agents_c(0, 0, 20, 0.8, max_occupancy=0.85) == 0
    assert agents_a([0, 10], 180, 60, 20, 0.8).tolist()[0] == 0
    for figures in (queue_c(0, 0, 180, 20), queue_a(0, 0, 180, 60, 20), queue_a(3, 0, 0, 60, 20)):
        shown = (figures.service_level, figures.asa, figures.occupancy, figures.abandoned)
        assert [float(one) for one in shown] == [1, 0, 0, 0]


def test_volume_below_1_aht_above_the_interval_t_0_targets_0_and_1_occupancy_1_work() -> None:
    assert agents_c(load_of(0.25, 240, 900), 240, 20, 0.8) == 1
    assert agents_c(load_of(4, 3_600, 900), 3_600, 20, 0.8, max_occupancy=1) == agents_c(16, 3_600, 20, 0.8) > 16
    loads_ = np.array([1e-9, 0.3, 1, 10, 1_000, 10_000])
    assert (agents_c(loads_, 180, 20, 0) == np.floor(loads_) + 1).all()
    assert (agents_a(loads_, 180, 60, 20, 0) == 1).all()
    for patience in (0, 1e-3, 180, 1e7, np.inf):
        for threshold in (0, 20, 1e9):
            for rule in RULES:
                certain = agents_a(loads_, 180, patience, threshold, 1, rule)
                assert (queue_a(certain, loads_, 180, patience, threshold, rule).service_level == 1).all()
                _clean(queue_a(certain, loads_, 180, patience, threshold, rule))
                _clean(queue_a(np.maximum(certain // 2, 1), loads_, 180, patience, threshold, rule))
    none = queue_c(12, 10, 180, 0)
    assert none.service_level == pytest.approx(1 - none.wait_probability)
    assert (agents_a(loads_, 180, 60, 20, 0, max_occupancy=1) == np.ceil(loads_)).all()


def test_callers_who_hang_up_make_room_far_below_the_load() -> None:
    agents = int(agents_a(1_000, 180, 30, 20, 0.5))
    assert agents < 600
    assert queue_a(agents, 1_000, 180, 30, 20).service_level >= 0.5


def test_the_four_definitions_differ_and_are_ordered() -> None:
    offered, answered, either = (queue_a(9, 10, 180, 60, 20, one).service_level for one in list(Definition)[:3])
    short = queue_a(9, 10, 180, 60, 20, excluding_short_abandons(20)).service_level
    assert offered < short < answered
    assert offered < either
    assert queue_a(9, 10, 180, 60, 20, excluding_short_abandons(0)).service_level == pytest.approx(offered)


def test_everything_broadcasts_and_keeps_its_shape() -> None:
    figures = queue_a(np.arange(1, 5)[:, None], [1.0, 2.0, 3.0], 180, 60, 20)
    assert figures.service_level.shape == (4, 3)
    assert agents_c([[1, 2], [3, 4]], 180, 20, 0.8).shape == (2, 2)
    assert agents_c([], 180, 20, 0.8).shape == (0,)
    assert isinstance(float(erlang_c(3, 2)), float)


def test_several_chats_at_once_are_never_a_plain_division() -> None:
    assert effective_aht(600, 2.5) == 240 > 600 / 3
    slots = agents_c(20, 600, 20, 0.8, slots=3)
    assert slots * 3 >= agents_c(20, 600, 20, 0.8) > (slots - 1) * 3
    assert agents_a(20, 600, 120, 20, 0.8, slots=3, max_occupancy=0.85) >= 20 / 0.85 / 3


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("load", lambda: erlang_b(3, -1)),
        ("load", lambda: erlang_c(3, math.nan)),
        ("agents", lambda: queue_c(2.5, 1, 180, 20)),
        ("agents", lambda: queue_c(-1, 1, 180, 20)),
        ("aht", lambda: queue_c(3, 1, 0, 20)),
        ("threshold", lambda: queue_a(3, 1, 180, 60, -1)),
        ("patience", lambda: agents_a(1, 180, -3, 20, 0.8)),
        ("target", lambda: agents_c(1, 180, 20, 80)),
        ("max_occupancy", lambda: agents_c(1, 180, 20, 0.8, max_occupancy=0)),
        ("definition", lambda: queue_a(3, 1, 180, 60, 20, "answered")),
        ("definition", lambda: queue_a(3, 1, 180, 60, 20, "excluding_short_abandons")),
        ("slots", lambda: agents_c(1, 180, 20, 0.8, slots=0)),
        ("load", lambda: queue_c(3, "many", 180, 20)),
    ],
)
def test_senseless_input_is_refused_by_name(field: str, call: object) -> None:
    with pytest.raises(Invalid) as refused:
        call()  # type: ignore[operator]
    assert refused.value.field == field


def test_lists_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Invalid):
        queue_c([1, 2], [1, 2, 3], 180, 20)
