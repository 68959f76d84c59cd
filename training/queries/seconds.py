"""How many seconds of learning are paid: for a finished course, for the finished chapters of one that was closed."""

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from django.db.models import Max, Sum

from training.models import CourseVersion, Enrolment, Module, Page, PageProgress, TrainingTime
from training.queries.content import modules_of
from training.states import ChangeClass, CourseVersionState, EnrolmentKind, EnrolmentReason, EnrolmentState, PayBasis

COUNTED_CEILING_PERCENT = 125
"""Counted learning time is paid up to this share of what was planned."""


def payable_seconds(enrolment: Enrolment) -> int:
    """This function will return the seconds a completion is paid for.

    Fixed: what the version says it takes; of changed pages only, what those pages take. Counted: the time spent, up to a
    quarter more than that. Reading again what was finished before is free.
    """
    if enrolment.reason == EnrolmentReason.REPEAT:
        return 0
    return _by_basis(enrolment, planned=_planned_seconds(enrolment), spent=spent_seconds(enrolment))


def earned_seconds(enrolment: Enrolment) -> int:
    """This function will return the seconds that are paid when an enrolment ends unfinished: those of its finished chapters.

    A chapter is finished when all its required pages are done. Fixed: the chapters' share of the course by reading time,
    rounded down to the second. Counted: the time spent on their pages, up to a quarter more than that share.
    """
    pages = finished_pages(enrolment)
    if enrolment.reason == EnrolmentReason.REPEAT or not pages:
        return 0
    rows = PageProgress.objects.across_brands().filter(enrolment=enrolment, page__in=[page.pk for page in pages])
    spent = int(rows.aggregate(spent=Sum("active_seconds"))["spent"] or 0)
    return _by_basis(enrolment, planned=_planned_part(enrolment, pages), spent=spent)


def spent_seconds(enrolment: Enrolment) -> int:
    """This function will return the seconds of activity counted for an enrolment."""
    rows = PageProgress.objects.across_brands().filter(enrolment=enrolment)
    return int(rows.aggregate(spent=Sum("active_seconds"))["spent"] or 0)


def finished_pages(enrolment: Enrolment) -> list[Page]:
    """This function will return the required pages of the chapters that an enrolment has finished."""
    rows = PageProgress.objects.across_brands().filter(enrolment=enrolment, completed_at__isnull=False)
    done = set(rows.values_list("page_id", flat=True))
    chapters = (_required(module) for module in modules_of(enrolment.version))
    return [page for chapter in chapters if all(page.pk in done for page in chapter) for page in chapter]


def reason_of(person_id: UUID, version: CourseVersion) -> EnrolmentReason:
    """This function will return why a person would read this version by their own choice, which decides what is paid.

    Who finished it, or an older one that only wording parts from it, reads it again. Who was paid for some chapters when it
    was closed reads the rest. Everybody else reads it for the first time.
    """
    rows = Enrolment.objects.for_brand(version.brand_id).filter(
        person_id=person_id, course_id=version.course_id, version__n__gte=_same_since(version)
    )
    if rows.completed().exists():
        return EnrolmentReason.REPEAT
    is_part_paid = rows.filter(state=EnrolmentState.CLOSED, times__isnull=False).exists()
    return EnrolmentReason.REST if is_part_paid else EnrolmentReason.FIRST


def stated_seconds(person_id: UUID, version: CourseVersion) -> int:
    """This function will return the seconds already stated for chapters of this course before it was closed."""
    rows = TrainingTime.objects.for_brand(version.brand_id).filter(
        person_id=person_id,
        course_version__course_id=version.course_id,
        course_version__n__gte=_same_since(version),
        enrolment__state=EnrolmentState.CLOSED,
    )
    return int(rows.aggregate(stated=Sum("counted_seconds"))["stated"] or 0)


def offered_seconds(person_id: UUID, version: CourseVersion) -> int:
    """This function will return the planned seconds a person would be paid for who enrols in this version now."""
    reason = reason_of(person_id, version)
    if reason == EnrolmentReason.REPEAT:
        return 0
    return max(0, version.expected_minutes * 60 - stated_seconds(person_id, version))


def _same_since(version: CourseVersion) -> int:
    """The oldest version that only minor changes part from this one."""
    rows = CourseVersion.objects.for_brand(version.brand_id).filter(course_id=version.course_id, n__lte=version.n)
    bigger = rows.filter(state__in=(CourseVersionState.PUBLISHED, CourseVersionState.CLOSED)).exclude(
        change=ChangeClass.MINOR
    )
    return int(bigger.aggregate(n=Max("n"))["n"] or 0)


def _by_basis(enrolment: Enrolment, *, planned: int, spent: int) -> int:
    if enrolment.version.pay_basis == PayBasis.FIXED:
        return planned
    return min(spent, planned * COUNTED_CEILING_PERCENT // 100)


def _planned_seconds(enrolment: Enrolment) -> int:
    if enrolment.kind == EnrolmentKind.FULL:
        return max(0, enrolment.version.expected_minutes * 60 - _stated_before(enrolment))
    rows = Page.objects.across_brands().filter(module__version_id=enrolment.version_id, is_required=True)
    rows = rows.exclude(pk__in=_carried(enrolment))
    return int(rows.aggregate(planned=Sum("expected_seconds"))["planned"] or 0)


def _planned_part(enrolment: Enrolment, pages: list[Page]) -> int:
    if enrolment.kind == EnrolmentKind.DELTA:
        carried = _carried(enrolment)
        return sum(page.expected_seconds for page in pages if page.pk not in carried)
    whole = [page for module in modules_of(enrolment.version) for page in _required(module)]
    part = Fraction(enrolment.version.expected_minutes * 60 * _weight(pages), _weight(whole))
    return max(0, int(part) - _stated_before(enrolment))


def _stated_before(enrolment: Enrolment) -> int:
    if enrolment.reason != EnrolmentReason.REST:
        return 0
    return stated_seconds(enrolment.person_id, enrolment.version)


def _carried(enrolment: Enrolment) -> set[UUID]:
    rows = PageProgress.objects.across_brands().filter(enrolment=enrolment, is_carried=True)
    return set(rows.values_list("page_id", flat=True))


def _required(module: Module) -> list[Page]:
    return [page for page in module.pages.all() if page.is_required]


def _weight(pages: Iterable[Page]) -> int:
    """A page weighs its reading time, and never nothing."""
    return sum(max(1, page.expected_seconds) for page in pages)
