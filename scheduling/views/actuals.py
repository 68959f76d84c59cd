"""What really came in a week, beside what was expected."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gigcx.kernel.intervals import zone_of
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import number_text, percent_text
from recruiting.queries import programs_for
from scheduling.formats.quarters import joined_aht
from scheduling.queries.forecasts import actuals_of, forecast_versions, points_of
from scheduling.queries.grid import shown_span
from scheduling.queries.sheets import clock_text, sheet_of, volume_text
from scheduling.queries.weeks import days_of_week
from scheduling.views.places import Place, frame, place_of
from scheduling.views.sheets import day_heads, version_words

Points = dict[datetime, tuple[Decimal, Decimal]]


@require_GET
@brand_page()
def actuals(request: BrandRequest) -> HttpResponse:
    """This function will show what really came in a week beside what was expected."""
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("What came")})
    place = place_of(request, programs)
    came = actuals_of(place.program, place.channel, place.week, language=place.language)
    versions = forecast_versions(
        place.program,
        place.channel,
        place.week,
        actuals={start: one.offered for start, one in came.items()},
        language=place.language,
    )
    expected = points_of(next((one.forecast for one in versions if one.is_published), None))
    zone = zone_of(place.program.timezone)
    span = (0, 24 * 60) if place.is_all_hours else shown_span(place.program, came, zone)
    offered = {start: (Decimal(point.offered), point.aht_seconds) for start, point in came.items()}
    sheet = sheet_of(offered, zone=zone, week=place.week, minutes=place.zoom, span=span, show=volume_text)
    context = {
        "page_title": _("What came"),
        **frame(request, place, programs, page="actuals"),
        "sheet": sheet,
        "heads": day_heads(sheet),
        "days": _days_compared(place, offered, expected),
        "is_blank": not came,
        "upload_url": place.url(request.actor.brand.slug, page="uploads", kind="actuals"),
        "versions": [version_words(one, place, request.actor.brand.slug) for one in versions if one.accuracy],
        **_actual_figures(offered, {start: point.abandoned for start, point in came.items()}),
    }
    return render(request, "scheduling/actual_week.html", context)


def _days_compared(place: Place, offered: Points, expected: Points) -> list[dict[str, str]]:
    """Each day's sums: expected, come, and the difference."""
    zone = zone_of(place.program.timezone)
    rows = []
    for on in days_of_week(place.week):
        came = [point for start, point in offered.items() if start.astimezone(zone).date() == on]
        told = [
            volume
            for start, (volume, _aht) in expected.items()
            if start in offered and start.astimezone(zone).date() == on
        ]
        total, plan = sum((volume for volume, _aht in came), Decimal(0)), sum(told, Decimal(0))
        rows.append(
            {
                "label": f"{on:%a %-d %b}",
                "came": number_text(total, 0) if came else "–",
                "expected": number_text(plan, 0) if told else "–",
                "off": ("+" if total > plan else "") + percent_text((total - plan) / plan, 1) if told and plan else "–",
                "aht": clock_text(joined_aht(came)) or "–",
            }
        )
    return rows


def _actual_figures(offered: Points, abandoned: dict[Any, int]) -> dict[str, str]:
    total, lost = sum((volume for volume, _aht in offered.values()), Decimal(0)), sum(abandoned.values())
    return {
        "offered": number_text(total, 0),
        "abandoned": number_text(lost, 0),
        "abandoned_share": percent_text(Decimal(lost) / total, 1) if total else "–",
        "aht": clock_text(joined_aht(offered.values())) or "–",
    }
