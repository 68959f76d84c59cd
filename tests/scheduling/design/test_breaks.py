"""Breaks: everybody on a long shift gets one, where cover is over first."""

from scheduling.design.breaks import BreakRule, place_breaks
from scheduling.design.problem import DesignedShift, DesignProblem, Family, Kind, coverage_of

RULE = BreakRule(length=1, from_length=6, edge=2)


def test_breaks_lie_where_cover_is_over() -> None:
    problem = DesignProblem(30, (0,), (2, 2, 2, 2, 1, 2, 2, 2), (Family(0, 0, 8, 8),))
    breaks = place_breaks(problem, [DesignedShift(Kind(0, 8), (2,))], rule=RULE)
    assert {(one.slot, one.heads) for one in breaks} == {(4, 1), (3, 1)}


def test_every_head_of_a_long_shift_gets_one_away_from_both_ends_and_short_shifts_none() -> None:
    problem = DesignProblem(30, (0, 12), (1,) * 24, (Family(0, 4, 4, 8),))
    shifts = [DesignedShift(Kind(0, 8), (3, 2)), DesignedShift(Kind(4, 4), (5, 5))]
    breaks = place_breaks(problem, shifts, rule=RULE)
    assert sum(one.heads for one in breaks) == 5
    for one in breaks:
        first = problem.day_starts[one.day]
        assert first + 2 <= one.slot <= first + 5
    covered = coverage_of(problem, shifts)
    for one in breaks:
        covered[one.slot] -= one.heads
    assert min(covered) >= 0


def test_without_slack_breaks_hurt_where_missing_somebody_costs_least() -> None:
    from scheduling.design.problem import Weights

    dear = (9, 9, 9, 9, 2, 9, 9, 9)
    problem = DesignProblem(30, (0,), (1,) * 8, (Family(0, 0, 8, 8),), Weights(under=dear))
    assert [one.slot for one in place_breaks(problem, [DesignedShift(Kind(0, 8), (1,))], rule=RULE)] == [4]
