"""Requirements let go for single agents: the ones that hold, one more, and ending one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from vetting import actions
from vetting.forms import WaiverForm
from vetting.models import Certification, Requirement, Waiver
from vetting.queries import certification_for, live_version
from vetting.queries.waivers import day_start, on_the_way, waivable_of, waivers_of


@brand_page(Permission.MANAGE_CERTIFICATIONS)
def waivers(request: BrandRequest, certification_id: UUID) -> HttpResponse:
    """This function will list a certification's waivers; a post grants one or ends one."""
    found = certification_for(request.actor, certification_id)
    requirements = waivable_of(live_version(found))
    is_ending = request.method == "POST" and "waiver" in request.POST
    form = WaiverForm(on_the_way(found), requirements, request.POST if request.method == "POST" else None)
    if is_ending:
        _end(request, found)
        return redirect("vetting:waivers", slug=request.actor.brand.slug, certification_id=found.pk)
    if request.method == "POST" and form.is_valid() and _granted(request, found, form):
        return redirect("vetting:waivers", slug=request.actor.brand.slug, certification_id=found.pk)
    context = {
        "page_title": _("Waivers"),
        "certification": found,
        "rows": _rows(found, requirements),
        "is_waivable": bool(requirements),
        "form": form,
    }
    return render(request, "vetting/waivers_page.html", context, status=422 if form.errors else 200)


def _rows(found: Certification, requirements: list[Requirement]) -> list[dict[str, Any]]:
    titles = {one.key: one.title for one in requirements}
    return [{"waiver": one, "title": titles.get(one.requirement_key, one.requirement_key)} for one in _holding(found)]


def _holding(found: Certification) -> list[Waiver]:
    return list(waivers_of(found, clock.now()))


def _granted(request: BrandRequest, found: Certification, form: WaiverForm) -> bool:
    cleaned = form.cleaned_data
    try:
        actions.grant_waiver(
            candidacy_id=UUID(cleaned["candidacy"]),
            requirement_key=cleaned["requirement"],
            reason=cleaned["reason"],
            until=day_start(cleaned["until"], found.program.timezone),
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    messages.success(request, _("Let go. Whoever asks reads when, why and by whom in the history."))
    return True


def _end(request: BrandRequest, found: Certification) -> None:
    given = request.POST["waiver"]
    waiver = next((one for one in _holding(found) if str(one.pk) == given), None)
    if waiver is None:
        raise NotFound
    reason = request.POST.get("reason", "").replace("\x00", "")[:1000]
    try:
        actions.end_waiver(waiver_id=waiver.pk, reason=reason, by=request.actor, at=clock.now())
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Ended. It is asked for again from now on."))
