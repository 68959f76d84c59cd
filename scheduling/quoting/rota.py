"""The cheapest fixed rota: 8-hour shifts, five a week for each person, every needed slot covered. Pure.

Starts may differ from day to day and the rest between them is not asked for, so a rota that a real team can live with
costs at least as much: the opponent is given every advantage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

SHIFT_HOURS: Final = 8
PER_WEEK: Final = 5
DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Rota:
    """How many people, how many of their shifts start in each slot of the week, and whether no fewer can do."""

    heads: int
    starts: tuple[int, ...]
    is_proven: bool

    @property
    def shifts(self) -> int:
        """Shifts in the week."""
        return sum(self.starts)


def hourly(required: Sequence[int], *, slot_minutes: int) -> list[int]:
    """This function will return the most that each hour needs; an incomplete last hour counts as one."""
    each = 60 // slot_minutes
    return [max(required[first : first + each]) for first in range(0, len(required), each)]


def cheapest_rota(required: Sequence[int], *, slot_minutes: int, seconds: float = 5.0) -> Rota:
    """This function will find the fewest people by mixed-integer programming; call it in workers only.

    Shifts start on whole hours and may run over midnight and over the week's end into its beginning. With x(t) shifts
    starting in hour t and h people: least h with sum of x(t-7..t) >= required(t), h >= every day's starts, 5h >= all starts.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    need = hourly(required, slot_minutes=slot_minutes)
    if not any(need):
        return Rota(0, (0,) * len(need), is_proven=True)
    matrix, low = _conditions(need)
    size = len(need)
    cost = np.append(np.zeros(size), 1.0)
    top = float(max(need))
    solved = milp(
        cost,
        integrality=np.ones(size + 1),
        bounds=Bounds(np.zeros(size + 1), np.append(np.full(size, top), np.inf)),
        constraints=LinearConstraint(matrix, low, np.inf),
        options={"time_limit": seconds},
    )
    if solved.x is None:
        return least_shifts_rota(required, slot_minutes=slot_minutes)
    whole = np.rint(solved.x).astype(int)
    return Rota(int(whole[-1]), tuple(int(one) for one in whole[:-1]), is_proven=solved.status == 0)


def _conditions(need: Sequence[int]) -> tuple[object, npt.NDArray[np.float64]]:
    from scipy.sparse import csr_matrix

    size = len(need)
    rows, columns, values = [], [], []
    for hour in range(size):
        for back in range(SHIFT_HOURS):
            rows.append(hour)
            columns.append((hour - back) % size)
            values.append(1.0)
    for hour in range(size):
        rows += [size + hour * DAYS // size, size + DAYS]
        columns += [hour, hour]
        values += [-1.0, -1.0]
    for row in range(DAYS + 1):
        rows.append(size + row)
        columns.append(size)
        values.append(1.0 if row < DAYS else float(PER_WEEK))
    matrix = csr_matrix((values, (rows, columns)), shape=(size + DAYS + 1, size + 1))
    return matrix, np.append(np.array(need, dtype=float), np.zeros(DAYS + 1))


def least_shifts_rota(required: Sequence[int], *, slot_minutes: int) -> Rota:
    """This function will find a rota from the fewest 8-hour shifts of a week by counting alone.

    It is proven where five shifts each are what binds; where one day needs more people than that, it is an upper bound.
    """
    starts = least_shifts(hourly(required, slot_minutes=slot_minutes))
    by_day = [sum(starts[day * len(starts) // DAYS : (day + 1) * len(starts) // DAYS]) for day in range(DAYS)]
    fewest = -(-sum(starts) // PER_WEEK)
    heads = max(fewest, *by_day)
    return Rota(heads, starts, is_proven=heads == fewest)


def daily_rota(need: Sequence[int], *, open_days: int) -> Rota:
    """This function will find the rota for the same 24 hours on so many days of a week, quick enough for a page.

    A shift over midnight helps the morning of the same day, which is so on a day between two open ones: elsewhere the
    real rota costs at least as much.
    """
    starts = least_shifts(need)
    total = sum(starts)
    return Rota(max(total if open_days else 0, -(-total * open_days // PER_WEEK)), starts, is_proven=True)


def least_shifts(need: Sequence[int]) -> tuple[int, ...]:
    """This function will return how many 8-hour shifts start in each hour of a cycle so that the fewest cover the need.

    For a given total K the prefix sums of a cyclic cover obey difference constraints, and those are solvable exactly when
    no cycle is negative (Bartholdi, Orlin & Ratliff 1980, "Cyclic scheduling via integer programs with circular ones"). The
    least such K is found by bisection.
    """
    low, high = -(-sum(need) // SHIFT_HOURS), sum(need)
    found = _covered_by(need, high) or ()
    while low < high:
        middle = (low + high) // 2
        starts = _covered_by(need, middle)
        if starts is None:
            low = middle + 1
        else:
            found, high = starts, middle
    return found


def _covered_by(need: Sequence[int], total: int) -> tuple[int, ...] | None:
    """Shifts starting in each slot, `total` altogether, that cover the need; None where no such cover exists.

    y(t) is the number of starts before slot t, y(0) = 0, y(n) = total: y(t+1) - y(t-7) >= need(t), going round.
    """
    size = len(need)
    after = np.arange(1, size + 1)
    before = after - SHIFT_HOURS
    wraps = before < 0
    floor = np.array(need) - np.where(wraps, total, 0)
    source = np.where(wraps, before + size, before)
    y = np.zeros(size + 1, dtype=np.int64)
    for _pass in range(size + 2):
        last = y.copy()
        np.maximum.at(y, after, y[source] + floor)
        y = np.maximum.accumulate(y)
        if y[size] > total or y[0] > 0:
            return None
        if (y == last).all():
            y[size] = total
            return _settled(y, source, after, floor)
    return None


def _settled(
    y: npt.NDArray[np.int64], source: npt.NDArray[np.int64], after: npt.NDArray[np.int64], floor: npt.NDArray[np.int64]
) -> tuple[int, ...] | None:
    """The last prefix sum is the total; raising it to that may push those that lean on it, which must still hold."""
    for _pass in range(len(y) + 2):
        last = y.copy()
        np.maximum.at(y, after, y[source] + floor)
        y = np.maximum.accumulate(y)
        if y[-1] != last[-1]:
            return None
        if (y == last).all():
            return tuple(int(one) for one in np.diff(y))
    return None
