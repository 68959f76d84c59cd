"""Tests: what they draw, how long they take, what passes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from vetting import actions, queries
from vetting.forms import AssessmentForm, AssessmentNameForm
from vetting.models import AssessmentVersion
from vetting.states import VersionState


@brand_page(Permission.AUTHOR_CONTENT)
def assessments(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's tests and make a new one."""
    form = AssessmentNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.create_assessment(
                brand_id=request.actor.brand_id, by=request.actor, at=clock.now(), **form.cleaned_data
            )
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return redirect("vetting:assessment", slug=request.actor.brand.slug, assessment_id=draft.assessment_id)
    rows = [{"assessment": one, "versions": list(one.versions.all())} for one in queries.assessments_for(request.actor)]
    context = {"page_title": _("Tests"), "rows": rows, "form": form}
    return render(request, "vetting/assessments_page.html", context, status=422 if form.errors else 200)


@brand_page(Permission.AUTHOR_CONTENT)
def assessment(request: BrandRequest, assessment_id: UUID) -> HttpResponse:
    """This function will show a test's newest version; a post saves what is on the page before it publishes."""
    found = queries.assessment_for(request.actor, assessment_id)
    versions = list(found.versions.all())
    form = AssessmentForm(queries.banks_for(request.actor), request.POST or None, initial=_initial(versions[0]))
    if request.method == "POST" and form.is_valid() and _saved(request, assessment_id, form):
        return redirect("vetting:assessment", slug=request.actor.brand.slug, assessment_id=assessment_id)
    context = {
        "page_title": found.name,
        "assessment": found,
        "newest": versions[0],
        "live": next((one for one in versions if one.state == VersionState.LIVE), None),
        "may_publish": request.actor.can(Permission.APPROVE_CONTENT),
        "form": form,
    }
    return render(request, "vetting/assessment_page.html", context, status=422 if form.errors else 200)


def _saved(request: BrandRequest, assessment_id: UUID, form: AssessmentForm) -> bool:
    """Whatever is on the page is kept as the draft first, so that publishing never leaves a change behind."""
    try:
        draft = _drafted(request, assessment_id, form.cleaned_data)
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    if request.POST.get("go") == "publish":
        _publish(request, draft)
    else:
        messages.success(request, _("Saved as a draft."))
    return True


def _publish(request: BrandRequest, draft: AssessmentVersion) -> None:
    try:
        actions.publish_assessment_version(version_id=draft.pk, by=request.actor, at=clock.now())
    except DomainError as refused:
        messages.error(request, _("Saved as a draft, not published. %s") % refused.message)
    else:
        messages.success(request, _("Published. Agents who begin now get this version."))


def _drafted(request: BrandRequest, assessment_id: UUID, cleaned: dict[str, Any]) -> AssessmentVersion:
    sections = [
        actions.SectionPlan(title="", bank_id=UUID(cleaned[f"bank_{number}"]), draw=cleaned[f"draw_{number}"])
        for number in AssessmentForm.SECTIONS
        if cleaned.get(f"bank_{number}") and cleaned.get(f"draw_{number}")
    ]
    return actions.draft_assessment(
        assessment_id=assessment_id,
        introduction=cleaned["introduction"],
        limit_seconds=cleaned["minutes"] * 60,
        max_tries=cleaned["max_tries"],
        feedback=cleaned["feedback"],
        sections=sections,
        cut_percent=cleaned["cut_percent"],
        by=request.actor,
        at=clock.now(),
    )


def _initial(version: AssessmentVersion) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "introduction": version.introduction,
        "minutes": version.limit_seconds // 60,
        "max_tries": version.max_tries,
        "feedback": version.feedback,
    }
    cut = version.cuts.order_by("-n").first()
    if cut is not None:
        initial["cut_percent"] = cut.percent
    for section in version.sections.order_by("position"):
        initial |= {f"bank_{section.position}": str(section.bank_id), f"draw_{section.position}": section.draw}
    return initial
