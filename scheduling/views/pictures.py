"""From figures to what templates draw: heat cells, the curve of a day, the next hours. No rules, only shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from gigcx.web.formats import MINUS, amount_text, money_text, number_text
from scheduling.queries.coverage import axis_ticks
from scheduling.queries.grid import Cell, Row, WeekGrid

_LEFT: Final = 78.0
_RIGHT: Final = 880.0
_TOP: Final = 32.8
_BOTTOM: Final = 288.0


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell of the heat grid, ready to print."""

    css: str
    figure: str
    sign: str
    words: str
    starts: str
    ends: str
    tip: str


def hours_text(quarters: int) -> str:
    """This function will write quarters of an hour as hours with one decimal where there is one."""
    return number_text(quarters / 4, 1 if quarters % 4 else 0)


def heat_rows(grid: WeekGrid, *, today: str) -> list[dict[str, Any]]:
    """This function will return the grid's rows with their cells' classes and words."""
    return [
        {
            "label": f"{row.on:%a %-d}",
            "iso": row.on.isoformat(),
            "sub": _row_words(row),
            "is_today": row.on.isoformat() == today,
            "cells": [_heat_cell(cell, row) for cell in row.cells],
        }
        for row in grid.rows
    ]


def _row_words(row: Row) -> str:
    if row.hours != 24:
        return _("%(hours)s h, clocks change") % {"hours": row.hours}
    if row.filled_share is None:
        return ""
    return _("%(share)s filled") % {"share": f"{round(row.filled_share * 100)}\N{NO-BREAK SPACE}%"}


def _heat_cell(cell: Cell, row: Row) -> HeatCell:
    if not cell.exists or cell.starts_at is None or cell.ends_at is None:
        return HeatCell("hc no", "", "", _("does not exist"), "", "", "")
    edges = (str(int(cell.starts_at.timestamp())), str(int(cell.ends_at.timestamp())))
    if not cell.total and not cell.filled:
        return HeatCell("hc no" + (" past" if cell.is_past else ""), "", "", _("nobody required"), *edges, _("nothing"))
    css = " ".join(filter(None, ("hc", _tone(cell), "pt" if cell.pencilled else "", "past" if cell.is_past else "")))
    return HeatCell(css, str(cell.total), _sign(cell), _sign_words(cell), *edges, _tip(cell))


def _tone(cell: Cell) -> str:
    if not cell.required and not cell.filled:
        return "pc"
    if cell.gap < 0:
        return "ov"
    if not cell.gap:
        return "ok"
    share = cell.filled / cell.required
    level = "s3" if share < 0.70 else "s2" if share < 0.88 else "s1"
    return f"{level} f-{max(0, min(95, int(share * 20) * 5))}"


def _sign(cell: Cell) -> str:
    if cell.pencilled:
        return f"+{cell.pencilled}" if cell.required else ""
    return f"{MINUS}{cell.gap}" if cell.gap > 0 else f"+{-cell.gap}" if cell.gap < 0 else ""


def _sign_words(cell: Cell) -> str:
    if cell.pencilled:
        return _("pencilled")
    return _("short") if cell.gap > 0 else _("over") if cell.gap < 0 else ""


def _tip(cell: Cell) -> str:
    parts = [_("%(n)s required") % {"n": cell.required}, _("%(n)s filled") % {"n": cell.filled}]
    if cell.gap > 0:
        parts.append(_("%(n)s short") % {"n": cell.gap})
    if cell.pencilled:
        parts = [_("%(n)s pencilled") % {"n": cell.pencilled}, *(parts if cell.required or cell.filled else [])]
    return " · ".join(parts)


