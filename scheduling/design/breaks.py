"""Breaks go where cover is over the requirement, and where nothing is over, where they hurt least."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.design.problem import DesignedShift, DesignProblem, Kind, Number, coverage_of


@dataclass(frozen=True, slots=True)
class BreakRule:
    """Shifts of at least `from_length` slots get one break of `length` slots, never within `edge` slots of either end."""

    length: int = 1
    from_length: int = 12
    edge: int = 4


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """So many heads of a day's shift pause from a slot, counted from the first of all."""

    day: int
    kind: Kind
    slot: int
    length: int
    heads: int


def place_breaks(
    problem: DesignProblem, shifts: Sequence[DesignedShift], *, rule: BreakRule | None = None
) -> tuple[Break, ...]:
    """This function will give every head of a long shift its break, one head after another, each at the cheapest place.

    The cheapest place is the one that adds least to under cost less saved over cost; the middle of the shift wins ties. The
    longest shifts choose last, for they have most places to choose from.
    """
    rule = rule or BreakRule()
    spare = [have - need for have, need in zip(coverage_of(problem, shifts), problem.required, strict=True)]
    counted: dict[tuple[int, Kind, int], int] = {}
    for one in sorted(shifts, key=lambda one: (one.kind.length, one.kind)):
        for day, heads in enumerate(one.heads):
            covered = list(problem.slots_of(day, one.kind) or ())
            places = _places(covered, rule)
            for _head in range(heads if places else 0):
                taken = min(places, key=lambda place: (_cost(problem, spare, place), _off_middle(place, covered)))
                for slot in taken:
                    spare[slot] -= 1
                counted[(day, one.kind, taken[0])] = counted.get((day, one.kind, taken[0]), 0) + 1
    return tuple(sorted(Break(day, kind, slot, rule.length, heads) for (day, kind, slot), heads in counted.items()))


def _places(covered: Sequence[int], rule: BreakRule) -> list[Sequence[int]]:
    if len(covered) < rule.from_length:
        return []
    last = len(covered) - rule.edge - rule.length
    return [covered[at : at + rule.length] for at in range(rule.edge, last + 1)]


def _cost(problem: DesignProblem, spare: Sequence[int], place: Sequence[int]) -> Number:
    return sum(-problem.over_costs[slot] if spare[slot] > 0 else problem.under_costs[slot] for slot in place)


def _off_middle(place: Sequence[int], covered: Sequence[int]) -> int:
    return abs(2 * covered.index(place[0]) + len(place) - len(covered))
