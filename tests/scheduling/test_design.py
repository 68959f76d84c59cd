"""The shift designer: stated figures are true, the bound holds, the same question gets the same answer."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gigcx.kernel.errors import Invalid
from scheduling.design.flow import cover
from scheduling.design.problem import DesignProblem, Family, Weights, judged
from scheduling.design.search import allowed_kinds, design_shifts

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


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=8, max_size=8))
def test_stated_figures_are_the_recomputed_ones_and_never_below_the_bound(required: list[int]) -> None:
    asked = problem(required)
    design = design_shifts(asked, seconds=1)
    again = judged(asked, design.shifts, bound=design.bound)
    assert (again.objective, again.under_minutes, again.over_minutes) == (
        design.objective,
        design.under_minutes,
        design.over_minutes,
    )
    assert design.bound <= design.objective


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_the_flow_finds_the_least_minutes_that_trying_everything_finds(required: list[int]) -> None:
    arcs = [(0, 2), (1, 3), (2, 4), (3, 5), (0, 3)]
    best = min(
        sum(
            abs(need - sum(n for n, (a, b) in zip(counts, arcs, strict=True) if a <= slot < b))
            for slot, need in enumerate(required)
        )
        for counts in product(range(3), repeat=len(arcs))
    )
    assert cover(required, arcs, under=1, over=1).cost == best


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
    assert design_shifts(asked, seed=3) == design_shifts(asked, seed=3)


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


@pytest.mark.parametrize("required", [[], [-1], [10_001], [1] * 800])
def test_a_senseless_requirement_is_refused(required: list[int]) -> None:
    with pytest.raises(Invalid):
        DesignProblem(30, (0,), tuple(required), (SHORT,))


def test_tries_end_the_search_the_same_way_on_every_machine() -> None:
    asked = problem([1, 3, 2, 5, 4, 2, 6, 1] * 3, days=3)
    least = design_shifts(asked, seconds=math.inf, tries=0, seed=3)
    some = design_shifts(asked, seconds=math.inf, tries=30, seed=3)
    assert some == design_shifts(asked, seconds=math.inf, tries=30, seed=3)
    assert some.bound <= some.objective < least.objective
