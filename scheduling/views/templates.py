"""Recurring demand: what there is, a picture of what it makes, and where clocks change."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.kernel.intervals import day_grid, week_start, zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import city_of, number_text
from recruiting.queries import programs_for
from scheduling import actions
from scheduling.design.expand import DOUBLED, LONGER, MOVED, Block
from scheduling.forms.demand import WEEKDAYS, TemplateForm, TemplateRows
from scheduling.models import DemandTemplate
from scheduling.queries.languages import with_language
from scheduling.queries.templates import (
    TemplateWeekPlan,
    clock_warnings,
    coming_weeks,
    template_for,
    templates_of,
)
from scheduling.queries.weeks import days_of_week
from scheduling.states import TemplateState
from scheduling.views.places import week_address

_HEIGHT = 56
_SHOWN_WARNINGS = 12


@require_GET
@brand_page()
def templates(request: BrandRequest) -> HttpResponse:
    """This function will list recurring demand with the weeks it fills next."""
    at = clock.now()
    rows = [_card(one, request.actor.brand.slug, at) for one in templates_of(request.actor)]
    context = {
        "page_title": _("Templates"),
        "rows": rows,
        "can_plan": request.actor.can(Permission.PLAN_CAPACITY),
        "new_url": reverse("scheduling:template-new", kwargs={"slug": request.actor.brand.slug}),
    }
    return render(request, "scheduling/template_list.html", context)


@require_http_methods(["GET", "POST"])
@brand_page(Permission.PLAN_CAPACITY)
def template_new(request: BrandRequest) -> HttpResponse:
    """This function will write recurring demand down."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@brand_page(Permission.PLAN_CAPACITY)
def template(request: BrandRequest, demand_template_id: UUID) -> HttpResponse:
    """This function will show a template with its picture, and change it."""
    return _edit(request, template_for(request.actor, demand_template_id))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def template_pause(request: BrandRequest, demand_template_id: UUID) -> HttpResponse:
    """This function will stop a template from filling weeks."""
    actions.pause_template(template_id=demand_template_id, by=request.actor, at=clock.now())
    messages.success(request, _("Paused. Weeks that are pencilled in already stay."))
    return redirect("scheduling:template", slug=request.actor.brand.slug, demand_template_id=demand_template_id)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def template_resume(request: BrandRequest, demand_template_id: UUID) -> HttpResponse:
    """This function will let a template fill weeks again."""
    actions.resume_template(template_id=demand_template_id, by=request.actor, at=clock.now())
    messages.success(request, _("It fills weeks again."))
    return redirect("scheduling:template", slug=request.actor.brand.slug, demand_template_id=demand_template_id)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def template_end(request: BrandRequest, demand_template_id: UUID) -> HttpResponse:
    """This function will end a template for good."""
    actions.end_template(template_id=demand_template_id, by=request.actor, at=clock.now())
    messages.success(request, _("Ended. What it pencilled in stays."))
    return redirect("scheduling:templates", slug=request.actor.brand.slug)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def template_fill(request: BrandRequest, demand_template_id: UUID) -> HttpResponse:
    """This function will pencil the coming weeks in now instead of tonight."""
    at = clock.now()
    found = template_for(request.actor, demand_template_id)
    weeks = [one.week_starts_on for one in coming_weeks(found, at=at) if not one.is_made]
    made = [
        actions.materialize_template(template_id=found.pk, week_starts_on=week, by=request.actor, at=at)
        for week in weeks
    ]
    count = len([one for one in made if one is not None])
    words = ngettext("%(n)s week is pencilled in.", "%(n)s weeks are pencilled in.", count) % {"n": count}
    messages.success(request, words)
    return redirect("scheduling:template", slug=request.actor.brand.slug, demand_template_id=found.pk)


