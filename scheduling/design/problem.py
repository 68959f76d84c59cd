"""What the designer is asked and what it answers. Times are slots; a slot is `slot_minutes` long."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import gcd
from statistics import mode
from typing import Any, Final, Self

from gigcx.kernel.errors import Invalid

MAX_SLOTS: Final = 10_000
MAX_REQUIRED: Final = 10_000

Number = int | float


@dataclass(frozen=True, slots=True)
class Family:
    """Allowed shifts: starts counted from the day's first slot, lengths in slots, both ends inclusive.

    A start past the day's last slot lies in the next day; a length may run past midnight.
    """

    start_min: int
    start_max: int
    length_min: int
    length_max: int
    start_step: int = 1
    length_step: int = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """What a minute under, a minute over and one more distinct shift cost.

    `under` and `over` are one number, or one a slot. None for distinct: what one slot under costs (the dearest slot).
    """

    under: Number | tuple[Number, ...] = 1
    over: Number | tuple[Number, ...] = 1
    distinct: Number | None = None


@dataclass(frozen=True, slots=True)
class ClockChange:
    """On this day, what the wall clock calls `from_slot` or later comes `by` slots later (negative: earlier).

    Clocks put forward from 02:00 to 03:00 in slots of an hour: `from_slot` 3, `by` -1. Put back from 03:00: 3 and 1.
    """

    day: int
    from_slot: int
    by: int


@dataclass(frozen=True, slots=True)
class DesignProblem:
    """The requirement, slot after slot, over consecutive local days.

    `day_starts` are the slots at which the days begin; days may differ in length (`clock_changes`). When `is_cyclic`, what
    runs past the last slot goes on at the first one; otherwise no shift may run past the last slot. The last `tail_slots`
    belong to no day: shifts may run into them, none starts there, and what they lack is somebody else's to cover.

    Raises `Invalid` for a requirement, families or weights that make no sense.
    """

    slot_minutes: int
    day_starts: tuple[int, ...]
    required: tuple[int, ...]
    families: tuple[Family, ...]
    weights: Weights = field(default_factory=Weights)
    is_cyclic: bool = False
    clock_changes: tuple[ClockChange, ...] = ()
    tail_slots: int = 0

    def __post_init__(self) -> None:
        if self.slot_minutes < 1 or not 0 < len(self.required) <= MAX_SLOTS:
            raise Invalid("A design covers between one slot and ten thousand.", field="required")
        if not 0 <= self.tail_slots < len(self.required) or (self.tail_slots and self.is_cyclic):
            raise Invalid("A tail follows the days, and only where the days do not go round.", field="required")
        if min(self.required) < 0 or max(self.required) > MAX_REQUIRED:
            raise Invalid("Required agents lie between 0 and 10,000.", field="required")
        if not self.families or any(one.length_min < 1 or one.length_min > one.length_max for one in self.families):
            raise Invalid("Shifts need a length of at least one slot.", field="families")
        for weights in (self.under_costs, self.over_costs, (self.distinct_cost,)):
            if min(weights) < 0:
                raise Invalid("Weights are not below zero.", field="weights")
        if {len(self.under_costs), len(self.over_costs)} != {len(self.required)}:
            raise Invalid("Weights by slot need one for each slot.", field="weights")

    @property
    def own_slots(self) -> int:
        """How many slots the days have together, the tail left out."""
        return len(self.required) - self.tail_slots

    @property
    def under_costs(self) -> tuple[Number, ...]:
        """What one agent too few costs in each slot."""
        costs = _by_slot(self.weights.under, self.slot_minutes, len(self.required))
        return costs[: self.own_slots] + (0,) * self.tail_slots

    @property
    def over_costs(self) -> tuple[Number, ...]:
        """What one agent too many costs in each slot."""
        return _by_slot(self.weights.over, self.slot_minutes, len(self.required))

    @property
    def distinct_cost(self) -> Number:
        """The cost of one more distinct shift, in the unit of a minute under."""
        cost = self.weights.distinct
        return max(self.under_costs) if cost is None else cost

    @property
    def unit(self) -> int:
        """The number every objective is a multiple of; 0 where costs are not whole."""
        costs = {*self.under_costs, *self.over_costs, self.distinct_cost}
        if any(cost != int(cost) for cost in costs):
            return 0
        return gcd(*(int(cost) for cost in costs))

    def slots_of(self, day: int, kind: "Kind") -> list[int] | range | None:
        """This function will return the slots that a shift of the day covers; None where it may not be worked.

        Start and length are the wall clock's: a shift over a change night covers more or fewer slots than its length. A start
        that clocks jump over moves by the gap and keeps its length.
        """
        start = kind.start + self._jumped(day, kind.start)
        first, after, last = self._slot_at(day, start), self._slot_at(day, start + kind.length), len(self.required)
        if not 0 <= first < after or after - first > last or (after > last and not self.is_cyclic):
            return None
        if after <= last:
            return range(first, after)
        return [slot % last for slot in range(first, after)]

    def _slot_at(self, day: int, wall: int) -> int:
        """The slot that begins at a wall-clock slot, counted from midnight of the day, also past its end."""
        if not self.clock_changes:
            return self.day_starts[day] + wall
        usual = mode(day_lengths(self))
        on, rest = min(day + wall // usual, len(self.day_starts) - 1), wall % usual
        if day + wall // usual > on:
            return self.own_slots + (day + wall // usual - on - 1) * usual + rest
        moved = sum(one.by for one in self.clock_changes if one.day == on and rest >= one.from_slot)
        return self.day_starts[on] + rest + moved

    def _jumped(self, day: int, start: int) -> int:
        here = [one for one in self.clock_changes if one.day == day and one.by < 0]
        return sum(-one.by for one in here if one.from_slot + one.by <= start < one.from_slot)

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Self:
        """This function will read a problem whose days are all of the same length; what is absent has its default."""
        required = tuple(int(agents) for agents in given["required"])
        slot_minutes = int(given.get("slot_minutes", 15))
        days = int(given.get("days", 0)) or max(1, len(required) * slot_minutes // 1440)
        if len(required) % days:
            raise Invalid("The requirement does not divide into days of one length.", field="required")
        return cls(
            slot_minutes=slot_minutes,
            day_starts=tuple(range(0, len(required), len(required) // days)),
            required=required,
            families=tuple(_family(one) for one in given["families"]),
            weights=_weights(given.get("weights") or {}),
            is_cyclic=bool(given.get("cyclic", False)),
        )


def _by_slot(weight: Number | tuple[Number, ...], minutes: int, slots: int) -> tuple[Number, ...]:
    if isinstance(weight, tuple):
        return tuple(tidy(one * minutes) for one in weight)
    return (tidy(weight * minutes),) * slots


def _family(given: dict[str, Any]) -> Family:
    names = ("start_min", "start_max", "length_min", "length_max", "start_step", "length_step")
    return Family(**{name: int(given[name]) for name in names if name in given})


def _weights(given: dict[str, Any]) -> Weights:
    def read(weight: Any) -> Number | tuple[Number, ...]:
        return tuple(weight) if isinstance(weight, list) else weight

    return Weights(read(given.get("under", 1)), read(given.get("over", 1)), given.get("distinct"))


def tidy(cost: Number) -> Number:
    """This function will return a whole number as int, any other as it is."""
    return int(cost) if cost == int(cost) else cost


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """A distinct shift: a start within the day and a length, in slots."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class DesignedShift:
    """One distinct shift and how many agents take it on each day."""

    kind: Kind
    heads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """Shifts with what they leave under and over, in minutes, and how far from the best possible they can be at most.

    `bound` holds for every design of the problem; `is_proven` says that none can be better.
    """

    shifts: tuple[DesignedShift, ...]
    under_minutes: int
    over_minutes: int
    distinct: int
    objective: Number
    bound: Number

    @property
    def is_proven(self) -> bool:
        """Whether objective and bound meet."""
        return self.objective <= self.bound

    @property
    def gap(self) -> float:
        """The most by which a better design could undercut this one, as a share of the objective."""
        return 0.0 if self.objective == 0 else (self.objective - self.bound) / self.objective

    def to_json(self) -> dict[str, Any]:
        """This function will return the result as JSON values."""
        return {
            "shifts": [
                {"start": one.kind.start, "length": one.kind.length, "heads": list(one.heads)} for one in self.shifts
            ],
            "under": self.under_minutes,
            "over": self.over_minutes,
            "distinct": self.distinct,
            "objective": self.objective,
            "bound": self.bound,
        }


