"""The core problem as a picture: demand, a line at its peak with what idles, a line at its average with what is missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from scheduling.queries.coverage import axis_ticks

_LEFT: Final = 44.0
_RIGHT: Final = 880.0
_SMALL_RIGHT: Final = 360.0  # a phone's width: nothing is cut, and words keep their size
_TOP: Final = 26.0
_BOTTOM: Final = 236.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A word under the axis at a slot."""

    slot: int
    label: str


def core_problem(
    required: Sequence[int], seats: Sequence[int], *, average: float, marks: Sequence[Mark]
) -> dict[str, Any] | None:
    """This function will draw the demand of equal slots, the fixed lines and the steps on demand; None without demand.

    `small` is the same picture for a phone.
    """
    peak = max(required, default=0)
    if not peak:
        return None
    wide, small = (
        _drawn(_Frame(len(required), max(peak, *seats), right), required, seats, level=round(average), marks=marks)
        for right in (_RIGHT, _SMALL_RIGHT)
    )
    return {**wide, "small": small}


def _drawn(
    frame: "_Frame", required: Sequence[int], seats: Sequence[int], *, level: int, marks: Sequence[Mark]
) -> dict[str, Any]:
    peak = max(required)
    return {
        "idle_area": frame.between(required, peak),
        "missed_area": frame.above(required, level),
        "seats_area": frame.area(seats),
        "seats_line": frame.stairs(seats),
        "required": frame.stairs(required),
        "peak": peak,
        "average": level,
        "peak_y": frame.y(peak),
        "peak_label_y": f"{float(frame.y(peak)) - 6:.1f}",
        "average_y": frame.y(level),
        "average_label_y": f"{float(frame.y(level)) - 6:.1f}",
        "ticks": [{"y": frame.y(n), "label_y": f"{float(frame.y(n)) + 4:.1f}", "n": n} for n in axis_ticks(frame.top)],
        "marks": [{"x": frame.x(mark.slot), "label": mark.label} for mark in marks],
        "left": f"{_LEFT:.0f}",
        "right": f"{frame.right:.0f}",
        "bottom_label_y": f"{_BOTTOM + 18:.0f}",
    }


@dataclass(frozen=True, slots=True)
class _Frame:
    """The box of the picture: slots across, heads up."""

    slots: int
    top: int
    right: float

    def x(self, slot: int) -> str:
        """Where a slot begins."""
        return f"{_LEFT + slot * (self.right - _LEFT) / self.slots:.1f}"

    def y(self, heads: float) -> str:
        """How high so many heads are."""
        return f"{_BOTTOM - heads * (_BOTTOM - _TOP) / self.top:.1f}"

    def stairs(self, values: Sequence[int]) -> str:
        """A stepped line; equal neighbours share one stroke."""
        path = f"M{self.x(0)} {self.y(values[0])}"
        for slot in range(1, self.slots):
            if values[slot] != values[slot - 1]:
                path += f"H{self.x(slot)}V{self.y(values[slot])}"
        return f"{path}H{self.x(self.slots)}"

    def area(self, values: Sequence[int]) -> str:
        """The same down to the axis."""
        return f"{self.stairs(values)}V{self.y(0)}H{self.x(0)}Z"

    def between(self, values: Sequence[int], level: int) -> str:
        """From the values up to the level, where somebody is needed: nobody pays a team through a closed night."""
        return self._blocks([(value, level) if 0 < value < level else None for value in values])

    def above(self, values: Sequence[int], level: int) -> str:
        """From the level up to the values, where they are higher."""
        return self._blocks([(level, value) if value > level else None for value in values])

    def _blocks(self, spans: Sequence[tuple[int, int] | None]) -> str:
        path, first = "", 0
        for slot in range(1, self.slots + 1):
            if slot < self.slots and spans[slot] == spans[first]:
                continue
            span = spans[first]
            if span is not None:
                path += f"M{self.x(first)} {self.y(span[0])}V{self.y(span[1])}H{self.x(slot)}V{self.y(span[0])}Z"
            first = slot
        return path


def by_hour(values: Sequence[int], *, slot_minutes: int) -> list[int]:
    """This function will return the most of each hour, so that a week's picture stays small."""
    each = max(1, 60 // slot_minutes)
    return [max(values[first : first + each]) for first in range(0, len(values), each)]
