"""The planner's week: the grid, pencilling, copying, pasting."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import amount_text, money_text
from recruiting.models import Program
from recruiting.queries import programs_for
from scheduling import actions
from scheduling.forms import CopyDayForm, PasteForm, PencilForm, WeekForm
from scheduling.queries.doors import program_of
from scheduling.queries.grid import WeekGrid, week_grid
from scheduling.queries.languages import with_language
from scheduling.queries.weeks import days_of_week
from scheduling.states import DesignState, RequestState
from scheduling.views.pictures import day_curve, heat_rows, hours_text
from scheduling.views.places import Place, day_in, frame, place_of
from scheduling.views.sheets import shown_field


@require_GET
@brand_page()
def capacity(request: BrandRequest) -> HttpResponse:
    """This function will show a program's week."""
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("Capacity")})
    place = place_of(request, programs)
    return _page(request, place, programs)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def capacity_pencil(request: BrandRequest) -> HttpResponse:
    """This function will pencil agents into the painted or typed times."""
    place = _posted_place(request)
    form = PencilForm(request.POST, zone=zone_of(place.program.timezone), week=place.week)
    if form.is_valid() and _saved(request, place, form):
        return redirect(place.url(request.actor.brand.slug))
    return _page(request, place, list(programs_for(request.actor)), pencil=form, status=422)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def capacity_copy(request: BrandRequest) -> HttpResponse:
    """This function will copy one day's pencilled demand to others."""
    place = _posted_place(request)
    form = CopyDayForm(request.POST, zone=zone_of(place.program.timezone), week=place.week)
    if form.is_valid() and _copied(request, place, form):
        return redirect(place.url(request.actor.brand.slug))
    return _page(request, place, list(programs_for(request.actor)), copy=form, status=422)


@require_http_methods(["GET", "POST"])
@brand_page(Permission.PLAN_CAPACITY)
def capacity_paste(request: BrandRequest) -> HttpResponse:
    """This function will take a week pasted from a spreadsheet; a bad cell names itself and nothing is written."""
    if request.method == "GET":
        place = place_of(request, list(programs_for(request.actor).order_by("name")))
        form = PasteForm(initial=place.initial(None), zone=zone_of(place.program.timezone), week=place.week)
        return _paste_page(request, place, form)
    place = _posted_place(request)
    form = PasteForm(request.POST, zone=zone_of(place.program.timezone), week=place.week)
    if form.is_valid() and _saved(request, place, form):
        messages.success(request, _("The sheet is pencilled in."))
        return redirect(place.url(request.actor.brand.slug))
    return _paste_page(request, place, form, status=422)


def _paste_page(request: HttpRequest, place: Place, form: PasteForm, *, status: int = 200) -> HttpResponse:
    context = {
        "page_title": _("Paste a week"),
        "form": form,
        "place": place,
        "work": with_language(place.program.name, place.language),
        "days": [f"{on:%a %-d %b}" for on in days_of_week(place.week)],
        "back_url": place.url(request.actor.brand.slug),  # type: ignore[attr-defined]  # see BrandRequest
    }
    return render(request, "scheduling/capacity_paste.html", context, status=status)


def _saved(request: BrandRequest, place: Place, form: PencilForm | PasteForm) -> bool:
    at = clock.now()
    try:
        planned = actions.draft_request(
            **place.where,
            week_starts_on=place.week,
            by=request.actor,
            at=at,
        )
        actions.set_intervals(
            request_id=planned.pk,
            intervals=form.cleaned_data["intervals"],
            by=request.actor,
            at=at,
            seen_version=form.cleaned_data.get("version"),
        )
    except DomainError as refused:
        _tell(form, refused)
        return False
    return True


def _copied(request: BrandRequest, place: Place, form: CopyDayForm) -> bool:
    at = clock.now()
    try:
        planned = actions.draft_request(
            **place.where,
            week_starts_on=place.week,
            by=request.actor,
            at=at,
        )
        report = actions.copy_day(
            request_id=planned.pk,
            source_on=form.cleaned_data["source_on"],
            target_on=form.cleaned_data["target_on"],
            by=request.actor,
            at=at,
            seen_version=form.cleaned_data.get("version"),
        )
    except DomainError as refused:
        _tell(form, refused)
        return False
    if report.moved:
        messages.warning(
            request, _("Left out, the clocks jump over it: %(times)s.") % {"times": ", ".join(report.moved)}
        )
    return True


def _tell(form: WeekForm, refused: DomainError) -> None:
    """Put a refusal where the person looks: at its field, or above the form."""
    lines = refused.problems if isinstance(refused, Invalid) else {}
    own = [f"{label}: {words[0]}" for label, words in lines.items() if label not in form.fields]
    field = shown_field(form, refused.field)
    for words in own or [refused.message]:
        form.add_error(field if not own else _main_field(form), words)


