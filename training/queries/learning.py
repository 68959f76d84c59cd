"""Reading enrolments: doors, the course home, a page as a learner sees it, and paid time."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from recruiting.models import Engagement
from training.models import (
    CheckAnswer,
    Course,
    CourseVersion,
    Enrolment,
    KnowledgeCheck,
    KnowledgeCheckKey,
    Page,
    PageProgress,
    TrainingTime,
)
from training.models.learning import EnrolmentQuerySet
from training.queries.content import modules_of, pages_of, rendered
from training.states import OPEN_ENROLMENT_STATES, CheckKind, EnrolmentKind, EnrolmentState, PayBasis

COUNTED_CEILING_PERCENT = 125
"""Counted learning time is paid up to this share of what was planned."""


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
class AnswerSeen:
    """The learner's latest answer to a question and what is said to it."""

    is_correct: bool
    chosen: tuple[str, ...]
    text: str
    feedback: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as the learner sees it: never whether it is right."""

    id: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the learner sees it. `next_seq` is what the next answer is sent under."""

    id: UUID
    key: str
    kind: str
    prompt: str
    choices: tuple[Choice, ...]
    answer: AnswerSeen | None
    tries: int

    @property
    def next_seq(self) -> int:
        """The number that makes the next answer one row however often it is sent."""
        return self.tries + 1

    @property
    def is_settled(self) -> bool:
        """Was it answered right?"""
        return self.answer is not None and self.answer.is_correct


@dataclass(frozen=True, slots=True)
class LessonPart:
    """A piece of a lesson: safe HTML, or a question."""

    html: str = ""
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page of a course as its learner sees it."""

    page: Page
    parts: tuple[LessonPart, ...]
    is_done: bool
    previous_id: UUID | None
    next_id: UUID | None
    number: int
    total: int

    @property
    def open_questions(self) -> int:
        """How many questions still wait for the right answer."""
        return sum(1 for part in self.parts if part.question and not part.question.is_settled)


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


def lesson_of(enrolment: Enrolment, page_id: UUID) -> Lesson:
    """This function will return a page of the enrolment's version, ready to read.

    Raises:
        NotFound: the version has no such page.
    """
    rows = pages_of(modules_of(enrolment.version))
    number = next((index for index, page in enumerate(rows) if page.pk == page_id), None)
    if number is None:
        raise NotFound
    page, progress = rows[number], progress_of(enrolment)
    done = progress.get(page.pk)
    return Lesson(
        page=page,
        parts=_parts(page, enrolment),
        is_done=bool(done and done.completed_at),
        previous_id=rows[number - 1].pk if number else None,
        next_id=rows[number + 1].pk if number + 1 < len(rows) else None,
        number=number + 1,
        total=len(rows),
    )


def preview_parts(page: Page, body: str | None = None) -> tuple[LessonPart, ...]:
    """This function will return a page as a learner would see it before answering anything, for its authors."""
    shown = {check.key: _question(check, [], None, seed=str(page.pk)) for check in page.checks.all()}
    return _interleaved(page, shown, body)


def question_of(enrolment: Enrolment, check: KnowledgeCheck) -> Question:
    """This function will return one question with the learner's latest answer."""
    answers = _answers(enrolment, [check])[check.pk]
    return _question(check, answers, _secret_for(check, answers), seed=str(enrolment.pk))


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


