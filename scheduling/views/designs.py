"""Shifts over the curve: asked for, watched while a worker makes them, looked at and changed by hand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import duration_text
from scheduling import actions
from scheduling.forms.designs import BarsForm
from scheduling.models import CapacityRequest, Shift
from scheduling.policies import can_edit_request
from scheduling.queries.beginnings import given_up
from scheduling.queries.designs import curve_over, demand_of
from scheduling.queries.doors import request_for
from scheduling.queries.languages import with_language
from scheduling.queries.lists import shifts_of_request
from scheduling.queries.weeks import week_period
from scheduling.states import PLANNING, DesignState, RequestState, ShiftState
from scheduling.tasks import make_designed_shifts, quote_request
from scheduling.views.shift_bars import curve_script, day_pictures, how_good, progress_words


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_design(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will ask a worker to make the shifts and show the request, which fills by itself."""
    with transaction.atomic():
        found = actions.design_request_shifts(request_id=request_id, by=request.actor, at=clock.now())
        transaction.on_commit(lambda: hint(make_designed_shifts, request_id=str(found.pk)))
    return redirect("scheduling:request", slug=request.actor.brand.slug, request_id=found.pk)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_price(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will ask a worker for a price again that had been given up."""
    with transaction.atomic():
        found = actions.price_again(request_id=request_id, by=request.actor, at=clock.now())
        transaction.on_commit(lambda: hint(quote_request, request_id=str(found.pk)))
    return redirect("scheduling:request", slug=request.actor.brand.slug, request_id=found.pk)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_design_stop(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will end a running design early; the best so far is kept."""
    found = actions.stop_design(request_id=request_id, by=request.actor, at=clock.now())
    if found.design_state == DesignState.QUEUED:
        messages.info(request, _("Stopping. The best shifts so far are being kept."))
    else:
        messages.info(request, _("Stopped before anything was made."))
    return redirect("scheduling:request", slug=request.actor.brand.slug, request_id=found.pk)


@require_GET
@brand_page()
def request_design_state(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will answer the waiting page: how far it is while a worker is busy, then a whole new page."""
    found = request_for(request.actor, request_id)
    is_pencilled = found.state == RequestState.DRAFT and found.design_state == DesignState.DONE
    is_priced = not is_pencilled or given_up(found.design_progress) is not None
    context = {"found": found, "progress": progress_words(found), "can_edit": can_edit_request(request.actor, found)}
    if found.design_state == DesignState.QUEUED:
        return render(request, "scheduling/_design_progress.html", context)
    response = HttpResponse(status=204)
    if is_priced:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@brand_page()
def request_shifts(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will show a request's shifts over its demand, day by day."""
    return _page(request, request_for(request.actor, request_id))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_shifts_change(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will move pencilled shifts and their seats as dragged or typed; a worker prices them anew."""
    found = request_for(request.actor, request_id)
    form = BarsForm(request.POST, shifts=_pencilled(found), version=found.version)
    if not form.is_valid():
        return _page(request, found, form=form)
    changes = form.changes()
    try:
        with transaction.atomic():
            done = actions.change_pencilled_shifts(
                request_id=found.pk,
                changes=changes,
                by=request.actor,
                at=clock.now(),
                seen_version=form.cleaned_data["version"],
            )
            transaction.on_commit(lambda: hint(quote_request, request_id=str(done.pk)))
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, found, form=form)
    if changes:
        messages.success(request, _("The shifts are changed. Their price is being counted."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("scheduling:request-shifts", slug=request.actor.brand.slug, request_id=found.pk)


def _pencilled(found: CapacityRequest) -> list[Any]:
    return [one for one in shifts_of_request(found) if one.state == ShiftState.DRAFT]


def _page(request: BrandRequest, found: CapacityRequest, *, form: BarsForm | None = None) -> HttpResponse:
    shifts = list(shifts_of_request(found))
    is_planning = found.state in PLANNING
    since = clock.now() if is_planning else week_period(found.week_starts_on, zone_of(found.timezone)).starts_at
    demand = demand_of(found, at=since)
    curve = curve_over(found, demand.left, shifts)
    can_change = is_planning and can_edit_request(request.actor, found) and bool(shifts)
    form = form or BarsForm(shifts=_pencilled(found) if can_change else [], version=found.version)
    fields = {str(key): row for key, row in form.rows().items()}
    days = day_pictures(curve, zone_of(found.timezone))
    for day in days:
        for bar in day["bars"]:
            bar["fields"] = fields.get(bar["pk"])
    context = {
        "page_title": _("Shifts over the curve"),
        "found": found,
        "work": with_language(found.program.name, found.language),
        "days": days,
        "script": curve_script(curve),
        "under": duration_text(curve.under_minutes),
        "over": duration_text(curve.over_minutes),
        "has_under": curve.under_minutes > 0,
        "has_over": curve.over_minutes > 0,
        "distinct": curve.distinct,
        "given": duration_text(demand.given_minutes) if demand.given else "",
        "runs_on": _running_on(found, shifts),
        "good": how_good(found.design),
        "form": form,
        "can_change": can_change,
        "is_designing": found.design_state == DesignState.QUEUED,
        "back_url": reverse("scheduling:request", kwargs={"slug": request.actor.brand.slug, "request_id": found.pk}),
    }
    return render(request, "scheduling/request_shifts.html", context, status=422 if form.errors else 200)


def _running_on(found: CapacityRequest, shifts: Sequence[Shift]) -> int:
    """How many seats run into the week after."""
    week = week_period(found.week_starts_on, zone_of(found.timezone))
    return sum(one.seats for one in shifts if one.ends_at > week.ends_at)
