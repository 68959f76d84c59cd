"""Writing a course: outline, pages with a live preview, questions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, Invalid
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from training import actions, queries
from training.errors import PageChanged, VersionInReview, VersionNotOpen
from training.forms import ChapterTitleForm, CheckForm, CourseSettingsForm, PageForm, TitleForm, check_initial
from training.models import CourseVersion, Page
from training.pages.checksums import text_checksum

AUTHOR = Permission.AUTHOR_CONTENT
CHAPTER = "new-chapter"


@brand_page(Permission.VIEW)
def version_edit(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will show a version's outline, what it takes, and what is still wrong with it."""
    return _outline(request, queries.version_for(request.actor, course_version_id))


@brand_page(AUTHOR)
@require_http_methods(["GET", "POST"])
def version_settings(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will change a draft's title, minutes and paid time."""
    version = queries.version_for(request.actor, course_version_id)
    names = ("expected_minutes", "pay_basis", "due_days")
    initial = {name: getattr(version, name) for name in names}
    initial |= {"title": version.course.title, "summary": version.course.summary}
    form = CourseSettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_course_settings(
                course_version_id=version.pk, **form.cleaned_data, by=request.actor, at=clock.now()
            )
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, _("Saved."))
            return _to_version(request, version.pk)
    rate = queries.training_rate(version.course.program_id, clock.now())
    context = {"page_title": _("Course settings"), "version": version, "form": form, "rate": rate}
    return render(request, "training/version_settings.html", context, status=422 if form.errors else 200)