def _edit(request: BrandRequest, found: DemandTemplate | None) -> HttpResponse:
    programs = list(programs_for(request.actor).order_by("name"))
    if not programs:
        return render(request, "scheduling/capacity_empty.html", {"page_title": _("Templates")})
    is_sent = request.method == "POST"
    form = TemplateForm(request.POST if is_sent else None, initial=_initial(found), programs=programs)
    rows = TemplateRows(request.POST if is_sent else None, initial=_rows_initial(found), prefix="rows")
    if is_sent and form.is_valid() and rows.is_valid():
        saved = _saved(request, found, form, [one.as_row() for one in rows.forms])
        if saved is not None:
            messages.success(request, _("Saved. Look at the picture, then fill the weeks or let it happen tonight."))
            return redirect("scheduling:template", slug=request.actor.brand.slug, demand_template_id=saved.pk)
    return _edit_page(request, found, form, rows, status=422 if is_sent else 200)


def _saved(
    request: BrandRequest, found: DemandTemplate | None, form: TemplateForm, rows: Sequence[dict[str, Any] | None]
) -> DemandTemplate | None:
    given = form.cleaned_data
    try:
        return actions.save_template(
            program_id=UUID(given["program"]),
            channel=given["channel"],
            language=given.get("language", ""),
            name=given["name"],
            rows=[one for one in rows if one],
            anchor_on=given["anchor_on"],
            every_weeks=given["every_weeks"],
            ends_on=given["ends_on"],
            skip_dates=given["skip_dates"],
            template_id=found.pk if found else None,
            seen_version=given["version"],
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        lines = refused.problems if isinstance(refused, Invalid) else {}
        own = [f"{label}: {words[0]}" for label, words in lines.items() if label not in form.fields]
        for words in own or [refused.message]:
            form.add_error(refused.field if not own and refused.field in form.fields else None, words)
        return None


def _initial(found: DemandTemplate | None) -> dict[str, Any]:
    if found is None:
        return {"anchor_on": week_start(clock.now().date()) + timedelta(days=7)}
    return {
        "program": str(found.program_id),
        "channel": found.channel,
        "language": found.language,
        "name": found.name,
        "anchor_on": found.anchor_on,
        "every_weeks": found.every_weeks,
        "ends_on": found.ends_on,
        "skip_dates": "\n".join(found.skip_dates),
        "version": found.version,
    }


def _rows_initial(found: DemandTemplate | None) -> list[dict[str, Any]]:
    rows = found.rows if found else []
    return [
        {
            "weekdays": [str(one) for one in row["weekdays"]],
            "start": row["from"],
            "end": row["to"],
            "agents": row["agents"],
        }
        for row in rows
    ]


def _edit_page(
    request: BrandRequest, found: DemandTemplate | None, form: TemplateForm, rows: Any, *, status: int
) -> HttpResponse:
    slug, at = request.actor.brand.slug, clock.now()
    context: dict[str, Any] = {
        "page_title": found.name if found else _("New template"),
        "template": found,
        "form": form,
        "row_forms": rows,
        "back_url": reverse("scheduling:templates", kwargs={"slug": slug}),
    }
    if found is not None:
        plans = coming_weeks(found, at=at)
        ways = {"slug": slug, "demand_template_id": found.pk}
        context |= {
            "city": city_of(found.timezone),
            "weeks": [_week_picture(one, found, slug) for one in plans],
            "warnings": [_warning(one, found) for one in clock_warnings(found, at=at)[:_SHOWN_WARNINGS]],
            "is_active": found.state == TemplateState.ACTIVE,
            "is_paused": found.state == TemplateState.PAUSED,
            "has_open_weeks": any(not one.is_made for one in plans),
            "pause_url": reverse("scheduling:template-pause", kwargs=ways),
            "resume_url": reverse("scheduling:template-resume", kwargs=ways),
            "end_url": reverse("scheduling:template-end", kwargs=ways),
            "fill_url": reverse("scheduling:template-fill", kwargs=ways),
        }
    return render(request, "scheduling/template_page.html", context, status=status)


def _card(one: DemandTemplate, slug: str, at: datetime) -> dict[str, Any]:
    plans = coming_weeks(one, at=at)
    warnings = clock_warnings(one, at=at)
    return {
        "name": one.name,
        "program": with_language(one.program.name, one.language),
        "url": reverse("scheduling:template", kwargs={"slug": slug, "demand_template_id": one.pk}),
        "state": one.get_state_display(),
        "kind": "cover" if one.state == TemplateState.ACTIVE else "",
        "pattern": _pattern_words(one),
        "week": _week_picture(plans[0], one, slug) if plans else None,
        "warning": _warning(warnings[0], one) if warnings else "",
    }


def _pattern_words(one: DemandTemplate) -> str:
    names = dict(WEEKDAYS)
    first = one.rows[0]
    days = ", ".join(str(names[str(day)]) for day in first["weekdays"])
    words = _("%(days)s %(start)s–%(end)s, %(n)s agents") % {
        "days": days,
        "start": first["from"],
        "end": first["to"],
        "n": first["agents"],
    }
    more = len(one.rows) - 1
    if more:
        words += " " + ngettext("and %(n)s more row", "and %(n)s more rows", more) % {"n": more}
    every = ngettext("every week", "every %(n)s weeks", one.every_weeks) % {"n": one.every_weeks}
    return f"{words}; {every}"


def _week_picture(plan: TemplateWeekPlan, found: DemandTemplate, slug: str) -> dict[str, Any]:
    """A week's steps: one unit a quarter of an hour, so that a day of 23 hours is narrower."""
    zone = zone_of(found.timezone)
    peak = max(plan.demand.values(), default=0)
    path, x, ticks, level = "", 0, [], 0
    for on in days_of_week(plan.week_starts_on):
        ticks.append({"x": x, "label": f"{on:%a %-d}"})
        for start in day_grid(on, zone):
            agents = plan.demand.get(start, 0)
            if agents != level:
                path += f"H{x}V{_HEIGHT - agents * (_HEIGHT - 6) / (peak or 1):.1f}"
                level = agents
            x += 1
    hours = number_text(plan.agent_quarters / 4, 0)
    last = plan.week_starts_on + timedelta(days=6)
    week = f"{plan.week_starts_on:%-d %b} – {last:%-d %b %Y}"
    return {
        "label": week,
        "path": f"M0 {_HEIGHT}{path}H{x}V{_HEIGHT}Z",
        "width": x,
        "height": _HEIGHT,
        "ticks": ticks,
        "hours": hours,
        "peak": peak,
        "is_made": plan.is_made,
        "words": _("%(hours)s agent hours, at most %(peak)s at once") % {"hours": hours, "peak": peak},
        "url": week_address(found, plan.week_starts_on, slug),
    }


def _warning(block: Block, found: DemandTemplate) -> str:
    zone = zone_of(found.timezone)
    real = f"{block.starts_at.astimezone(zone):%H:%M}"
    words = {
        "day": f"{block.on:%a %-d %b %Y}",
        "start": f"{block.wall_start:%H:%M}",
        "end": f"{block.wall_end:%H:%M}",
        "real": real,
        "hours": number_text(block.seconds / 3600, 0 if block.seconds % 3600 == 0 else 1),
    }
    if block.flag == MOVED:
        return _("%(day)s: %(start)s does not exist, the clocks go forward. It starts at %(real)s.") % words
    if block.flag == DOUBLED:
        return _("%(day)s: %(start)s happens twice, the clocks go back. It starts at the first.") % words
    if block.flag == LONGER:
        return _("%(day)s: %(start)s–%(end)s lasts %(hours)s real hours, the clocks go back.") % words
    return _("%(day)s: %(start)s–%(end)s lasts %(hours)s real hours, the clocks go forward.") % words
