"""What closing a course would do, and which enrolments have to be closed by now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from recruiting.states import EngagementState
from training.models import Course, Enrolment
from training.models.learning import EnrolmentQuerySet
from training.pages.checksums import digest_of
from training.queries.content import current_version
from training.states import CLOSABLE_ENROLMENT_STATES, ClosingCause
from vetting.models import Certification, CertificationVersion, Requirement

NOTICE_DAYS = 14
"""How long learners may finish a course that its brand closes, where its version says nothing else."""


@dataclass(frozen=True, slots=True)
class ClosingEffect:
    """Whom closing a course touches and until when they may finish. `digest` says it is still this one."""

    learners_open: int
    learners_done: int
    certifications: tuple[str, ...]
    cutover_at: datetime
    digest: str


def closing_effect(course: Course, *, at: datetime) -> ClosingEffect:
    """This function will return what closing this course at `at` would do.

    The last day is part of the digest, its minute is not: reading the effect takes a while.
    """
    version = current_version(course.pk)
    rows = Enrolment.objects.for_brand(course.brand_id).filter(course=course)
    cutover_at = at + timedelta(days=version.due_days if version else NOTICE_DAYS)
    learners_open = rows.filter(state__in=CLOSABLE_ENROLMENT_STATES).count()
    learners_done = rows.completed().values("agent").distinct().count()
    names = _certifications(course)
    shown = [learners_open, learners_done, names, str(cutover_at.date()), str(version.pk) if version else ""]
    return ClosingEffect(learners_open, learners_done, tuple(names), cutover_at, digest_of(shown))


WARN_DAYS = (1, 3, 7)
"""How many days before a course closes its learners are told, each once, the nearest first."""


def enrolments_to_warn(at: datetime) -> list[tuple[UUID, int]]:
    """This function will return open enrolments whose course closes within a week, each with the notice that is due: 7, 3, 1.

    Who was told already comes again; telling twice changes nothing.
    """
    rows = Enrolment.objects.across_brands().filter(
        state__in=CLOSABLE_ENROLMENT_STATES, cutover_at__gt=at, cutover_at__lte=at + timedelta(days=WARN_DAYS[-1])
    )
    found = rows.order_by("cutover_at", "pk").values_list("pk", "cutover_at")
    return [
        (pk, next(days for days in WARN_DAYS if ends_at <= at + timedelta(days=days)))
        for pk, ends_at in found
        if ends_at is not None
    ]


def enrolments_to_close(at: datetime, limit: int = 500) -> list[UUID]:
    """This function will return open enrolments whose engagement has ended or whose course's last day is over."""
    return list(_to_close(at).order_by("enrolled_at", "pk").values_list("pk", flat=True)[:limit])


def closing_cause_of(enrolment: Enrolment, *, at: datetime) -> ClosingCause | None:
    """This function will return why an open enrolment has to be closed by now, or None when it may go on."""
    engagement = enrolment.engagement
    if engagement.state == EngagementState.ENDED:
        known = engagement.end_code in ClosingCause.values
        return ClosingCause(engagement.end_code) if known else ClosingCause.BRAND_ENDED
    if enrolment.cutover_at is not None and enrolment.cutover_at <= at:
        return ClosingCause.COURSE_CLOSED
    return None


def _to_close(at: datetime) -> EnrolmentQuerySet:
    rows = Enrolment.objects.across_brands().filter(state__in=CLOSABLE_ENROLMENT_STATES)
    return rows.filter(Q(engagement__state=EngagementState.ENDED) | Q(cutover_at__lte=at))


def _certifications(course: Course) -> list[str]:
    """The certifications whose live version asks for this course, by name."""
    asking = Requirement.objects.for_brand(course.brand_id).filter(kind="course", params__subject_key=str(course.pk))
    live = CertificationVersion.objects.for_brand(course.brand_id).live().filter(requirements__in=asking)
    rows = Certification.objects.for_brand(course.brand_id).filter(pk__in=live.values("certification"))
    return list(rows.order_by("name", "pk").values_list("name", flat=True))
