"""A week as a spreadsheet: times of day down, days across, one figure a cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import GRID_MINUTES, day_grid
from scheduling.formats.quarters import joined_aht
from scheduling.queries.grid import columns_of
from scheduling.queries.weeks import days_of_week

V = TypeVar("V")
_QUARTER: Final = timedelta(minutes=GRID_MINUTES)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell, half-open and UTC; `name` is that of its field, `label` names it in a refusal."""

    name: str
    starts_at: datetime
    ends_at: datetime
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One time of day; a cell is None where the clocks jump over it, or do not come back to it."""

    label: str
    is_second: bool
    cells: tuple[SheetCell | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a week at a zoom."""

    days: tuple[date, ...]
    rows: tuple[SheetRow, ...]
    minutes: int

    @property
    def cells(self) -> list[SheetCell]:
        """All cells that exist."""
        return [cell for row in self.rows for cell in row.cells if cell]


def sheet_of(
    values: Mapping[datetime, V],
    *,
    zone: ZoneInfo,
    week: date,
    minutes: int,
    span: tuple[int, int],
    show: Callable[[Sequence[V]], str],
) -> Sheet:
    """This function will lay values by quarter out for a local week; `show` writes the values of one cell."""
    days = days_of_week(week)
    by_day = [{_key(start, zone): start for start in day_grid(on, zone)} for on in days]
    rows = []
    for column in columns_of(span, week, minutes, zone):
        again = " (2)" if column.is_second else ""
        starts = [found.get((column.clock, column.is_second)) for found in by_day]
        cells = [
            _cell(start, minutes, values, show, f"{on:%a %-d %b} {column.clock:%H:%M}{again}")
            for on, start in zip(days, starts, strict=True)
        ]
        rows.append(SheetRow(f"{column.clock:%H:%M}", column.is_second, tuple(cells)))
    return Sheet(tuple(days), tuple(rows), minutes)


def volume_text(parts: Sequence[tuple[Decimal, Decimal]]) -> str:
    """This function will write the contacts of a cell's quarters, nothing where there are none."""
    total = sum((volume for volume, _aht in parts), Decimal(0))
    return f"{total.normalize():f}" if total else ""


def aht_text(parts: Sequence[tuple[Decimal, Decimal]]) -> str:
    """This function will write a cell's handling time as minutes and seconds, nothing where there is none."""
    return clock_text(joined_aht(parts))


def heads_text(parts: Sequence[int]) -> str:
    """This function will write the people of a cell's quarters: the most of them, nothing where there are none."""
    return str(max(parts)) if any(parts) else ""


def clock_text(seconds: Decimal | int) -> str:
    """This function will write seconds as 4:30, nothing for zero."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}" if whole else ""


def _key(start: datetime, zone: ZoneInfo) -> tuple[object, bool]:
    local = start.astimezone(zone)
    return local.time(), bool(local.fold)


def _cell(
    start: datetime | None, minutes: int, values: Mapping[datetime, V], show: Callable[[Sequence[V]], str], label: str
) -> SheetCell | None:
    if start is None:
        return None
    steps = [start + _QUARTER * step for step in range(minutes // GRID_MINUTES)]
    found = [values[step] for step in steps if step in values]
    return SheetCell(
        f"c{int(start.timestamp())}", start, start + timedelta(minutes=minutes), show(found) if found else "", label
    )
