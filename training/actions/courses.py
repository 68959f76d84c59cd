"""Making courses, their modules and pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, BrandActor, require
from gigcx.tenancy.roles import Permission
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.queries import program_for
from training.errors import CourseExists, DraftExists, VersionInReview, VersionNotOpen
from training.models import Course, CourseVersion, KnowledgeCheck, KnowledgeCheckKey, Module, Page
from training.pages import render
from training.pages.checksums import page_checksum
from training.pages.outlines import Chapter, Outline, Question, Text
from training.queries import course_for, module_for, modules_of, page_for, version_for
from training.states import COURSE_VERSION_MOVES, OPEN_DRAFT_STATES, CourseVersionState

BLANK: Final = Outline("", "", 20, (Chapter("Start here", (Text("First page", ""),)),))


@transaction.atomic
def create_course(
    *, program_id: UUID, title: str, summary: str = "", outline: Outline = BLANK, by: BrandActor, at: datetime
) -> CourseVersion:
    """This function will make a course with a first draft, filled from an outline, and return the draft.

    Raises:
        NotFound: the program is not the brand's.
        NotAllowed: the role does not cover writing courses.
        Invalid: the title is empty.
        CourseExists: the brand has a course of that name.
    """
    program = program_for(by, program_id)
    require(by, Permission.AUTHOR_CONTENT, brand_id=program.brand_id)
    course = Course(
        brand_id=program.brand_id,
        program=program,
        title=_title(title),
        summary=summary.strip(),
        slug=slugify(title)[:80] or "course",
        created_at=at,
        created_by=by.user,
    )
    _save_once(course)
    version = _new_version(course, n=1, by=by, at=at)
    version.expected_minutes = outline.minutes
    version.save(update_fields=["expected_minutes"])
    _fill(version, outline.chapters)
    trail.record("training.create_course", course, by=by, at=at)
    return version


@transaction.atomic
def start_draft(*, course_id: UUID, by: BrandActor, at: datetime) -> CourseVersion:
    """This function will copy the newest version into a new draft; modules and pages keep their stable keys.

    Raises:
        NotFound: no such course, or another brand's.
        DraftExists: one is being written already.
    """
    course = course_for(by, course_id)
    require(by, Permission.AUTHOR_CONTENT, brand_id=course.brand_id)
    Course.objects.across_brands().select_for_update(of=("self",)).get(pk=course.pk)
    rows = CourseVersion.objects.for_brand(course.brand_id).filter(course=course)
    if rows.filter(state__in=OPEN_DRAFT_STATES).exists():
        raise DraftExists
    newest = rows.order_by("-n").first()
    version = _new_version(course, n=newest.n + 1 if newest else 1, by=by, at=at)
    if newest:
        _copy(newest, version)
    trail.record("training.start_draft", version, by=by, at=at, to_state=version.state)
    return version


@transaction.atomic
def save_course_settings(
    *,
    course_version_id: UUID,
    title: str,
    summary: str,
    expected_minutes: int,
    pay_basis: str,
    due_days: int,
    by: BrandActor,
    at: datetime,
) -> CourseVersion:
    """This function will change what a draft says it takes and pays, and the course's title and summary.

    Raises:
        CourseExists: another course has that name.
        VersionNotOpen, VersionInReview: the version does not change now.
    """
    version = open_draft(course_version_id=course_version_id, by=by, at=at)
    version.expected_minutes, version.pay_basis, version.due_days = expected_minutes, pay_basis, due_days
    version.save(update_fields=["expected_minutes", "pay_basis", "due_days"])
    course = version.course
    course.title, course.summary, course.slug = _title(title), summary.strip(), slugify(title)[:80] or "course"
    _save_once(course)
    changes = {"minutes": expected_minutes, "pay_basis": pay_basis, "due_days": due_days, "title": course.title}
    trail.record("training.save_course_settings", version, by=by, at=at, changes=changes)
    return version


@transaction.atomic
def add_module(*, course_version_id: UUID, title: str, by: BrandActor, at: datetime) -> Module:
    """This function will add an empty module at the end of a draft."""
    version = open_draft(course_version_id=course_version_id, by=by, at=at)
    module = Module.objects.create(
        brand_id=version.brand_id,
        version=version,
        position=_next_position(Module.objects.for_brand(version.brand_id).filter(version=version)),
        stable_key=uuid7(),
        title=_title(title),
    )
    trail.record("training.add_module", module, by=by, at=at)
    return module


@transaction.atomic
def add_page(*, module_id: UUID, title: str, by: BrandActor, at: datetime) -> Page:
    """This function will add an empty page at the end of a module of a draft.

    Raises:
        NotFound: no such module, or another brand's.
    """
    module = module_for(by, module_id)
    open_draft(course_version_id=module.version_id, by=by, at=at)
    page = _write_page(module, Text(_title(title), ""), _next_position(_pages_in(module)))
    trail.record("training.add_page", page, by=by, at=at)
    return page


@transaction.atomic
def move_page(*, page_id: UUID, step: int, by: BrandActor, at: datetime) -> Page:
    """This function will move a page up (-1) or down (1) within its module; at the edge it stays.

    Raises:
        NotFound: no such page, or another brand's.
    """
    page = page_for(by, page_id)
    open_draft(course_version_id=page.module.version_id, by=by, at=at)
    rows = list(_pages_in(page.module).order_by("position", "pk"))
    here = next(index for index, row in enumerate(rows) if row.pk == page.pk)
    there = max(0, min(len(rows) - 1, here + step))
    rows.insert(there, rows.pop(here))
    for position, row in enumerate(rows):
        row.position = position
        row.save(update_fields=["position"])
    trail.record("training.move_page", page, by=by, at=at, changes={"from": here, "to": there})
    return page


@transaction.atomic
def remove_page(*, page_id: UUID, by: BrandActor, at: datetime) -> CourseVersion:
    """This function will take a page out of a draft, and its module with it when that is then empty.

    Raises:
        NotFound: no such page, or another brand's.
    """
    page = page_for(by, page_id)
    version = open_draft(course_version_id=page.module.version_id, by=by, at=at)
    trail.record("training.remove_page", page, by=by, at=at, changes={"title": page.title, "body": page.body})
    module = page.module
    page.delete()
    if not _pages_in(module).exists():
        module.delete()
    return version


def open_draft(*, course_version_id: UUID, by: BrandActor, at: datetime) -> CourseVersion:
    """This function will lock a version for writing, void an approval, and note who writes. Needs a transaction.

    Raises:
        NotFound: no such version, or another brand's.
        NotAllowed: the role does not cover writing courses.
        VersionInReview: somebody is reviewing it.
        VersionNotOpen: it is published or closed.
    """
    seen = version_for(by, course_version_id)
    require(by, Permission.AUTHOR_CONTENT, brand_id=seen.brand_id)
    version = lock_version(seen)
    if version.state == CourseVersionState.IN_REVIEW:
        raise VersionInReview
    if version.state not in OPEN_DRAFT_STATES:
        raise VersionNotOpen
    if version.state == CourseVersionState.APPROVED:
        _void_approval(version, by=by, at=at)
    if str(by.user.pk) not in version.author_ids:
        version.author_ids = [*version.author_ids, str(by.user.pk)]
        version.save(update_fields=["author_ids"])
    return version


def lock_version(seen: CourseVersion) -> CourseVersion:
    """This function will read a version again under its lock. Needs a transaction."""
    rows = CourseVersion.objects.for_brand(seen.brand_id).select_related("course__program", "brand")
    return rows.select_for_update(of=("self",)).get(pk=seen.pk)


def refresh_page(page: Page) -> None:
    """This function will recompute a page's digest and reading time from its text and questions."""
    checks = KnowledgeCheck.objects.for_brand(page.brand_id).filter(page=page).select_related("secret")
    questions = [[check.key, check.kind, check.payload, check.secret.key] for check in checks]
    page.checksum = page_checksum(page.title, page.body, questions)
    page.expected_seconds = render(page.body, checks=[check.key for check in checks]).reading_seconds
    page.save(update_fields=["title", "body", "is_required", "checksum", "expected_seconds"])


