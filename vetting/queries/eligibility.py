"""The one answer to "may this agent work here, then?".

The rule is written twice, as facts judged one by one with their reasons (`eligibility`, `eligibilities`, `works_until`) and as
a filter in SQL (`eligible_agents`); a property test holds the two together.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from recruiting.matching import LanguageLevels
from recruiting.models import Agent, Engagement, Program, TermsAcceptance, TermsVersion
from recruiting.queries import language_name, languages_of_agents, level_needed, level_spoken, speaks
from recruiting.states import AgentState, EngagementState, ProgramState, Standing
from recruiting.states import VersionState as TermsState
from vetting.models import AgentIdentity, Certificate, Certification
from vetting.queries.facts import Facts, facts_of
from vetting.queries.next_steps import next_step_of
from vetting.registries import NextStep
from vetting.states import COUNTING_CERTIFICATES, CertificateState, CheckState, IdentityState

WORKING = (EngagementState.CERTIFIED, EngagementState.PRODUCTIVE)
OPEN_PROGRAM = (ProgramState.RECRUITING, ProgramState.READY, ProgramState.LIVE)
EVERYBODY = ("agent", "brand", "ops")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody may not work. Brands read identity only as met or not met."""

    code: str
    sentence: str
    since: datetime | None = None
    subject: str = ""
    visible_to: tuple[str, ...] = EVERYBODY


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer: yes with its basis and its end (exclusive), or no with reasons and next steps."""

    is_eligible: bool
    certificate_id: UUID | None
    terms_version_id: UUID | None
    lapses_at: datetime | None
    reasons: tuple[Reason, ...]
    next_steps: tuple[NextStep, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What a piece of the program's work asks for besides: a language that the channel is worked in. None asks for nothing."""

    language: str
    channel: str


def eligibility(agent: Agent, program: Program, at: datetime, *, work: Work | None = None) -> Eligibility:
    """This function will say whether the agent may work in the program at that moment, and what is missing if not.

    With `work`, also whether they speak its language as well as the program asks for.
    """
    return eligibilities([agent], program, at, work=work)[agent.pk]


def eligibilities(
    agents: Iterable[Agent], program: Program, at: datetime, *, work: Work | None = None
) -> dict[UUID, Eligibility]:
    """This function will judge many agents in one program with one query, with a second for the language of the work."""
    ids = [agent.pk for agent in agents]
    answers = {facts.agent_id: _judged(facts, program, at) for facts in facts_of(ids, [program.pk], at)}
    if work is None or not work.language:
        return answers
    spoken = languages_of_agents(ids)
    return {pk: spoken_for(answer, program, work, spoken.get(pk, {})) for pk, answer in answers.items()}


def spoken_for(answer: Eligibility, program: Program, work: Work, spoken: Mapping[str, LanguageLevels]) -> Eligibility:
    """This function will judge the language of a piece of work on top of an answer about its program, without a query."""
    if not work.language or speaks(spoken, program, work.language, channel=work.channel):
        return answer
    reason = _language_reason(program, work, spoken)
    step = next_step_of(reason.code, program, reason.subject)
    steps = (*answer.next_steps, *([step] if step else []))
    return Eligibility(False, None, None, None, (*answer.reasons, reason), steps)


def eligibilities_in(agent: Agent, programs: Iterable[Program], at: datetime) -> dict[UUID, Eligibility]:
    """This function will judge one agent in many programs with one query, by the program's id."""
    wanted = {program.pk: program for program in programs}
    found = facts_of([agent.pk], list(wanted), at)
    return {facts.program_id: _judged(facts, wanted[facts.program_id], at) for facts in found}


def works_until(agent_id: UUID, program_id: UUID, at: datetime) -> datetime | None:
    """This function will return until when the agent may work in the program, or None where `eligibility` has the reasons.

    The same facts and the same rule, without models and without words: for those who ask often and mostly hear yes.
    """
    facts = next(iter(facts_of([agent_id], [program_id], at)), None)
    if facts is None or any(True for _reason in _reasons(facts, at)):
        return None
    return _lapses_at(facts)


