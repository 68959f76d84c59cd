"""All programs of a brand in one week, as strips of heat; one day of all programs as figures."""

import itertools
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gigcx.kernel import clock
from gigcx.kernel.intervals import GRID_MINUTES, week_start, zone_of
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import MINUS, percent_text
from recruiting.queries import programs_for
from scheduling.queries.overview import Counts, DayCounts, ProgramWeek, program_weeks
from scheduling.queries.weeks import days_of_week
from scheduling.views.pictures import hours_text
from scheduling.views.places import ZOOMS, date_or

_TONES: Final = ("none", "s3", "s2", "s1", "ok", "ov", "pc")


@require_GET
@brand_page()
def overview(request: BrandRequest) -> HttpResponse:
    """This function will show what every program of the brand needs and has in a week."""
    slug, at = request.actor.brand.slug, clock.now()
    today = at.astimezone(zone_of(request.actor.brand.timezone)).date()
    week = week_start(date_or(request.GET.get("week", ""), today))
    zoom = int(request.GET["zoom"]) if request.GET.get("zoom") in {"15", "30", "60"} else 15
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("All programs")})
    weeks = program_weeks(programs, brand_id=request.actor.brand_id, week_starts_on=week)
    capacity = reverse("scheduling:capacity", kwargs={"slug": slug})
    address = reverse("scheduling:capacity-all", kwargs={"slug": slug})
    context = {
        "page_title": _("All programs"),
        "rows": [_row(one, week, zoom, capacity, today) for one in weeks],
        "heads": [{"label": f"{on:%a %-d}", "is_today": on == today} for on in days_of_week(week)],
        "zooms": [
            {
                "label": f"{one} min" if one == zoom else str(one),
                "url": f"{address}?week={week.isoformat()}&zoom={one}",
                "is_current": one == zoom,
            }
            for one in ZOOMS
        ],
        "week_text": _week_text(week),
        "before_url": f"{address}?week={(week - timedelta(days=7)).isoformat()}&zoom={zoom}",
        "after_url": f"{address}?week={(week + timedelta(days=7)).isoformat()}&zoom={zoom}",
        "this_url": f"{address}?zoom={zoom}",
        "is_this_week": week == week_start(today),
        "week": week,
        "zoom": zoom,
        **_sums(weeks),
    }
    return render(request, "scheduling/capacity_all.html", context)


def _week_text(week: date) -> str:
    last = week + timedelta(days=6)
    return f"{week:%-d} – {last:%-d %b %Y}" if week.month == last.month else f"{week:%-d %b} – {last:%-d %b %Y}"


def _sums(weeks: list[ProgramWeek]) -> dict[str, Any]:
    required, covered = sum(one.required for one in weeks), sum(one.covered for one in weeks)
    short, over = sum(one.short for one in weeks), sum(one.over for one in weeks)
    return {
        "required_hours": hours_text(required),
        "filled_share": f"{covered / required * 100:.1f}" if required else "–",
        "short_hours": hours_text(short),
        "over_hours": hours_text(over),
        "has_short": short > 0,
        "has_over": over > 0,
        "is_blank": not (required or over or any(one.pencilled for one in weeks)),
    }


def _row(one: ProgramWeek, week: date, zoom: int, capacity: str, today: date) -> dict[str, Any]:
    base = f"{capacity}?program={one.program.pk}&week={week.isoformat()}&zoom={zoom}"
    peak = max(
        (int(np.maximum(day.required + day.pencilled, day.filled).max(initial=0)) for day in one.days), default=0
    )
    return {
        "name": one.program.name,
        "url": base,
        "hours": _hours(one.required + one.pencilled),
        "share": percent_text(one.covered / one.required) if one.required else "",
        "short": f"{MINUS}{_hours(one.short)}" if one.short else "",
        "days": [_day(day, zoom, peak, base, today) for day in one.days],
    }


def _day(day: DayCounts, zoom: int, peak: int, base: str, today: date) -> dict[str, Any]:
    short = _hours(day.short) if day.short else "0"
    return {
        "url": f"{base}&day={day.on.isoformat()}",
        "strip": _strip(day, zoom, peak),
        "words": _day_words(day, short),
        "figure": f"{MINUS}{short}" if day.short else "",
        "is_today": day.on == today,
    }


def _hours(quarters: int) -> str:
    """Hours as everywhere, without asking the locale hundreds of times where it has nothing to say."""
    return str(quarters // 4) if quarters % 4 == 0 and quarters < 4_000 else hours_text(quarters)


def _day_words(day: DayCounts, short: str) -> str:
    words = _("%(day)s: %(required)s h required, %(short)s h short") % {
        "day": f"{day.on:%a %-d %b}",
        "required": _hours(int(day.required.sum())),
        "short": short,
    }
    if day.pencilled.any():
        words += ", " + _("%(hours)s h pencilled") % {"hours": _hours(int(day.pencilled.sum()))}
    return words


def _strip(day: DayCounts, zoom: int, peak: int) -> SafeString:
    """A day as one picture: a bar a step, as high as what is asked for, in the tone of its gap; like neighbours are one."""
    required, filled, pencilled = _steps(day, zoom // GRID_MINUTES)
    wanted = np.maximum(required + pencilled, filled)
    if not wanted.any():
        return format_html('<svg class="strip" viewBox="0 0 {} 20" aria-hidden="true"></svg>', len(wanted))
    heights = np.where(wanted > 0, np.maximum(3, np.rint(wanted * (20 / (peak or 1)))), 0).astype(np.int64)
    tones = _tones(required, pencilled, filled)
    key = heights * len(_TONES) + tones
    edges = [0, *(np.flatnonzero(key[1:] != key[:-1]) + 1).tolist(), len(key)]
    paths: dict[int, list[str]] = {}
    for start, end in itertools.pairwise(edges):
        height, tone = divmod(int(key[start]), len(_TONES))
        if height:
            paths.setdefault(tone, []).append(f"M{start} 20v-{height}h{end - start}v{height}z")
    drawn = format_html_join(
        "", '<path class="t-{}" d="{}"/>', ((_TONES[tone], "".join(bars)) for tone, bars in paths.items())
    )
    return format_html(
        '<svg class="strip" viewBox="0 0 {} 20" preserveAspectRatio="none" aria-hidden="true">{}</svg>', len(key), drawn
    )


def _steps(day: DayCounts, parts: int) -> tuple[Counts, Counts, Counts]:
    """Required, filled and pencilled by step: a step is as short as its worst quarter."""
    if parts == 1:
        return day.required, day.filled, day.pencilled
    gap = day.required - day.filled
    padded = np.concatenate([gap, np.full(-len(gap) % parts, -(10**9))]).reshape(-1, parts)
    worst = padded.argmax(axis=1) + np.arange(len(padded)) * parts
    return day.required[worst], day.filled[worst], day.pencilled[worst]


def _tones(required: Counts, pencilled: Counts, filled: Counts) -> Counts:
    """The place of each step's tone in `_TONES`, compared in whole numbers: 70 and 88 of a hundred filled."""
    missing = required > filled
    level = 1 + (filled * 100 >= required * 70) + (filled * 100 >= required * 88)
    tones = np.where(missing, level, 4)
    tones = np.where(filled > required, 5, tones)
    nobody = (required == 0) & (filled == 0)
    return np.where(nobody, np.where(pencilled > 0, 6, 0), tones).astype(np.int64)
