"""Reading enrolments: doors, the course home, a page as a learner sees it, and paid time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from recruiting.models import Engagement
from training.models import (
    CheckAnswer,
    Course,
    CourseVersion,
    Enrolment,
    KnowledgeCheck,
    Page,
    PageProgress,
    TrainingTime,
)
from training.models.learning import EnrolmentQuerySet
from training.queries.content import modules_of
from training.states import OPEN_ENROLMENT_STATES, EnrolmentReason, EnrolmentState
from vetting.models import Evidence


@dataclass(frozen=True, slots=True)
class LessonLink:
    """A line of a course's table of contents."""

    id: UUID
    title: str
    expected_seconds: int
    is_required: bool
    is_done: bool
    is_carried: bool


@dataclass(frozen=True, slots=True)
class LessonGroup:
    """A module of that table."""

    title: str
    pages: tuple[LessonLink, ...]


@dataclass(frozen=True, slots=True)
class CourseHome:
    """An enrolment at a glance. `resume_id` is the page to go on with, None when nothing is open."""

    groups: tuple[LessonGroup, ...]
    done: int
    total: int
    resume_id: UUID | None
    active_seconds: int
    remaining_seconds: int

    @property
    def pages(self) -> tuple[LessonLink, ...]:
        """Every page in reading order."""
        return tuple(page for group in self.groups for page in group.pages)


@dataclass(frozen=True, slots=True)
class TrainingTimeFact:
    """Learning time to be paid: who, for which program, how many seconds and why."""

    id: UUID
    agent_id: UUID
    program_id: UUID
    brand_id: UUID
    course_title: str
    counted_seconds: int
    basis: str
    reason: str
    earned_at: datetime


def enrolment_for(actor: Actor, enrolment_id: UUID) -> Enrolment:
    """This function will return the agent's own enrolment, or one of the brand's.

    Raises:
        NotFound: no such enrolment, or somebody else's.
    """
    rows = Enrolment.objects.for_actor(actor).select_related("course__program", "version__course", "brand", "agent")
    found = rows.filter(pk=enrolment_id).first()
    if found is None:
        raise NotFound
    return found


def enrolments_for(actor: Actor) -> EnrolmentQuerySet:
    """This function will return the actor's enrolments, newest first, with their progress counted."""
    rows = Enrolment.objects.for_actor(actor).for_listing()
    required = Q(version__modules__pages__is_required=True)
    done = PageProgress.objects.across_brands().filter(completed_at__isnull=False, page__is_required=True)
    return rows.annotate(
        pages_total=Count("version__modules__pages", filter=required, distinct=True),
        pages_done=Count("progress", filter=Q(progress__in=done), distinct=True),
    )


def courses_to_do(agent_id: UUID) -> list[CourseVersion]:
    """This function will return the published versions an agent may begin: joined programs, nothing open, none finished."""
    joined = Engagement.objects.across_brands().joined().filter(agent_id=agent_id)
    taken = (
        Enrolment.objects.across_brands()
        .filter(agent_id=agent_id, course=OuterRef("course"))
        .filter(state__in=(*OPEN_ENROLMENT_STATES, EnrolmentState.COMPLETED))
    )
    versions = CourseVersion.objects.across_brands().in_catalogue().filter(~Exists(taken))
    versions = versions.filter(course__program__in=joined.values("program"))
    return list(versions.select_related("course__program", "brand").order_by("course__title", "pk"))


def open_enrolment_of(agent_id: UUID, course_id: UUID) -> Enrolment | None:
    """This function will return the agent's open enrolment in a course, or None."""
    return Enrolment.objects.across_brands().open().filter(agent_id=agent_id, course_id=course_id).first()


def latest_completion(agent_id: UUID, course_id: UUID) -> Enrolment | None:
    """This function will return the agent's last finished enrolment in a course, or None."""
    rows = Enrolment.objects.across_brands().completed().filter(agent_id=agent_id, course_id=course_id)
    return rows.order_by("-completed_at", "-pk").first()


def learners_of(course: Course) -> EnrolmentQuerySet:
    """This function will return who learns a course, newest first, with progress counted."""
    rows = Enrolment.objects.for_brand(course.brand_id).filter(course=course).select_related("agent__user", "version")
    required = Q(version__modules__pages__is_required=True)
    return rows.annotate(
        pages_total=Count("version__modules__pages", filter=required, distinct=True),
        pages_done=Count(
            "progress", filter=Q(progress__completed_at__isnull=False, progress__page__is_required=True), distinct=True
        ),
    ).order_by("-enrolled_at", "pk")


def progress_of(enrolment: Enrolment) -> dict[UUID, PageProgress]:
    """This function will return an enrolment's progress by page id."""
    return {row.page_id: row for row in PageProgress.objects.across_brands().filter(enrolment=enrolment)}


