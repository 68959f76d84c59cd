"""A brand's incidents: what is suspected or declared, declaring what its own tools did, saying that it is over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import duration_text, moment_text
from scheduling import actions
from scheduling.forms.day import IncidentForm
from scheduling.models import Incident
from scheduling.queries.incidents import incident_for, incidents_for_brand, minutes_of, preview_incident
from scheduling.queries.wallboard import programs_of_the_day
from scheduling.states import CauseOwner, IncidentState

_SHOWN = 50


@require_GET
@brand_page()
def incidents(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's incidents, with a form to declare one."""
    return _page(request, _form(request, None))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def incident_declare(request: BrandRequest) -> HttpResponse:
    """This function will count what a declaration would do, and declare it once that was seen."""
    form, at = _form(request, request.POST), clock.now()
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    scope = {"program_ids": given["program_ids"]}
    if "declare" not in request.POST:
        drafted = Incident(
            brand_id=request.actor.brand_id,
            cause_owner=CauseOwner.BRAND,
            title=given["title"],
            starts_at=given["starts_at"],
            scope={**scope, "regions": [], "providers": []},
            created_at=at,
        )
        return _page(request, form, preview=preview_incident(drafted, at=at))
    try:
        actions.declare_incident(
            brand_id=request.actor.brand_id,
            cause_owner=CauseOwner.BRAND,
            title=given["title"],
            starts_at=given["starts_at"],
            scope=scope,
            by=request.actor,
            at=at,
        )
    except DomainError as refused:
        form.add_error(refused.field if getattr(refused, "field", "") in form.fields else None, refused.message)
        return _page(request, form, status=422)
    messages.success(request, _("Declared. Whoever it keeps from working is excused from now on."))
    return redirect("scheduling:incidents", slug=request.actor.brand.slug)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def incident_resolve(request: BrandRequest, incident_id: UUID) -> HttpResponse:
    """This function will note that an incident is over."""
    actions.resolve_incident(incident_id=incident_id, by=request.actor, at=clock.now())
    messages.success(request, _("Over. Its floors are stated once every shift it touched has ended."))
    return redirect("scheduling:incidents", slug=request.actor.brand.slug)


@require_GET
@brand_page()
def incident(request: BrandRequest, incident_id: UUID) -> HttpResponse:
    """This function will show one incident: whom it excused from what, and whose money the floors are."""
    found, at = incident_for(request.actor, incident_id), clock.now()
    rows = (
        found.excusals.for_brand(found.brand_id)
        .exclude(state="void")
        .select_related("agent__user", "claim__shift__program")
    )
    zone = zone_of(request.actor.brand.timezone)
    words = {
        "late": _("came late"),
        "missed": _("could not come"),
        "released": _("gave the seat back"),
        "lost": _("lost minutes"),
    }
    context = {
        "page_title": found.title,
        "found": found,
        **_line(found, zone_text=str(zone), at=at),
        "rows": [
            {
                "name": one.agent.user.full_name,
                "program": one.claim.shift.program.name,
                "when": moment_text(one.claim.starts_at, zone),
                "why": words.get(str(one.evidence.get("why", "")), _("was there")),
                "floor": duration_text(one.floor_seconds // 60) if one.floor_seconds else "–",
                "payer": one.get_payer_display(),
            }
            for one in rows.order_by("claim__starts_at", "pk")[:200]
        ],
        "can_resolve": _may_resolve(request, found),
    }
    return render(request, "scheduling/incident_page.html", context)


def _may_resolve(request: BrandRequest, found: Incident) -> bool:
    return (
        found.state == IncidentState.DECLARED
        and found.cause_owner == CauseOwner.BRAND
        and request.actor.can(Permission.PLAN_CAPACITY)
    )


def _form(request: BrandRequest, given: Any) -> IncidentForm:
    programs = programs_of_the_day(request.actor.brand_id, at=clock.now())
    here = timezone.localtime(clock.now())
    return IncidentForm(given, programs=programs, initial={"starts_at": [f"{here:%Y-%m-%d}", f"{here:%H:%M}"]})


def _page(request: BrandRequest, form: IncidentForm, *, preview: Any = None, status: int = 200) -> HttpResponse:
    at = clock.now()
    rows = incidents_for_brand(request.actor.brand_id)[:_SHOWN]
    context = {
        "page_title": _("Incidents"),
        "rows": [_line(one, zone_text=request.actor.brand.timezone, at=at) for one in rows],
        "form": form,
        "preview": preview,
        "can_declare": request.actor.can(Permission.PLAN_CAPACITY),
    }
    return render(request, "scheduling/incident_list.html", context, status=status)


def _line(one: Incident, *, zone_text: str, at: datetime) -> dict[str, Any]:
    floor = getattr(one, "floor_sum", 0) or 0
    return {
        "id": one.pk,
        "title": one.title,
        "state": one.get_state_display(),
        "is_open": one.state in {IncidentState.SUSPECTED, IncidentState.DECLARED},
        "owner": one.get_cause_owner_display(),
        "since": moment_text(one.starts_at, zone_of(zone_text)),
        "lasted": duration_text(minutes_of(one, at=at)),
        "claims": getattr(one, "claim_count", 0),
        "floor": duration_text(floor // 60) if floor else "–",
    }
