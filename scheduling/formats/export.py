"""Tables that leave as CSV. A spreadsheet must never take a cell for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

_RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_NUMBER: Final = re.compile(r"^[+-]?\d+([.,]\d+)?$")


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """This function will write a table as CSV with a byte order mark, so that spreadsheets read its letters right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_cell(one) for one in headings])
    writer.writerows([safe_cell(one) for one in row] for row in rows)
    return "\ufeff" + out.getvalue()


def safe_cell(value: object) -> str:
    """This function will write a value so that no spreadsheet runs it (OWASP, CSV injection): a quote goes before."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RUNS) and not _PLAIN_NUMBER.match(text) else text
