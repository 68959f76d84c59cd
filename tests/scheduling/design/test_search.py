"""The shift designer: stated figures are true, the bound holds, the same question gets the same answer."""

import math
import random
import signal
import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.shift_design_examples import example
from gigcx.kernel.errors import Invalid
from scheduling.design.arena import Arena
from scheduling.design.beside import Beside
from scheduling.design.model import Model
from scheduling.design.problem import DesignProblem, Family, Weights, allowed_kinds
from scheduling.design.search import design_shifts

SHORT = Family(0, 7, 2, 4)


def problem(required: list[int], *, days: int = 1, **more: object) -> DesignProblem:
    starts = tuple(range(0, len(required), len(required) // days))
    return DesignProblem(30, starts, tuple(required), (SHORT,), **more)  # type: ignore[arg-type]


def test_flat_demand_is_one_shift_and_proven() -> None:
    design = design_shifts(problem([3, 3, 3, 3, 0, 0, 0, 0]))
    assert [(one.kind.start, one.kind.length, one.heads) for one in design.shifts] == [(0, 4, (3,))]
    assert (design.under_minutes, design.over_minutes, design.objective, design.is_proven) == (0, 0, 30, True)


def test_nothing_required_needs_nobody() -> None:
    design = design_shifts(problem([0] * 8))
    assert (design.shifts, design.objective) == ((), 0)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=8, max_size=8), st.booleans())
def test_a_designs_stated_objective_equals_its_recomputed_one_never_below_its_bound(
    required: list[int], is_cyclic: bool
) -> None:
    asked = problem(required, is_cyclic=is_cyclic)
    design = design_shifts(asked, seconds=math.inf, iterations=2)
    covered = [0] * 8
    for one in design.shifts:
        for slot in range(one.kind.start, one.kind.start + one.kind.length):
            covered[slot % 8 if is_cyclic else slot] += one.heads[0]
    under = sum(max(0, need - have) for have, need in zip(covered, required, strict=True)) * 30
    over = sum(max(0, have - need) for have, need in zip(covered, required, strict=True)) * 30
    assert (design.under_minutes, design.over_minutes, design.distinct) == (under, over, len(design.shifts))
    assert design.objective == under + over + 30 * len(design.shifts) >= design.bound


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
    st.sampled_from([(1, 1), (3, 1), (1, 2)]),
    st.booleans(),
    st.integers(0, 60),
)
def test_the_bound_never_exceeds_what_trying_everything_finds(
    required: list[int], weights: tuple[int, int], is_cyclic: bool, distinct: int
) -> None:
    asked = DesignProblem(
        30, (0,), tuple(required), (Family(0, 4, 2, 3),), Weights(*weights, distinct), is_cyclic=is_cyclic
    )
    kinds = [kind for kind in allowed_kinds(asked) if asked.slots_of(0, kind) is not None]
    best = math.inf
    for chosen in product((False, True), repeat=len(kinds)):
        used = [kind for kind, is_in in zip(kinds, chosen, strict=True) if is_in]
        if len(used) * distinct >= best or len(used) > 3:
            continue
        for heads in product(range(1, 4), repeat=len(used)):
            covered = [0] * 5
            for kind, count in zip(used, heads, strict=True):
                for slot in asked.slots_of(0, kind) or ():
                    covered[slot] += count
            cost = sum(
                (need - have) * weights[0] if need > have else (have - need) * weights[1]
                for have, need in zip(covered, required, strict=True)
            )
            best = min(best, cost * 30 + len(used) * distinct)
    design = design_shifts(asked, seconds=math.inf, iterations=6)
    assert design.bound <= best
    assert design.objective <= best or design.distinct > 3


def test_two_days_share_one_distinct_shift() -> None:
    design = design_shifts(problem([2, 2, 2, 2, 0, 0, 0, 0] * 2, days=2))
    assert (design.distinct, design.shifts[0].heads) == (1, (2, 2))


def test_weights_decide_whether_short_or_over_is_worse() -> None:
    spike = [2, 2, 2, 5, 2, 2, 2, 2]
    stingy = design_shifts(problem(spike, weights=Weights(under=1, over=10)))
    generous = design_shifts(problem(spike, weights=Weights(under=10, over=1)))
    assert stingy.over_minutes == 0 < stingy.under_minutes
    assert generous.under_minutes == 0 < generous.over_minutes


def test_the_same_problem_and_seed_give_the_same_design() -> None:
    asked = problem([1, 3, 5, 4, 2, 6, 1, 1])
    first = design_shifts(asked, seconds=math.inf, iterations=3, seed=3)
    assert first == design_shifts(asked, seconds=math.inf, iterations=3, seed=3)


