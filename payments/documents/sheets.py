"""Sheets as CSV (RFC 4180, UTF-8). A text that a spreadsheet would run is made text."""

import csv
from io import StringIO
from typing import Final

from payments.documents.papers import Cell, Sheet

# A spreadsheet runs what begins like this; an apostrophe makes it text.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: Cell) -> str:
    """This function will return the cell as written: texts that begin like a formula get an apostrophe, figures stay."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return f"{cell:f}" if not isinstance(cell, int) else str(cell)


def csv_bytes(sheet: Sheet) -> bytes:
    """This function will return the sheet's bytes: the stamp in a line of its own, headings, rows."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    if sheet.stamp:
        writer.writerow([sheet.stamp])
    writer.writerow(sheet.headings)
    writer.writerows([guarded(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode()
