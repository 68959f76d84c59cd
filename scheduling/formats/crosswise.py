"""Sheets with a column a day and a row a time of day, turned into a row for each time."""

from typing import Final

from scheduling.formats.columns import cell_shape
from scheduling.formats.tables import MAX_ROWS, Table, Unreadable, column_letter

LAYOUT: Final = "days_across"
_WIDTH: Final = 100  # a line of the unfolded table is called row x 100 + column of the file


def unfolded(table: Table) -> Table:
    """This function will turn a sheet of days across into rows of day, time and number; any other table stays as it is.

    Blank cells are times nobody named and make no row. Lines are numbered so that `origin` finds the cell they came from.

    Raises:
        Unreadable: too many cells.
    """
    head, body = _parts(table)
    days = [index for index, cell in enumerate(head) if index and cell]
    if not _is_across(head, days, body):
        return table
    rows = tuple(
        (number * _WIDTH + index, (head[index], cells[0], cells[index]))
        for number, cells in body
        for index in days
        if cells[0] and cells[index]
    )
    if len(rows) > MAX_ROWS:
        raise Unreadable("too_many_rows", most=f"{MAX_ROWS:,}")
    return Table(("Day", "Time", "Number"), rows, table.kind, {**table.dialect, "layout": LAYOUT})


def origin(line: int) -> tuple[int, str]:
    """This function will return row and column letter of the cell that an unfolded line came from."""
    return line // _WIDTH, column_letter(line % _WIDTH)


def _parts(table: Table) -> tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]]:
    """The row of days, which looks like data to whoever reads a table, and the rows below it."""
    first = table.rows[0][1]
    if sum(cell_shape(cell) == "day" for cell in first[1:]) >= 2:
        return first, table.rows[1:]
    return table.headings, table.rows


def _is_across(head: tuple[str, ...], days: list[int], body: tuple[tuple[int, tuple[str, ...]], ...]) -> bool:
    if len(days) < 2 or not body or any(cell_shape(head[index]) != "day" for index in days):
        return False
    clocks = [cell_shape(cells[0]) == "clock" for _number, cells in body if cells[0]]
    return bool(clocks) and sum(clocks) * 2 > len(clocks)
