"""Rows of a table as demand: each gets a start and figures, or a fault that names row, column and why.

Times are wall times of the zone given, unless a cell carries an offset of its own. Where clocks go back, a doubled time
must stand twice, in order; a time that clocks jump over can only hold nothing.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import from_wall, is_doubled, is_missing, is_on_grid
from scheduling.formats.columns import REQUIRED, ColumnMap, day_from
from scheduling.formats.quarters import LONGEST_SECONDS, MOST_CONTACTS
from scheduling.formats.tables import Table, column_letter

STEPS: Final = (15, 30, 60)
MOST_PEOPLE: Final = 10_000
_STAMP: Final = re.compile(
    r"^(?:[^\W\d]+\.?,?\s+)?(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})(?:[T,\s]+(.*))?$", re.IGNORECASE | re.UNICODE
)
_CLOCK: Final = re.compile(
    r"^(\d{1,2})(?:[:.h](\d{2})(?::(\d{2})(?:\.0+)?)?)?\s*([ap]\.?m\.?)?\s*(?:uhr)?\s*(Z|\+\d{2}:?\d{2}|(?<=:\d\d:\d\d)-\d{2}:?\d{2})?"
    r"(?:\s*[–—-]\s*\d{1,2}[:.h]\d{2}.*)?$",
    re.IGNORECASE,
)
_SHORT_OFFSET: Final = re.compile(r"^(\d{2}:\d{2})(-\d{2}:?\d{2})$")
_SECONDS: Final = re.compile(r"^(\d{1,3}):(\d{2})(?::(\d{2}))?$")
_TOLD_EVERY: Final = 2_500
_BLANK: Final = re.compile(r"[\s'\u00a0\u202f\u2009]")
_ZERO: Final = Decimal(0)
_NOTHING: Final = frozenset({"", "-", "–", "—"})
_WHOLE: Final = frozenset({"agents", "heads", "offered", "answered", "abandoned"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: its row and column in the file, and a code whose sentence others write."""

    row: int
    column: str
    heading: str
    value: str
    code: str
    figures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One good row: UTC start, and figures by role. Whole roles hold whole numbers."""

    row: int
    starts_at: datetime
    local: datetime
    figures: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's good rows in order of time, its faults in order of rows, and the minutes from one time to the next."""

    rows: tuple[ReadRow, ...]
    faults: tuple[Fault, ...]
    minutes: int


@dataclass(slots=True)
class _Wall:
    row: int
    wall: datetime
    starts_at: datetime | None
    figures: dict[str, Decimal]
    text: str


def read_rows(
    table: Table, mapped: ColumnMap, *, kind: str, zone: ZoneInfo, on_row: Callable[[int], None] | None = None
) -> Reading:
    """This function will read every row; what cannot be read is a fault, and nothing is left out silently.

    `on_row` hears how many rows were read, now and then.
    """
    return _Reader(table, mapped, kind, zone, on_row or _unheard).read()


def _unheard(_rows: int) -> None:
    """Nobody waits for news."""


