"""What the designer is asked and what it answers. Times are slots; a slot is `slot_minutes` long."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from gigcx.kernel.errors import Invalid

MAX_SLOTS: Final = 8 * 96
MAX_REQUIRED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Family:
    """Allowed shifts: starts counted from the day's first slot, lengths in slots, both ends inclusive."""

    start_min: int
    start_max: int
    length_min: int
    length_max: int
    start_step: int = 1
    length_step: int = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """What a minute under, a minute over and one more distinct shift cost. None for distinct: one slot under."""

    under: int = 1
    over: int = 1
    distinct: int | None = None


@dataclass(frozen=True, slots=True)
class DesignProblem:
    """The requirement, slot after slot, over consecutive local days.

    `day_starts` are the slots at which the days begin; days may differ in length (clock changes). A shift may run past
    midnight, and never past the last slot.
    """

    slot_minutes: int
    day_starts: tuple[int, ...]
    required: tuple[int, ...]
    families: tuple[Family, ...]
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        if not 0 < len(self.required) <= MAX_SLOTS:
            raise Invalid("A design covers between one slot and eight days.", field="required")
        if min(self.required) < 0 or max(self.required) > MAX_REQUIRED:
            raise Invalid("Required agents lie between 0 and 10,000.", field="required")
        if not self.families or any(one.length_min < 1 or one.length_min > one.length_max for one in self.families):
            raise Invalid("Shifts need a length of at least one slot.", field="families")

    @property
    def distinct_cost(self) -> int:
        """The cost of one more distinct shift, in the unit of a minute under."""
        cost = self.weights.distinct
        return self.slot_minutes * self.weights.under if cost is None else cost

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Self:
        """This function will read a problem whose days are all of the same length."""
        days, slots = int(given["days"]), len(given["required"])
        return cls(
            slot_minutes=int(given["slot_minutes"]),
            day_starts=tuple(range(0, slots, slots // days)),
            required=tuple(given["required"]),
            families=tuple(Family(**family) for family in given["families"]),
            weights=Weights(**given.get("weights", {})),
        )


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
    objective: int
    bound: int

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


def coverage_of(problem: DesignProblem, shifts: Sequence[DesignedShift]) -> list[int]:
    """This function will return how many agents the shifts put into each slot."""
    covered = [0] * len(problem.required)
    for one in shifts:
        for day, heads in enumerate(one.heads):
            first = problem.day_starts[day] + one.kind.start
            for slot in range(first, first + one.kind.length) if heads else ():
                covered[slot] += heads
    return covered


def judged(problem: DesignProblem, shifts: Sequence[DesignedShift], *, bound: int) -> Design:
    """This function will recompute a design's figures from its shifts alone."""
    kept = tuple(sorted((one for one in shifts if any(one.heads)), key=lambda one: one.kind))
    pairs = list(zip(coverage_of(problem, kept), problem.required, strict=True))
    under = sum(max(0, need - have) for have, need in pairs) * problem.slot_minutes
    over = sum(max(0, have - need) for have, need in pairs) * problem.slot_minutes
    weights = problem.weights
    objective = under * weights.under + over * weights.over + len(kept) * problem.distinct_cost
    return Design(kept, under, over, len(kept), objective, min(bound, objective))
