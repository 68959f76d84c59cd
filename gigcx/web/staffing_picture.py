"""The picture of the start page: one day of demand, staffed for its peak, for its average, and on demand.

Everything is worked out from the demand; nothing in the picture or beside it is typed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HALF_HOUR: Final = Decimal("0.5")
OPENS_AT: Final = 8  # hour of the first half hour

# Seats needed per half hour from 08:00 to 22:00: the chat of a shop on Black Friday, and the same shop on a quiet day.
DAYS: Final[dict[str, tuple[int, ...]]] = {
    "peak": (10, 12, 15, 18, 21, 23, 25, 26, 27, 28, 27, 27, 28, 28, 29, 30, 31, 32, 34, 36, 38, 39, 40, 40, 38, 35, 31, 27),
    "flat": (17, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 19, 19, 19, 19, 20, 20, 20, 20, 20, 20, 20, 20, 20, 19, 19, 18, 18),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """Hours of the three ways to staff one day."""

    demand: tuple[int, ...]

    @property
    def peak(self) -> int:
        """Seats at the busiest half hour."""
        return max(self.demand)

    @property
    def average(self) -> int:
        """Seats at the mean, to the nearest whole seat."""
        return round(sum(self.demand) / len(self.demand))

    @property
    def booked(self) -> tuple[int, ...]:
        """Seats on demand per half hour: whole hours are booked, each for its busier half."""
        hours = [max(pair) for pair in zip(self.demand[::2], self.demand[1::2], strict=True)]
        return tuple(seats for seats in hours for _half in range(2))

    @property
    def fixed_hours(self) -> Decimal:
        """Paid hours when every seat of the peak is staffed all day."""
        return self.peak * len(self.demand) * HALF_HOUR

    @property
    def booked_hours(self) -> Decimal:
        """Paid hours on demand."""
        return sum(self.booked) * HALF_HOUR

    @property
    def idle_hours(self) -> Decimal:
        """Hours paid and not needed under fixed staffing for the peak."""
        return self.fixed_hours - sum(self.demand) * HALF_HOUR

    @property
    def idle_share(self) -> Decimal:
        """Idle hours as a share of the fixed hours."""
        return self.idle_hours / self.fixed_hours

    @property
    def missed_hours(self) -> Decimal:
        """Hours of demand above the average."""
        return sum(max(0, seats - self.average) for seats in self.demand) * HALF_HOUR


@dataclass(frozen=True, slots=True)
class Sum:
    """What the day costs both ways, in the currency of the two prices."""

    fixed: Decimal
    on_demand: Decimal

    @property
    def saved(self) -> Decimal:
        """Positive when on demand is cheaper."""
        return self.fixed - self.on_demand


def cost_of(day: Day, *, fixed_price: Decimal, on_demand_price: Decimal) -> Sum:
    """This function will price the day both ways; prices are per hour."""
    return Sum(day.fixed_hours * fixed_price, day.booked_hours * on_demand_price)


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes for an SVG of `width` by `height` with room for a line of text at top and bottom. Numbers are strings."""

    width: int
    height: int
    idle: str
    booked: str
    booked_line: str
    demand: str
    missed: str
    peak_y: str
    average_y: str
    ticks: tuple[tuple[str, str], ...]


_TOP: Final = 28
_FOOT: Final = 26


def draw(day: Day, *, width: int, height: int, tick_hours: int) -> Picture:
    """This function will draw the day to scale, x being time and y seats, zero at the foot."""
    scale = _Scale(day, width, height)
    line = scale.steps(day.booked)
    return Picture(
        width=width,
        height=height,
        idle=f"M0 {_TOP}H{width}L{' '.join(reversed(line))}Z",
        booked=f"M{' '.join(line)}L{width} {scale.foot:g}L0 {scale.foot:g}Z",
        booked_line=f"M{' '.join(line)}",
        demand=scale.curve(day.demand),
        missed=scale.missed(day),
        peak_y=f"{_TOP}",
        average_y=f"{scale.y(day.average):.1f}",
        ticks=tuple(
            (f"{scale.x(2 * hour):.1f}", f"{OPENS_AT + hour:02d}:00")
            for hour in range(0, len(day.demand) // 2, tick_hours)
        ),
    )


class _Scale:
    def __init__(self, day: Day, width: int, height: int) -> None:
        self.foot = float(height - _FOOT)
        self._x = width / len(day.demand)
        self._y = (self.foot - _TOP) / max(1, day.peak)

    def x(self, half_hours: float) -> float:
        return half_hours * self._x

    def y(self, seats: float) -> float:
        return self.foot - seats * self._y

    def steps(self, seats: Sequence[int]) -> list[str]:
        return [f"{self.x(n + side):.1f} {self.y(need):.1f}" for n, need in enumerate(seats) for side in (0, 1)]

    def curve(self, seats: Sequence[int]) -> str:
        """Smooth through the middle of each half hour: Catmull-Rom as cubic Béziers, one sixth of the neighbours' slope."""
        middle = [(self.x(n + 0.5), self.y(need)) for n, need in enumerate(seats)]
        points = [_beyond(middle[1], middle[0]), *middle, _beyond(middle[-2], middle[-1])]
        path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
        for n in range(len(points) - 1):
            before, here, there, after = (
                points[max(0, n - 1)],
                points[n],
                points[n + 1],
                points[min(len(points) - 1, n + 2)],
            )
            low, high = min(here[1], there[1]), max(here[1], there[1])  # the line never overshoots what was needed
            first = min(high, max(low, here[1] + (there[1] - before[1]) / 6))
            second = min(high, max(low, there[1] - (after[1] - here[1]) / 6))
            third = (there[0] - here[0]) / 3
            path += (
                f"C{here[0] + third:.1f} {first:.1f} {there[0] - third:.1f} {second:.1f} {there[0]:.1f} {there[1]:.1f}"
            )
        return path

    def missed(self, day: Day) -> str:
        level = self.y(day.average)
        return "".join(
            f"M{self.x(n):.1f} {self.y(need):.1f}H{self.x(n + 1):.1f}V{level:.1f}H{self.x(n):.1f}Z"
            for n, need in enumerate(day.demand)
            if need > day.average
        )


def _beyond(inner: tuple[float, float], edge: tuple[float, float]) -> tuple[float, float]:
    """Half a step on from `edge`, in the direction of the last step."""
    return edge[0] + (edge[0] - inner[0]) / 2, edge[1] + (edge[1] - inner[1]) / 2
