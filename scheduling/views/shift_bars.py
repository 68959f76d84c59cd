"""Shifts over the curve as a picture: a day's demand, what covers it, and a bar for each shift."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import GRID_MINUTES, zone_of
from gigcx.web.formats import clock_text, duration_text
from scheduling.models import CapacityRequest, Shift
from scheduling.queries.coverage import axis_ticks
from scheduling.queries.designs import Curve, CurveDay

STEP: Final = 8  # units a quarter
HIGH: Final = 120
LANE: Final = 20
ROOM: Final = 112  # what a bar's words need


def day_pictures(curve: Curve, zone: ZoneInfo) -> list[dict[str, Any]]:
    """This function will draw the days of a week that have demand or shifts, all to one scale."""
    peak = max((max((*day.required, *day.covered), default=0) for day in curve.days), default=0) or 1
    first = curve.days[0].starts[0]
    return [_day(day, peak, first, zone) for day in curve.days if any(day.required) or day.shifts]


def curve_script(curve: Curve) -> dict[str, Any]:
    """This function will return what the page's script needs: the week's demand, quarter after quarter, and the scale."""
    peak = max((max((*day.required, *day.covered), default=0) for day in curve.days), default=0) or 1
    return {"required": [need for day in curve.days for need in day.required], "peak": peak}


def _day(day: CurveDay, peak: int, first: datetime, zone: ZoneInfo) -> dict[str, Any]:
    width, offset = len(day.starts) * STEP, _quarters(first, day.starts[0])
    return {
        "on": day.on,
        "title": f"{day.on:%A %-d %B}",
        "offset": offset,
        "quarters": len(day.starts),
        "width": width,
        "height": HIGH,
        "box": f"-28 -6 {width + 32} {HIGH + 26 + LANE * len(day.shifts)}",
        "under": duration_text(day.under_minutes),
        "over": duration_text(day.over_minutes),
        "has_under": day.under_minutes > 0,
        "has_over": day.over_minutes > 0,
        "required": stairs(day.required, peak),
        "cover": areas(day.required, day.covered, peak, lambda need, have: (0, min(need, have))),
        "short": areas(day.required, day.covered, peak, lambda need, have: (have, need) if need > have else (0, 0)),
        "spare": areas(day.required, day.covered, peak, lambda need, have: (need, have) if have > need else (0, 0)),
        "ticks": [{"n": n, "y": _y(n, peak), "label_y": f"{float(_y(n, peak)) + 4:.1f}"} for n in axis_ticks(peak)],
        "hours": _hours(day, zone),
        "bars": [_bar(one, day, lane, first) for lane, one in enumerate(day.shifts)],
    }


def _bar(shift: Shift, day: CurveDay, lane: int, first: datetime) -> dict[str, Any]:
    zone = zone_of(shift.timezone)
    start, end = _quarters(first, shift.starts_at), _quarters(first, shift.ends_at)
    offset = _quarters(first, day.starts[0])
    x, after = (start - offset) * STEP, min((end - offset) * STEP, len(day.starts) * STEP)
    y = HIGH + 20 + lane * LANE
    return {
        "pk": str(shift.pk),
        "start": start,
        "end": end,
        "seats": shift.seats,
        "x": x,
        "y": y,
        "text_x": x + 9 if after - x >= ROOM else after + 4,
        "text_y": y + 11,
        "width": max(STEP, after - x),
        "end_x": max(x, after - 6),
        "runs_over": (end - offset) * STEP > len(day.starts) * STEP,
        "words": f"{clock_text(shift.starts_at, zone)} – {clock_text(shift.ends_at, zone)} · {shift.seats}",
        "length": duration_text(int((shift.ends_at - shift.starts_at).total_seconds() // 60)),
    }


def _hours(day: CurveDay, zone: ZoneInfo) -> list[dict[str, Any]]:
    """A word every four hours, at the quarters that really begin them."""
    return [
        {"x": at * STEP, "label": one.strftime("%H")}
        for at, one in enumerate(start.astimezone(zone) for start in day.starts)
        if one.minute == 0 and one.hour % 4 == 0 and one.fold == 0
    ]


def stairs(values: Sequence[int], peak: int) -> str:
    """This function will draw a stepped line; equal neighbours share one stroke."""
    path = f"M0 {_y(values[0], peak)}"
    for at in range(1, len(values)):
        if values[at] != values[at - 1]:
            path += f"H{at * STEP}V{_y(values[at], peak)}"
    return f"{path}H{len(values) * STEP}"


def areas(
    required: Sequence[int], covered: Sequence[int], peak: int, span: Callable[[int, int], tuple[int, int]]
) -> str:
    """This function will draw blocks from one level to another, quarter by quarter, equal neighbours as one."""
    spans = [span(need, have) for need, have in zip(required, covered, strict=True)]
    path, first = "", 0
    for at in range(1, len(spans) + 1):
        if at < len(spans) and spans[at] == spans[first]:
            continue
        low, high = spans[first]
        if high > low:
            path += f"M{first * STEP} {_y(low, peak)}V{_y(high, peak)}H{at * STEP}V{_y(low, peak)}Z"
        first = at
    return path


def how_good(design: Mapping[str, Any]) -> dict[str, Any] | None:
    """This function will say how far from the best possible a design can be at most, in whole per cent rounded up."""
    if "objective" not in design:
        return None
    objective, bound = design["objective"], design["bound"]
    is_best = design.get("is_proven", objective <= bound) and not design.get("is_by_hand")
    gap = 0 if not objective else -(-(objective - bound) * 100 // objective)
    return {
        "is_best": is_best,
        "gap": int(gap),
        "objective": objective,
        "bound": bound,
        "distinct": design["distinct"],
        "is_by_hand": design.get("is_by_hand", False),
        "was_stopped": design.get("was_stopped", False),
        "seconds": design.get("seconds"),
    }


def progress_words(found: CapacityRequest) -> dict[str, Any]:
    """This function will say what a running design has found so far."""
    progress = found.design_progress
    return {
        "is_stopping": found.design_cancel_at is not None,
        "seconds": round(progress.get("seconds", 0)),
        "good": how_good(progress) if progress.get("distinct") else None,
        "tries": progress.get("tries", 0),
    }


def _quarters(first: datetime, moment: datetime) -> int:
    return int((moment - first).total_seconds()) // (GRID_MINUTES * 60)


def _y(heads: float, peak: int) -> str:
    return f"{HIGH - heads * HIGH / peak:.1f}"
