"""A sheet of demand pasted from a spreadsheet: times down and days across, days down and times across, or a list.

Cells are read strictly. Everything wrong is collected under "Row 5, column C", so that nothing is guessed and nothing is
written by halves.
"""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import from_wall, is_doubled, is_missing

T = TypeVar("T")
MAX_CHARACTERS: Final = 200_000
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK: Final = re.compile(r"^(\d{1,2})[:.h](\d{2})(?::00)?\s*(am|pm)?$", re.IGNORECASE)
_HOUR: Final = re.compile(r"^(\d{1,2})\s*(am|pm)$", re.IGNORECASE)
_ISO_DAY: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_NAMED_DAY: Final = re.compile(r"(\d{1,2})\.?\s+([a-z]{3})|([a-z]{3})[a-z]*\.?\s+(\d{1,2})\b", re.IGNORECASE)
_EMPTY: Final = frozenset({"", "-", "–", "closed"})


@dataclass(frozen=True, slots=True)
class PastedCell:
    """So many agents over `[starts_at, ends_at)`, both UTC, and where in the sheet it stood."""

    starts_at: datetime
    ends_at: datetime
    agents: int
    label: str


@dataclass(slots=True)
class PastedSheet:
    """The cells of a sheet, or what is wrong with it. `minutes` is the step between its times."""

    cells: list[PastedCell] = field(default_factory=list)
    problems: dict[str, list[str]] = field(default_factory=dict)
    minutes: int = 30


@dataclass(frozen=True, slots=True)
class _Entry:
    """One cell; its day or time is missing where the sheet's own could not be read."""

    on: date | None
    clock: time | None
    minutes: int
    text: str
    label: str


class _Unreadable(Exception):
    """A part of the sheet that cannot be read, with where and why."""

    def __init__(self, label: str, words: str) -> None:
        self.label, self.words = label, words
        super().__init__(words)


def read_sheet(text: str, *, week_starts_on: date, zone: ZoneInfo) -> PastedSheet:
    """This function will read a pasted sheet for one local week.

    Days are given as weekday names, dates ("23 Nov", "2026-11-23") or both; times as "17:30", "5:30 pm" or "9 am". An
    empty cell asks for nobody. Where clocks go back, a doubled time must stand twice, in order.
    """
    sheet = PastedSheet()
    try:
        rows = _rows(text)
    except _Unreadable as unreadable:
        _note(sheet, unreadable)
        return sheet
    read = _list_entries if _is_list(rows) else _grid_entries
    entries = read(rows, week_starts_on, sheet)
    sheet.minutes = entries[0].minutes if entries else 30
    cells = list(_cells(entries, zone, sheet))
    if not cells and not sheet.problems:
        sheet.problems["Sheet"] = ["There is no number in it."]
    sheet.problems = dict(sorted(sheet.problems.items(), key=_place))
    sheet.cells = [] if sheet.problems else cells
    return sheet


def _note(sheet: PastedSheet, unreadable: _Unreadable) -> None:
    sheet.problems.setdefault(unreadable.label, []).append(unreadable.words)


def _place(problem: tuple[str, list[str]]) -> tuple[int, int, str]:
    """Where a problem stands: the sheet itself, then row by row."""
    row, _comma, column = problem[0].partition(", column ")
    return int(row.removeprefix("Row ")) if row.startswith("Row ") else 0, len(column), column


def _or_noted(sheet: PastedSheet, read: Callable[[], T]) -> T | None:
    """What could be read, or nothing and a note of why not: one bad cell must not hide the next."""
    try:
        return read()
    except _Unreadable as unreadable:
        _note(sheet, unreadable)
        return None


def _rows(text: str) -> list[list[str]]:
    if len(text) > MAX_CHARACTERS:
        raise _Unreadable("Sheet", "It is too long. Paste one week at a time.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    first = lines[0] if lines else ""
    delimiter = max("\t;,", key=first.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)]
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        raise _Unreadable("Sheet", "Paste a table: days across and times down, or the other way round.")
    return rows


def _is_list(rows: Sequence[Sequence[str]]) -> bool:
    return any(len(row) >= 3 and _clock(row[1]) is not None and _looks_like_day(row[0]) for row in rows)


def _looks_like_day(text: str) -> bool:
    return bool(_ISO_DAY.match(text) or text[:3].lower() in _WEEKDAYS or _NAMED_DAY.search(text))


