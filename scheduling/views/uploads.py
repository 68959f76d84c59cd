"""Files of demand: choosing one, naming its columns, looking it over, applying it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import number_text
from recruiting.queries import programs_for
from scheduling import actions
from scheduling.formats.columns import ColumnMap
from scheduling.formats.crosswise import origin
from scheduling.formats.tables import Unreadable
from scheduling.forms.demand import MappingForm, UploadForm
from scheduling.models import UploadBatch
from scheduling.queries.beginnings import given_up
from scheduling.queries.languages import with_language
from scheduling.queries.sheets import clock_text
from scheduling.queries.uploads import (
    faulty_rows_csv,
    file_words,
    is_across,
    recent_uploads,
    told_faults,
    upload_for,
    upload_head_for,
)
from scheduling.states import UploadKind, UploadState, UploadWork
from scheduling.tasks import work_on_upload
from scheduling.views.places import Place, frame, place_of, week_address
from scheduling.views.sheets import posted_place, shown_field

_SHOWN_FAULTS = 200
_SHOWN_DAYS = 28
_SHOWN_ROWS = 6


@require_http_methods(["GET", "POST"])
@brand_page(Permission.PLAN_CAPACITY)
def uploads(request: BrandRequest) -> HttpResponse:
    """This function will take a file in, and show the last ones."""
    if request.method == "POST":
        return _receive(request)
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("Upload")})
    place = place_of(request, programs)
    kind = request.GET.get("kind", "")
    initial = {**place.initial(None), "kind": kind if kind in UploadKind.values else UploadKind.FORECAST}
    return _list_page(request, place, UploadForm(initial=initial))


@require_http_methods(["GET", "POST"])
@brand_page(Permission.PLAN_CAPACITY)
def upload(request: BrandRequest, upload_batch_id: UUID) -> HttpResponse:
    """This function will show a file: its columns, its days, its faults; and read it again with other columns."""
    batch = upload_for(request.actor, upload_batch_id)
    if batch.asked or "unreadable" in batch.mapping or given_up(batch.progress):
        return _waiting_page(request, batch)
    form = MappingForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        try:
            _preview(request, batch, form)
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return redirect(_address(request, batch))
    return _batch_page(request, batch, form, status=422 if form.errors else 200)


def _preview(request: BrandRequest, batch: UploadBatch, form: MappingForm) -> None:
    if actions.is_long_upload(batch):
        _ask(request, batch, form.mapped())
    else:
        actions.preview_upload(batch_id=batch.pk, mapped=form.mapped(), by=request.actor, at=clock.now())


def _ask(request: BrandRequest, batch: UploadBatch, mapped: ColumnMap | None) -> None:
    with transaction.atomic():
        actions.ask_upload(batch_id=batch.pk, mapped=mapped, by=request.actor, at=clock.now())
        transaction.on_commit(lambda: hint(work_on_upload, batch_id=str(batch.pk)))


@require_GET
@brand_page(Permission.PLAN_CAPACITY)
def upload_state(request: BrandRequest, upload_batch_id: UUID) -> HttpResponse:
    """This function will answer the waiting page: how far a worker is, then a whole new page."""
    batch = upload_head_for(request.actor, upload_batch_id)
    if batch.asked:
        return render(request, "scheduling/_upload_progress.html", {"batch": batch, **_progress_words(batch)})
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def upload_stop(request: BrandRequest, upload_batch_id: UUID) -> HttpResponse:
    """This function will call the reading of a long file off."""
    return redirect(_address(request, actions.stop_upload(batch_id=upload_batch_id, by=request.actor, at=clock.now())))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def upload_retry(request: BrandRequest, upload_batch_id: UUID) -> HttpResponse:
    """This function will ask a worker anew for what was given up or stopped."""
    with transaction.atomic():
        batch = actions.retry_upload(batch_id=upload_batch_id, by=request.actor, at=clock.now())
        transaction.on_commit(lambda: hint(work_on_upload, batch_id=str(batch.pk)))
    return redirect(_address(request, batch))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def upload_apply(request: BrandRequest, upload_batch_id: UUID) -> HttpResponse:
    """This function will write everything in the file, once."""
    found = upload_for(request.actor, upload_batch_id)
    if actions.is_long_upload(found) and found.state != UploadState.APPLIED:
        _ask(request, found, None)
        return redirect(_address(request, found))
    applied = actions.apply_upload(batch_id=upload_batch_id, by=request.actor, at=clock.now())
    if applied.pk != upload_batch_id:
        messages.info(request, _("This very file was applied before. Nothing was written a second time."))
    else:
        messages.success(request, _("The file is applied."))
    return redirect(_address(request, applied))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def upload_publish(request: BrandRequest, upload_batch_id: UUID) -> HttpResponse:
    """This function will publish every forecast the file made."""
    made = actions.publish_upload(batch_id=upload_batch_id, by=request.actor, at=clock.now())
    words = ngettext("%(n)s forecast is published.", "%(n)s forecasts are published.", len(made)) % {"n": len(made)}
    messages.success(request, words)
    return redirect(_address(request, upload_for(request.actor, upload_batch_id)))


@require_GET
@brand_page(Permission.PLAN_CAPACITY)
def upload_faults(request: BrandRequest, upload_batch_id: UUID) -> HttpResponse:
    """This function will bring the rows with faults as a file."""
    batch = upload_for(request.actor, upload_batch_id)
    answer = HttpResponse(faulty_rows_csv(batch), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="faulty-rows.csv"'
    return answer


def _address(request: BrandRequest, batch: UploadBatch) -> str:
    return reverse("scheduling:upload", kwargs={"slug": request.actor.brand.slug, "upload_batch_id": batch.pk})


def _receive(request: BrandRequest) -> HttpResponse:
    place = posted_place(request)
    form = UploadForm(request.POST, request.FILES, zone=zone_of(place.program.timezone), week=place.week)
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            batch = actions.receive_upload(
                **place.where,
                kind=form.cleaned_data["kind"],
                file_name=given.name,
                content=given.read(),
                by=request.actor,
                at=clock.now(),
            )
        except DomainError as refused:
            form.add_error(shown_field(form, refused.field), refused.message)
        else:
            if batch.asked:
                hint(work_on_upload, batch_id=str(batch.pk))
            return redirect(_address(request, batch))
    return _list_page(request, place, form, status=422)


def _list_page(request: BrandRequest, place: Place, form: UploadForm, *, status: int = 200) -> HttpResponse:
    programs = list(programs_for(request.actor).order_by("name"))
    context = {
        "page_title": _("Upload a file"),
        **frame(request, place, programs, page="uploads"),
        "form": form,
        "recent": [_recent_words(one, request) for one in recent_uploads(place.program)],
        "back_url": place.url(request.actor.brand.slug, page="forecast"),
    }
    return render(request, "scheduling/upload_list.html", context, status=status)


def _recent_words(one: UploadBatch, request: BrandRequest) -> dict[str, Any]:
    return {
        "name": one.file_name,
        "kind": with_language(one.get_kind_display(), one.language),
        "state": one.get_state_display(),
        "tone": {UploadState.APPLIED: "cover", UploadState.REJECTED: "short"}.get(UploadState(one.state), "accent"),
        "rows": number_text(one.row_count),
        "when": one.created_at,
        "url": _address(request, one),
    }


def _batch_page(request: BrandRequest, batch: UploadBatch, form: MappingForm, *, status: int = 200) -> HttpResponse:
    slug, summary = request.actor.brand.slug, batch.mapping.get("summary", {})
    faults = told_faults(batch.row_errors[:_SHOWN_FAULTS])
    weeks = [date.fromisoformat(one) for one in summary.get("weeks", [])]
    context = {
        "page_title": batch.file_name,
        "batch": batch,
        "kind": with_language(batch.get_kind_display(), batch.language),
        "form": form,
        "is_applied": batch.state == UploadState.APPLIED,
        "is_ready": batch.state == UploadState.PREVIEWED,
        "is_rejected": batch.state == UploadState.REJECTED,
        "faults": faults,
        "fault_count": summary.get("faults", 0),
        "has_more_faults": summary.get("faults", 0) > len(faults),
        "days": [_day_words(one, batch.kind) for one in summary.get("days", [])[:_SHOWN_DAYS]],
        "more_days": max(0, len(summary.get("days", [])) - _SHOWN_DAYS),
        "sample": [
            {"n": "{} ({})".format(*origin(number)) if is_across(batch) else number, "cells": cells}
            for number, *cells in batch.rows[:_SHOWN_ROWS]
        ],
        "minutes": summary.get("minutes", 30),
        "good": number_text(summary.get("good", 0)),
        "week_count": len(weeks),
        "zone": batch.program.timezone.replace("_", " "),
        "is_forecast": batch.kind == UploadKind.FORECAST,
        "is_people": batch.kind in {UploadKind.AGENTS, UploadKind.IN_HOUSE},
        "apply_url": reverse("scheduling:upload-apply", kwargs={"slug": slug, "upload_batch_id": batch.pk}),
        "publish_url": reverse("scheduling:upload-publish", kwargs={"slug": slug, "upload_batch_id": batch.pk}),
        "faults_url": reverse("scheduling:upload-faults", kwargs={"slug": slug, "upload_batch_id": batch.pk}),
        "result_url": _result_url(batch, slug, weeks),
        "is_across": is_across(batch),
        "refused": batch.progress.get("refused", ""),
        "first_url": _first_url(batch, slug),
        "back_url": f"{reverse('scheduling:uploads', kwargs={'slug': slug})}?program={batch.program_id}",
    }
    return render(request, "scheduling/upload_page.html", context, status=status)


def _waiting_page(request: BrandRequest, batch: UploadBatch) -> HttpResponse:
    """A long file while a worker is at it, or one that no worker could read."""
    refused = batch.mapping.get("unreadable")
    words = file_words(Unreadable(refused["code"], **refused["figures"])) if refused else ""
    context = {
        "page_title": batch.file_name,
        "batch": batch,
        "kind": batch.get_kind_display(),
        "zone": batch.program.timezone.replace("_", " "),
        "refused": words,
        "given_up": given_up(batch.progress),
        "was_applying": batch.progress.get("work") == UploadWork.APPLY,
        "back_url": f"{reverse('scheduling:uploads', kwargs={'slug': request.actor.brand.slug})}?program={batch.program_id}",
        **_progress_words(batch),
    }
    return render(request, "scheduling/upload_wait.html", context)


def _progress_words(batch: UploadBatch) -> dict[str, Any]:
    done, of = batch.progress.get("done", 0), batch.progress.get("of", 0)
    return {
        "is_applying": batch.asked == UploadWork.APPLY,
        "done": number_text(done),
        "of": number_text(of),
        "per_cent": done * 100 // of if of else 0,
        "has_begun": bool(of),
    }


def _result_url(batch: UploadBatch, slug: str, weeks: list[date]) -> str:
    page = {"forecast": "forecast", "agents": "capacity", "actuals": "actuals", "in_house": "own-staff"}[batch.kind]
    return week_address(batch, weeks[0] if weeks else None, slug, page=page)


def _first_url(batch: UploadBatch, slug: str) -> str:
    """The same file, applied before by somebody."""
    first = batch.progress.get("first")
    return reverse("scheduling:upload", kwargs={"slug": slug, "upload_batch_id": first}) if first else ""


def _day_words(one: dict[str, Any], kind: str) -> dict[str, str]:
    on = date.fromisoformat(one["on"])
    is_people = kind in {UploadKind.AGENTS, UploadKind.IN_HOUSE}
    return {
        "label": f"{on:%a %-d %b %Y}",
        "rows": number_text(one["rows"]),
        "total": number_text(float(one["total"]), 1 if is_people else 0),
        "peak": number_text(float(one["peak"]), 0),
        "aht": clock_text(int(one["aht"])) or "–",
    }
