"""On-demand seats along a curve: the staircase that follows it when nobody is called for less than the shortest shift."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Steps:
    """Seats slot after slot, never below what is required."""

    seats: tuple[int, ...]

    def hours(self, slot_minutes: int) -> float:
        """Seat hours altogether."""
        return sum(self.seats) * slot_minutes / 60


def on_demand_steps(required: Sequence[int], *, slot_minutes: int, shortest_minutes: int = 120) -> Steps:
    """This function will cover every slot, calling each seat only when it is needed and for the shortest shift at least.

    Seats past their shortest time stay only while needed, so no cover with shifts that long has fewer seat hours in which
    nobody is called early.
    """
    shortest = max(1, -(-shortest_minutes // slot_minutes))
    called: list[int] = []
    seats = []
    for slot, need in enumerate(required):
        bound = [one for one in called if slot - one < shortest]
        free = [one for one in called if slot - one >= shortest]
        called = bound + free[: max(0, need - len(bound))]
        called += [slot] * max(0, need - len(called))
        seats.append(len(called))
    return Steps(tuple(seats))