@dataclass(slots=True)
class _Reader:
    """Reads one table; faults gather on the way."""

    table: Table
    mapped: ColumnMap
    kind: str
    zone: ZoneInfo
    on_row: Callable[[int], None]
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> Reading:
        walls: list[_Wall] = []
        for at, (number, cells) in enumerate(self.table.rows):
            walls += self._wall(number, cells)
            if at % _TOLD_EVERY == 0:
                self.on_row(at)
        minutes = self._step(walls)
        rows = sorted(self._placed(walls), key=lambda one: one.starts_at)
        self._refuse_repeats(rows)
        self.faults.sort(key=lambda one: (one.row, len(one.column), one.column))
        return Reading(tuple(rows), tuple(self.faults), minutes)

    @property
    def _clock_column(self) -> int:
        return self.mapped.columns.get("time", self.mapped.columns["start"])

    def _note(self, number: int, index: int, value: str, code: str, **figures: object) -> None:
        shown = {name: str(one) for name, one in figures.items()}
        heading = self.table.headings[index]
        self.faults.append(Fault(number, column_letter(index), heading, value[:40], code, shown))

    def _wall(self, number: int, cells: Sequence[str]) -> Iterator[_Wall]:
        before = len(self.faults)
        moment = self._moment(number, cells)
        figures = self._figures(number, cells)
        if moment is not None and len(self.faults) == before:
            wall, offset = moment
            exact = (wall - offset).replace(tzinfo=UTC) if offset is not None else None
            yield _Wall(number, wall, exact, figures, cells[self.mapped.columns["start"]])

    def _moment(self, number: int, cells: Sequence[str]) -> tuple[datetime, timedelta | None] | None:
        """Wall time, and the offset where the cell has one."""
        index = self.mapped.columns["start"]
        text = cells[index]
        on, rest = _day(text, self.mapped.date_order)
        if on is None:
            code = "formula" if text.startswith("=") else "no_moment" if text else "empty_start"
            self._note(number, index, text, code)
            return None
        where = self._clock_column
        clock_text = rest if where == index else cells[where]
        clock, offset = _clock(clock_text)
        if clock is None:
            self._note(number, where, clock_text or text, "no_time")
            return None
        if isinstance(clock, str):
            return datetime.combine(on + timedelta(days=1), time(0)), offset
        return datetime.combine(on, clock), offset

    def _figures(self, number: int, cells: Sequence[str]) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        before = len(self.faults)
        for role, index in self.mapped.columns.items():
            if role in {"start", "time"}:
                continue
            value, code = read_figure(cells[index], self.mapped.decimal, role)
            if code == "empty" and role not in REQUIRED[self.kind]:
                continue
            if code:
                self._note(number, index, cells[index], code)
            else:
                found[role] = value
        if len(self.faults) == before:
            self._need_handling_time(number, found)
            self._need_sum(number, found)
        return found

    def _need_handling_time(self, number: int, found: dict[str, Decimal]) -> None:
        """Contacts are handled in some time: the row's own, or the one given for the whole file."""
        if not found.get("volume"):
            return
        if not found.get("aht") and self.mapped.aht_seconds:
            found["aht"] = Decimal(self.mapped.aht_seconds)
        if not found.get("aht"):
            self._note(number, self.mapped.columns.get("aht", self.mapped.columns["volume"]), "", "no_aht")

    def _need_sum(self, number: int, found: dict[str, Decimal]) -> None:
        parts = found.get("answered", Decimal(0)) + found.get("abandoned", Decimal(0))
        if "offered" in found and parts > found["offered"]:
            self._note(number, self.mapped.columns["offered"], str(found["offered"]), "adds_up_to_more")

    def _step(self, walls: Sequence[_Wall]) -> int:
        """The smallest distance between two times decides what a row covers: a quarter, a half or a whole hour."""
        order = sorted({wall.wall for wall in walls})
        gaps = Counter(
            int((after - before).total_seconds() // 60)
            for before, after in itertools.pairwise(order)
            if after - before <= timedelta(hours=1)
        )
        allowed = [gap for gap in gaps if gap in STEPS]
        if gaps and not allowed:
            self._note(walls[0].row, self.mapped.columns["start"], walls[0].text, "odd_step", minutes=min(gaps))
        return min(allowed, default=30)

    def _placed(self, walls: Sequence[_Wall]) -> Iterator[ReadRow]:
        counts = Counter(wall.wall for wall in walls if wall.starts_at is None)
        seen: Counter[datetime] = Counter()
        for wall in walls:
            starts_at = wall.starts_at
            if starts_at is None:
                seen[wall.wall] += 1
                code = _wall_fault(wall, counts[wall.wall], self.zone)
                if code:
                    if code != "skip":
                        self._note(wall.row, self._clock_column, wall.text, code, clock=f"{wall.wall:%H:%M}")
                    continue
                starts_at = _start(wall.wall, self.zone, is_second=seen[wall.wall] == 2)
            if is_on_grid(starts_at):
                yield ReadRow(wall.row, starts_at, starts_at.astimezone(self.zone), wall.figures)
            else:
                self._note(wall.row, self._clock_column, wall.text, "off_grid")

    def _refuse_repeats(self, rows: Sequence[ReadRow]) -> None:
        first: dict[datetime, int] = {}
        for one in rows:
            other = first.setdefault(one.starts_at, one.row)
            if other != one.row:
                text = f"{one.local:%Y-%m-%d %H:%M}"
                self._note(one.row, self._clock_column, text, "repeated", other=other)


@lru_cache(maxsize=4_096)
def _day(text: str, order: str) -> tuple[date | None, str]:
    found = _STAMP.match(text)
    if not found:
        return None, ""
    on = day_from(found.group(1), found.group(2), found.group(3), order)
    rest = (found.group(4) or "").strip()
    if "T" in text:  # after an ISO "T" -05:00 is an offset; elsewhere 09:00-09:30 is from and to
        rest = _SHORT_OFFSET.sub(r"\1:00\2", rest)
    return (on if on and 2000 <= on.year <= 2100 else None), rest


@lru_cache(maxsize=4_096)
def _clock(text: str) -> tuple[time | str | None, timedelta | None]:
    """A time of day; "24" stands for the midnight that ends the day."""
    found = _CLOCK.match(text.strip())
    if not found or not (found.group(2) or found.group(4)):
        return None, None
    hour, minute, second = int(found.group(1)), int(found.group(2) or 0), int(found.group(3) or 0)
    half = (found.group(4) or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        return None, None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    if (hour, minute, second) == (24, 0, 0):
        return "24", _offset(found.group(5))
    return (time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None), _offset(found.group(5))


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text in "Zz":
        return timedelta(0)
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))


