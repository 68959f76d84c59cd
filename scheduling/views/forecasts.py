"""Expected contacts and own staff as a sheet; versions, copies, baselines, and what really came."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.tenancy.actors import require
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import number_text, percent_text
from recruiting.models import Program
from recruiting.queries import programs_for
from scheduling import actions
from scheduling.actions.actuals import OwnStaff
from scheduling.actions.forecasts import TypedCell
from scheduling.formats.quarters import joined_aht
from scheduling.forms.core import WeekForm
from scheduling.forms.demand import CopyWeekForm, SheetForm
from scheduling.models import Forecast
from scheduling.queries.doors import program_of
from scheduling.queries.forecasts import ForecastVersion, actuals_of, forecast_versions, points_of
from scheduling.queries.grid import shown_span
from scheduling.queries.heads import heads_of
from scheduling.queries.sheets import Sheet, aht_text, clock_text, heads_text, sheet_of, volume_text
from scheduling.queries.weeks import days_of_week
from scheduling.states import ForecastState
from scheduling.views.places import Place, day_in, frame, place_of

Points = dict[Any, tuple[Decimal, Decimal]]


@require_GET
@brand_page()
def forecast(request: BrandRequest) -> HttpResponse:
    """This function will show a week's expected contacts, or their handling times, as a sheet to type into."""
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("Forecast")})
    layer = "aht" if request.GET.get("layer") == "aht" else "volume"
    return _forecast_page(request, place_of(request, programs), programs, layer=layer)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def forecast_save(request: BrandRequest) -> HttpResponse:
    """This function will save what was typed as a new version."""
    place, layer = posted_place(request), request.POST.get("layer", "volume")
    shown = _shown_version(request, request.POST.get("parent", ""), place)
    sheet = _forecast_sheet(points_of(shown), place, layer if layer == "aht" else "volume")
    form = SheetForm(request.POST, zone=zone_of(place.program.timezone), week=place.week, sheet=sheet)
    if form.is_valid() and _done(form, lambda: _save(request, place, form)):
        messages.success(request, _("Saved as a new version. Planning reads it once you publish it."))
        return redirect(place.url(request.actor.brand.slug, page="forecast", layer=layer))
    programs = list(programs_for(request.actor).order_by("name"))
    return _forecast_page(request, place, programs, layer=layer, sheet_form=form, shown=shown, status=422)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def forecast_copy(request: BrandRequest) -> HttpResponse:
    """This function will copy another week's forecast to this one."""
    return _made(request, _copy)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def forecast_baseline(request: BrandRequest) -> HttpResponse:
    """This function will make a version from what came in past weeks."""
    return _made(request, _baseline)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def forecast_publish(request: BrandRequest, forecast_id: Any) -> HttpResponse:
    """This function will make a version the one that planning reads."""
    published = actions.publish_forecast(forecast_id=forecast_id, by=request.actor, at=clock.now())
    messages.success(
        request, _("Version %(n)s is published. Planning reads it from now on.") % {"n": published.version}
    )
    query = {"program": published.program_id, "channel": published.channel, "week": published.week_starts_on}
    address = reverse("scheduling:forecast", kwargs={"slug": request.actor.brand.slug})
    return redirect(f"{address}?" + "&".join(f"{name}={value}" for name, value in query.items()))


@require_http_methods(["GET", "POST"])
@brand_page()
def own_staff(request: BrandRequest) -> HttpResponse:
    """This function will show the brand's own staff of a week, and record what is typed."""
    if request.method == "POST":
        return _record_own_staff(request)
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("Own staff")})
    return _own_staff_page(request, place_of(request, programs), programs)


