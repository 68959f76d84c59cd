"""All programs of a brand in one week: what each quarter of an hour needs and has, read with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from gigcx.kernel.intervals import GRID_MINUTES, day_of, zone_of
from recruiting.models import Program
from scheduling.models import Shift
from scheduling.queries.weeks import days_of_week, week_period
from scheduling.states import COMMITTED, PLANNING

_QUARTER: Final = GRID_MINUTES * 60
_ROOM: Final = timedelta(hours=15)  # zones lie that far apart from UTC at most

Counts = NDArray[np.int64]

# One row a program and kind of demand, its quarters and agents as arrays: a tenth of the time of a row a quarter.
_DEMAND: Final = """
    SELECT r.program_id, r.state = ANY(%(planning)s) AS is_pencilled,
           array_agg((extract(epoch FROM i.starts_at) / 900)::int), array_agg(i.agents)
    FROM scheduling_requestedinterval i JOIN scheduling_capacityrequest r ON r.id = i.request_id
    WHERE r.brand_id = %(brand)s AND r.week_starts_on = %(week)s AND r.state = ANY(%(states)s)
    GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One local day of a program: arrays with an entry a quarter, 92 to 100 of them."""

    on: date
    starts_at: datetime
    required: Counts
    pencilled: Counts
    filled: Counts

    @property
    def short(self) -> int:
        """Quarters of seats that are missing."""
        return int(np.maximum(self.required - self.filled, 0).sum())

    @property
    def over(self) -> int:
        """Quarters of seats beyond what is required."""
        return int(np.maximum(self.filled - self.required, 0).sum())


@dataclass(frozen=True, slots=True)
class ProgramWeek:
    """A program's week over all its channels."""

    program: Program
    days: tuple[DayCounts, ...]

    @property
    def required(self) -> int:
        """Its sum in quarters."""
        return sum(int(one.required.sum()) for one in self.days)

    @property
    def pencilled(self) -> int:
        """Its sum in quarters."""
        return sum(int(one.pencilled.sum()) for one in self.days)

    @property
    def covered(self) -> int:
        """Required quarters that are filled."""
        return sum(int(np.minimum(one.required, one.filled).sum()) for one in self.days)

    @property
    def short(self) -> int:
        """Required quarters that are not."""
        return sum(one.short for one in self.days)

    @property
    def over(self) -> int:
        """Filled quarters that nobody asked for."""
        return sum(one.over for one in self.days)


def program_weeks(programs: Sequence[Program], *, brand_id: UUID, week_starts_on: date) -> list[ProgramWeek]:
    """This function will read one week of all programs with two queries, each in its own zone."""
    if not programs:
        return []
    demand = _demand(brand_id, week_starts_on)
    shifts = _shifts(brand_id, week_starts_on)
    nothing: Sequence[tuple[int, int, int]] = ()
    return [_week(one, week_starts_on, demand.get(one.pk, {}), shifts.get(one.pk, nothing)) for one in programs]


def _demand(brand_id: UUID, week: date) -> dict[UUID, dict[bool, tuple[Counts, Counts]]]:
    found: dict[UUID, dict[bool, tuple[Counts, Counts]]] = defaultdict(dict)
    told: dict[str, Any] = {
        "brand": brand_id,
        "week": week,
        "planning": [str(one) for one in PLANNING],
        "states": [str(one) for one in (*PLANNING, *COMMITTED)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_DEMAND, told)
        for program_id, is_pencilled, slots, agents in cursor.fetchall():
            found[UUID(str(program_id))][is_pencilled] = (np.array(slots, np.int64), np.array(agents, np.int64))
    return found


def _shifts(brand_id: UUID, week: date) -> dict[UUID, list[tuple[int, int, int]]]:
    """First slot, slot after the last, and filled seats of every standing shift near the week."""
    utc = week_period(week, ZoneInfo("UTC"))
    rows = Shift.objects.for_brand(brand_id).standing().touching(utc.starts_at - _ROOM, utc.ends_at + _ROOM)
    found: dict[UUID, list[tuple[int, int, int]]] = defaultdict(list)
    for program_id, starts_at, ends_at, filled in rows.values_list("program_id", "starts_at", "ends_at", "filled"):
        found[program_id].append((_slot(starts_at), -(-int(ends_at.timestamp()) // _QUARTER), filled))
    return found


def _slot(moment: datetime) -> int:
    return int(moment.timestamp()) // _QUARTER


def _week(
    program: Program,
    week: date,
    demand: dict[bool, tuple[Counts, Counts]],
    shifts: Iterable[tuple[int, int, int]],
) -> ProgramWeek:
    zone = zone_of(program.timezone)
    period = week_period(week, zone)
    first, length = _slot(period.starts_at), period.seconds // _QUARTER
    required, pencilled = (_placed(demand.get(one), first, length) for one in (False, True))
    filled = _covered(shifts, first, length)
    days = []
    for on in days_of_week(week):
        day = day_of(on, zone)
        part = slice(_slot(day.starts_at) - first, _slot(day.ends_at) - first)
        days.append(DayCounts(on, day.starts_at, required[part], pencilled[part], filled[part]))
    return ProgramWeek(program, tuple(days))


def _placed(pairs: tuple[Counts, Counts] | None, first: int, length: int) -> Counts:
    counts = np.zeros(length, np.int64)
    if pairs is not None:
        slots, agents = pairs
        inside = (slots >= first) & (slots < first + length)
        np.add.at(counts, slots[inside] - first, agents[inside])
    return counts


def _covered(shifts: Iterable[tuple[int, int, int]], first: int, length: int) -> Counts:
    """Steps up where shifts start and down where they end, summed."""
    steps = np.zeros(length + 1, np.int64)
    for start, end, filled in shifts:
        begin, stop = max(start - first, 0), min(end - first, length)
        if begin < stop:
            steps[begin] += filled
            steps[stop] -= filled
    return np.cumsum(steps[:-1])
