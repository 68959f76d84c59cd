"""What lists and offers show: states of courses, counts of learners, courses on offer to an agent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from recruiting.models import Engagement
from training.models import Course, CourseVersion, Enrolment, TrainingTime
from training.queries.content import current_version
from training.queries.learning import courses_to_do
from training.queries.pay import pay_for, training_rate
from training.states import OPEN_ENROLMENT_STATES, EnrolmentReason, EnrolmentState


@dataclass(frozen=True, slots=True)
class Offer:
    """A course an agent may begin, with what it takes and pays."""

    version: CourseVersion
    pay: Money | None


@dataclass(frozen=True, slots=True)
class LearnerCounts:
    """How many enrolments a course has, and how many people learn it now, finished it, stopped."""

    total: int
    open: int
    done: int
    stopped: int


def version_states(course_ids: Iterable[UUID]) -> dict[UUID, dict[str, CourseVersion]]:
    """This function will return, by course, the version in the catalogue ("published") and the one in the making ("draft")."""
    found: dict[UUID, dict[str, CourseVersion]] = {}
    rows = CourseVersion.objects.across_brands().filter(course_id__in=list(course_ids))
    for row in (*rows.in_catalogue(), *rows.open_drafts()):
        slot = "published" if row.published_at else "draft"
        found.setdefault(row.course_id, {})[slot] = row
    return found


def learner_counts(course: Course) -> LearnerCounts:
    """This function will count a course's learners, in one query."""
    rows = Enrolment.objects.for_brand(course.brand_id).filter(course=course)
    counts = rows.aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN_ENROLMENT_STATES)),
        done=Count("agent", filter=Q(state=EnrolmentState.COMPLETED), distinct=True),
        stopped=Count("pk", filter=Q(state=EnrolmentState.WITHDRAWN)),
    )
    return LearnerCounts(**counts)


def offers_for(agent_id: UUID, at: datetime) -> list[Offer]:
    """This function will return the courses an agent may begin, with their pay."""
    return [_offer(version, at) for version in courses_to_do(agent_id)]


def offered_version(agent_id: UUID, course_id: UUID) -> CourseVersion:
    """This function will return a course's published version to an agent whom its brand has accepted.

    Raises:
        NotFound: nothing published, or not accepted for its program.
    """
    version = current_version(course_id)
    if version is None:
        raise NotFound
    joined = Engagement.objects.for_brand(version.brand_id).joined().filter(agent_id=agent_id)
    if version.course.program_id:
        joined = joined.filter(program_id=version.course.program_id)
    if not joined.exists():
        raise NotFound
    return version


def newer_version(enrolment: Enrolment) -> CourseVersion | None:
    """This function will return the version in the catalogue when the enrolment is on an older one."""
    version = current_version(enrolment.course_id)
    return version if version is not None and version.n > enrolment.version.n else None


def is_paid_already(agent_id: UUID, version: CourseVersion) -> bool:
    """This function will tell whether an agent's first time through this version was paid."""
    rows = TrainingTime.objects.for_brand(version.brand_id).filter(agent_id=agent_id, course_version=version)
    return rows.filter(reason=EnrolmentReason.FIRST).exists()


def _offer(version: CourseVersion, at: datetime) -> Offer:
    rate = training_rate(version.course.program_id, at)
    return Offer(version, pay_for(rate, version.expected_minutes * 60))