def eligible_agents(program: Program, at: datetime) -> QuerySet[Agent]:
    """This function will return the agents who may work in the program at that moment, by the same rule in SQL."""
    agents = Agent.objects.across_brands().filter(
        _is_working_agent(at), Exists(_good_engagement(program)), Exists(_good_identity(at))
    )
    if program.state not in OPEN_PROGRAM:
        return agents.none()
    return agents.filter(Exists(_good_certificate(program, at)), Exists(_good_acceptance(program, at)))


# in SQL -------------------------------------------------------------------------------------------------------------


def _is_working_agent(at: datetime) -> Q:
    return Q(state=AgentState.ACTIVE) | Q(state=AgentState.PAUSED, paused_until__lte=at)


def _good_engagement(program: Program) -> QuerySet[Engagement]:
    return Engagement.objects.across_brands().filter(
        agent_id=OuterRef("pk"),
        program_id=program.pk,
        state__in=WORKING,
        standing=Standing.GOOD,
        blocked_by_brand_at__isnull=True,
    )


def _good_identity(at: datetime) -> QuerySet[AgentIdentity]:
    return AgentIdentity.objects.across_brands().filter(
        agent_id=OuterRef("pk"), state=IdentityState.VERIFIED, is_held=False, verified_until__gt=at
    )


def _good_certificate(program: Program, at: datetime) -> QuerySet[Certificate]:
    return (
        Certificate.objects.across_brands()
        .counting(at)
        .filter(agent_id=OuterRef("pk"), program_id=program.pk, certification__role=Certification.Role.ENTRY)
    )


def _good_acceptance(program: Program, at: datetime) -> QuerySet[TermsAcceptance]:
    """An acceptance of the newest material version in force, or of any later one."""
    material = _published(program, at).filter(is_material=True).order_by("-version").values("version")[:1]
    first = _published(program, at).order_by("version").values("version")[:1]
    floor = Coalesce(Subquery(material), Subquery(first))
    return TermsAcceptance.objects.across_brands().filter(
        agent_id=OuterRef("pk"), version__program_id=program.pk, version__version__gte=floor
    )


def _published(program: Program, at: datetime) -> QuerySet[TermsVersion]:
    rows = TermsVersion.objects.across_brands().filter(program_id=program.pk, valid_from__lte=at)
    return rows.exclude(state=TermsState.DRAFT)


# one by one ----------------------------------------------------------------------------------------------------------


def _judged(facts: Facts, program: Program, at: datetime) -> Eligibility:
    reasons = tuple(_reasons(facts, at))
    if reasons:
        steps = (next_step_of(reason.code, program, reason.subject) for reason in reasons)
        return Eligibility(False, None, None, None, reasons, tuple(step for step in steps if step))
    return Eligibility(True, facts.certificate_id, facts.accepted_id, _lapses_at(facts), (), ())


def _lapses_at(facts: Facts) -> datetime:
    """No reason is left, so everything it rests on is there."""
    return min(cast(datetime, facts.certificate_until), cast(datetime, facts.verified_until))


def _reasons(facts: Facts, at: datetime) -> Iterator[Reason]:
    yield from _agent_reasons(facts, at)
    yield from _program_reasons(facts)
    yield from _engagement_reasons(facts)
    yield from _identity_reasons(facts, at)
    yield from _certificate_reasons(facts, at)
    yield from _terms_reasons(facts)


def _agent_reasons(facts: Facts, at: datetime) -> Iterator[Reason]:
    is_paused, until = facts.agent_state == AgentState.PAUSED, facts.paused_until
    is_back = is_paused and until is not None and until <= at
    if is_paused and not is_back:
        yield Reason("agent_paused", _("The profile is paused."))
    elif facts.agent_state != AgentState.ACTIVE and not is_back:
        yield Reason("agent_not_active", _("The profile is not finished, or it is closed."))