@brand_page(AUTHOR)
@require_POST
def module_add(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    """This function will add a chapter."""
    version = queries.version_for(request.actor, course_version_id)
    form = ChapterTitleForm(request.POST, anchor=CHAPTER)
    if form.is_valid():
        try:
            actions.add_module(course_version_id=version.pk, by=request.actor, at=clock.now(), **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return _to_version(request, version.pk)
    return _outline(request, version, refused=form)


@brand_page(AUTHOR)
@require_POST
def page_add(request: BrandRequest, module_id: UUID) -> HttpResponse:
    """This function will add a page and open it."""
    module = queries.module_for(request.actor, module_id)
    form = TitleForm(request.POST, anchor=str(module.pk))
    if form.is_valid():
        try:
            page = actions.add_page(module_id=module.pk, by=request.actor, at=clock.now(), **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return _to_page(request, page.pk)
    return _outline(request, module.version, refused=form, module_id=module.pk)


@brand_page(AUTHOR)
@require_POST
def page_move(request: BrandRequest, page_id: UUID) -> HttpResponse:
    """This function will move a page up or down in its chapter."""
    step = -1 if request.POST.get("to") == "up" else 1
    page = actions.move_page(page_id=page_id, step=step, by=request.actor, at=clock.now())
    return _to_version(request, page.module.version_id)


@brand_page(AUTHOR)
@require_POST
def page_remove(request: BrandRequest, page_id: UUID) -> HttpResponse:
    """This function will take a page out of a draft."""
    version = actions.remove_page(page_id=page_id, by=request.actor, at=clock.now())
    messages.success(request, _("Page removed. Its text stays in the history."))
    return _to_version(request, version.pk)


@brand_page(Permission.VIEW, to_change=AUTHOR)
@require_http_methods(["GET", "POST"])
def page_edit(request: BrandRequest, page_id: UUID) -> HttpResponse:
    """This function will show a page for writing and, by POST, save it; htmx gets the state of saving and the preview."""
    page = queries.page_for(request.actor, page_id)
    if request.method == "POST":
        return _save(request, page)
    version = page.module.version
    context = {
        **_state(page, page.body, seen=text_checksum(page.title, page.body)),
        "page_title": page.title,
        "version": version,
        "modules": queries.modules_of(version),
        "form": PageForm(initial=_page_initial(page)),
        "checks": page.checks.all(),
        "may_edit": _may_edit(request, version),
    }
    return render(request, "training/page_edit.html", context)


@brand_page(Permission.VIEW)
def page_preview(request: BrandRequest, page_id: UUID) -> HttpResponse:
    """This function will show a page as an agent will see it."""
    page = queries.page_for(request.actor, page_id)
    rows = queries.pages_of(queries.modules_of(page.module.version))
    number = next(index for index, row in enumerate(rows) if row.pk == page.pk)
    context = {
        "page_title": page.title,
        "page": page,
        "version": page.module.version,
        "parts": queries.preview_parts(page),
        "number": number + 1,
        "total": len(rows),
        "previous": rows[number - 1] if number else None,
        "next": rows[number + 1] if number + 1 < len(rows) else None,
    }
    return render(request, "training/page_preview.html", context)


@brand_page(AUTHOR)
@require_http_methods(["GET", "POST"])
def check_new(request: BrandRequest, page_id: UUID) -> HttpResponse:
    """This function will add a question to a page."""
    page = queries.page_for(request.actor, page_id)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_check(page_id=page.pk, question=form.question(), by=request.actor, at=clock.now())
        except DomainError as refused:
            _put_error(form, refused)
        else:
            key = form.cleaned_data["key"]
            messages.success(
                request,
                _("Question added. Place it in the text: a line :::check %(key)s, and ::: on the next.") % {"key": key},
            )
            return _to_page(request, page.pk)
    context = {"page_title": _("New question"), "page": page, "form": form}
    return render(request, "training/check_edit.html", context, status=422 if form.errors else 200)


@brand_page(AUTHOR)
@require_http_methods(["GET", "POST"])
def check_edit(request: BrandRequest, check_id: UUID) -> HttpResponse:
    """This function will change a question and its answer."""
    check = queries.check_for(request.actor, check_id)
    form = CheckForm(request.POST or None, initial=check_initial(check))
    form.fields["key"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_check(check_id=check.pk, question=form.question(), by=request.actor, at=clock.now())
        except DomainError as refused:
            _put_error(form, refused)
        else:
            messages.success(request, _("Question saved."))
            return _to_page(request, check.page_id)
    context = {"page_title": _("Question"), "page": check.page, "check": check, "form": form}
    return render(request, "training/check_edit.html", context, status=422 if form.errors else 200)


@brand_page(AUTHOR)
@require_POST
def check_remove(request: BrandRequest, check_id: UUID) -> HttpResponse:
    """This function will delete a question from a draft."""
    page = actions.remove_check(check_id=check_id, by=request.actor, at=clock.now())
    messages.success(request, _("Question removed."))
    return _to_page(request, page.pk)


def _outline(
    request: BrandRequest, version: CourseVersion, *, refused: TitleForm | None = None, module_id: UUID | None = None
) -> HttpResponse:
    """A refused title is shown where it was typed: under its chapter, or as the new chapter's."""
    modules = queries.modules_of(version)
    context = {
        "page_title": version.course.title,
        "version": version,
        "chapters": [
            (module, refused if refused and module.pk == module_id else TitleForm(anchor=str(module.pk)))
            for module in modules
        ],
        "chapter_form": refused if refused and module_id is None else ChapterTitleForm(anchor=CHAPTER),
        "problems": queries.problems_of_version(modules) if queries.is_editable(version) else [],
        "may_edit": _may_edit(request, version),
        "refused": refused,
    }
    return render(request, "training/version_edit.html", context, status=422 if refused else 200)


def _save(request: BrandRequest, page: Page) -> HttpResponse:
    """A clash answers 409 with both texts; wrong input answers 422; what was typed stays in the field either way."""
    form = PageForm(request.POST)
    body = request.POST.get("body", "")
    seen = request.POST.get("overwrite") or request.POST.get("seen_checksum", "")
    if not form.is_valid():
        return _answer_save(request, page, form, {"seen": seen, "refusal": _first_error(form)}, status=422)
    try:
        page = actions.save_page(
            page_id=page.pk,
            title=form.cleaned_data["title"],
            body=form.cleaned_data["body"],
            is_required=form.cleaned_data["is_required"],
            seen_checksum=seen,
            by=request.actor,
            at=clock.now(),
        )
    except PageChanged as clash:
        return _answer_save(request, page, form, {"seen": seen, "clash": clash}, status=409)
    except (Invalid, VersionInReview, VersionNotOpen) as refused:
        return _answer_save(request, page, form, {"seen": seen, "refusal": refused.message}, status=422)
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        messages.success(request, _("Saved."))
        return _to_page(request, page.pk)
    fresh = queries.page_for(request.actor, page.pk)
    state = _state(fresh, body, seen=text_checksum(fresh.title, fresh.body))
    return render(request, "training/_page_state.html", {**state, "saved_at": clock.now(), "may_edit": True})


def _answer_save(
    request: BrandRequest, page: Page, form: PageForm, extra: dict[str, Any], *, status: int
) -> HttpResponse:
    context = {**_state(page, str(form.data.get("body", "")), seen=""), **extra, "may_edit": True}
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        return render(request, "training/_page_state.html", context, status=status)
    version = page.module.version
    context |= {"page_title": page.title, "version": version, "modules": queries.modules_of(version), "form": form}
    return render(request, "training/page_edit.html", {**context, "checks": page.checks.all()}, status=status)


def _state(page: Page, body: str, *, seen: str) -> dict[str, Any]:
    result = queries.rendered(page, body)
    return {
        "page": page,
        "seen": seen,
        "parts": queries.preview_parts(page, body),
        "problems": queries.problems_of_page(page, result),
        "reading_minutes": max(1, round(result.reading_seconds / 60)),
    }


def _page_initial(page: Page) -> dict[str, Any]:
    return {"title": page.title, "body": page.body, "is_required": page.is_required}


def _may_edit(request: BrandRequest, version: CourseVersion) -> bool:
    return request.actor.can(AUTHOR) and queries.is_editable(version)


def _first_error(form: PageForm) -> str:
    return next(str(errors[0]) for errors in form.errors.values())


def _put_error(form: CheckForm, refused: DomainError) -> None:
    """Vetting names parts of a question; the form's field for them is the first of its kind."""
    field = {"options": "text_1", "key": "right_1", "answers": "answers"}.get(refused.field, refused.field)
    if refused.code == "check_exists":
        field = "key"
    form.add_error(field if field in form.fields else None, refused.message)


def _to_version(request: BrandRequest, course_version_id: UUID) -> HttpResponse:
    return redirect("training:version", slug=request.actor.brand.slug, course_version_id=course_version_id)


def _to_page(request: BrandRequest, page_id: UUID) -> HttpResponse:
    return redirect("training:page", slug=request.actor.brand.slug, page_id=page_id)
