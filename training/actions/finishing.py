"""What finishing a course leaves behind: the state, the evidence, the paid time. Each exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from training.events import EnrolmentCompleted, TrainingTimeEarned
from training.models import CourseVersion, Enrolment, TrainingTime
from training.queries import current_version, payable_seconds
from training.states import ENROLMENT_MOVES, ChangeClass, CourseVersionState, EnrolmentReason, EnrolmentState
from vetting.actions import record_evidence

EVIDENCE_KIND = "course"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A version that asks for more after an older one was finished, and until when."""

    version: CourseVersion
    due_at: datetime


def finish(enrolment: Enrolment, *, by: Actor, at: datetime) -> FollowUp | None:
    """This function will complete a locked enrolment and return what a newer version still asks for, if anything."""
    require_move(ENROLMENT_MOVES, enrolment.state, EnrolmentState.COMPLETED)
    before, enrolment.state = enrolment.state, EnrolmentState.COMPLETED
    enrolment.completed_at = enrolment.ended_at = at
    enrolment.started_at = enrolment.started_at or at
    enrolment.save(update_fields=["state", "completed_at", "ended_at", "started_at"])
    trail.record("training.complete_enrolment", enrolment, by=by, at=at, from_state=before, to_state=enrolment.state)
    follow_up = follow_up_of(enrolment, at=at)
    settle(enrolment, by=by, at=at)
    fact = EnrolmentCompleted(enrolment_id=enrolment.pk, agent_id=enrolment.agent_id)
    outbox.publish(fact, at=at, brand_id=enrolment.brand_id, agent_id=enrolment.agent_id)
    return follow_up


def settle(enrolment: Enrolment, *, by: Actor, at: datetime) -> None:
    """This function will record a completed enrolment's evidence and paid time where they are missing."""
    done_at = enrolment.completed_at or at
    follow_up = follow_up_of(enrolment, at=done_at)
    record_evidence(
        agent_id=enrolment.agent_id,
        kind=EVIDENCE_KIND,
        subject_key=str(enrolment.course_id),
        source_key=f"enrolment:{enrolment.pk}",
        assurance="server",
        obtained_at=done_at,
        valid_until=follow_up.due_at if follow_up else None,
        skills={},
        by=by,
        at=at,
    )
    if enrolment.reason != EnrolmentReason.REPEAT:
        state_time(enrolment, seconds=payable_seconds(enrolment), earned_at=done_at, by=by, at=at)


@transaction.atomic
def settle_completed_enrolment(*, enrolment_id: UUID, by: Actor, at: datetime) -> Enrolment:
    """This function will make good what a completed enrolment should have left behind; repeating it changes nothing."""
    rows = Enrolment.objects.across_brands().completed().select_related("version__course")
    enrolment = rows.select_for_update(of=("self",)).get(pk=enrolment_id)
    settle(enrolment, by=by, at=at)
    return enrolment


def follow_up_of(enrolment: Enrolment, *, at: datetime) -> FollowUp | None:
    """This function will return the published version that asks more than the enrolment's own, with its deadline."""
    newer = CourseVersion.objects.across_brands().filter(
        course_id=enrolment.course_id,
        state=CourseVersionState.PUBLISHED,
        n__gt=enrolment.version.n,
        published_at__lte=at,
    )
    bigger = newer.exclude(change=ChangeClass.MINOR).order_by("-n").first()
    current = current_version(enrolment.course_id)
    if bigger is None or current is None:
        return None
    least = at + timedelta(days=bigger.due_days)
    return FollowUp(current, max(least, bigger.grandfather_until or least))


def state_time(enrolment: Enrolment, *, seconds: int, earned_at: datetime, by: Actor, at: datetime) -> None:
    """This function will state learning time for pay, once for each person, version, reason and period. Needs a transaction.

    Whoever comes second writes nothing and states nothing.
    """
    row = TrainingTime(
        brand_id=enrolment.brand_id,
        person_id=enrolment.person_id,
        agent_id=enrolment.agent_id,
        enrolment=enrolment,
        course_version_id=enrolment.version_id,
        reason=enrolment.reason,
        basis=enrolment.version.pay_basis,
        counted_seconds=seconds,
        earned_at=earned_at,
    )
    TrainingTime.objects.bulk_create([row], ignore_conflicts=True)
    if not TrainingTime.objects.for_brand(enrolment.brand_id).filter(pk=row.pk).exists():
        return
    trail.record("training.state_training_time", row, by=by, at=at, changes={"seconds": row.counted_seconds})
    outbox.publish(TrainingTimeEarned(training_time_id=row.pk), at=at, brand_id=row.brand_id, agent_id=row.agent_id)
