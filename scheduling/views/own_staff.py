"""The brand's own staff of a week, as a sheet to type into."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gigcx.kernel import clock
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.actors import require
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from recruiting.models import Program
from recruiting.queries import programs_for
from scheduling import actions
from scheduling.actions.actuals import OwnStaff
from scheduling.forms.demand import SheetForm
from scheduling.queries.grid import shown_span
from scheduling.queries.heads import heads_of
from scheduling.queries.sheets import Sheet, heads_text, sheet_of
from scheduling.views.places import Place, frame, place_of
from scheduling.views.sheets import done, posted_place, sheet_context


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


def _record_own_staff(request: BrandRequest) -> HttpResponse:
    require(request.actor, Permission.PLAN_CAPACITY, brand_id=request.actor.brand_id)
    place = posted_place(request)
    sheet = _own_staff_sheet(place)
    form = SheetForm(request.POST, zone=zone_of(place.program.timezone), week=place.week, sheet=sheet)
    if form.is_valid() and done(form, lambda: _record(request, place, form)):
        messages.success(request, _("Your own staff is recorded. It counts as cover."))
        return redirect(place.url(request.actor.brand.slug, page="own-staff"))
    programs = list(programs_for(request.actor).order_by("name"))
    return _own_staff_page(request, place, programs, form=form, status=422)


def _record(request: BrandRequest, place: Place, form: SheetForm) -> int:
    heads = [
        OwnStaff(cell.starts_at, cell.ends_at, int(value), cell.label) for cell, value in form.cleaned_data["cells"]
    ]
    return actions.record_in_house(
        **place.where,
        heads=heads,
        by=request.actor,
        at=clock.now(),
    )


def _own_staff_sheet(place: Place) -> Sheet:
    zone = zone_of(place.program.timezone)
    heads = heads_of(place.program, place.channel, place.week, language=place.language)
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
        **sheet_context(sheet, form, can_type=request.actor.can(Permission.PLAN_CAPACITY)),
        "layer": "heads",
        "is_blank": not any(cell.text for cell in sheet.cells),
        "upload_url": place.url(request.actor.brand.slug, page="uploads", kind="in_house"),
        "save_url": reverse("scheduling:own-staff", kwargs={"slug": request.actor.brand.slug}),
        "can_plan": request.actor.can(Permission.PLAN_CAPACITY),
    }
    return render(request, "scheduling/own_staff_week.html", context, status=status)
