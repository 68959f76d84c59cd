"""What publishing a version would do, before it is done."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from recruiting.models import Agent, Program
from training.models import CourseVersion, Enrolment, Module
from training.pages.checksums import digest_of
from training.queries.content import current_version, modules_of, pages_of, version_checksum
from training.states import ChangeClass
from vetting.registries import booked_work

GRANDFATHER_DAYS = 30


@dataclass(frozen=True, slots=True)
class PublishEffect:
    """The effect of publishing: whom it touches, what they have to do and by when. `digest` says it is still this one."""

    is_first: bool
    change: str
    learners_open: int
    learners_done: int
    agents_called_back: int
    pages_total: int
    pages_changed: int
    booked_shifts: int
    due_at: datetime | None
    digest: str


def publish_effect(draft: CourseVersion, *, change: str, at: datetime) -> PublishEffect:
    """This function will return what publishing this draft as that kind of change would do.

    The deadline's day is part of the digest, its minute is not: reading the effect takes a while.
    """
    before = current_version(draft.course_id)
    modules = modules_of(draft)
    done = agents_done(draft.course_id)
    called = done if before is not None and change != ChangeClass.MINOR else []
    due_at = deadline_of(draft, change=change, at=at) if called else None
    effect = PublishEffect(
        is_first=before is None,
        change=change,
        learners_open=Enrolment.objects.across_brands().open().filter(course_id=draft.course_id).count(),
        learners_done=len(done),
        agents_called_back=len(called),
        pages_total=len(pages_of(modules)),
        pages_changed=changed_pages(before, modules),
        booked_shifts=_booked(draft, called, at),
        due_at=due_at,
        digest="",
    )
    return replace(effect, digest=_digest(effect, version_checksum(draft, modules), before))


def deadline_of(version: CourseVersion, *, change: str, at: datetime) -> datetime:
    """This function will return until when earlier completions count after a change published at `at`."""
    return at + timedelta(days=GRANDFATHER_DAYS if change == ChangeClass.BREAKING else version.due_days)


def agents_done(course_id: UUID) -> list[Agent]:
    """This function will return the agents who finished the course and are still in its program, by id."""
    done = Enrolment.objects.across_brands().completed().filter(course_id=course_id)
    still = done.filter(engagement__state__in=("accepted", "certified", "productive", "lapsed"))
    return list(Agent.objects.across_brands().filter(pk__in=still.values("agent")).order_by("pk"))


def changed_pages(before: CourseVersion | None, modules: list[Module]) -> int:
    """This function will return how many pages differ from the version before: new, or of another checksum."""
    if before is None:
        return len(pages_of(modules))
    old = {page.stable_key: page.checksum for page in pages_of(modules_of(before))}
    return sum(1 for page in pages_of(modules) if old.get(page.stable_key) != page.checksum)


def _digest(effect: PublishEffect, checksum: str, before: CourseVersion | None) -> str:
    shown: dict[str, Any] = asdict(effect)
    shown["due_at"] = str(effect.due_at.date()) if effect.due_at else ""
    return digest_of([shown, checksum, str(before.pk) if before else ""])


def _booked(draft: CourseVersion, agents: list[Agent], at: datetime) -> int:
    program: Program | None = draft.course.program
    if program is None or not agents:
        return 0
    return booked_work().count(agent_ids=[agent.pk for agent in agents], program=program, since=at)