@require_GET
@brand_page()
def actuals(request: BrandRequest) -> HttpResponse:
    """This function will show what really came in a week beside what was expected."""
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("What came")})
    place = place_of(request, programs)
    came = actuals_of(place.program, place.channel, place.week)
    versions = _versions(place, {start: point.offered for start, point in came.items()})
    expected = points_of(next((one.forecast for one in versions if one.is_published), None))
    zone = zone_of(place.program.timezone)
    span = (0, 24 * 60) if place.is_all_hours else shown_span(place.program, came, zone)
    offered = {start: (Decimal(point.offered), point.aht_seconds) for start, point in came.items()}
    sheet = sheet_of(offered, zone=zone, week=place.week, minutes=place.zoom, span=span, show=volume_text)
    context = {
        "page_title": _("What came"),
        **frame(request, place, programs, page="actuals"),
        "sheet": sheet,
        "heads": _day_heads(sheet),
        "days": _days_compared(place, offered, expected),
        "is_blank": not came,
        "upload_url": place.url(request.actor.brand.slug, page="uploads", kind="actuals"),
        "versions": [_version_words(one, place, request.actor.brand.slug) for one in versions if one.accuracy],
        **_actual_figures(offered, {start: point.abandoned for start, point in came.items()}),
    }
    return render(request, "scheduling/actual_week.html", context)


def posted_place(request: BrandRequest) -> Place:
    """This function will read from a posted form which week it is about.

    Raises:
        Invalid: the form is not one of ours.
    """
    form = WeekForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("The page was not understood. Open it again."))
    program = program_of(request.actor, form.cleaned_data["program"])
    week = week_start(form.cleaned_data["week"])
    zoom = form.cleaned_data.get("zoom") or program.interval_minutes
    today = clock.now().astimezone(zone_of(program.timezone)).date()
    is_all = request.POST.get("hours") == "all"
    return Place(program, form.cleaned_data["channel"], week, zoom, day_in("", week, today), is_all)


def _done(form: Any, act: Callable[[], Any]) -> bool:
    """Whether the action went through; its refusal lands on the form."""
    try:
        act()
    except DomainError as refused:
        lines = refused.problems if isinstance(refused, Invalid) else {}
        own = [f"{label}: {words[0]}" for label, words in lines.items() if label not in form.fields]
        field = refused.field if refused.field in form.fields else None
        for words in own or [refused.message]:
            form.add_error(None if own else field, words)
        return False
    return True


def _save(request: BrandRequest, place: Place, form: SheetForm) -> Forecast:
    given = form.cleaned_data
    return actions.type_forecast(
        program_id=place.program.pk,
        channel=place.channel,
        week_starts_on=place.week,
        cells=[TypedCell(cell.starts_at, cell.ends_at, value, cell.label) for cell, value in given["cells"]],
        layer=given["layer"],
        usual_aht=given["usual_aht"],
        parent_id=given["parent"],
        seen_version=given["version"],
        by=request.actor,
        at=clock.now(),
    )


def _copy(request: BrandRequest, place: Place, form: CopyWeekForm) -> Forecast:
    given = form.cleaned_data
    return actions.copy_week(
        program_id=place.program.pk,
        channel=place.channel,
        source_week=date.fromisoformat(given["source_week"]),
        week_starts_on=place.week,
        level_percent=given["level_percent"] or 100,
        seen_version=given["version"],
        by=request.actor,
        at=clock.now(),
    )


def _baseline(request: BrandRequest, place: Place, form: CopyWeekForm) -> Forecast:
    return actions.baseline_forecast(
        program_id=place.program.pk,
        channel=place.channel,
        week_starts_on=place.week,
        level_percent=form.cleaned_data["level_percent"],
        seen_version=form.cleaned_data["version"],
        by=request.actor,
        at=clock.now(),
    )


def _made(request: BrandRequest, make: Callable[[BrandRequest, Place, CopyWeekForm], Forecast]) -> HttpResponse:
    place = posted_place(request)
    form = CopyWeekForm(request.POST, zone=zone_of(place.program.timezone), week=place.week)
    if make is _copy:
        form.fields["source_week"].required = True
    if form.is_valid() and _done(form, lambda: make(request, place, form)):
        messages.success(request, _("A new version is made. Look it over, then publish it."))
        return redirect(place.url(request.actor.brand.slug, page="forecast"))
    programs = list(programs_for(request.actor).order_by("name"))
    return _forecast_page(request, place, programs, layer="volume", copy=form, status=422)


def _shown_version(request: BrandRequest, forecast_id: str, place: Place) -> Forecast | None:
    """The version asked for, if it is one of this week's."""
    rows = Forecast.objects.for_actor(request.actor).of_week(place.program.pk, place.channel, place.week)
    if not forecast_id:
        return None
    return next((one for one in rows if str(one.pk) == forecast_id), None)


