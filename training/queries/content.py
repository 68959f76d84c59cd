"""Reading courses: doors, outlines and what is wrong with a version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from training import pages
from training.models import Course, CourseVersion, KnowledgeCheck, Module, Page
from training.models.content import CourseQuerySet
from training.pages.checksums import digest_of
from training.states import CourseVersionState, PageProblem, VersionProblem
from vetting.queries import other_reviewers


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """A page as a table of contents shows it."""

    id: UUID
    title: str
    expected_seconds: int
    is_required: bool


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """A module and its pages."""

    title: str
    pages: tuple[OutlinePage, ...]


@dataclass(frozen=True, slots=True)
class CourseOutline:
    """What a course holds and what it takes, as everybody may see it."""

    course_id: UUID
    title: str
    summary: str
    expected_minutes: int
    pay_basis: str
    modules: tuple[OutlineModule, ...]

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return sum(len(module.pages) for module in self.modules)


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """Something to put right before review: on which page and line, and what to do."""

    page_id: UUID | None
    page_title: str
    line: int
    code: str
    sentence: str
    detail: str = ""

    def to_payload(self) -> dict[str, str | int]:
        """This function will return the problem as JSON values."""
        return {"page": self.page_title, "line": self.line, "code": self.code, "sentence": self.sentence}


def courses_for(actor: Actor) -> CourseQuerySet:
    """This function will return the brand's courses, newest first, with their counts of learners."""
    return Course.objects.for_actor(actor).for_listing()


def course_for(actor: Actor, course_id: UUID) -> Course:
    """This function will return a course of the actor's brand.

    Raises:
        NotFound: no such course, or another brand's.
    """
    found = Course.objects.for_actor(actor).select_related("program", "brand").filter(pk=course_id).first()
    if found is None:
        raise NotFound
    return found


def version_for(actor: Actor, course_version_id: UUID) -> CourseVersion:
    """This function will return a version of one of the brand's courses.

    Raises:
        NotFound: no such version, or another brand's.
    """
    rows = CourseVersion.objects.for_actor(actor).select_related("course__program", "brand", "created_by")
    found = rows.filter(pk=course_version_id).first()
    if found is None:
        raise NotFound
    return found


def module_for(actor: Actor, module_id: UUID) -> Module:
    """This function will return a chapter of one of the brand's courses, with its version.

    Raises:
        NotFound: no such chapter, or another brand's.
    """
    rows = Module.objects.for_actor(actor).select_related("version__course__program", "version__brand")
    found = rows.filter(pk=module_id).first()
    if found is None:
        raise NotFound
    return found


def page_for(actor: Actor, page_id: UUID) -> Page:
    """This function will return a page of one of the brand's courses, for its authors.

    Raises:
        NotFound: no such page, or another brand's.
    """
    rows = Page.objects.for_actor(actor).select_related("module__version__course", "brand")
    found = rows.filter(pk=page_id).first()
    if found is None:
        raise NotFound
    return found


def check_for(actor: Actor, check_id: UUID) -> KnowledgeCheck:
    """This function will return a question with its answer, for its authors.

    Raises:
        NotFound: no such question, or another brand's.
    """
    rows = KnowledgeCheck.objects.for_actor(actor).select_related("page__module__version__course", "secret")
    found = rows.filter(pk=check_id).first()
    if found is None:
        raise NotFound
    return found


def versions_of(course: Course) -> list[CourseVersion]:
    """This function will return a course's versions, newest first."""
    return list(
        CourseVersion.objects.for_brand(course.brand_id)
        .filter(course=course)
        .select_related("created_by", "approved_by", "published_by")
        .order_by("-n")
    )


def current_version(course_id: UUID) -> CourseVersion | None:
    """This function will return the version that new learners get, or None."""
    return (
        CourseVersion.objects.across_brands()
        .in_catalogue()
        .select_related("course__program", "brand")
        .filter(course_id=course_id)
        .first()
    )


def modules_of(version: CourseVersion) -> list[Module]:
    """This function will return a version's modules with their pages and questions, in order, in three queries."""
    checks = KnowledgeCheck.objects.for_brand(version.brand_id).order_by("key")
    rows = Page.objects.for_brand(version.brand_id).order_by("position", "pk")
    rows = rows.prefetch_related(Prefetch("checks", queryset=checks))
    modules = Module.objects.for_brand(version.brand_id).filter(version=version).order_by("position", "pk")
    return list(modules.prefetch_related(Prefetch("pages", queryset=rows)))


