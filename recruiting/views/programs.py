"""A brand's programs: list, draft, workspace and what moves them on."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.tenancy.roles import Permission
from gigcx.web import timeline
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.refusals import show_refusal, status_of
from gigcx.web.registries import render_panels
from recruiting import actions
from recruiting.forms import ProgramForm
from recruiting.models import Program
from recruiting.queries import (
    active_terms,
    bench,
    channels_of,
    missing_of,
    offer_of,
    pipeline,
    program_for,
    program_history,
    program_summaries,
    skills_offered,
)
from recruiting.states import ProgramState
from recruiting.views.program_parts import price_rows

_MOVES: Final[dict[str, tuple[Callable[..., Program], Any]]] = {
    "submit": (actions.submit_program, gettext_lazy("Sent to review. We answer within one working day.")),
    "launch": (actions.launch_program, gettext_lazy("The program is live.")),
    "pause": (actions.pause_program, gettext_lazy("Paused. Claimed seats stay.")),
    "resume": (actions.resume_program, gettext_lazy("The program is live again.")),
    "sunset": (actions.sunset_program, gettext_lazy("No more applications are taken.")),
    "archive": (actions.archive_program, gettext_lazy("Archived.")),
}
_OFFERED: Final = {
    ProgramState.DRAFT: ("submit", "archive"),
    ProgramState.RECRUITING: ("sunset",),
    ProgramState.READY: ("launch", "sunset"),
    ProgramState.LIVE: ("pause", "sunset"),
    ProgramState.PAUSED: ("resume", "sunset"),
    ProgramState.SUNSET: ("archive",),
}
_HISTORY_LINES: Final = 12
_OVER: Final = (ProgramState.SUNSET, ProgramState.ARCHIVED)


@brand_page()
@require_GET
def index(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's programs with who is where."""
    context = {
        "page_title": _("Programs"),
        "programs": program_summaries(request.actor),
        "may_edit": request.actor.can(Permission.MANAGE_PROGRAMS),
    }
    return render(request, "recruiting/program_list.html", context)


@brand_page(Permission.MANAGE_PROGRAMS)
@require_http_methods(["GET", "POST"])
def new(request: BrandRequest) -> HttpResponse:
    """This function will take a first draft."""
    posted = request.POST if request.method == "POST" else None
    form = ProgramForm.blank(request.actor.brand.timezone, skills_offered(), posted)
    if posted is not None and form.is_valid() and (program := _created(request, form)):
        messages.success(request, _("Draft saved. Prices and terms come next."))
        return redirect("recruiting:program", slug=request.actor.brand.slug, program_id=program.pk)
    context = {"page_title": _("New program"), "form": form}
    return render(request, "recruiting/program_form.html", context, status=status_of(form))


@brand_page()
@require_GET
def workspace(request: BrandRequest, program_id: UUID) -> HttpResponse:
    """This function will show a program: where it stands, its people, prices, terms and requirements."""
    at = clock.now()
    program = program_for(request.actor, program_id)
    people = list(bench(request.actor, program.pk)[:8])
    context = {
        "page_title": program.name,
        "program": program,
        "detail": offer_of(program, at),
        "channels": channels_of(program),
        "stages": [stage for stage in pipeline(request.actor, program.pk) if stage.count],
        "bench": people,
        "prices": price_rows(program, at),
        "terms": active_terms(program.pk, at),
        "missing": missing_of(program, at) if program.state not in _OVER else [],
        "moves": _moves(request, program),
        "history": timeline.lines(program_history(program).reverse()[:_HISTORY_LINES]),
        "panels": render_panels("brand.program", request, request.actor, subject=program, at=at),
        "may_edit": request.actor.can(Permission.MANAGE_PROGRAMS),
        "may_price": request.actor.can(Permission.PUBLISH_PAY),
    }
    return render(request, "recruiting/program_workspace.html", context)


@brand_page(Permission.MANAGE_PROGRAMS)
@require_http_methods(["GET", "POST"])
def edit(request: BrandRequest, program_id: UUID) -> HttpResponse:
    """This function will change a program."""
    program = program_for(request.actor, program_id)
    form = ProgramForm.of(program, skills_offered(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _edited(request, program, form):
        messages.success(request, _("Saved."))
        return redirect("recruiting:program", slug=request.actor.brand.slug, program_id=program.pk)
    context = {"page_title": _("Change %(program)s") % {"program": program.name}, "form": form, "program": program}
    return render(request, "recruiting/program_form.html", context, status=status_of(form))


@brand_page(Permission.MANAGE_PROGRAMS)
@require_POST
def move(request: BrandRequest, program_id: UUID) -> HttpResponse:
    """This function will move a program on: to review, live, paused, closed."""
    program = program_for(request.actor, program_id)
    call, done = _MOVES.get(request.POST.get("move", ""), (None, ""))
    if call is None:
        raise NotFound
    try:
        call(program_id=program.pk, by=request.actor, at=clock.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, str(done))
    return redirect("recruiting:program", slug=request.actor.brand.slug, program_id=program.pk)


def _created(request: BrandRequest, form: ProgramForm) -> Program | None:
    ids: dict[str, Any] = {"brand_id": request.actor.brand_id, "by": request.actor, "at": clock.now()}
    try:
        return actions.create_program(brief=form.brief(), **ids)
    except DomainError as refusal:
        _show(form, refusal)
        return None


def _edited(request: BrandRequest, program: Program, form: ProgramForm) -> bool:
    revision = form.cleaned_data["revision"] or 0
    ids: dict[str, Any] = {"program_id": program.pk, "by": request.actor, "at": clock.now()}
    try:
        actions.edit_program(brief=form.brief(), revision=revision, **ids)
    except DomainError as refusal:
        _show(form, refusal)
        return False
    return True


def _show(form: ProgramForm, refusal: DomainError) -> None:
    """The action names a whole; the form has rows."""
    rows = {"languages": "language_1", "service_hours": "days_1"}
    if refusal.field in rows:
        form.add_error(rows[refusal.field], refusal.message)
    else:
        show_refusal(form, refusal)


def _moves(request: BrandRequest, program: Program) -> tuple[str, ...]:
    if not request.actor.can(Permission.MANAGE_PROGRAMS):
        return ()
    return _OFFERED.get(ProgramState(program.state), ())