def day_curve(grid: WeekGrid, row: Row) -> dict[str, Any] | None:
    """This function will draw one day: required as a line, booked as area, pencil hatched, fixed staffing and idle."""
    cells = [cell for cell in row.cells if cell.exists]
    peak = max((max(cell.total, cell.filled) for cell in cells), default=0)
    fixed = max((cell.total for cell in cells), default=0)
    if not peak or len(cells) < 2:
        return None
    step = (_RIGHT - _LEFT) / len(cells)
    height = (_BOTTOM - _TOP) / peak
    filled = stairs([cell.filled for cell in cells], step, height)
    pencil = stairs([cell.filled + cell.pencilled for cell in cells], step, height)
    idle_quarters = sum(fixed - cell.total for cell in cells if cell.total) * grid.minutes // 15
    asked = [index for index, cell in enumerate(cells) if cell.total]
    idle_cost = grid.price_of(idle_quarters)
    top = _BOTTOM - fixed * height
    return {
        "filled_area": closed(filled),
        "filled_line": line(filled),
        "pencil_area": _between(pencil, filled) if any(cell.pencilled for cell in cells) else "",
        "pencil_line": line(pencil) if any(cell.pencilled for cell in cells) else "",
        "idle_area": _idle_area(cells, top=top, step=step, height=height),
        "required": line(stairs([cell.total for cell in cells], step, height)),
        "fixed_y": f"{top:.1f}",
        "fixed_x1": f"{_LEFT + (asked[0] if asked else 0) * step:.1f}",
        "fixed_x2": f"{_LEFT + (asked[-1] + 1 if asked else 0) * step:.1f}",
        "fixed_label_y": f"{top - 7:.1f}",
        "fixed": fixed,
        "ticks": [
            {"y": f"{_BOTTOM - n * height:.1f}", "label_y": f"{_BOTTOM - n * height + 4:.1f}", "n": n}
            for n in axis_ticks(peak)
        ],
        "hours": _hours(grid, row, step),
        "idle_hours": hours_text(idle_quarters),
        "idle_cost": money_text(idle_cost) if idle_cost else "",
        "idle_rate": amount_text(grid.bill_per_hour) if grid.bill_per_hour else "",
        "box_y": f"{top + 16:.1f}",
        "box_1": f"{top + 34:.1f}",
        "box_2": f"{top + 51:.1f}",
        "has_idle": idle_quarters > 0 and idle_cost is not None,
        "top": peak,
    }


def _idle_area(cells: Sequence[Cell], *, top: float, step: float, height: float) -> str:
    """Between the fixed team and what is required, only while somebody is: nobody pays a team through a closed night."""
    return "".join(
        f"M{_LEFT + index * step:.1f} {top:.1f}h{step:.1f}V{_BOTTOM - cell.total * height:.1f}h-{step:.1f}Z"
        for index, cell in enumerate(cells)
        if cell.total
    )


def _hours(grid: WeekGrid, row: Row, step: float) -> list[dict[str, str]]:
    shown = [column for column, cell in zip(grid.columns, row.cells, strict=True) if cell.exists]
    return [
        {"x": f"{_LEFT + index * step:.1f}", "label": f"{column.clock:%H}"}
        for index, column in enumerate(shown)
        if column.starts_hour
    ]


def stairs(
    values: Sequence[float], step: float, height: float, *, left: float = _LEFT, bottom: float = _BOTTOM
) -> list[tuple[float, float]]:
    """This function will return the corners of a stepped line, so many units a step and a head."""
    points: list[tuple[float, float]] = []
    for index, value in enumerate(values):
        y = bottom - value * height
        points += [(left + index * step, y), (left + (index + 1) * step, y)]
    return points


def line(points: Sequence[tuple[float, float]]) -> str:
    """This function will draw a line through the points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def closed(points: Sequence[tuple[float, float]], *, bottom: float = _BOTTOM) -> str:
    """This function will draw the area from the points down to the ground."""
    return f"{line(points)}L{points[-1][0]:.1f} {bottom}L{points[0][0]:.1f} {bottom}Z"


def _between(upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]]) -> str:
    return f"{line([*upper, *reversed(lower)])}Z"