def pages_of(modules: Iterable[Module]) -> list[Page]:
    """This function will return the pages of prefetched modules in reading order."""
    return [page for module in modules for page in module.pages.all()]


def course_outline(version: CourseVersion) -> CourseOutline:
    """This function will return what a version holds, without a word of its text."""
    return CourseOutline(
        course_id=version.course_id,
        title=version.course.title,
        summary=version.course.summary,
        expected_minutes=version.expected_minutes,
        pay_basis=version.pay_basis,
        modules=tuple(_outline_module(module) for module in modules_of(version)),
    )


def catalogue_outlines(program_id: UUID) -> list[CourseOutline]:
    """This function will return the outlines of a program's published courses, for its public page."""
    versions = (
        CourseVersion.objects.across_brands()
        .in_catalogue()
        .filter(course__program_id=program_id)
        .select_related("course")
        .order_by("course__title", "pk")
    )
    return [course_outline(version) for version in versions]


def page_labels() -> Mapping[str, str]:
    """This function will return the words of callouts and comparisons in the reader's language."""
    return {
        "note": _("Note"),
        "tip": _("Tip"),
        "warning": _("Careful"),
        "rule": _("Rule"),
        "bad": _("Instead of"),
        "good": _("Better"),
    }


def rendered(page: Page, body: str | None = None) -> pages.Rendered:
    """This function will render a page, or other text in its place; its questions have to be at hand."""
    text = page.body if body is None else body
    return pages.render(text, checks=[check.key for check in page.checks.all()], labels=page_labels())


def problems_of_page(page: Page, result: pages.Rendered) -> list[FoundProblem]:
    """This function will return what is wrong on a rendered page, in words, by line."""
    found = [
        FoundProblem(
            page.pk, page.title, problem.line, problem.code, str(PageProblem(problem.code).label), problem.detail
        )
        for problem in result.problems
    ]
    unused = [check.key for check in page.checks.all() if check.key not in result.checks]
    return [*found, *(_page_problem(page, VersionProblem.CHECK_UNUSED, key) for key in unused)]


def problems_of_version(modules: Iterable[Module]) -> list[FoundProblem]:
    """This function will return everything that keeps a version from review, page by page."""
    rows = pages_of(modules)
    if not rows:
        return [_version_problem(VersionProblem.NO_PAGES)]
    found = [] if any(page.is_required for page in rows) else [_version_problem(VersionProblem.NO_REQUIRED_PAGE)]
    for page in rows:
        if not page.body.strip():
            found.append(_page_problem(page, VersionProblem.EMPTY_PAGE))
        found.extend(problems_of_page(page, rendered(page)))
    return found


def version_checksum(version: CourseVersion, modules: Iterable[Module]) -> str:
    """This function will return the digest of a whole version: settings, outline and every page's own digest."""
    outline = [
        [str(module.stable_key), module.title, [[str(page.stable_key), page.checksum] for page in module.pages.all()]]
        for module in modules
    ]
    return digest_of([version.expected_minutes, version.pay_basis, version.due_days, outline])


def other_approvers(brand_id: UUID, user_id: UUID) -> list[tuple[UUID, str]]:
    """This function will return who else in the brand may approve content, as (person, name), oldest members first."""
    return [(one.user_id, str(one.user)) for one in other_reviewers(brand_id, user_id)]


def is_editable(version: CourseVersion) -> bool:
    """This function will tell whether authors may write in this version; an approved one falls back to draft."""
    return version.state in (CourseVersionState.DRAFT, CourseVersionState.APPROVED)


def _outline_module(module: Module) -> OutlineModule:
    return OutlineModule(
        module.title,
        tuple(OutlinePage(page.pk, page.title, page.expected_seconds, page.is_required) for page in module.pages.all()),
    )


def _version_problem(code: VersionProblem) -> FoundProblem:
    return FoundProblem(None, "", 0, code.value, str(code.label))


def _page_problem(page: Page, code: VersionProblem, detail: str = "") -> FoundProblem:
    return FoundProblem(page.pk, page.title, 0, code.value, str(code.label), detail)