def read_typed(text: str, role: str) -> tuple[Decimal, str]:
    """This function will read one typed figure, or return zero and the code of what is wrong with it.

    A comma in front of three digits parts thousands, any other is decimal.
    """
    is_decimal = "," in text and not re.search(r",\d{3}(?!\d)", text)
    return read_figure(text.strip(), "," if is_decimal else ".", role)


@lru_cache(maxsize=8_192)
def read_figure(text: str, decimal: str, role: str) -> tuple[Decimal, str]:
    """This function will read a cell's figure; where it cannot, the value is zero and the code says what is wrong."""
    if text in _NOTHING:
        return _ZERO, "empty"
    if text.startswith("="):
        return _ZERO, "formula"
    return _seconds(text, decimal) if role == "aht" else _number(text, decimal, role)


def _number(text: str, decimal: str, role: str) -> tuple[Decimal, str]:
    try:
        value = Decimal(_plain(text, decimal))
    except InvalidOperation:
        return _ZERO, "no_number"
    code = _number_fault(value, role)
    return (_ZERO, code) if code else (value, "")


def _number_fault(value: Decimal, role: str) -> str:
    if value < 0:
        return "below_zero"
    if role in _WHOLE and value != value.to_integral_value():
        return "no_whole_number"
    is_people = role in {"agents", "heads"}
    if value > (MOST_PEOPLE if is_people else MOST_CONTACTS):
        return "too_many_agents" if is_people else "too_many_contacts"
    return ""


def _plain(text: str, decimal: str) -> str:
    """Digits with a point: thousands fall away only where they stand right."""
    bare = _BLANK.sub("", text)
    thousands = "." if decimal == "," else ","
    if thousands in bare:
        whole, _mark, rest = bare.partition(decimal)
        if not re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", whole) or thousands in rest:
            return "?"
        bare = bare.replace(thousands, "")
    bare = bare.replace(decimal, ".")
    return bare if re.fullmatch(r"[+-]?\d{1,12}(\.\d{0,12})?", bare) else "?"


def _seconds(text: str, decimal: str) -> tuple[Decimal, str]:
    """Seconds, or mm:ss, or h:mm:ss."""
    found = _SECONDS.match(text)
    if found:
        parts = [int(one) for one in found.groups() if one is not None]
        if any(one > 59 for one in parts[1:]):
            return _ZERO, "no_handling_time"
        value = Decimal(sum(one * 60**place for place, one in enumerate(reversed(parts))))
    else:
        bare = re.sub(r"\s*(s|sec|secs|seconds|sek|sek\.)$", "", text.strip(), flags=re.IGNORECASE)
        value, code = _number(bare, decimal, "seconds")
        if code:
            return _ZERO, "no_handling_time"
    return (value, "") if value <= LONGEST_SECONDS else (_ZERO, "no_handling_time")


def _wall_fault(wall: _Wall, count: int, zone: ZoneInfo) -> str:
    has_any = any(value for role, value in wall.figures.items() if role != "aht")
    if is_missing(wall.wall, zone):
        return "missing_clock" if has_any else "skip"
    if is_doubled(wall.wall, zone) and count < 2 and has_any:
        return "doubled_clock"
    return ""


def _start(wall: datetime, zone: ZoneInfo, *, is_second: bool) -> datetime:
    if is_second and is_doubled(wall, zone):
        return wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return from_wall(wall.date(), wall.time(), zone)
