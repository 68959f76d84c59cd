"""Reads about sittings. Nothing here ever touches a key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from vetting.grading import public_payload
from vetting.models import AgentIdentity, AssessmentVersion, Attempt, AttemptItem, AttemptResult, RatingTask, Response
from vetting.models.attempts import AttemptQuerySet
from vetting.states import OPEN_ATTEMPTS, AttemptState, RatingState

_NOT_COUNTED = (AttemptState.VOIDED, AttemptState.ABANDONED)


@dataclass(frozen=True, slots=True)
class AskedItem:
    """A question as the person taking the test sees it, with their answer so far."""

    position: int
    kind: str
    section: str
    prompt: str
    options: tuple[Mapping[str, str], ...]
    answer: Mapping[str, Any]
    seq: int
    saved_at: datetime | None

    @property
    def is_answered(self) -> bool:
        """Is there anything in the answer?"""
        return bool(self.answer.get("options") or str(self.answer.get("text", "")).strip())


@dataclass(frozen=True, slots=True)
class SkillLine:
    """One skill of a result: its share of 100, with a band of one standard error where the test is long enough."""

    name: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class ResultView:
    """A result as the agent reads it: never the key, never which answers were right."""

    percent: Decimal
    cut: Decimal
    is_passed: bool
    distance: Decimal
    skills: tuple[SkillLine, ...]
    checksum: str

    @property
    def gap(self) -> Decimal:
        """How far from the cut, whichever side."""
        return abs(self.distance)


@dataclass(frozen=True, slots=True)
class TestOffer:
    """What an agent reads before a test: rules, tries left, and when the next one opens."""

    __test__ = False

    version: AssessmentVersion
    questions: int
    cut: Decimal | None
    tries_used: int
    current: Attempt | None
    last: Attempt | None
    opens_at: datetime | None
    is_passed: bool

    @property
    def tries_left(self) -> int:
        """Tries that are left, the open one included."""
        return max(0, self.version.max_tries - self.tries_used)


def attempt_for(actor: Actor, attempt_id: UUID) -> Attempt:
    """This function will return a sitting that the actor may see: the agent's own, or the brand's.

    Raises:
        NotFound: there is none, or it is another's.
    """
    attempt = Attempt.objects.for_actor(actor).for_listing().filter(pk=attempt_id).first()
    if attempt is None:
        raise NotFound
    return attempt


def attempts_for(actor: Actor) -> AttemptQuerySet:
    """This function will return the actor's sittings, newest first."""
    return Attempt.objects.for_actor(actor).for_listing()


def asked_items(attempt: Attempt) -> list[AskedItem]:
    """This function will return a sitting's questions with the answers so far, in order; two queries however many."""
    newest = Response.objects.across_brands().order_by("-client_seq")
    rows = attempt.items.select_related("item_version__item").prefetch_related(Prefetch("responses", newest))
    return [_asked(row) for row in rows.order_by("position")]


def result_of(attempt: Attempt) -> ResultView | None:
    """This function will return a released sitting's result, or None."""
    if attempt.state != AttemptState.RELEASED:
        return None
    result = (
        AttemptResult.objects.across_brands().filter(attempt=attempt).select_related("cut_score").order_by("-n").first()
    )
    if result is None:
        return None
    shows_skills = attempt.version.feedback == AssessmentVersion.Feedback.SKILLS
    skills = _skills(result.skill_profile) if shows_skills else ()
    cut = result.cut_score.percent
    return ResultView(result.percent, cut, result.is_passed, result.percent - cut, skills, result.checksum)


def offer_of(actor: AgentActor, assessment_id: UUID) -> TestOffer:
    """This function will return what the agent should know before the test.

    Raises:
        NotFound: no such test is open.
    """
    rows = AssessmentVersion.objects.across_brands().live().filter(assessment_id=assessment_id)
    version = rows.select_related("assessment", "brand").first()
    if version is None:
        raise NotFound
    cut = version.cuts.order_by("-n").first()
    taken = list(_taken(actor.agent_id, assessment_id))
    counted = [attempt for attempt in taken if attempt.state not in _NOT_COUNTED]
    passed = AttemptResult.objects.across_brands().filter(attempt__in=counted, is_passed=True)
    current = next((attempt for attempt in counted if attempt.state in OPEN_ATTEMPTS), None)
    return TestOffer(
        version=version,
        questions=sum(version.sections.values_list("draw", flat=True)),
        cut=cut.percent if cut else None,
        tries_used=len(counted) - (current is not None),
        current=current,
        last=counted[-1] if counted else None,
        opens_at=next_try_at(version, counted),
        is_passed=passed.exists(),
    )


def next_try_at(version: AssessmentVersion, counted: Sequence[Attempt]) -> datetime | None:
    """This function will return when the next try opens, None when none is left; `counted` is ordered by number."""
    if not counted:
        return version.published_at
    if len(counted) >= version.max_tries:
        return None
    pauses = version.pause_hours or [0]
    pause = pauses[min(len(counted), len(pauses)) - 1]
    since = counted[-1].submitted_at or counted[-1].opened_at
    return since + timedelta(hours=pause)


def waiting_for_a_rater() -> Any:
    """This function will return the answers that wait for a person, oldest first."""
    rows = RatingTask.objects.across_brands().exclude(state=RatingState.DONE)
    return rows.select_related("attempt_item__attempt__version__assessment").order_by("opened_at", "pk")


def answer_to_rate(task: RatingTask) -> tuple[AskedItem, Sequence[str]]:
    """This function will return the question with the answer, and the accepted answers, for a rater. No name comes along."""
    newest = Response.objects.across_brands().order_by("-client_seq")
    rows = AttemptItem.objects.across_brands().select_related("item_version__item")
    item = rows.prefetch_related(Prefetch("responses", newest)).get(pk=task.attempt_item_id)
    key = item.item_version.keys.order_by("-n").values_list("key", flat=True).first() or {}
    accepted = [one["text"] for one in key.get("answers", [])] or [
        option["text"]
        for option in item.item_version.payload.get("options", [])
        if option["id"] in key.get("options", [])
    ]
    return _asked(item), accepted


def _taken(agent_id: UUID, assessment_id: UUID) -> Iterable[Attempt]:
    people = AgentIdentity.objects.across_brands().filter(agent_id=agent_id).values("person_id")
    rows = Attempt.objects.across_brands().filter(person_id__in=people, assessment_id=assessment_id)
    return rows.order_by("number")


def _asked(row: AttemptItem) -> AskedItem:
    version = row.item_version
    shown = public_payload(version.item.kind, version.payload, row.option_order)
    responses = row.responses.all()
    latest = responses[0] if responses else None
    return AskedItem(
        position=row.position,
        kind=version.item.kind,
        section=row.section,
        prompt=shown["prompt"],
        options=tuple(shown.get("options", ())),
        answer=latest.payload if latest else {},
        seq=latest.client_seq if latest else 0,
        saved_at=latest.saved_at if latest else None,
    )


def _skills(profile: Mapping[str, str]) -> tuple[SkillLine, ...]:
    lines = [SkillLine(name, Decimal(percent)) for name, percent in profile.items()]
    return tuple(sorted(lines, key=lambda line: (-line.percent, line.name)))