def test_json_goes_in_and_out() -> None:
    asked = DesignProblem.from_json(
        {
            "slot_minutes": 30,
            "days": 1,
            "required": [1, 1, 1, 1],
            "families": [{"start_min": 0, "start_max": 3, "length_min": 2, "length_max": 4}],
            "weights": {"under": 1, "over": 1, "distinct": 30},
        }
    )
    assert design_shifts(asked).to_json()["shifts"] == [{"start": 0, "length": 4, "heads": [1]}]
    assert len(allowed_kinds(asked)) == 12


@pytest.mark.parametrize("required", [[], [-1], [10_001], [1] * 10_001])
def test_a_senseless_requirement_is_refused(required: list[int]) -> None:
    with pytest.raises(Invalid):
        DesignProblem(30, (0,), tuple(required), (SHORT,))


def test_a_week_built_from_hidden_shifts_is_designed_at_least_as_well() -> None:
    for seed in (2, 5, 8):
        given = example(seed, slot_minutes=60)
        design = design_shifts(DesignProblem.from_json(given), seconds=math.inf, iterations=10)
        assert design.bound <= design.objective <= given["best_known"]
        assert (design.under_minutes, design.over_minutes) == (0, 0)


def test_a_proof_in_the_pool_is_no_proof() -> None:
    given = example(3, is_legal=False, slot_minutes=30)
    design = design_shifts(DesignProblem.from_json(given), seconds=math.inf, iterations=0)
    longer = design_shifts(DesignProblem.from_json(given), seconds=math.inf, iterations=6)
    assert design.bound <= longer.objective <= design.objective
    assert design.is_proven is (design.objective == design.bound)


@pytest.mark.parametrize("turn", range(3))
def test_without_a_design_every_look_has_kinds_to_choose_from(turn: int) -> None:
    model = Model.of(problem([1, 3, 5, 4, 2, 6, 1, 1]))
    relaxed = model.relax(seconds=math.inf)
    assert relaxed is not None
    assert Arena(model, relaxed).neighbourhood([], turn, random.Random(1)).kinds


def test_two_workers_end_in_time() -> None:
    given, began = example(1, is_legal=False, slot_minutes=30), time.monotonic()
    design = design_shifts(DesignProblem.from_json(given), seconds=3, workers=2)
    assert design.bound <= design.objective
    assert time.monotonic() - began < 12


def test_the_process_beside_ends_with_its_search() -> None:
    asked = DesignProblem.from_json(example(1, is_legal=False, slot_minutes=15))
    with Beside(asked, seconds=600) as beside:
        assert beside.answers() == []
        child = beside.child
        assert child.poll() is None
    assert child.returncode == -signal.SIGKILL


def test_the_process_beside_finds_and_proves_what_can_be() -> None:
    asked = problem([3, 3, 3, 3, 0, 0, 0, 0])
    with Beside(asked, seconds=30) as beside:
        beside.wait(60)
        answers = beside.answers()
    relaxed, full = answers[0], answers[-1]
    assert (relaxed.bound, round(full.cost), round(full.bound), full.is_finished) == (30, 30, 30, True)
    assert [one for one in answers if one.bound == -math.inf and not one.is_finished]


def test_the_process_beside_hears_of_better_designs() -> None:
    asked = DesignProblem.from_json(example(1, is_legal=False, slot_minutes=60))
    known = design_shifts(asked, seconds=math.inf, iterations=3)
    with Beside(asked, seconds=1) as beside:
        beside.tell(known)
        beside.wait(60)
        assert min(one.cost for one in beside.answers()) <= known.objective


def test_a_search_told_to_stop_ends_inside_a_programme() -> None:
    asked, began = DesignProblem.from_json(example(13, slot_minutes=15, hidden=(3, 8))), time.monotonic()
    design = design_shifts(asked, seconds=600, should_stop=lambda: time.monotonic() - began > 1)
    assert design.bound <= design.objective
    assert time.monotonic() - began < 30


def test_what_asking_whether_to_stop_raises_comes_out() -> None:
    def lost() -> bool:
        if time.monotonic() - began > 1:
            raise ConnectionError
        return False

    asked, began = DesignProblem.from_json(example(13, slot_minutes=15, hidden=(3, 8))), time.monotonic()
    with pytest.raises(ConnectionError):
        design_shifts(asked, seconds=600, should_stop=lost)


def test_heads_come_out_whole_where_only_buying_is_asked_for_so() -> None:
    ring = DesignProblem(60, (0,), (1, 1, 1), (Family(0, 2, 2, 2),), Weights(10, 1, 0), is_cyclic=True)
    model = Model.of(ring)
    found = model.pick(range(len(model.columns.kinds)), seconds=math.inf)
    design = model.design_of(found.heads if found.heads is not None else np.zeros(0, np.int64))
    assert (design.objective, found.is_finished) == (60, False)
    assert found.bound == pytest.approx(0)
