"""Facts that training states."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CourseVersionPublished(Event):
    """A version of a course entered the catalogue."""

    type = "training.course_version_published"
    course_version_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnrolmentStarted(Event):
    """An agent was enrolled in a course."""

    type = "training.enrolment_started"
    enrolment_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnrolmentCompleted(Event):
    """An agent finished every required page of a course."""

    type = "training.enrolment_completed"
    enrolment_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnrolmentWithdrawn(Event):
    """An agent stopped a course; progress is kept."""

    type = "training.enrolment_withdrawn"
    enrolment_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnrolmentMoved(Event):
    """An open enrolment went over to a newer version; `successor_id` carries its progress."""

    type = "training.enrolment_moved"
    enrolment_id: UUID
    successor_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnrolmentClosed(Event):
    """An unfinished course ended from the brand's side; its finished chapters are paid."""

    type = "training.enrolment_closed"
    enrolment_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class TrainingTimeEarned(Event):
    """Learning time became payable. Stated once for each person, version, reason and period."""

    type = "training.training_time_earned"
    training_time_id: UUID