def course_home(enrolment: Enrolment) -> CourseHome:
    """This function will return the table of contents with what is done and where to go on."""
    modules = modules_of(enrolment.version)
    progress = progress_of(enrolment)
    groups = tuple(
        LessonGroup(module.title, tuple(_link(page, progress.get(page.pk)) for page in module.pages.all()))
        for module in modules
    )
    links = [page for group in groups for page in group.pages]
    required = [page for page in links if page.is_required]
    return CourseHome(
        groups=groups,
        done=sum(page.is_done for page in required),
        total=len(required),
        resume_id=_resume(enrolment, links),
        active_seconds=sum(row.active_seconds for row in progress.values()),
        remaining_seconds=sum(page.expected_seconds for page in required if not page.is_done),
    )


def check_in(enrolment: Enrolment, check_id: UUID) -> KnowledgeCheck:
    """This function will return a question of the enrolment's version.

    Raises:
        NotFound: the version has no such question.
    """
    rows = KnowledgeCheck.objects.across_brands().select_related("page")
    found = rows.filter(pk=check_id, page__module__version_id=enrolment.version_id).first()
    if found is None:
        raise NotFound
    return found


def page_in(enrolment: Enrolment, page_id: UUID) -> Page:
    """This function will return a page of the enrolment's version.

    Raises:
        NotFound: the version has no such page.
    """
    found = Page.objects.across_brands().filter(pk=page_id, module__version_id=enrolment.version_id).first()
    if found is None:
        raise NotFound
    return found


def open_questions(enrolment: Enrolment, page: Page) -> QuerySet[KnowledgeCheck]:
    """This function will return the page's questions without a right answer from this learner."""
    right = CheckAnswer.objects.across_brands().filter(
        enrolment=enrolment, knowledge_check=OuterRef("pk"), is_correct=True
    )
    return KnowledgeCheck.objects.across_brands().filter(page=page).filter(~Exists(right))


def open_pages(enrolment: Enrolment) -> QuerySet[Page]:
    """This function will return the required pages that are not done yet."""
    done = PageProgress.objects.across_brands().filter(
        enrolment=enrolment, page=OuterRef("pk"), completed_at__isnull=False
    )
    rows = Page.objects.across_brands().filter(module__version_id=enrolment.version_id, is_required=True)
    return rows.filter(~Exists(done))


def training_time(training_time_id: UUID) -> TrainingTimeFact:
    """This function will return one stated learning time, for whoever prices it.

    Raises:
        NotFound: there is none of that id.
    """
    rows = TrainingTime.objects.across_brands().select_related("enrolment__engagement", "course_version__course")
    row = rows.filter(pk=training_time_id).first()
    if row is None:
        raise NotFound
    return TrainingTimeFact(
        id=row.pk,
        agent_id=row.agent_id,
        program_id=row.enrolment.engagement.program_id,
        brand_id=row.brand_id,
        course_title=row.course_version.course.title,
        counted_seconds=row.counted_seconds,
        basis=row.basis,
        reason=row.reason,
        earned_at=row.earned_at,
    )


def times_of(enrolment: Enrolment) -> QuerySet[TrainingTime]:
    """This function will return the paid time of an enrolment's person, version and reason: one row at most."""
    return TrainingTime.objects.across_brands().filter(
        person_id=enrolment.person_id, course_version_id=enrolment.version_id, reason=enrolment.reason, period=""
    )


def unsettled_enrolments(limit: int = 500) -> list[UUID]:
    """This function will return completed enrolments that lack their evidence or their paid time, oldest first."""
    return list(_unsettled().order_by("completed_at", "pk").values_list("pk", flat=True)[:limit])


def unsettled_measure() -> tuple[int, datetime | None]:
    """This function will return how many completed enrolments lack evidence or paid time, and since when the oldest does."""
    found = _unsettled().aggregate(n=Count("pk"), since=Min("completed_at"))
    return int(found["n"]), found["since"]


def _unsettled() -> EnrolmentQuerySet:
    paid = TrainingTime.objects.across_brands().filter(
        person=OuterRef("person"), course_version=OuterRef("version"), reason=OuterRef("reason"), period=""
    )
    shown = Evidence.objects.across_brands().filter(
        source_key=Concat(Value("enrolment:"), Cast(OuterRef("pk"), CharField()))
    )
    is_unpaid = ~Q(reason=EnrolmentReason.REPEAT) & ~Exists(paid)
    return Enrolment.objects.across_brands().completed().filter(is_unpaid | ~Exists(shown))


def _link(page: Page, progress: PageProgress | None) -> LessonLink:
    is_done = bool(progress and progress.completed_at)
    is_carried = bool(progress and progress.is_carried)
    return LessonLink(page.pk, page.title, page.expected_seconds, page.is_required, is_done, is_carried)


def _resume(enrolment: Enrolment, links: Sequence[LessonLink]) -> UUID | None:
    """The page left, when it is still open; else the first open one."""
    waiting = [page.id for page in links if not page.is_done]
    if enrolment.last_page_id in waiting:
        return enrolment.last_page_id
    return waiting[0] if waiting else None
