"""Where the people of a program are, and which programs and applicants wait for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q

from gigcx.tenancy.actors import Actor, BrandActor
from recruiting.models import Engagement, Program
from recruiting.models.engagements import EngagementQuerySet
from recruiting.states import BENCH_STATES, EngagementState, ProgramState


@dataclass(frozen=True, slots=True)
class Stage:
    """How many people are in a state, and since when the one who waits longest has been there."""

    state: str
    label: str
    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProgramSummary:
    """A program with the figures a list shows."""

    program: Program
    applied: int
    in_training: int
    bench: int


def pipeline(actor: Actor, program_id: UUID | None = None) -> list[Stage]:
    """This function will count the actor's engagements by state, for one program or all, in one query."""
    rows = Engagement.objects.for_actor(actor)
    rows = rows.filter(program_id=program_id) if program_id else rows
    found = {
        row["state"]: row
        for row in rows.order_by().values("state").annotate(count=Count("pk"), oldest_at=Min("state_since"))
    }
    return [
        Stage(str(state), str(state.label), found[state]["count"], found[state]["oldest_at"])
        if state in found
        else Stage(str(state), str(state.label), 0, None)
        for state in EngagementState
    ]


def talent(actor: Actor, *, state: str = "", program_id: UUID | None = None, words: str = "") -> EngagementQuerySet:
    """This function will return the brand's people in a state, the best fit first. `words` is looked for as plain text."""
    rows = Engagement.objects.for_actor(actor).select_related("agent__user", "program")
    rows = rows.prefetch_related("agent__languages")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(program_id=program_id) if program_id else rows
    if words:
        is_known = Q(agent__user__full_name__icontains=words, accepted_at__isnull=False)
        rows = rows.filter(Q(agent__handle__icontains=words) | Q(agent__headline__icontains=words) | is_known)
    return rows.order_by("-fit_score", "applied_at", "pk")


def bench(actor: Actor, program_id: UUID) -> EngagementQuerySet:
    """This function will return the certified people of a program, longest certified first."""
    rows = Engagement.objects.for_actor(actor).on_the_bench().filter(program_id=program_id)
    return rows.for_listing().order_by("certified_at", "pk")


def program_summaries(actor: Actor) -> list[ProgramSummary]:
    """This function will return the brand's programs with counts, those that work first, in one query."""
    rows = Program.objects.for_actor(actor).for_listing().order_by("name", "pk")
    rows = rows.annotate(
        count_applied=Count("engagements", filter=Q(engagements__state=EngagementState.APPLIED)),
        count_in_training=Count("engagements", filter=Q(engagements__state=EngagementState.ACCEPTED)),
        count_bench=Count("engagements", filter=Q(engagements__state__in=BENCH_STATES)),
    )
    summaries = [_summary(row) for row in rows]
    return sorted(summaries, key=lambda one: _ORDER.index(ProgramState(one.program.state)))


def _summary(program: Any) -> ProgramSummary:
    """Reads the annotations of `program_summaries`, which types do not see."""
    return ProgramSummary(program, program.count_applied, program.count_in_training, program.count_bench)


def applicants_waiting(actor: BrandActor) -> list[Stage]:
    """This function will return applications by program that nobody decided, the oldest first."""
    rows = Engagement.objects.for_actor(actor).filter(state=EngagementState.APPLIED).order_by()
    found = rows.values("program_id", "program__name").annotate(count=Count("pk"), oldest_at=Min("applied_at"))
    stages = [Stage(str(row["program_id"]), row["program__name"], row["count"], row["oldest_at"]) for row in found]
    return sorted(stages, key=lambda stage: (stage.oldest_at is None, stage.oldest_at, stage.label))


def programs_in_review(at: datetime) -> tuple[int, datetime | None]:
    """This function will return how many programs wait for ops, and since when the first does."""
    found = (
        Program.objects.across_brands()
        .filter(state=ProgramState.CONTENT_REVIEW)
        .aggregate(count=Count("pk"), oldest=Min("submitted_at"))
    )
    return found["count"], found["oldest"]


_ORDER = [
    ProgramState.LIVE,
    ProgramState.READY,
    ProgramState.RECRUITING,
    ProgramState.CONTENT_REVIEW,
    ProgramState.DRAFT,
    ProgramState.PAUSED,
    ProgramState.SUNSET,
    ProgramState.ARCHIVED,
]