def _main_field(form: WeekForm) -> str | None:
    return next((name for name in ("sheet", "agents") if name in form.fields), None)


def _posted_place(request: BrandRequest) -> Place:
    form = WeekForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("The page was not understood. Open the capacity page again."))
    program = program_of(request.actor, form.cleaned_data["program"])
    week = week_start(form.cleaned_data["week"])
    zoom = form.cleaned_data.get("zoom") or program.interval_minutes
    today = clock.now().astimezone(zone_of(program.timezone)).date()
    return Place(
        program,
        form.cleaned_data["channel"],
        week,
        zoom,
        day_in(request.POST.get("day", ""), week, today),
        is_all_hours=False,
        language=form.cleaned_data["language"],
    )


def _page(
    request: BrandRequest,
    place: Place,
    programs: list[Program],
    *,
    pencil: PencilForm | None = None,
    copy: CopyDayForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    grid = week_grid(
        place.program,
        channel=place.channel,
        language=place.language,
        week_starts_on=place.week,
        minutes=place.zoom,
        at=at,
        is_all_hours=place.is_all_hours,
    )
    version = grid.planning.version if grid.planning else None
    zone = zone_of(place.program.timezone)
    forms = {
        "pencil": pencil or PencilForm(initial=place.initial(version), zone=zone, week=place.week),
        "copy": copy or CopyDayForm(initial=place.initial(version), zone=zone, week=place.week),
    }
    context = {
        "page_title": _("Capacity"),
        **frame(request, place, programs),
        **_figures(grid, request.actor.brand.slug),
        **forms,
        "grid": grid,
    }
    row = _shown_row(grid, request, place)
    context |= {
        "rows": heat_rows(grid, today=at.astimezone(zone).date().isoformat()),
        "hour_heads": _hour_heads(grid),
        "curve": day_curve(grid, row),
        "curve_on": row.on,
        "curve_title": f"{row.on:%A %-d %B}",
        "can_plan": request.actor.can(Permission.PLAN_CAPACITY),
    }
    return render(request, "scheduling/capacity_week.html", context, status=status)


def _shown_row(grid: WeekGrid, request: HttpRequest, place: Place) -> Any:
    """The chosen day, or else the busiest."""
    if request.GET.get("day"):
        return next(row for row in grid.rows if row.on == place.day)
    return max(grid.rows, key=lambda row: max((cell.total for cell in row.cells), default=0))


def _hour_heads(grid: WeekGrid) -> list[dict[str, Any]]:
    span = 60 // grid.minutes
    heads: list[dict[str, Any]] = []
    for column in grid.columns:
        if column.clock.minute == 0 or not heads:
            again = _("again") if column.is_second else ""
            heads.append({"label": f"{column.clock:%H}", "again": again, "span": 0})
        heads[-1]["span"] += 1
    return [{**head, "span": min(head["span"], span)} for head in heads]


def _figures(grid: WeekGrid, slug: str) -> dict[str, Any]:
    booked, pencil = grid.price_of(grid.booked_quarters), grid.price_of(grid.pencilled_quarters)
    share = grid.filled_quarters / grid.required_quarters if grid.required_quarters else None
    planning = grid.planning
    return {
        "required_hours": hours_text(grid.required_quarters),
        "filled_share": f"{share * 100:.1f}" if share is not None else "–",
        "short_hours": hours_text(grid.short_quarters),
        "over_hours": hours_text(grid.over_quarters),
        "booked_hours": hours_text(grid.booked_quarters),
        "booked_price": amount_text(booked) if booked else "–",
        "currency": grid.bill_per_hour.currency if grid.bill_per_hour else "",
        "rate": amount_text(grid.bill_per_hour) if grid.bill_per_hour else "",
        "rate_minor": grid.bill_per_hour.amount_minor if grid.bill_per_hour else "",
        "pencilled_hours": hours_text(grid.pencilled_quarters) if grid.pencilled_quarters else "",
        "pencilled_price": money_text(pencil) if pencil and grid.pencilled_quarters else "",
        "planning": planning,
        "planning_url": reverse("scheduling:request", kwargs={"slug": slug, "request_id": planning.pk})
        if planning
        else "",
        "is_designing": planning is not None and planning.design_state == DesignState.QUEUED,
        "is_priced": planning is not None and planning.state == RequestState.QUOTED,
        "is_blank": not (grid.required_quarters or grid.pencilled_quarters or grid.booked_quarters),
    }