def write_question(page: Page, question: Question) -> KnowledgeCheck:
    """This function will put a question and its answer on a page; the page's digest is the caller's to refresh."""
    check = KnowledgeCheck.objects.create(
        brand_id=page.brand_id,
        page=page,
        key=question.key,
        kind=question.kind,
        payload=dict(question.payload),
        objective=question.objective,
    )
    KnowledgeCheckKey.objects.create(
        brand_id=page.brand_id,
        knowledge_check=check,
        key=dict(question.answer),
        feedback=dict(question.feedback),
    )
    return check


def _new_version(course: Course, *, n: int, by: BrandActor, at: datetime) -> CourseVersion:
    return CourseVersion.objects.create(
        brand_id=course.brand_id,
        course=course,
        n=n,
        created_at=at,
        created_by=by.user,
        author_ids=[str(by.user.pk)],
    )


def _void_approval(version: CourseVersion, *, by: Actor, at: datetime) -> None:
    require_move(COURSE_VERSION_MOVES, version.state, CourseVersionState.DRAFT)
    version.state = CourseVersionState.DRAFT
    version.approved_at = version.approved_by = None
    version.is_self_approved = False
    version.save(update_fields=["state", "approved_at", "approved_by", "is_self_approved"])
    trail.record(
        "training.void_approval",
        version,
        by=by,
        at=at,
        from_state=CourseVersionState.APPROVED,
        to_state=CourseVersionState.DRAFT,
    )


