"""What the columns of a table mean, and how its dates and numbers are written: a guess that people can correct."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from scheduling.formats.tables import Table, column_letter

# Per kind of file: the columns it may have, the required ones first.
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "forecast": ("start", "volume", "time", "aht"),
    "agents": ("start", "agents", "time"),
    "actuals": ("start", "offered", "time", "answered", "abandoned", "aht"),
    "in_house": ("start", "heads", "time"),
}
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "forecast": ("start", "volume"),
    "agents": ("start", "agents"),
    "actuals": ("start", "offered"),
    "in_house": ("start", "heads"),
}
ORDERS: Final = ("ymd", "dmy", "mdy")
_HEADCOUNT: Final = (
    "agents",
    "agenten",
    "agentes",
    "staff",
    "heads",
    "headcount",
    "fte",
    "required",
    "personal",
    "mitarbeiter",
    "people",
    "seats",
    "requirement",
)
_CONTACTS: Final = (
    "volume",
    "calls",
    "contacts",
    "forecast",
    "anrufe",
    "kontakte",
    "volumen",
    "chats",
    "llamadas",
    "appels",
    "offered",
    "tickets",
    "emails",
    "interactions",
    "angebotene",
    "cases",
)
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "start": (
        "start",
        "interval",
        "datetime",
        "date time",
        "date",
        "day",
        "datum",
        "fecha",
        "timestamp",
        "from",
        "begin",
        "beginn",
        "tag",
        "jour",
    ),
    "time": ("time", "clock", "uhrzeit", "zeit", "hora", "heure", "start time", "from", "interval"),
    "volume": _CONTACTS,
    "offered": ("offered", "angeboten", "incoming", "received", "came", *_CONTACTS),
    "answered": ("answered", "handled", "angenommen", "beantwortet", "accepted", "atendidas"),
    "abandoned": ("abandoned", "abandons", "lost", "aufgelegt", "abandonadas", "aband"),
    "aht": (
        "aht",
        "handle time",
        "handling",
        "handle",
        "bearbeitungszeit",
        "duration",
        "tmo",
        "dmt",
        "avg",
        "average",
        "seconds",
    ),
    "agents": _HEADCOUNT,
    "heads": _HEADCOUNT,
}
_TRIPLE: Final = re.compile(r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})")
_CLOCK_ALONE: Final = re.compile(
    r"^\d{1,2}([:.h]\d{2}(:\d{2})?)?\s*(am|pm)?(\s*[–-]\s*\d{1,2}[:.h]\d{2}.*)?$", re.IGNORECASE
)
_DECIMAL: Final = re.compile(r"^\D*[\d' \u00a0\u202f.,]*?([.,])(\d+)\D*$")
_SAMPLE: Final = 2_000


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column holds what (by index), and how it is written. `aht_seconds` is for files without handling times."""

    columns: dict[str, int]
    date_order: str
    decimal: str
    aht_seconds: int = 0

    def as_json(self) -> dict[str, object]:
        """This function will return what is stored with a batch."""
        return {
            "columns": self.columns,
            "date_order": self.date_order,
            "decimal": self.decimal,
            "aht_seconds": self.aht_seconds,
        }


def guess(table: Table, kind: str) -> ColumnMap:
    """This function will guess columns by their headings and cells, the order of dates, and the decimal mark."""
    columns = _guess_columns(table, kind)
    figures = [index for role, index in columns.items() if role not in {"start", "time", "aht"}]
    return ColumnMap(
        columns,
        date_order(_sample(table, columns.get("start"))),
        decimal_mark([cell for index in figures for cell in _sample(table, index)], table.dialect.get("delimiter", "")),
    )


def missing_roles(columns: Mapping[str, int], kind: str) -> list[str]:
    """This function will return the required columns that nobody has named yet."""
    return [role for role in REQUIRED[kind] if role not in columns]


