"""From draft to catalogue: the checklist, the second person, the effect and the confirmation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from training import actions, queries
from training.errors import EffectChanged, VersionInvalid
from training.forms import CommentForm, PublishForm, SoloForm
from training.models import CourseVersion
from training.policies import can_approve_version, has_written
from training.states import ChangeClass, CourseVersionState


@brand_page(Permission.VIEW)
def checklist(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will show how far a version is on its way into the catalogue and what publishing it would do."""
    version = queries.version_for(request.actor, course_version_id)
    change = request.GET.get("change", "")
    form = PublishForm(initial={"change": change if change in ChangeClass.values else ChangeClass.MATERIAL})
    return _checklist(request, version, form, status=200)


@brand_page(Permission.AUTHOR_CONTENT)
@require_POST
def review_request(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will hand a draft to a reviewer."""
    try:
        actions.request_review(course_version_id=course_version_id, by=request.actor, at=clock.now())
    except VersionInvalid as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("In review. The next step is its approval."))
    return _back(request, course_version_id)


@brand_page(Permission.AUTHOR_CONTENT)
@require_POST
def version_return(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will give a version back to its authors."""
    version = queries.version_for(request.actor, course_version_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            actions.return_version(course_version_id=version.pk, by=request.actor, at=clock.now(), **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, _("Back in draft, with your comment."))
            return _back(request, version.pk)
    return _checklist(request, version, PublishForm(), comment_form=form, status=422)


@brand_page(Permission.APPROVE_CONTENT)
@require_POST
def version_approve(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will approve a version that somebody else wrote."""
    actions.approve_version(course_version_id=course_version_id, by=request.actor, at=clock.now())
    messages.success(request, _("Approved. It can be published now."))
    return _back(request, course_version_id)


@brand_page(Permission.APPROVE_CONTENT)
@require_POST
def version_approve_own(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will approve one's own version where nobody else can."""
    version = queries.version_for(request.actor, course_version_id)
    form = SoloForm(request.POST)
    if form.is_valid():
        try:
            actions.approve_own_version(
                course_version_id=version.pk, by=request.actor, at=clock.now(), **form.cleaned_data
            )
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, _("Approved by yourself; that is on record."))
            return _back(request, version.pk)
    return _checklist(request, version, PublishForm(), solo_form=form, status=422)


@brand_page(Permission.APPROVE_CONTENT)
@require_POST
def version_publish(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will publish a version if its effect is still the one that was shown."""
    version = queries.version_for(request.actor, course_version_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _checklist(request, version, form, status=422)
    try:
        actions.publish_course_version(
            course_version_id=version.pk, **form.cleaned_data, by=request.actor, at=clock.now()
        )
    except (EffectChanged, VersionInvalid) as refused:
        form.add_error(refused.field or None, refused.message)
        return _checklist(request, version, form, status=refused.status)
    messages.success(request, _("Published. New learners get this version from now on."))
    return redirect("training:course", slug=request.actor.brand.slug, course_id=version.course_id)


def _checklist(
    request: BrandRequest,
    version: CourseVersion,
    form: PublishForm,
    *,
    status: int,
    comment_form: CommentForm | None = None,
    solo_form: SoloForm | None = None,
) -> HttpResponse:
    modules = queries.modules_of(version)
    context: dict[str, Any] = {
        "page_title": _("Publish"),
        "version": version,
        "problems": queries.problems_of_version(modules),
        "form": form,
        "comment_form": comment_form or CommentForm(),
        "is_author": has_written(request.actor, version),
        "may_approve": can_approve_version(request.actor, version),
        "solo_form": solo_form or SoloForm(),
        **_approvers(request, version),
        "may_write": request.actor.can(Permission.AUTHOR_CONTENT),
        "may_publish": request.actor.can(Permission.APPROVE_CONTENT),
        "States": CourseVersionState,
    }
    if version.state == CourseVersionState.APPROVED:
        context |= _effect(version, form)
    return render(request, "training/version_publish.html", context, status=status)


def _approvers(request: BrandRequest, version: CourseVersion) -> dict[str, Any]:
    """Who else may approve it. Colleagues who wrote in it count as colleagues, but may not."""
    others = queries.other_approvers(version.brand_id, request.actor.user.pk)
    ready = [name for person, name in others if str(person) not in version.author_ids]
    return {"is_alone": not others, "ready_approvers": ready}


def _effect(version: CourseVersion, form: PublishForm) -> dict[str, Any]:
    change = str(form["change"].value() or ChangeClass.MATERIAL)
    change = change if change in ChangeClass.values else ChangeClass.MATERIAL
    effect = queries.publish_effect(version, change=change, at=clock.now())
    choices = [
        {
            "value": value,
            "label": label,
            "called_back": 0 if value == ChangeClass.MINOR else effect.learners_done,
            "is_on": value == change,
        }
        for value, label in ChangeClass.choices
    ]
    return {"effect": effect, "change": change, "choices": choices}


def _back(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    return redirect("training:version-publish", slug=request.actor.brand.slug, course_version_id=course_version_id)