def _fill(version: CourseVersion, chapters: Iterable[Chapter]) -> None:
    for place, chapter in enumerate(chapters):
        module = Module.objects.create(
            brand_id=version.brand_id,
            version=version,
            position=place,
            stable_key=uuid7(),
            title=chapter.title,
            is_skippable=chapter.is_skippable,
        )
        for position, text in enumerate(chapter.pages):
            _write_page(module, text, position)


def _write_page(module: Module, text: Text, position: int) -> Page:
    page = Page.objects.create(
        brand_id=module.brand_id,
        module=module,
        position=position,
        stable_key=uuid7(),
        title=text.title,
        body=text.body,
        is_required=text.is_required,
        checksum="",
    )
    for question in text.questions:
        write_question(page, question)
    refresh_page(page)
    return page


def _copy(source: CourseVersion, target: CourseVersion) -> None:
    for name in ("expected_minutes", "pay_basis", "due_days", "source_locale"):
        setattr(target, name, getattr(source, name))
    target.save(update_fields=["expected_minutes", "pay_basis", "due_days", "source_locale"])
    for module in modules_of(source):
        pages = list(module.pages.all())
        module.pk, module.version, module.is_delta = uuid7(), target, False
        module._state.adding = True
        module.save(force_insert=True)
        for page in pages:
            _copy_page(page, module)


def _copy_page(page: Page, module: Module) -> None:
    checks = [check.pk for check in page.checks.all()]
    secrets = KnowledgeCheckKey.objects.for_brand(page.brand_id).filter(knowledge_check__in=checks)
    copies = [
        Question(
            secret.knowledge_check.key,
            secret.knowledge_check.kind,
            secret.knowledge_check.payload,
            secret.key,
            secret.feedback,
            secret.knowledge_check.objective,
        )
        for secret in secrets.select_related("knowledge_check").order_by("knowledge_check__key")
    ]
    page.pk, page.module = uuid7(), module
    page._state.adding = True
    page.save(force_insert=True)
    for question in copies:
        write_question(page, question)


def _pages_in(module: Module) -> TenantQuerySet[Page]:
    return Page.objects.for_brand(module.brand_id).filter(module=module)


def _next_position(rows: TenantQuerySet[Module] | TenantQuerySet[Page]) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _title(raw: str) -> str:
    title = " ".join(raw.replace("\x00", " ").split())
    if not title:
        raise Invalid(_("Give it a title."), field="title")
    if len(title) > 120:
        raise Invalid(_("A title has at most 120 characters."), field="title")
    return title


def _save_once(course: Course) -> None:
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError as clash:
        if "course_slug_once" in str(clash):
            raise CourseExists(field="title") from clash
        raise