def date_order(cells: Sequence[str]) -> str:
    """This function will tell ymd, dmy or mdy; where both of the last could be, the one whose dates lie closer together."""
    triples = [found.groups() for cell in cells for found in [_TRIPLE.search(cell)] if found]
    if not triples or any(len(first) == 4 for first, _second, _third in triples):
        return "ymd"
    if any(int(first) > 12 for first, _second, _third in triples):
        return "dmy"
    if any(int(second) > 12 for _first, second, _third in triples):
        return "mdy"
    return min(("dmy", "mdy"), key=lambda order: _spread(triples, order))


def day_from(first: str, second: str, third: str, order: str) -> date | None:
    """This function will read three numbers as a date, None where there is no such day."""
    if len(first) == 4:
        order = "ymd"
    numbers = dict(zip(order, (first, second, third), strict=True))
    year = int(numbers["y"])
    try:
        return date(year + 2000 if year < 100 else year, int(numbers["m"]), int(numbers["d"]))
    except ValueError:
        return None


def decimal_mark(cells: Sequence[str], delimiter: str) -> str:
    """This function will tell "." or ",": the last mark in front of anything but three digits decides.

    Where nothing decides, files with semicolons come from where commas are decimal.
    """
    votes: Counter[str] = Counter()
    for cell in cells:
        found = _DECIMAL.match(cell)
        if found and (len(found.group(2)) != 3 or len({".", ","} & set(cell)) == 2):
            votes[found.group(1)] += 1
    if votes:
        return votes.most_common(1)[0][0]
    return "," if delimiter == ";" else "."


def _spread(triples: Sequence[tuple[str, ...]], order: str) -> int:
    days = [day_from(first, second, third, order) for first, second, third in triples]
    known = [on.toordinal() for on in days if on]
    return max(known) - min(known) if len(known) == len(days) else 10**9


def _sample(table: Table, index: int | None) -> list[str]:
    if index is None:
        return []
    step = max(1, len(table.rows) // _SAMPLE)
    return [cells[index] for _number, cells in table.rows[::step]]


def _guess_columns(table: Table, kind: str) -> dict[str, int]:
    shapes = [_shape(_sample(table, index)[:50]) for index in range(len(table.headings))]
    found: dict[str, int] = {}
    for role in ROLES[kind]:
        wanted = {"start": {"moment", "day"}, "time": {"clock"}, "aht": {"number", "clock"}}.get(role, {"number"})
        free = [index for index in range(len(shapes)) if index not in found.values() and shapes[index] in wanted]
        best = max(free, key=lambda index: (_score(table.headings[index], role), -index), default=None)
        is_sure = best is not None and (
            role in REQUIRED[kind]
            or _score(table.headings[best], role) > 0
            or table.headings[best] == column_letter(best)
        )
        needs_time = role != "time" or shapes[found.get("start", 0)] == "day"
        if best is not None and needs_time and (is_sure or role == "time"):
            found[role] = best
    return found


def _score(heading: str, role: str) -> int:
    plain = re.sub(r"[^a-zäöüéèñ ]+", " ", heading.lower()).strip()
    words = _WORDS[role]
    best = next((len(words) - place for place, word in enumerate(words) if plain == word), 0)
    if best:
        return 100 + best
    return max((len(words) - place for place, word in enumerate(words) if word in plain), default=0)


def _shape(cells: Sequence[str]) -> str:
    """What most of a column's cells look like; a formula may hold anything, and is refused later."""
    kinds = Counter(cell_shape(cell) for cell in cells if cell and not cell.startswith("="))
    return kinds.most_common(1)[0][0] if kinds else "empty"


def cell_shape(cell: str) -> str:
    """This function will tell what a cell looks like: moment, day, number, clock or words."""
    found = _TRIPLE.search(cell)
    if found:
        return (
            "moment"
            if re.search(r"\d[:h]\d", cell[found.end() :]) or re.search(r"\d\s*[ap]m", cell, re.IGNORECASE)
            else "day"
        )
    if re.fullmatch(r"[+-]?[\d.,' \u00a0\u202f]*\d\s*(%|s|sec|sek|seconds)?", cell):
        return "number"
    return "clock" if _CLOCK_ALONE.match(cell) else "words"
