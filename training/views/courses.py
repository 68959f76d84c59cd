"""The brand's courses: the list, a new one, one course with its versions and learners."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.registries import render_panels
from recruiting.queries import programs_for
from training import actions, queries
from training.actions.courses import BLANK
from training.errors import EffectChanged, NothingToClose
from training.forms import CloseCourseForm, CourseForm
from training.models import Course, CourseVersion
from training.pages.starters import STARTERS
from training.states import OPEN_DRAFT_STATES, CourseVersionState

PAGE_SIZE = 25


@brand_page(Permission.VIEW)
def course_list(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's courses; a brand without any is offered three to begin with."""
    page = Paginator(queries.courses_for(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    states = queries.version_states([course.pk for course in page])
    rows = [{"course": course, **states.get(course.pk, {})} for course in page]
    panels = render_panels("brand.training", request, request.actor, at=clock.now())
    context = {
        "page_title": _("Training"),
        "rows": rows,
        "page": page,
        "panels": panels,
        "starters": STARTERS,
        "may_write": request.actor.can(Permission.AUTHOR_CONTENT),
    }
    return render(request, "training/course_list.html", context)


@brand_page(Permission.AUTHOR_CONTENT)
@require_http_methods(["GET", "POST"])
def course_new(request: BrandRequest) -> HttpResponse:
    """This function will make a course, empty or from a starter."""
    programs = list(programs_for(request.actor))
    starter = STARTERS.get(request.POST.get("starter") or request.GET.get("starter", ""))
    initial = {"starter": request.GET.get("starter", ""), "program": request.GET.get("program", "")}
    initial |= {"title": starter.title, "summary": starter.summary} if starter else {}
    form = CourseForm(request.POST or None, programs=programs, initial=initial)
    context = {"page_title": _("New course"), "form": form, "programs": programs, "starter": starter}
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.create_course(
                program_id=UUID(form.cleaned_data["program"]),
                title=form.cleaned_data["title"],
                summary=form.cleaned_data["summary"],
                outline=starter or BLANK,
                by=request.actor,
                at=clock.now(),
            )
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return redirect("training:version", slug=request.actor.brand.slug, course_version_id=version.pk)
    return render(request, "training/course_new.html", context, status=422 if form.errors else 200)


@brand_page(Permission.VIEW)
def course_detail(request: BrandRequest, course_id: UUID) -> HttpResponse:
    """This function will show one course: what is published, what is being written, who learns it."""
    course = queries.course_for(request.actor, course_id)
    versions = queries.versions_of(course)
    counts = queries.learner_counts(course)
    paginator = Paginator(queries.learners_of(course), PAGE_SIZE)
    paginator.count = counts.total  # counted with the rest, in one query
    learners = paginator.get_page(request.GET.get("page"))
    context = {
        "page_title": course.title,
        "course": course,
        "versions": versions,
        "published": _published(versions),
        "draft": next((version for version in versions if version.state in OPEN_DRAFT_STATES), None),
        "learners": learners,
        "counts": counts,
        "may_write": request.actor.can(Permission.AUTHOR_CONTENT),
        "may_close": request.actor.can(Permission.APPROVE_CONTENT),
        "is_closed": _is_closed(versions),
        **_money(course, _published(versions)),
    }
    return render(request, "training/course_detail.html", context)


@brand_page(Permission.AUTHOR_CONTENT)
@require_POST
def draft_start(request: BrandRequest, course_id: UUID) -> HttpResponse:
    """This function will start a new version from the published one."""
    version = actions.start_draft(course_id=course_id, by=request.actor, at=clock.now())
    messages.success(request, _("New version started. Learners keep the published one until you publish this."))
    return redirect("training:version", slug=request.actor.brand.slug, course_version_id=version.pk)


@brand_page(Permission.APPROVE_CONTENT)
@require_http_methods(["GET", "POST"])
def course_close(request: BrandRequest, course_id: UUID) -> HttpResponse:
    """This function will show what closing a course does and, by POST, close it if that is still what was shown."""
    course = queries.course_for(request.actor, course_id)
    form = CloseCourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_course(course_id=course.pk, **form.cleaned_data, by=request.actor, at=clock.now())
        except (EffectChanged, NothingToClose) as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Closed. Nobody can start this course any more."))
            return redirect("training:course", slug=request.actor.brand.slug, course_id=course.pk)
    context = {
        "page_title": _("Close this course"),
        "course": course,
        "published": queries.current_version(course.pk),
        "effect": queries.closing_effect(course, at=clock.now()),
        "form": form,
    }
    return render(request, "training/course_close.html", context, status=409 if form.errors else 200)


def _published(versions: list[CourseVersion]) -> CourseVersion | None:
    return next(
        (one for one in versions if one.state == CourseVersionState.PUBLISHED and one.left_catalogue_at is None), None
    )


def _is_closed(versions: list[CourseVersion]) -> bool:
    return _published(versions) is None and any(one.state == CourseVersionState.CLOSED for one in versions)


def _money(course: Course, version: CourseVersion | None) -> dict[str, Any]:
    rate = queries.training_rate(course.program_id, clock.now())
    return {"rate": rate, "pay": queries.pay_for(rate, version.expected_minutes * 60) if version else None}
