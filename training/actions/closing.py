"""Ending courses from the brand's side: a course leaves the catalogue, an engagement ends. Finished chapters are paid."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, BrandActor, OpsActor, require
from gigcx.tenancy.roles import Permission
from training.actions.finishing import state_time
from training.errors import EffectChanged, NothingToClose
from training.events import EnrolmentClosed
from training.models import Course, CourseVersion, Enrolment
from training.queries import closing_cause_of, closing_effect, course_for, earned_seconds
from training.states import (
    CLOSABLE_ENROLMENT_STATES,
    COURSE_VERSION_MOVES,
    ENROLMENT_MOVES,
    ClosingCause,
    CourseVersionState,
    EnrolmentState,
)


@transaction.atomic
def close_course(*, course_id: UUID, effect_digest: str, by: BrandActor | OpsActor, at: datetime) -> Course:
    """This function will take a course out of the catalogue; who is in the middle of it has until the stated day to finish.

    Nobody loses what they have shown, and a version in the making stays: publishing it brings the course back.

    Raises:
        NotFound: no such course, or another brand's.
        NotAllowed: the role does not cover publishing.
        NothingToClose: no version of it is published.
        EffectChanged: `effect_digest` is not that of the present effect.
    """
    course = course_for(by, course_id)
    require(by, Permission.APPROVE_CONTENT, brand_id=course.brand_id)
    Course.objects.for_brand(course.brand_id).select_for_update(of=("self",)).get(pk=course.pk)
    versions = _published(course)
    if not versions:
        raise NothingToClose
    effect = closing_effect(course, at=at)
    if effect.digest != effect_digest:
        raise EffectChanged
    for version in versions:
        _close_version(version, by=by, at=at)
    open_now = Enrolment.objects.for_brand(course.brand_id).filter(course=course, state__in=CLOSABLE_ENROLMENT_STATES)
    open_now.update(cutover_at=effect.cutover_at)
    changes = {"learners": effect.learners_open, "until": str(effect.cutover_at)}
    trail.record("training.close_course", course, by=by, at=at, changes=changes)
    return course


@transaction.atomic
def close_enrolments(*, engagement_id: UUID, cause: str, by: Actor, at: datetime) -> list[Enrolment]:
    """This function will close the open enrolments of an engagement that has ended; repeating it changes nothing."""
    rows = Enrolment.objects.across_brands().filter(engagement_id=engagement_id, state__in=CLOSABLE_ENROLMENT_STATES)
    return [_closed(row, cause=ClosingCause(cause), by=by, at=at) for row in _locked(rows.values_list("pk", flat=True))]


@transaction.atomic
def close_due_enrolment(*, enrolment_id: UUID, by: Actor, at: datetime) -> Enrolment | None:
    """This function will close one enrolment if its engagement has ended or its course's last day is over; else None."""
    for enrolment in _locked([enrolment_id]):
        if cause := closing_cause_of(enrolment, at=at):
            return _closed(enrolment, cause=cause, by=by, at=at)
    return None


def _published(course: Course) -> list[CourseVersion]:
    rows = CourseVersion.objects.for_brand(course.brand_id).filter(course=course, state=CourseVersionState.PUBLISHED)
    return list(rows.select_for_update(of=("self",)).order_by("n"))


def _close_version(version: CourseVersion, *, by: Actor, at: datetime) -> None:
    require_move(COURSE_VERSION_MOVES, version.state, CourseVersionState.CLOSED)
    before, version.state = version.state, CourseVersionState.CLOSED
    version.closed_at = at
    version.save(update_fields=["state", "closed_at"])
    trail.record("training.close_version", version, by=by, at=at, from_state=before, to_state=version.state)


def _locked(enrolment_ids: Iterable[UUID]) -> list[Enrolment]:
    """Read again under the lock: a learner may be finishing the last page at this very moment."""
    rows = Enrolment.objects.across_brands().select_related("version__course", "engagement")
    rows = rows.filter(pk__in=list(enrolment_ids), state__in=CLOSABLE_ENROLMENT_STATES)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _closed(enrolment: Enrolment, *, cause: ClosingCause, by: Actor, at: datetime) -> Enrolment:
    require_move(ENROLMENT_MOVES, enrolment.state, EnrolmentState.CLOSED)
    seconds = earned_seconds(enrolment)
    before, enrolment.state = enrolment.state, EnrolmentState.CLOSED
    enrolment.ended_at, enrolment.closing_cause = at, cause
    enrolment.save(update_fields=["state", "ended_at", "closing_cause"])
    trail.record(
        "training.close_enrolment", enrolment, by=by, at=at, from_state=before, to_state=enrolment.state, reason=cause
    )
    if seconds:
        state_time(enrolment, seconds=seconds, earned_at=at, by=by, at=at)
    fact = EnrolmentClosed(enrolment_id=enrolment.pk, agent_id=enrolment.agent_id)
    outbox.publish(fact, at=at, brand_id=enrolment.brand_id, agent_id=enrolment.agent_id)
    return enrolment
