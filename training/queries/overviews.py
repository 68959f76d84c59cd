"""What lists and offers show: states of courses, counts of learners, courses on offer to an agent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from recruiting.models import Engagement
from training.models import Course, CourseVersion, Enrolment, TrainingTime
from training.queries.content import current_version
from training.queries.learning import courses_to_do
from training.queries.pay import pay_for, training_rate
from training.queries.seconds import offered_seconds
from training.states import OPEN_ENROLMENT_STATES, CourseVersionState, EnrolmentState


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


_SLOTS: Final[Mapping[str, str]] = {CourseVersionState.PUBLISHED: "published", CourseVersionState.CLOSED: "closed"}


def version_states(course_ids: Iterable[UUID]) -> dict[UUID, dict[str, CourseVersion]]:
    """This function will return, by course, the version in the catalogue ("published"), the one in the making ("draft") and,
    of courses that were closed, the newest closed one ("closed").
    """
    found: dict[UUID, dict[str, CourseVersion]] = {}
    rows = CourseVersion.objects.across_brands().filter(course_id__in=list(course_ids))
    for row in rows.exclude(state=CourseVersionState.PUBLISHED, left_catalogue_at__isnull=False).order_by("-n"):
        slot = _SLOTS.get(row.state, "draft")
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
    """This function will return the courses an agent may begin, with what beginning them now would pay."""
    versions = courses_to_do(agent_id)
    return [
        _offer(version, seconds, at) for version, seconds in zip(versions, _planned(agent_id, versions), strict=True)
    ]


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


def _offer(version: CourseVersion, seconds: int, at: datetime) -> Offer:
    return Offer(version, pay_for(training_rate(version.course.program_id, at), seconds))


def _planned(agent_id: UUID, versions: Sequence[CourseVersion]) -> list[int]:
    """Only who was paid for a part before it was closed is paid less than the whole; that is rare, so it is asked once."""
    closed = TrainingTime.objects.across_brands().filter(agent_id=agent_id, enrolment__state=EnrolmentState.CLOSED)
    people = dict(closed.values_list("course_version__course_id", "person_id"))
    return [
        offered_seconds(people[one.course_id], one) if one.course_id in people else one.expected_minutes * 60
        for one in versions
    ]
