"""The one answer to "may this agent work here, then?".

The rule is written twice, as facts judged one by one with their reasons (`eligibility`, `eligibilities`) and as a filter in SQL
(`eligible_agents`); a property test holds the two together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from recruiting.models import Agent, Engagement, Program, TermsAcceptance, TermsVersion
from recruiting.states import AgentState, EngagementState, ProgramState, Standing
from recruiting.states import VersionState as TermsState
from vetting.models import AgentIdentity, Certificate, Certification, IdentityCheck
from vetting.queries.next_steps import next_step_of
from vetting.registries import NextStep
from vetting.states import CertificateState, CheckState, IdentityState

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
class Facts:
    """Everything the rule looks at, for one agent."""

    agent: Agent
    program: Program
    engagement: Engagement | None
    identity: AgentIdentity | None
    check: IdentityCheck | None
    certificate: Certificate | None
    accepted: TermsVersion | None
    terms: TermsVersion | None
    newest_material: int


def eligibility(agent: Agent, program: Program, at: datetime) -> Eligibility:
    """This function will say whether the agent may work in the program at that moment, and what is missing if not."""
    return eligibilities([agent], program, at)[agent.pk]


def eligibilities(agents: Iterable[Agent], program: Program, at: datetime) -> dict[UUID, Eligibility]:
    """This function will judge many agents with a fixed number of queries."""
    return {facts.agent.pk: _judged(facts, at) for facts in _facts(list(agents), program, at)}


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


# one by one ---------------------------------------------------------------------------------------------------------


def _facts(agents: Sequence[Agent], program: Program, at: datetime) -> Iterator[Facts]:
    ids = [agent.pk for agent in agents]
    engagements = {row.agent_id: row for row in _engagements(ids, program)}
    identities = {row.agent_id: row for row in AgentIdentity.objects.across_brands().filter(agent_id__in=ids)}
    checks = {row.agent_id: row for row in _checks(ids)}
    certificates = _best_certificates(ids, program, at)
    accepted = {row.agent_id: row.version for row in _acceptances(ids, program)}
    published = list(_published(program, at).order_by("version"))
    material = max((terms.version for terms in published if terms.is_material), default=0)
    for agent in agents:
        yield Facts(
            agent,
            program,
            engagements.get(agent.pk),
            identities.get(agent.pk),
            checks.get(agent.pk),
            certificates.get(agent.pk),
            accepted.get(agent.pk),
            published[-1] if published else None,
            material,
        )


def _engagements(ids: Sequence[UUID], program: Program) -> QuerySet[Engagement]:
    rows = Engagement.objects.across_brands().filter(agent_id__in=ids, program_id=program.pk)
    return rows.exclude(state=EngagementState.ENDED).order_by("applied_at", "pk")


def _checks(ids: Sequence[UUID]) -> QuerySet[IdentityCheck]:
    return IdentityCheck.objects.across_brands().filter(agent_id__in=ids).order_by("requested_at", "pk")


def _acceptances(ids: Sequence[UUID], program: Program) -> QuerySet[TermsAcceptance]:
    rows = TermsAcceptance.objects.across_brands().filter(agent_id__in=ids, version__program_id=program.pk)
    return rows.select_related("version").order_by("version__version")


def _best_certificates(ids: Sequence[UUID], program: Program, at: datetime) -> dict[UUID, Certificate]:
    rows = Certificate.objects.across_brands().filter(
        agent_id__in=ids, program_id=program.pk, certification__role=Certification.Role.ENTRY
    )
    best: dict[UUID, Certificate] = {}
    for row in rows.order_by("valid_from", "issued_at", "pk"):
        if row.agent_id not in best or not _counts(best[row.agent_id], at):
            best[row.agent_id] = row
    return best


def _counts(certificate: Certificate, at: datetime) -> bool:
    is_state = certificate.state in (CertificateState.ACTIVE, CertificateState.DUE_FOR_RENEWAL)
    return is_state and certificate.valid_from <= at < certificate.expires_at


def _judged(facts: Facts, at: datetime) -> Eligibility:
    reasons = tuple(_reasons(facts, at))
    if reasons:
        steps = (next_step_of(reason.code, facts.program, reason.subject) for reason in reasons)
        return Eligibility(False, None, None, None, reasons, tuple(step for step in steps if step))
    return _granted(facts)


def _granted(facts: Facts) -> Eligibility:
    """No reason is left, so everything it rests on is there."""
    certificate, accepted = cast(Certificate, facts.certificate), cast(TermsVersion, facts.accepted)
    until = cast(datetime, cast(AgentIdentity, facts.identity).verified_until)
    return Eligibility(True, certificate.pk, accepted.pk, min(certificate.expires_at, until), (), ())


def _reasons(facts: Facts, at: datetime) -> Iterator[Reason]:
    yield from _agent_reasons(facts, at)
    yield from _program_reasons(facts)
    yield from _engagement_reasons(facts)
    yield from _identity_reasons(facts, at)
    yield from _certificate_reasons(facts, at)
    yield from _terms_reasons(facts)


def _agent_reasons(facts: Facts, at: datetime) -> Iterator[Reason]:
    agent = facts.agent
    is_back = agent.state == AgentState.PAUSED and agent.paused_until is not None and agent.paused_until <= at
    if agent.state == AgentState.PAUSED and not is_back:
        yield Reason("agent_paused", _("The profile is paused."))
    elif agent.state != AgentState.ACTIVE and not is_back:
        yield Reason("agent_not_active", _("The profile is not finished, or it is closed."))


def _program_reasons(facts: Facts) -> Iterator[Reason]:
    if facts.program.state not in OPEN_PROGRAM:
        yield Reason("program_paused", _("%(program)s is not open now.") % {"program": facts.program.name})


def _engagement_reasons(facts: Facts) -> Iterator[Reason]:
    engagement = facts.engagement
    if engagement is None or engagement.state in (EngagementState.DECLINED, EngagementState.WAITLISTED):
        yield Reason("no_engagement", _("There is no place in %(program)s yet.") % {"program": facts.program.name})
        return
    if engagement.state == EngagementState.APPLIED:
        yield Reason("application_open", _("The brand has not answered the application yet."), engagement.applied_at)
    elif engagement.state not in WORKING and facts.certificate is not None:
        yield Reason("not_certified", _("The program has not opened work yet."), engagement.state_since)
    if engagement.blocked_by_brand_at is not None:
        yield Reason("blocked_by_brand", _("The brand has closed its work."), engagement.blocked_by_brand_at)
    if engagement.standing == Standing.SUSPENDED:
        yield Reason("standing_suspended", _("Work is suspended: %s") % engagement.standing_reason)
    elif engagement.standing == Standing.RESTRICTED:
        yield Reason("standing_restricted", _("Work is restricted: %s") % engagement.standing_reason)


def _identity_reasons(facts: Facts, at: datetime) -> Iterator[Reason]:
    identity, check = facts.identity, facts.check
    if identity is not None and identity.is_held:
        yield Reason("identity_held", _("The identity is being looked at again."), identity.held_at)
        return
    until = identity.verified_until if identity is not None else None
    if identity is not None and identity.state == IdentityState.VERIFIED and until is not None and until > at:
        return
    if check is not None and check.state in (CheckState.NEEDS_REVIEW, CheckState.PROCESSING):
        yield Reason("identity_in_review", _("Two people are looking at the documents."), check.submitted_at)
    elif check is not None and check.state == CheckState.REJECTED:
        yield Reason("identity_rejected", _("The documents were not accepted."), check.decided_at)
    elif until is not None:
        yield Reason("identity_expired", _("The identity check has run out."), until)
    else:
        yield Reason("identity_missing", _("The identity is not verified yet."))


def _certificate_reasons(facts: Facts, at: datetime) -> Iterator[Reason]:
    certificate = facts.certificate
    if certificate is None:
        yield Reason("certificate_missing", _("The certificate is not there yet."))
    elif not _counts(certificate, at):
        yield _certificate_reason(certificate, at)


def _certificate_reason(certificate: Certificate, at: datetime) -> Reason:
    if certificate.state == CertificateState.PENDING or certificate.valid_from > at:
        return Reason("certificate_pending", _("The certificate starts later."), certificate.valid_from)
    if certificate.state == CertificateState.SUSPENDED:
        return Reason("certificate_suspended", _("The certificate is suspended."), certificate.suspended_at)
    if certificate.state == CertificateState.REVOKED:
        return Reason("certificate_revoked", _("The certificate was taken away."), certificate.ended_at)
    return Reason("certificate_expired", _("The certificate has run out."), certificate.expires_at)


def _terms_reasons(facts: Facts) -> Iterator[Reason]:
    if facts.accepted is None or facts.terms is None:
        yield Reason("terms_not_accepted", _("The terms are not accepted yet."))
    elif facts.accepted.version < facts.newest_material:
        yield Reason("terms_changed", _("The terms changed and ask for a new signature."), facts.terms.valid_from)
