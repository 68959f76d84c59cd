"""Auto-fill: the brand's plan before anybody is booked, and the agent's say about being booked at all."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import AgentRequest, BrandRequest, agent_page, brand_page
from gigcx.web.formats import clock_text
from scheduling import actions
from scheduling.actions.releases import decline_auto_fill
from scheduling.models import AssignmentRun, CapacityRequest
from scheduling.policies import can_auto_fill
from scheduling.queries.autofill import CoverStep, PlannedShift, PlanView, latest_run, plan_of
from scheduling.queries.beginnings import given_up
from scheduling.queries.doors import request_for, run_for, worker_for
from scheduling.queries.languages import with_language
from scheduling.queries.open_shifts import calendar_of
from scheduling.states import AssignmentState
from scheduling.tasks.autofill import grant_auto_fill, solve_auto_fill

REASON_WORDS: Final = {
    "certificate": gettext_lazy("may not work it, or not to its end"),
    "skill": gettext_lazy("without a skill or language asked for"),
    "consent": gettext_lazy("did not allow auto-fill to book them"),
    "unavailable": gettext_lazy("not free then"),
    "rest": gettext_lazy("too little rest"),
    "hours": gettext_lazy("beyond their hours of the day or week"),
    "taken": gettext_lazy("busy then, or in another seat of this plan"),
}


@require_GET
@brand_page()
def auto_fill(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will show the plan that stands for a request: none, being made, to look at, or applied."""
    return _page(request, request_for(request.actor, request_id))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def auto_fill_start(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will ask a worker for a plan and show the page, which fills by itself."""
    found = request_for(request.actor, request_id)
    try:
        with transaction.atomic():
            run = actions.start_auto_fill(request_id=found.pk, by=request.actor, at=clock.now())
            transaction.on_commit(lambda: hint(solve_auto_fill, run_id=str(run.pk)))
    except DomainError as refused:
        messages.error(request, refused.message)
    return _back(request, found.pk)


@require_GET
@brand_page()
def auto_fill_state(request: BrandRequest, assignment_id: UUID) -> HttpResponse:
    """This function will answer the waiting page: how far the plan is, and a whole new page when there is news."""
    run = run_for(request.actor, assignment_id)
    if run.state == AssignmentState.QUEUED or (run.state == AssignmentState.SOLVED and "accepted_at" in run.figures):
        return render(request, "scheduling/_auto_fill_progress.html", {"run": run, **_progress(run)})
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def auto_fill_apply(request: BrandRequest, assignment_id: UUID) -> HttpResponse:
    """This function will accept the plan; a worker books one agent at a time."""
    run = run_for(request.actor, assignment_id)
    try:
        with transaction.atomic():
            actions.apply_auto_fill(run_id=run.pk, by=request.actor, at=clock.now())
            transaction.on_commit(lambda: hint(grant_auto_fill, run_id=str(run.pk)))
    except DomainError as refused:
        messages.error(request, refused.message)
    return _back(request, run.request_id)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def auto_fill_cancel(request: BrandRequest, assignment_id: UUID) -> HttpResponse:
    """This function will stop a plan that is being made, or throw a finished one away."""
    run = run_for(request.actor, assignment_id)
    try:
        actions.cancel_auto_fill(run_id=run.pk, by=request.actor, at=clock.now())
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The plan is gone. Nobody was booked."))
    return _back(request, run.request_id)


def _back(request: BrandRequest, request_id: UUID) -> HttpResponse:
    return redirect("scheduling:auto-fill", slug=request.actor.brand.slug, request_id=request_id)


def _page(request: BrandRequest, found: CapacityRequest) -> HttpResponse:
    last = latest_run(found)
    why = given_up(last.figures) if last is not None else None
    run = last if why is None else None
    slug = request.actor.brand.slug
    context: dict[str, Any] = {
        "page_title": _("Auto-fill %(number)s") % {"number": found.number},
        "found": found,
        "work": with_language(found.program.name, found.language),
        "run": run,
        "can_start": can_auto_fill(request.actor, found),
        "request_url": reverse("scheduling:request", kwargs={"slug": slug, "request_id": found.pk}),
        "is_working": False,
        "given_up": why,
    }
    if run is not None:
        is_booking = run.state == AssignmentState.SOLVED and "accepted_at" in run.figures
        context["is_working"] = run.state == AssignmentState.QUEUED or is_booking
        context |= _progress(run)
        if run.state != AssignmentState.QUEUED:
            context |= _plan(plan_of(run), slug)
    return render(request, "scheduling/auto_fill_plan.html", context)


def _progress(run: AssignmentRun) -> dict[str, Any]:
    done = sum(1 for pick in run.picks if "claim" in pick or "refusal" in pick)
    return {
        "is_booking": run.state == AssignmentState.SOLVED,
        "done": done,
        "picks": len(run.picks) or run.figures.get("picks", 0),
        "gap_words": _gap_words(run),
    }


def _gap_words(run: AssignmentRun) -> str:
    points, bound = run.figures.get("points", 0), run.figures.get("bound", 0)
    if not bound or points >= bound:
        return _("No better plan exists.") if bound else ""
    gap = 100 * (bound - points) / bound
    shown = f"{gap:.2f}" if gap >= 0.01 else "0.01"
    return _("At most %(gap)s %% from the best possible plan.") % {"gap": shown}


def _plan(view: PlanView, slug: str) -> dict[str, Any]:
    figures = view.run.figures
    refused = [pair for one in view.shifts for pair in one.refused]
    return {
        "days": _days(view.shifts, slug),
        "pictures": [_picture(on, steps, view) for on, steps in view.cover.items()],
        "seats": len(view.run.picks),
        "agents": view.agents,
        "new_share": view.new_share,
        "short_before": _hours(view.short_before),
        "short_after": _hours(view.short_after),
        "is_applied": view.run.state == AssignmentState.APPLIED,
        "booked": figures.get("booked", 0),
        "invited": figures.get("invited", 0),
        "consenting": figures.get("consenting", 0),
        "people": figures.get("people", 0),
        "refused": refused,
        "seconds": figures.get("seconds", 0),
        "seats_words": ngettext("%(n)s seat", "%(n)s seats", len(view.run.picks)) % {"n": len(view.run.picks)},
    }


def _days(shifts: Sequence[PlannedShift], slug: str) -> list[dict[str, Any]]:
    days: dict[date, list[dict[str, Any]]] = {}
    for one in shifts:
        zone = zone_of(one.shift.timezone)
        row = {
            "time": f"{clock_text(one.shift.starts_at, zone)} – {clock_text(one.shift.ends_at, zone)}",
            "url": reverse("scheduling:shift", kwargs={"slug": slug, "shift_id": one.shift.pk}),
            "names": one.names,
            "refused": one.refused,
            "empty": one.empty,
            "reasons": [(count, REASON_WORDS.get(name, name)) for name, count in one.reasons] if one.empty else [],
        }
        days.setdefault(one.shift.local_on, []).append(row)
    return [{"day": f"{on:%A %-d %B}", "rows": rows} for on, rows in sorted(days.items())]


def _hours(minutes: int) -> str:
    """Hours of people, not of the clock: 361 h, never 15 days."""
    return _("%(hours)s h") % {"hours": f"{minutes / 60:,.1f}".removesuffix(".0")}


def _picture(on: date, steps: Sequence[CoverStep], view: PlanView) -> dict[str, Any]:
    """One day: what is asked for as a line, covered as bars, what the plan adds hatched on top."""
    zone = zone_of(view.run.request.timezone)
    peak = max(max(step.required, step.after) for step in steps) or 1
    width, unit = 400 / max(1, len(steps)), 56 / peak
    bars = [
        {
            "x": f"{place * width + 0.5:.1f}",
            "width": f"{width - 1:.1f}",
            "y": f"{60 - step.before * unit:.1f}",
            "height": f"{step.before * unit:.1f}",
            "gain_y": f"{60 - step.after * unit:.1f}",
            "gain": f"{(step.after - step.before) * unit:.1f}" if step.after > step.before else "",
        }
        for place, step in enumerate(steps)
    ]
    line = "".join(
        f"{'M' if place == 0 else 'L'}{place * width:.1f} {60 - step.required * unit:.1f}H{(place + 1) * width:.1f}"
        for place, step in enumerate(steps)
    )
    before = sum(max(0, step.required - step.before) for step in steps) * 30
    after = sum(max(0, step.required - step.after) for step in steps) * 30
    return {
        "day": f"{on:%a %-d %b}",
        "bars": bars,
        "line": line,
        "from": clock_text(steps[0].starts_at, zone),
        "words": _("Short %(before)s before, %(after)s with the plan")
        % {"before": _hours(before), "after": _hours(after)},
        "before": _hours(before),
        "after": _hours(after),
        "is_covered": after == 0,
    }


@require_http_methods(["GET", "POST"])
@agent_page
def auto_fill_consent(request: AgentRequest) -> HttpResponse:
    """This function will show what allowing auto-fill means and take the agent's word on it."""
    if request.method == "POST":
        at = clock.now()
        if request.POST.get("allow") == "yes":
            actions.allow_auto_fill(by=request.actor, at=at)
            messages.success(request, _("Auto-fill may book you now."))
        else:
            actions.stop_auto_fill(by=request.actor, at=at)
            messages.success(request, _("Auto-fill books you no more. Shifts you hold stay yours."))
        return redirect("scheduling:auto-fill-consent")
    agent = worker_for(request.actor)
    calendar = calendar_of(agent)
    context = {
        "page_title": _("Being booked by auto-fill"),
        "allowed_at": calendar.auto_fill_at if calendar else None,
        "hours_wanted": agent.weekly_hours_wanted,
        "schedule_url": reverse("scheduling:schedule"),
    }
    return render(request, "scheduling/auto_fill_consent.html", context)


@require_POST
@agent_page
def claim_decline(request: AgentRequest, claim_id: UUID) -> HttpResponse:
    """This function will decline a seat that auto-fill gave, free of charge."""
    decline_auto_fill(claim_id=claim_id, by=request.actor, at=clock.now())
    messages.success(request, _("Declined. It costs nothing and is not remembered."))
    return redirect("scheduling:schedule")
