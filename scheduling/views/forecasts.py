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
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import number_text
from recruiting.models import Program
from recruiting.queries import programs_for
from scheduling import actions
from scheduling.actions.forecasts import TypedCell
from scheduling.formats.quarters import joined_aht
from scheduling.forms.demand import CopyWeekForm, SheetForm
from scheduling.models import Forecast
from scheduling.queries.forecasts import ForecastVersion, actuals_of, forecast_versions, points_of
from scheduling.queries.grid import shown_span
from scheduling.queries.sheets import Sheet, aht_text, clock_text, sheet_of, volume_text
from scheduling.states import ForecastState
from scheduling.views.places import Place, frame, place_of, week_address
from scheduling.views.sheets import accuracy_words, done, posted_place, sheet_context, version_words

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
    if form.is_valid() and done(form, lambda: _save(request, place, form)):
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
    return redirect(week_address(published, published.week_starts_on, request.actor.brand.slug, page="forecast"))


def _save(request: BrandRequest, place: Place, form: SheetForm) -> Forecast:
    given = form.cleaned_data
    return actions.type_forecast(
        **place.where,
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
        **place.where,
        source_week=date.fromisoformat(given["source_week"]),
        week_starts_on=place.week,
        level_percent=given["level_percent"] or 100,
        seen_version=given["version"],
        by=request.actor,
        at=clock.now(),
    )


def _baseline(request: BrandRequest, place: Place, form: CopyWeekForm) -> Forecast:
    return actions.baseline_forecast(
        **place.where,
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
    if form.is_valid() and done(form, lambda: make(request, place, form)):
        messages.success(request, _("A new version is made. Look it over, then publish it."))
        return redirect(place.url(request.actor.brand.slug, page="forecast"))
    programs = list(programs_for(request.actor).order_by("name"))
    return _forecast_page(request, place, programs, layer="volume", copy=form, status=422)


def _shown_version(request: BrandRequest, forecast_id: str, place: Place) -> Forecast | None:
    """The version asked for, if it is one of this week's."""
    rows = Forecast.objects.for_actor(request.actor).of_week(place.program.pk, place.channel, place.week)
    rows = rows.filter(language=place.language)
    if not forecast_id:
        return None
    return next((one for one in rows if str(one.pk) == forecast_id), None)


def _versions(place: Place, offered: dict[Any, int]) -> list[ForecastVersion]:
    return forecast_versions(place.program, place.channel, place.week, actuals=offered, language=place.language)


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
    came = actuals_of(place.program, place.channel, place.week, language=place.language)
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
        **sheet_context(sheet, form, can_type=can_plan),
        "layer": layer,
        "layers": _layers(place, slug, layer),
        "shown": shown,
        "shown_state": shown.get_state_display() if shown else "",
        "is_draft": bool(shown and shown.state == ForecastState.DRAFT),
        "is_newest": bool(shown and shown.version == newest),
        "versions": [version_words(one, place, slug, shown=shown) for one in versions],
        "volume": number_text(sum((volume for volume, _aht in points.values()), Decimal(0)), 0),
        "aht": clock_text(aht) or "–",
        "accuracy": next((accuracy_words(one) for one in versions if one.forecast == shown and one.accuracy), None),
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
