"""Files that people bring, as a table of text: CSV in whatever dialect, or the first sheet of a workbook.

Nothing is guessed about what the cells mean; see `columns`. Limits hold before anything is unpacked.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 200
UNZIP_CAP: Final = 50
_ZIP: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_NUMBER: Final = re.compile(r"^[+-]?[\d.,' \u00a0\u202f]*\d[\d.,' \u00a0\u202f]*%?$")
_MOMENT: Final = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|^\d{1,2}[:.h]\d{2}")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file as text, each with its number in the file; `headings` are those of its first row, or letters."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    kind: str
    dialect: dict[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """A file that cannot be a table of demand; `code` says why, `figures` fill the sentence in."""

    def __init__(self, code: str, **figures: object) -> None:
        self.code, self.figures = code, figures
        super().__init__(code)


def read_table(content: bytes) -> Table:
    """This function will read CSV or XLSX, told apart by the first bytes.

    Raises:
        Unreadable: too large, packed too tightly, protected, no table, or too many rows.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", most="10 MiB")
    if not content.strip():
        raise Unreadable("empty")
    if content.startswith(_OLD_WORKBOOK):
        raise Unreadable("old_or_protected")
    return _from_workbook(content) if content.startswith(_ZIP) else _from_text(content)


def column_letter(index: int) -> str:
    """This function will name a column as a spreadsheet does: 0 is A, 26 is AA."""
    name, left = "", index + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _from_text(content: bytes) -> Table:
    text, encoding = _decoded(content)
    if "\x00" in text:
        raise Unreadable("no_table")
    delimiter = _delimiter(text)
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            _take(rows, number, cells)
    except csv.Error as broken:
        raise Unreadable("broken_quotes", row=len(rows) + 1) from broken
    return _table(rows, "csv", {"delimiter": delimiter, "encoding": encoding})


def _decoded(content: bytes) -> tuple[str, str]:
    """The text, by its byte order mark, as UTF-8, or else as Windows writes western languages."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(content, "utf-16"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "windows-1252"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as broken:
        raise Unreadable("no_table") from broken


def _delimiter(text: str) -> str:
    """What stands equally often, and at least once, in most of the first lines."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()][:-1] or text.splitlines()[:1]
    return max("\t;,|", key=lambda mark: _regularity([line.count(mark) for line in lines]))


def _regularity(counts: Sequence[int]) -> tuple[int, int]:
    usual = max(set(counts), key=lambda one: (counts.count(one) if one else 0, one), default=0)
    return (counts.count(usual), usual) if usual else (0, 0)


def _take(rows: list[tuple[int, tuple[str, ...]]], number: int, cells: Iterable[str]) -> None:
    row = tuple(cell.replace("\x00", "").strip()[:MAX_CELL] for cell in cells)[:MAX_COLUMNS]
    if any(row):
        rows.append((number, row))
    if len(rows) > MAX_ROWS + 1:
        raise Unreadable("too_many_rows", most=f"{MAX_ROWS:,}")


def _table(rows: list[tuple[int, tuple[str, ...]]], kind: str, dialect: dict[str, str]) -> Table:
    first = next((index for index, (_number, cells) in enumerate(rows) if sum(map(bool, cells)) >= 2), None)
    if first is None:
        raise Unreadable("no_table")
    width = max(len(cells) for _number, cells in rows)
    head = rows[first][1]
    is_named = not any(_NUMBER.match(cell) or _MOMENT.search(cell) for cell in head)
    named = [*head, *[""] * (width - len(head))] if is_named else [""] * width
    headings = tuple(name or column_letter(index) for index, name in enumerate(named))
    body = rows[first + is_named :]
    if not body:
        raise Unreadable("no_rows")
    if len(body) > MAX_ROWS:
        raise Unreadable("too_many_rows", most=f"{MAX_ROWS:,}")
    filled = tuple((number, (*cells, *[""] * (width - len(cells)))) for number, cells in body)
    return Table(headings, filled, kind, dialect)


def _from_workbook(content: bytes) -> Table:
    _refuse_bombs(content)
    from openpyxl import load_workbook  # slow to import, and only files need it

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as broken:  # the reader raises whatever its parsers raise on a damaged file
        raise Unreadable("damaged_workbook") from broken
    try:
        return _first_sheet(book)
    finally:
        book.close()


def _first_sheet(book: Any) -> Table:
    for sheet in book.worksheets:
        rows: list[tuple[int, tuple[str, ...]]] = []
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        try:
            for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
                _take(rows, number, (_cell_text(cell) for cell in cells))
                if number > 2 * MAX_ROWS:
                    raise Unreadable("too_many_rows", most=f"{MAX_ROWS:,}")
        except Unreadable:
            raise
        except Exception as broken:  # as above
            raise Unreadable("damaged_workbook") from broken
        if rows:
            return _table(_squared(rows), "xlsx", {"sheet": sheet.title[:60]})
    raise Unreadable("empty")


def _squared(rows: list[tuple[int, tuple[str, ...]]]) -> list[tuple[int, tuple[str, ...]]]:
    """Without the empty columns that formatted sheets drag along on the right."""
    width = max(max(index for index, cell in enumerate(cells) if cell) for _number, cells in rows) + 1
    return [(number, cells[:width]) for number, cells in rows]


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, ValueError, OSError) as broken:
        raise Unreadable("damaged_workbook") from broken
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("old_or_protected")
    if sum(part.file_size for part in parts) > UNZIP_CAP * len(content):
        raise Unreadable("packed_too_tightly", most=UNZIP_CAP)
    if "xl/workbook.xml" not in names:
        raise Unreadable("no_workbook")


def _cell_text(cell: Any) -> str:
    """A cell as its reader sees it: dates in ISO, times by their format, formulas as such."""
    value, shown = cell.value, (cell.number_format or "").lower()
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return str(value) if str(value).startswith("=") else f"={value}"
    if isinstance(value, date):  # a moment too
        return _day_text(value, shown)
    return _clock_text(value, shown) if isinstance(value, time | timedelta) else _number_text(value)


def _day_text(value: date, shown: str) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if "h" not in shown and value.time() == time(0):
        return value.date().isoformat()
    return _whole_second(value).isoformat(sep=" ", timespec="minutes")


def _whole_second(value: datetime) -> datetime:
    """Spreadsheets count days in floating point: 09:30 may arrive as 09:29:59.999."""
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)


def _clock_text(value: time | timedelta, shown: str) -> str:
    seconds = (
        value.hour * 3600 + value.minute * 60 + value.second + (value.microsecond >= 500_000)
        if isinstance(value, time)
        else round(value.total_seconds())
    )
    hours, minutes = divmod(seconds // 60, 60)
    if "s" in shown and "h" not in shown:  # mm:ss
        return f"{seconds // 60}:{seconds % 60:02}"
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if "s" in shown else f"{hours:02}:{minutes:02}"


def _number_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(round(value, 9))
