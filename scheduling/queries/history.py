"""Past weeks laid over a coming one, weekday by weekday and quarter by quarter."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gigcx.kernel.intervals import day_grid, zone_of
from recruiting.models import Program
from scheduling.models import ActualPoint
from scheduling.queries.weeks import days_of_week, week_period

BASELINE_WEEKS: Final = 6


@dataclass(frozen=True, slots=True)
class History:
    """One row a past week, oldest first, one column a quarter of the coming week; nan where nothing is known."""

    starts: tuple[datetime, ...]
    weeks: tuple[date, ...]
    volumes: NDArray[np.float64]
    handling_times: NDArray[np.float64]


def history_before(program: Program, channel: str, week: date, *, at: datetime, language: str = "") -> History:
    """This function will read what came in the last six weeks with actuals before a week, up to now: one query."""
    zone = zone_of(program.timezone)
    first = week_period(week - timedelta(weeks=2 * BASELINE_WEEKS), zone).starts_at
    rows = ActualPoint.objects.for_brand(program.brand_id).filter(
        program=program,
        channel=channel,
        language=language,
        starts_at__gte=first,
        starts_at__lt=min(at, week_period(week, zone).starts_at),
    )
    came = {
        start: (offered, float(aht)) for start, offered, aht in rows.values_list("starts_at", "offered", "aht_seconds")
    }
    columns = [(start, _slot(start, zone)) for on in days_of_week(week) for start in day_grid(on, zone)]
    known: dict[date, dict[tuple[int, time], tuple[int, float]]] = {}
    for start, figures in came.items():
        local = start.astimezone(zone)
        known.setdefault(local.date() - timedelta(days=local.weekday()), {}).setdefault(_slot(start, zone), figures)
    weeks = sorted(known)[-BASELINE_WEEKS:]
    nothing = (np.nan, np.nan)
    table = np.array([[known[one].get(slot, nothing) for _start, slot in columns] for one in weeks], dtype=np.float64)
    table = table.reshape(len(weeks), len(columns), 2)
    times = np.where(table[..., 1] > 0, table[..., 1], np.nan)
    return History(tuple(start for start, _slot_of in columns), tuple(weeks), table[..., 0], times)


def _slot(start: datetime, zone: ZoneInfo) -> tuple[int, time]:
    local = start.astimezone(zone)
    return local.weekday(), local.time()