def _program_reasons(facts: Facts) -> Iterator[Reason]:
    if facts.program_state not in OPEN_PROGRAM:
        yield Reason("program_paused", _("%(program)s is not open now.") % {"program": facts.program_name})


def _engagement_reasons(facts: Facts) -> Iterator[Reason]:
    state = facts.engagement_state
    if state in (None, EngagementState.DECLINED, EngagementState.WAITLISTED):
        yield Reason("no_engagement", _("There is no place in %(program)s yet.") % {"program": facts.program_name})
        return
    if state == EngagementState.APPLIED:
        yield Reason("application_open", _("The brand has not answered the application yet."), facts.applied_at)
    elif state not in WORKING and facts.certificate_id is not None:
        yield Reason("not_certified", _("The program has not opened work yet."), facts.engagement_since)
    if facts.blocked_at is not None:
        yield Reason("blocked_by_brand", _("The brand has closed its work."), facts.blocked_at)
    if facts.standing == Standing.SUSPENDED:
        yield Reason("standing_suspended", _("Work is suspended: %s") % facts.standing_reason)
    elif facts.standing == Standing.RESTRICTED:
        yield Reason("standing_restricted", _("Work is restricted: %s") % facts.standing_reason)


def _identity_reasons(facts: Facts, at: datetime) -> Iterator[Reason]:
    if facts.is_held:
        yield Reason("identity_held", _("The identity is being looked at again."), facts.held_at)
        return
    until = facts.verified_until
    if facts.identity_state == IdentityState.VERIFIED and until is not None and until > at:
        return
    if facts.check_state in (CheckState.NEEDS_REVIEW, CheckState.PROCESSING):
        yield Reason("identity_in_review", _("Two people are looking at the documents."), facts.check_submitted_at)
    elif facts.check_state == CheckState.REJECTED:
        yield Reason("identity_rejected", _("The documents were not accepted."), facts.check_decided_at)
    elif until is not None:
        yield Reason("identity_expired", _("The identity check has run out."), until)
    else:
        yield Reason("identity_missing", _("The identity is not verified yet."))


def _certificate_reasons(facts: Facts, at: datetime) -> Iterator[Reason]:
    begin, end = facts.certificate_from, facts.certificate_until
    if begin is None or end is None:
        yield Reason("certificate_missing", _("The certificate is not there yet."))
    elif facts.certificate_state not in COUNTING_CERTIFICATES or not begin <= at < end:
        yield _certificate_reason(facts, begin, at)


def _certificate_reason(facts: Facts, begin: datetime, at: datetime) -> Reason:
    if facts.certificate_state == CertificateState.PENDING or begin > at:
        return Reason("certificate_pending", _("The certificate starts later."), begin)
    if facts.certificate_state == CertificateState.SUSPENDED:
        return Reason("certificate_suspended", _("The certificate is suspended."), facts.certificate_suspended_at)
    if facts.certificate_state == CertificateState.REVOKED:
        return Reason("certificate_revoked", _("The certificate was taken away."), facts.certificate_ended_at)
    return Reason("certificate_expired", _("The certificate has run out."), facts.certificate_until)


def _language_reason(program: Program, work: Work, spoken: Mapping[str, LanguageLevels]) -> Reason:
    has, needs = level_spoken(spoken, work.language, channel=work.channel), level_needed(program, work.language)
    known = {"language": language_name(work.language), "has": has, "needs": needs}
    if has:
        words = _("This work is in %(language)s at %(needs)s; the profile says %(has)s.")
        return Reason("language_too_low", words % known, subject=work.language)
    words = _("This work is in %(language)s, which is not in the profile.")
    return Reason("language_missing", words % known, subject=work.language)


def _terms_reasons(facts: Facts) -> Iterator[Reason]:
    if facts.accepted_version is None or facts.terms_from is None:
        yield Reason("terms_not_accepted", _("The terms are not accepted yet."))
    elif facts.accepted_version < facts.newest_material:
        yield Reason("terms_changed", _("The terms changed and ask for a new signature."), facts.terms_from)