def _versions(place: Place, offered: dict[Any, int]) -> list[ForecastVersion]:
    return forecast_versions(place.program, place.channel, place.week, actuals=offered)


def _forecast_sheet(points: Points, place: Place, layer: str) -> Sheet:
    zone = zone_of(place.program.timezone)
    span = (0, 24 * 60) if place.is_all_hours else shown_span(place.program, points, zone)
    show = aht_text if layer == "aht" else volume_text
    return sheet_of(points, zone=zone, week=place.week, minutes=place.zoom, span=span, show=show)


def _forecast_page(
    request: BrandRequest,
    place: Place,
    programs: list[Program],
    *,
    layer: str,
    sheet_form: SheetForm | None = None,
    shown: Forecast | None = None,
    copy: CopyWeekForm | None = None,
    status: int = 200,
) -> HttpResponse:
    slug = request.actor.brand.slug
    came = actuals_of(place.program, place.channel, place.week)
    versions = _versions(place, {start: point.offered for start, point in came.items()})
    wanted = request.GET.get("version", "")
    standing = next((one.forecast for one in versions if str(one.forecast.pk) == wanted), None)
    shown = shown or standing or (versions[0].forecast if versions else None)
    points = points_of(shown)
    sheet = _forecast_sheet(points, place, layer)
    newest = versions[0].forecast.version if versions else 0
    aht = joined_aht(points.values())
    initial = {
        **place.initial(newest),
        "layer": layer,
        "parent": shown.pk if shown else None,
        "usual_aht": clock_text(aht) or "5:00",
    }
    zone = zone_of(place.program.timezone)
    form = sheet_form or SheetForm(initial=initial, zone=zone, week=place.week, sheet=sheet)
    can_plan = request.actor.can(Permission.PLAN_CAPACITY)
    context = {
        "page_title": _("Forecast"),
        **frame(request, place, programs, page="forecast"),
        **_sheet_context(sheet, form, can_type=can_plan),
        "layer": layer,
        "layers": _layers(place, slug, layer),
        "shown": shown,
        "shown_state": shown.get_state_display() if shown else "",
        "is_draft": bool(shown and shown.state == ForecastState.DRAFT),
        "is_newest": bool(shown and shown.version == newest),
        "versions": [_version_words(one, place, slug, shown=shown) for one in versions],
        "volume": number_text(sum((volume for volume, _aht in points.values()), Decimal(0)), 0),
        "aht": clock_text(aht) or "–",
        "accuracy": next((_accuracy_words(one) for one in versions if one.forecast == shown and one.accuracy), None),
        "copy": copy or CopyWeekForm(initial=place.initial(newest), zone=zone, week=place.week),
        "can_plan": can_plan,
        "is_blank": not points and not came,
        "upload_url": place.url(slug, page="uploads", kind="forecast"),
        "save_url": reverse("scheduling:forecast-save", kwargs={"slug": slug}),
    }
    return render(request, "scheduling/forecast_week.html", context, status=status)


def _layers(place: Place, slug: str, layer: str) -> list[dict[str, Any]]:
    words = {"volume": _("Contacts"), "aht": _("Handling time")}
    return [
        {"label": label, "url": place.url(slug, page="forecast", layer=one), "is_current": one == layer}
        for one, label in words.items()
    ]


def _sheet_context(sheet: Sheet, form: SheetForm, *, can_type: bool) -> dict[str, Any]:
    rows = [
        {
            "label": row.label,
            "again": _("again") if row.is_second else "",
            "cells": [
                {"name": cell.name, "text": form.text_of(cell), "label": cell.label, "is_bad": cell.name in form.bad}
                if cell
                else None
                for cell in row.cells
            ],
        }
        for row in sheet.rows
    ]
    return {"form": form, "rows": rows, "heads": _day_heads(sheet), "can_type": can_type, "minutes": sheet.minutes}


def _day_heads(sheet: Sheet) -> list[dict[str, str]]:
    return [{"iso": on.isoformat(), "label": f"{on:%a %-d}", "month": f"{on:%b}"} for on in sheet.days]


