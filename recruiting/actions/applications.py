"""Applying to a program: screening, fit, and the first decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit.outbox import publish
from gigcx.audit.trail import record
from gigcx.kernel.errors import Invalid
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, SystemActor
from gigcx.tenancy.policies import may_trade
from recruiting.actions.agents import locked_agent
from recruiting.actions.decisions import accepted, declined
from recruiting.errors import AgentNotActive, AlreadyEngaged, BlockedByBrand, ProgramNotRecruiting, ReapplyLater
from recruiting.events import EngagementApplied
from recruiting.matching import Answered, Question, screen
from recruiting.models import Agent, Engagement, Program, ScreeningAnswer, ScreeningQuestion
from recruiting.policies import require_agent
from recruiting.queries import fit_of, published_program, stored
from recruiting.states import (
    ENGAGEMENT_MOVES,
    PUBLIC_PROGRAM_STATES,
    AgentState,
    DeclineCode,
    EngagementSource,
    EngagementState,
)

SCREENING: Final = SystemActor("screening")
_APPLICATION: Final = (
    "state",
    "source",
    "applied_at",
    "state_since",
    "fit_score",
    "fit_reasons",
    "decline_code",
    "decline_reason",
    "reapply_at",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its judged answer."""

    question: ScreeningQuestion
    answered: Answered


@transaction.atomic
def apply_to_program(
    *,
    agent_id: UUID,
    program_id: UUID,
    answers: Mapping[str, str],
    by: Actor,
    at: datetime,
    source: str = EngagementSource.OPEN,
) -> Engagement:
    """Apply. `answers` maps a question's id, as text, to what was answered.

    An answer that rules the program out declines the application at once, with the reason and the date to apply again; a
    program that accepts everybody who passes accepts it at once.

    Raises:
        ProgramNotRecruiting, AgentNotActive, AlreadyEngaged, BlockedByBrand: it cannot be applied to now.
        ReapplyLater: declined before, and the date has not come; `context["reapply_at"]`.
        Invalid: an answer is missing or not one of those offered; `problems` by question id.
    """
    require_agent(by, agent_id)
    agent, program = locked_agent(agent_id), published_program(program_id)
    _check_open(agent, program)
    earlier = _earlier(agent, program, at)
    judged = _screened(program, answers)
    engagement = _applied(agent, program, earlier, source, at)
    _keep_answers(engagement, judged, at)
    moved: dict[str, Any] = {
        "from_state": EngagementState.DECLINED if earlier else "",
        "to_state": EngagementState.APPLIED,
    }
    record("recruiting.apply_to_program", engagement, by=by, at=at, changes={"fit": engagement.fit_score}, **moved)
    fact = EngagementApplied(engagement_id=engagement.pk, agent_id=agent.pk, program_id=program.pk)
    publish(fact, at=at, brand_id=program.brand_id, agent_id=agent.pk)
    return _decided_at_once(engagement, judged, at)


def _check_open(agent: Agent, program: Program) -> None:
    if program.state not in PUBLIC_PROGRAM_STATES or not may_trade(program.brand):
        raise ProgramNotRecruiting
    if agent.state != AgentState.ACTIVE:
        raise AgentNotActive


def _earlier(agent: Agent, program: Program, at: datetime) -> Engagement | None:
    """A declined engagement that may be opened again; the agent's lock keeps two applications from passing here."""
    rows = Engagement.objects.across_brands().filter(agent=agent, program=program)
    if rows.filter(blocked_by_brand_at__isnull=False).exists():
        raise BlockedByBrand
    earlier = rows.exclude(state=EngagementState.ENDED).select_for_update(of=("self",)).first()
    if earlier is None:
        return None
    if earlier.state != EngagementState.DECLINED:
        raise AlreadyEngaged
    if earlier.reapply_at is not None and earlier.reapply_at > at:
        words = _("You may apply again from %(on)s.") % {"on": earlier.reapply_at.date().isoformat()}
        raise ReapplyLater(words, context={"reapply_at": earlier.reapply_at.isoformat()})
    return earlier


def _screened(program: Program, answers: Mapping[str, str]) -> Sequence[Judged]:
    asked = list(program.questions.filter(is_retired=False).order_by("position", "pk"))
    judged = screen([_pure(question) for question in asked], answers)
    problems = {one.key: [_problem_words(one.problem)] for one in judged if one.problem}
    if problems:
        raise Invalid(problems=problems)
    return [Judged(question, answered) for question, answered in zip(asked, judged, strict=True)]


def _pure(question: ScreeningQuestion) -> Question:
    options = tuple(question.options)
    return Question(str(question.pk), question.kind, options, question.is_knock_out, question.accepted)


def _problem_words(problem: str) -> str:
    return {
        "missing": _("Answer this question."),
        "not_offered": _("Choose one of the answers."),
        "not_a_number": _("Give a whole number."),
        "too_long": _("Use at most 1,000 characters."),
    }[problem]


def _applied(agent: Agent, program: Program, earlier: Engagement | None, source: str, at: datetime) -> Engagement:
    engagement = earlier or Engagement(agent=agent, program=program, brand_id=program.brand_id, state="")
    if earlier is not None:
        require_move(ENGAGEMENT_MOVES, earlier.state, EngagementState.APPLIED)
    fit = fit_of(agent, program, at)
    engagement.state, engagement.source = EngagementState.APPLIED, source
    engagement.applied_at = engagement.state_since = at
    engagement.fit_score, engagement.fit_reasons = fit.score, stored(fit)
    engagement.decline_code = engagement.decline_reason = ""
    engagement.reapply_at = None
    engagement.save(update_fields=_APPLICATION if earlier else None)
    return engagement


def _keep_answers(engagement: Engagement, judged: Sequence[Judged], at: datetime) -> None:
    ScreeningAnswer.objects.bulk_create(
        ScreeningAnswer(
            brand_id=engagement.brand_id,
            engagement=engagement,
            question=one.question,
            prompt=one.question.prompt,
            answer=one.answered.answer,
            has_passed=one.answered.has_passed,
            answered_at=at,
        )
        for one in judged
    )


def _decided_at_once(engagement: Engagement, judged: Sequence[Judged], at: datetime) -> Engagement:
    country = _country_refusal(engagement)
    failed = [one.question.prompt for one in judged if not one.answered.has_passed]
    if country or failed:
        code = DeclineCode.LOCATION if country else DeclineCode.KNOCKED_OUT
        reason = country or _("Your answer rules this program out: %(questions)s") % {"questions": " ".join(failed)}
        return declined(engagement, code=code, reason=reason, by=SCREENING, at=at)
    if engagement.program.is_auto_accepting:
        return accepted(engagement, by=SCREENING, at=at)
    return engagement


def _country_refusal(engagement: Engagement) -> str:
    countries, home = engagement.program.countries, engagement.agent.country
    if not countries or home in countries:
        return ""
    return _("This program may be worked from %(countries)s.") % {"countries": ", ".join(countries)}