def _list_entries(rows: Sequence[Sequence[str]], monday: date, sheet: PastedSheet) -> list[_Entry]:
    """Day, start, (end,) agents; a first line of words is left out."""
    has_head = not any(_clock(cell) is not None or _looks_like_day(cell) for cell in rows[0][:2])
    body = [(number, row) for number, row in enumerate(rows, 1) if any(row)][1 if has_head else 0 :]
    entries = (_list_entry(row, f"Row {number}", monday, sheet) for number, row in body)
    return [entry for entry in entries if entry is not None]


def _list_entry(row: Sequence[str], label: str, monday: date, sheet: PastedSheet) -> _Entry | None:
    if len(row) < 3:
        _note(sheet, _Unreadable(label, "It needs a day, a time and a number of agents."))
        return None
    on = _or_noted(sheet, lambda: _day(row[0], monday, f"{label}, column A"))
    start = _or_noted(sheet, lambda: _required_clock(row[1], f"{label}, column B"))
    last = 3 if len(row) > 3 else 2
    minutes = _or_noted(sheet, lambda: _minutes_between(start, row[2], label)) if last == 3 and start else None
    return _Entry(on, start, minutes or 30, row[last], f"{label}, column {_column(last)}")


def _minutes_between(start: time, text: str, label: str) -> int:
    end = _clock(text, is_end=True)
    if end is None:
        raise _Unreadable(f"{label}, column C", f"{text[:20]!r} is not a time such as 17:30.")
    first = start.hour * 60 + start.minute
    last = end.hour * 60 + end.minute or 24 * 60
    if last <= first:
        raise _Unreadable(label, "The end must come after the start.")
    return last - first


def _grid_entries(rows: Sequence[Sequence[str]], monday: date, sheet: PastedSheet) -> list[_Entry]:
    if any(_clock(cell) is not None for cell in rows[0][1:]):
        return list(_days_down(rows, monday, sheet))
    return list(_times_down(rows, monday, sheet))


def _times_down(rows: Sequence[Sequence[str]], monday: date, sheet: PastedSheet) -> Iterator[_Entry]:
    days = {
        column: _or_noted(sheet, partial(_day, text, monday, f"Row 1, column {_column(column)}"))
        for column, text in enumerate(rows[0])
        if column and text
    }
    numbered = [(number, row) for number, row in enumerate(rows[1:], 2) if any(row)]
    clocks = [_or_noted(sheet, partial(_required_clock, row[0], f"Row {number}, column A")) for number, row in numbered]
    minutes = _or_noted(sheet, partial(_step, clocks)) or 30
    for (number, row), clock in zip(numbered, clocks, strict=True):
        for column, on in days.items():
            text = row[column] if column < len(row) else ""
            yield _Entry(on, clock, minutes, text, f"Row {number}, column {_column(column)}")


def _days_down(rows: Sequence[Sequence[str]], monday: date, sheet: PastedSheet) -> Iterator[_Entry]:
    clocks = {
        column: _or_noted(sheet, partial(_required_clock, cell, f"Row 1, column {_column(column)}"))
        for column, cell in enumerate(rows[0])
        if column and cell
    }
    minutes = _or_noted(sheet, partial(_step, list(clocks.values()))) or 30
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        on = _or_noted(sheet, partial(_day, row[0], monday, f"Row {number}, column A"))
        for column, clock in clocks.items():
            text = row[column] if column < len(row) else ""
            yield _Entry(on, clock, minutes, text, f"Row {number}, column {_column(column)}")


def _step(clocks: Sequence[time | None]) -> int:
    """The step of the time axis: the smallest distance between two of its times."""
    minutes = sorted({clock.hour * 60 + clock.minute for clock in clocks if clock is not None})
    gaps = [after - before for before, after in itertools.pairwise(minutes)]
    step = min(gaps, default=30)
    if step not in {15, 30, 60}:
        raise _Unreadable("Sheet", f"Its times are {step} minutes apart. Use 15, 30 or 60.")
    return step