def allowed_kinds(problem: DesignProblem) -> list[Kind]:
    """This function will list the distinct shifts of all families, each once."""
    return sorted(
        {
            Kind(start, length)
            for family in problem.families
            for start in range(family.start_min, family.start_max + 1, family.start_step)
            for length in range(family.length_min, family.length_max + 1, family.length_step)
        }
    )


def coverage_of(problem: DesignProblem, shifts: Sequence[DesignedShift]) -> list[int]:
    """This function will return how many agents the shifts put into each slot."""
    covered = [0] * len(problem.required)
    for one in shifts:
        for day, heads in enumerate(one.heads):
            for slot in (problem.slots_of(day, one.kind) or ()) if heads else ():
                covered[slot] += heads
    return covered


def judged(problem: DesignProblem, shifts: Sequence[DesignedShift], *, bound: Number) -> Design:
    """This function will recompute a design's figures from its shifts alone."""
    kept = tuple(sorted((one for one in shifts if any(one.heads)), key=lambda one: one.kind))
    spare = [have - need for have, need in zip(coverage_of(problem, kept), problem.required, strict=True)]
    under = sum(-one for one in spare[: problem.own_slots] if one < 0) * problem.slot_minutes
    over = sum(one for one in spare if one > 0) * problem.slot_minutes
    short = sum(-one * cost for one, cost in zip(spare, problem.under_costs, strict=True) if one < 0)
    idle = sum(one * cost for one, cost in zip(spare, problem.over_costs, strict=True) if one > 0)
    objective = tidy(short + idle + len(kept) * problem.distinct_cost)
    return Design(kept, under, over, len(kept), objective, tidy(min(bound, objective)))


def day_lengths(problem: DesignProblem) -> list[int]:
    """This function will return how many slots each day has."""
    return [after - first for first, after in pairwise((*problem.day_starts, problem.own_slots))]