def payable_seconds(enrolment: Enrolment) -> int:
    """This function will return the seconds a completion is paid for.

    Fixed: what the version says it takes; of changed pages only, what those pages take. Counted: the time spent, up to a
    quarter more than that.
    """
    planned = _planned_seconds(enrolment)
    if enrolment.version.pay_basis == PayBasis.FIXED:
        return planned
    return min(spent_seconds(enrolment), planned * COUNTED_CEILING_PERCENT // 100)


def spent_seconds(enrolment: Enrolment) -> int:
    """This function will return the seconds of activity counted for an enrolment."""
    rows = PageProgress.objects.across_brands().filter(enrolment=enrolment)
    return int(rows.aggregate(spent=Sum("active_seconds"))["spent"] or 0)


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


def _planned_seconds(enrolment: Enrolment) -> int:
    if enrolment.kind == EnrolmentKind.FULL:
        return enrolment.version.expected_minutes * 60
    carried = PageProgress.objects.across_brands().filter(enrolment=enrolment, is_carried=True)
    rows = Page.objects.across_brands().filter(module__version_id=enrolment.version_id, is_required=True)
    rows = rows.exclude(pk__in=carried.values("page"))
    return int(rows.aggregate(planned=Sum("expected_seconds"))["planned"] or 0)


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


def _parts(page: Page, enrolment: Enrolment) -> tuple[LessonPart, ...]:
    checks = list(page.checks.all())
    answers = _answers(enrolment, checks)
    secrets = _secrets([check for check in checks if answers[check.pk]])
    shown = {
        check.key: _question(check, answers[check.pk], secrets.get(check.pk), seed=str(enrolment.pk))
        for check in checks
    }
    return _interleaved(page, shown, None)


def _interleaved(page: Page, shown: Mapping[str, Question], body: str | None) -> tuple[LessonPart, ...]:
    parts = rendered(page, body).parts
    return tuple(
        LessonPart(question=shown[part.check]) if part.check else LessonPart(html=part.html)
        for part in parts
        if not part.check or part.check in shown
    )


def _answers(enrolment: Enrolment, checks: Sequence[KnowledgeCheck]) -> dict[UUID, list[CheckAnswer]]:
    found: dict[UUID, list[CheckAnswer]] = {check.pk: [] for check in checks}
    if checks:
        rows = CheckAnswer.objects.across_brands().filter(enrolment=enrolment, knowledge_check__in=checks)
        for row in rows.order_by("client_seq", "pk"):
            found[row.knowledge_check_id].append(row)
    return found


def _secrets(checks: Sequence[KnowledgeCheck]) -> dict[UUID, KnowledgeCheckKey]:
    if not checks:
        return {}
    rows = KnowledgeCheckKey.objects.across_brands().filter(knowledge_check__in=checks)
    return {row.knowledge_check_id: row for row in rows}


def _secret_for(check: KnowledgeCheck, answers: Sequence[CheckAnswer]) -> KnowledgeCheckKey | None:
    return _secrets([check]).get(check.pk) if answers else None


def _question(
    check: KnowledgeCheck, answers: Sequence[CheckAnswer], secret: KnowledgeCheckKey | None, *, seed: str
) -> Question:
    seen = _answer_seen(check, answers[-1], secret) if answers else None
    chosen = seen.chosen if seen else ()
    return Question(
        id=check.pk,
        key=check.key,
        kind=check.kind,
        prompt=check.payload["prompt"],
        choices=tuple(
            Choice(option["id"], option["text"], option["id"] in chosen)
            for option in sorted(check.payload.get("options", []), key=lambda one: _place(seed, check, one["id"]))
        ),
        answer=seen,
        tries=answers[-1].client_seq if answers else 0,
    )


def _place(seed: str, check: KnowledgeCheck, option_id: str) -> str:
    """Options stand in an order of the learner's own, the same at every visit."""
    return hashlib.sha256(f"{seed}:{check.pk}:{option_id}".encode()).hexdigest()


def _answer_seen(check: KnowledgeCheck, answer: CheckAnswer, secret: KnowledgeCheckKey | None) -> AnswerSeen:
    chosen = tuple(answer.response.get("options", ()))
    feedback = secret.feedback if secret else {}
    keys = ("right" if answer.is_correct else "wrong",) if check.kind == CheckKind.SHORT_TEXT else chosen
    return AnswerSeen(
        is_correct=answer.is_correct,
        chosen=chosen,
        text=answer.response.get("text", ""),
        feedback=tuple(feedback[key] for key in keys if feedback.get(key)),
    )