def _cells(entries: Sequence[_Entry], zone: ZoneInfo, sheet: PastedSheet) -> Iterator[PastedCell]:
    filled = [entry for entry in entries if entry.text.lower() not in _EMPTY]
    walls = [None if one.on is None or one.clock is None else datetime.combine(one.on, one.clock) for one in filled]
    counts = Counter(walls)
    seen: Counter[datetime | None] = Counter()
    for entry, wall in zip(filled, walls, strict=True):
        seen[wall] += 1
        problem, agents = _number(entry.text)
        if wall is not None and not problem:
            problem = _wall_problem(wall, agents, counts[wall], zone)
        if problem:
            sheet.problems.setdefault(entry.label, []).append(problem)
        elif agents and wall is not None:
            starts_at = _start(wall, zone, is_second=seen[wall] == 2)
            yield PastedCell(starts_at, starts_at + timedelta(minutes=entry.minutes), agents, entry.label)


def _number(text: str) -> tuple[str, int]:
    """What is wrong with a cell's number, and the number."""
    if not re.fullmatch(r"\d{1,20}(\.0+)?", text.replace(",", "")):
        return f"{text[:20]!r} is not a whole number.", 0
    agents = int(text.replace(",", "").split(".")[0])
    return ("More than 10,000 agents. Type a number from 0 to 10,000.", 0) if agents > 10_000 else ("", agents)


def _wall_problem(wall: datetime, agents: int, count: int, zone: ZoneInfo) -> str:
    if agents and is_missing(wall, zone):
        return f"{wall:%H:%M} does not exist on {wall:%a %-d %b}: the clocks go forward. Leave it empty."
    if agents and is_doubled(wall, zone) and count != 2:
        return f"{wall:%H:%M} happens twice on {wall:%a %-d %b}: the clocks go back. Give it twice, in order."
    if count > 1 and not is_doubled(wall, zone):
        return f"{wall:%a %-d %b} {wall:%H:%M} stands in the sheet more than once."
    return ""


def _start(wall: datetime, zone: ZoneInfo, *, is_second: bool) -> datetime:
    if not is_second:
        return from_wall(wall.date(), wall.time(), zone)
    second = wall.replace(tzinfo=zone, fold=1)
    return (
        from_wall(wall.date(), wall.time(), zone)
        + (second.replace(fold=0).utcoffset() or timedelta())
        - (second.utcoffset() or timedelta())
    )


def _required_clock(text: str, label: str) -> time:
    clock = _clock(text)
    if clock is None:
        raise _Unreadable(label, f"{text[:20]!r} is not a time such as 17:30.")
    return clock


def _clock(text: str, *, is_end: bool = False) -> time | None:
    """A time of day; "09:00 – 09:30" counts by its start, and 24:00 is midnight where an end is meant."""
    text = re.split(r"\s*[–-]\s*", text.strip())[0]
    found = _CLOCK.match(text)
    bare = _HOUR.match(text)
    if not found and not bare:
        return None
    hour = int((found or bare).group(1))  # type: ignore[union-attr]  # one of the two matched
    minute = int(found.group(2)) if found else 0
    half = ((found.group(3) if found else bare.group(2)) or "").lower()  # type: ignore[union-attr]  # same
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if is_end and (hour, minute) == (24, 0):
        return time(0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(text: str, monday: date, label: str) -> date:
    days = [monday + timedelta(days=step) for step in range(7)]
    on = _iso_day(text) or _named_day(text, days) or _weekday(text, days)
    if on is None:
        raise _Unreadable(label, f"{text[:20]!r} is not a day such as Fri 27 Nov.")
    if on not in days:
        raise _Unreadable(label, f"{on:%a %-d %b %Y} is not in the week of {monday:%-d %b %Y}.")
    return on


def _iso_day(text: str) -> date | None:
    found = _ISO_DAY.match(text)
    if not found:
        return None
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    except ValueError:
        return None


def _named_day(text: str, days: Sequence[date]) -> date | None:
    found = _NAMED_DAY.search(text)
    if not found:
        return None
    number = int(found.group(1) or found.group(4))
    month = (found.group(2) or found.group(3)).lower()
    if month not in _MONTHS:
        return None
    inside = next((on for on in days if on.day == number and _MONTHS[on.month - 1] == month), None)
    try:
        return inside or date(days[0].year, _MONTHS.index(month) + 1, number)
    except ValueError:
        return None


def _weekday(text: str, days: Sequence[date]) -> date | None:
    name = text[:3].lower()
    return days[_WEEKDAYS.index(name)] if name in _WEEKDAYS else None


def _column(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else f"{chr(ord('A') + index // 26 - 1)}{chr(ord('A') + index % 26)}"
