"""What a paper and a sheet are made of, before anybody decides how they look."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

Cell = str | int | Decimal


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it is: "Reference", "tr_1"."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody the paper is from or to, line by line."""

    role: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table: headings, rows of as many cells, and which columns hold figures (counted from zero).

    The first cell of a row may have more lines; those after the first are printed small.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A line of the sum at the end."""

    name: str
    figure: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `stamp` stands on every page; empty where money is real."""

    title: str
    number: str
    stamp: str = ""
    lead: str = ""
    parties: tuple[Party, ...] = ()
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    sums: tuple[Sum, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> str:
        """This function will return the paper as the typesetter reads it."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows for a spreadsheet. Text cells are `str`, figures `Decimal` or `int`."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    stamp: str = ""


def canonical(content: dict[str, Any]) -> bytes:
    """This function will return the one byte form of a paper's content: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: bytes) -> str:
    """This function will return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