def _version_words(one: ForecastVersion, place: Place, slug: str, *, shown: Forecast | None = None) -> dict[str, Any]:
    made = one.forecast
    zone = zone_of(place.program.timezone)
    return {
        "pk": made.pk,
        "n": made.version,
        "state": made.get_state_display(),
        "kind": "cover" if one.is_published else "accent" if one.is_draft else "",
        "source": _source_words(made),
        "who": made.provenance.get("who", ""),
        "when": f"{made.created_at.astimezone(zone):%-d %b, %H:%M}",
        "volume": number_text(one.volume, 0),
        "accuracy": _accuracy_words(one) if one.accuracy else None,
        "url": place.url(slug, page="forecast", version=made.pk),
        "is_shown": shown is not None and made.pk == shown.pk,
        "is_draft": one.is_draft,
        "publish_url": reverse("scheduling:forecast-publish", kwargs={"slug": slug, "forecast_id": made.pk}),
    }


def _source_words(made: Forecast) -> str:
    told = made.provenance
    if told.get("file"):
        return _("from %(file)s") % {"file": told["file"]}
    if made.source == "copied":
        return _("copied from the week of %(week)s, version %(n)s, at %(level)s %%") % {
            "week": told.get("week", ""),
            "n": told.get("version", ""),
            "level": told.get("level_percent", 100),
        }
    if made.source == "baseline":
        return _("median of %(n)s past weeks") % {"n": len(told.get("weeks", []))}
    if made.parent is not None:
        return _("typed over version %(n)s") % {"n": made.parent.version}
    return str(made.get_source_display())


def _accuracy_words(one: ForecastVersion) -> dict[str, str]:
    assert one.accuracy is not None  # noqa: S101  callers look first
    bias = one.accuracy.bias
    return {
        "wape": percent_text(one.accuracy.wape, 1),
        "bias": ("+" if bias > 0 else "") + percent_text(bias, 1),
        "minutes": str(one.accuracy.minutes),
    }


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


def _record_own_staff(request: BrandRequest) -> HttpResponse:
    require(request.actor, Permission.PLAN_CAPACITY, brand_id=request.actor.brand_id)
    place = posted_place(request)
    sheet = _own_staff_sheet(place)
    form = SheetForm(request.POST, zone=zone_of(place.program.timezone), week=place.week, sheet=sheet)
    if form.is_valid() and _done(form, lambda: _record(request, place, form)):
        messages.success(request, _("Your own staff is recorded. It counts as cover."))
        return redirect(place.url(request.actor.brand.slug, page="own-staff"))
    programs = list(programs_for(request.actor).order_by("name"))
    return _own_staff_page(request, place, programs, form=form, status=422)


def _record(request: BrandRequest, place: Place, form: SheetForm) -> int:
    heads = [
        OwnStaff(cell.starts_at, cell.ends_at, int(value), cell.label) for cell, value in form.cleaned_data["cells"]
    ]
    return actions.record_in_house(
        program_id=place.program.pk, channel=place.channel, heads=heads, by=request.actor, at=clock.now()
    )


def _own_staff_sheet(place: Place) -> Sheet:
    zone = zone_of(place.program.timezone)
    heads = heads_of(place.program, place.channel, place.week)
    span = (0, 24 * 60) if place.is_all_hours else shown_span(place.program, heads, zone)
    return sheet_of(heads, zone=zone, week=place.week, minutes=place.zoom, span=span, show=heads_text)


def _own_staff_page(
    request: BrandRequest, place: Place, programs: list[Program], *, form: SheetForm | None = None, status: int = 200
) -> HttpResponse:
    sheet = _own_staff_sheet(place)
    zone = zone_of(place.program.timezone)
    initial = {**place.initial(None), "layer": "heads"}
    form = form or SheetForm(initial=initial, zone=zone, week=place.week, sheet=sheet)
    context = {
        "page_title": _("Own staff"),
        **frame(request, place, programs, page="own-staff"),
        **_sheet_context(sheet, form, can_type=request.actor.can(Permission.PLAN_CAPACITY)),
        "layer": "heads",
        "is_blank": not any(cell.text for cell in sheet.cells),
        "upload_url": place.url(request.actor.brand.slug, page="uploads", kind="in_house"),
        "save_url": reverse("scheduling:own-staff", kwargs={"slug": request.actor.brand.slug}),
        "can_plan": request.actor.can(Permission.PLAN_CAPACITY),
    }
    return render(request, "scheduling/own_staff_week.html", context, status=status)
