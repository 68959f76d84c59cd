"""The evaluator: judging candidates, issuing, suspending, reinstating, renewing and expiring certificates."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import SystemActor
from recruiting.actions import certify_engagement, lapse_engagement
from recruiting.models import Engagement
from recruiting.queries import engagement_of
from recruiting.states import BENCH_STATES, JOINED_ENGAGEMENT_STATES, EngagementState
from vetting.actions.skills import record_certified_skills
from vetting.events import (
    CertificateDueForRenewal,
    CertificateExpired,
    CertificateIssued,
    CertificateReinstated,
    CertificateSuperseded,
    CertificateSuspended,
    EligibilityGained,
    EligibilityLost,
)
from vetting.graph import Evaluation
from vetting.models import Candidacy, Certificate, Certification, CertificationVersion, Evidence
from vetting.queries.certifications import blueprint, evaluations, live_version, progress_snapshot
from vetting.queries.eligibility import eligible_agents
from vetting.states import CERTIFICATE_MOVES, COUNTING_CERTIFICATES, CertificateState

EVALUATOR: Final = SystemActor("evaluator")
Event = type[
    CertificateDueForRenewal | CertificateExpired | CertificateReinstated | CertificateSuperseded | CertificateSuspended
]


@transaction.atomic
def open_candidacy(*, agent_id: UUID, program_id: UUID, at: datetime) -> list[Candidacy]:
    """This function will put an agent on the way to the program's certifications; done before, it opens them again."""
    certifications = list(Certification.objects.across_brands().filter(program_id=program_id).order_by("pk"))
    Candidacy.objects.bulk_create(
        [
            Candidacy(brand_id=one.brand_id, agent_id=agent_id, certification=one, opened_at=at, next_check_at=at)
            for one in certifications
        ],
        ignore_conflicts=True,
    )
    rows = Candidacy.objects.across_brands().filter(agent_id=agent_id, certification__in=certifications)
    rows.filter(closed_at__isnull=False).update(closed_at=None, next_check_at=at)
    return list(rows.order_by("pk"))


@transaction.atomic
def close_candidacies(*, agent_id: UUID, program_id: UUID, cause: str, at: datetime) -> None:
    """This function will end an agent's way in a program whose engagement ended; certificates stay what they are."""
    rows = Candidacy.objects.across_brands().filter(agent_id=agent_id, certification__program_id=program_id)
    for candidacy in rows.select_for_update(of=("self",)).order_by("pk"):
        _state_eligibility(candidacy, cause, at)
    rows.update(closed_at=at, next_check_at=None)


@transaction.atomic
def evaluate_candidacy(*, candidacy_id: UUID, cause: str = "evidence", at: datetime) -> Candidacy:
    """This function will judge one candidate under the candidacy's lock and do what follows from it.

    Satisfied without a live certificate: one is issued and the engagement certified. A live one is suspended when what
    it rests on has been missing for the days of grace, reinstated when it is back, renewed in its window, expired at
    its end. Two evaluators at once leave one live certificate; judging again changes nothing.
    """
    candidacy = _locked(candidacy_id)
    if candidacy.closed_at is not None:
        return candidacy
    version = live_version(candidacy.certification)
    if version is None:
        return _done(candidacy, {}, None, cause, at)
    plan = blueprint(version)
    outcome = evaluations(plan, [candidacy.agent_id], at)[candidacy.agent_id]
    snapshot = progress_snapshot(outcome, candidacy.progress, at)
    kept = _settle(candidacy, _live_certificate(candidacy), _Judgement(plan.version, outcome, snapshot), at)
    return _done(candidacy, snapshot, _next_check(kept, outcome, version, snapshot, at), cause, at)


def _locked(candidacy_id: UUID) -> Candidacy:
    rows = Candidacy.objects.across_brands().select_related("certification__program")
    return rows.select_for_update(of=("self",)).get(pk=candidacy_id)


def _live_certificate(candidacy: Candidacy) -> Certificate | None:
    rows = Certificate.objects.across_brands().live().select_related("version")
    return (
        rows.select_for_update(of=("self",))
        .filter(agent_id=candidacy.agent_id, certification_id=candidacy.certification_id)
        .first()
    )


@dataclass(frozen=True, slots=True)
class _Judgement:
    version: CertificationVersion
    outcome: Evaluation
    snapshot: Mapping[str, Any]


def _settle(
    candidacy: Candidacy, certificate: Certificate | None, found: _Judgement, at: datetime
) -> Certificate | None:
    if certificate is not None and certificate.expires_at <= at:
        _end(certificate, CertificateState.EXPIRED, CertificateExpired, at)
        _lapse(candidacy, "The certificate has run out.", at)
        certificate = None
    if certificate is None:
        return _issue(candidacy, found.version, found.outcome, at, starts_at=at) if found.outcome.is_satisfied else None
    if not found.outcome.is_satisfied:
        return _suspended(candidacy, certificate, found.version, found.snapshot, at)
    return _kept_or_renewed(candidacy, certificate, found.version, found.outcome, at)


def _issue(
    candidacy: Candidacy, version: CertificationVersion, outcome: Evaluation, at: datetime, *, starts_at: datetime
) -> Certificate | None:
    engagement = engagement_of(candidacy.agent_id, candidacy.certification.program_id)
    if engagement is None or engagement.state not in JOINED_ENGAGEMENT_STATES or _is_barred(candidacy, outcome):
        return None
    certificate = Certificate.objects.create(
        brand_id=candidacy.brand_id,
        agent_id=candidacy.agent_id,
        certification_id=candidacy.certification_id,
        version=version,
        program_id=candidacy.certification.program_id,
        state=CertificateState.ACTIVE,
        issued_at=at,
        valid_from=at,
        expires_at=_expiry(version, outcome, starts_at),
        basis=_basis(outcome),
    )
    trail.record("vetting.issue_certificate", certificate, by=EVALUATOR, at=at, to_state=certificate.state)
    _certify(engagement, at)
    record_certified_skills(certificate, outcome.evidence_ids, by=EVALUATOR, at=at)
    event = CertificateIssued(
        certificate_id=certificate.pk,
        agent_id=certificate.agent_id,
        program_id=certificate.program_id,
        certification_version_id=version.pk,
    )
    outbox.publish(event, at=at, brand_id=certificate.brand_id, agent_id=certificate.agent_id)
    return certificate


def _is_barred(candidacy: Candidacy, outcome: Evaluation) -> bool:
    """After a revocation the same evidence brings nothing back: something has to be shown anew."""
    rows = Certificate.objects.across_brands().filter(agent_id=candidacy.agent_id)
    last = rows.filter(certification_id=candidacy.certification_id).order_by("-issued_at", "-pk").first()
    if last is None or last.state != CertificateState.REVOKED:
        return False
    shown = Evidence.objects.across_brands().filter(pk__in=outcome.evidence_ids, obtained_at__gt=last.ended_at)
    return not shown.exclude(kind__in=("identity", "terms")).exists()


def _expiry(version: CertificationVersion, outcome: Evaluation, starts_at: datetime) -> datetime:
    ends: list[datetime] = [months_later(starts_at, version.validity_months)]
    if outcome.earliest_expiry is not None:
        ends.append(outcome.earliest_expiry + timedelta(days=version.grace_days))
    if version.grandfather_until is not None:
        ends.append(version.grandfather_until)
    return min(ends)


def months_later(moment: datetime, months: int) -> datetime:
    """This function will return the same day and time some months on, the last of the month where that day is missing."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def _basis(outcome: Evaluation) -> list[dict[str, str]]:
    rows = Evidence.objects.across_brands().filter(pk__in=outcome.evidence_ids).order_by("pk")
    return [{"evidence": str(row.pk), "checksum": row.checksum} for row in rows]


def _suspended(
    candidacy: Candidacy,
    certificate: Certificate,
    version: CertificationVersion,
    snapshot: Mapping[str, Any],
    at: datetime,
) -> Certificate:
    """A newer version that asks for more leaves older certificates alone; lost evidence does not, once grace is over."""
    if certificate.state not in COUNTING_CERTIFICATES or _still_holds(candidacy, certificate, version, at):
        return certificate
    if at < _grace_ends(snapshot, version, at):
        return certificate
    certificate.suspended_at, certificate.suspended_reason = at, ", ".join(snapshot["blockers"])[:120]
    certificate.save(update_fields=["suspended_at", "suspended_reason"])
    _move(certificate, CertificateState.SUSPENDED, CertificateSuspended, at)
    _lapse(candidacy, "Something the certificate rests on is missing.", at)
    return certificate


def _still_holds(candidacy: Candidacy, certificate: Certificate, version: CertificationVersion, at: datetime) -> bool:
    if certificate.version_id == version.pk:
        return False
    own = evaluations(blueprint(certificate.version), [candidacy.agent_id], at)[candidacy.agent_id]
    return own.is_satisfied


def _grace_ends(snapshot: Mapping[str, Any], version: CertificationVersion, at: datetime) -> datetime:
    since = datetime.fromisoformat(snapshot.get("failing_since") or at.isoformat())
    return since + timedelta(days=version.grace_days)


def _kept_or_renewed(
    candidacy: Candidacy, certificate: Certificate, version: CertificationVersion, outcome: Evaluation, at: datetime
) -> Certificate | None:
    if certificate.state == CertificateState.SUSPENDED:
        certificate.suspended_at, certificate.suspended_reason = None, ""
        certificate.save(update_fields=["suspended_at", "suspended_reason"])
        _move(certificate, CertificateState.ACTIVE, CertificateReinstated, at)
        _certify(engagement_of(candidacy.agent_id, certificate.program_id), at)
        return certificate
    if _is_renewed(certificate, version, outcome):
        _end(certificate, CertificateState.SUPERSEDED, CertificateSuperseded, at)
        starts_at = certificate.expires_at if certificate.version_id == version.pk else at
        return _issue(candidacy, version, outcome, at, starts_at=max(starts_at, at))
    if certificate.state == CertificateState.ACTIVE and at >= _window_opens(certificate, version):
        _move(certificate, CertificateState.DUE_FOR_RENEWAL, CertificateDueForRenewal, at)
    _certify(engagement_of(candidacy.agent_id, certificate.program_id), at)
    return certificate


def _is_renewed(certificate: Certificate, version: CertificationVersion, outcome: Evaluation) -> bool:
    """A breaking version is met, or everything that can be sat again was shown again since the renewal window opened."""
    is_newer = certificate.version_id != version.pk
    if is_newer and version.change == CertificationVersion.Change.BREAKING:
        return True
    if certificate.state != CertificateState.DUE_FOR_RENEWAL:
        return False
    window = _window_opens(certificate, version)
    shown = Evidence.objects.across_brands().filter(pk__in=outcome.evidence_ids).exclude(kind__in=("identity", "terms"))
    times = list(shown.values_list("obtained_at", flat=True))
    return bool(times) and min(times) >= window


def _window_opens(certificate: Certificate, version: CertificationVersion) -> datetime:
    return certificate.expires_at - timedelta(days=version.renewal_window_days)


def _next_check(
    certificate: Certificate | None,
    outcome: Evaluation,
    version: CertificationVersion,
    snapshot: Mapping[str, Any],
    at: datetime,
) -> datetime | None:
    moments = [outcome.earliest_expiry]
    if certificate is not None:
        moments += [certificate.expires_at, _window_opens(certificate, version)]
        if not outcome.is_satisfied:
            moments.append(_grace_ends(snapshot, version, at))
    return min((moment for moment in moments if moment is not None and moment > at), default=None)


def _done(
    candidacy: Candidacy, snapshot: dict[str, Any], next_check_at: datetime | None, cause: str, at: datetime
) -> Candidacy:
    candidacy.progress, candidacy.next_check_at, candidacy.evaluated_at = snapshot, next_check_at, at
    candidacy.save(update_fields=["progress", "next_check_at", "evaluated_at"])
    _state_eligibility(candidacy, cause, at)
    return candidacy


def _state_eligibility(candidacy: Candidacy, cause: str, at: datetime) -> None:
    if candidacy.certification.role != Certification.Role.ENTRY:
        return
    program = candidacy.certification.program
    is_eligible = eligible_agents(program, at).filter(pk=candidacy.agent_id).exists()
    if is_eligible == candidacy.is_eligible:
        return
    candidacy.is_eligible = is_eligible
    candidacy.save(update_fields=["is_eligible"])
    fact = EligibilityGained if is_eligible else EligibilityLost
    event = fact(agent_id=candidacy.agent_id, program_id=program.pk, effective_at=at, cause=cause)
    outbox.publish(event, at=at, brand_id=candidacy.brand_id, agent_id=candidacy.agent_id)


def _certify(engagement: Engagement | None, at: datetime) -> None:
    if engagement is not None and engagement.state in (EngagementState.ACCEPTED, EngagementState.LAPSED):
        certify_engagement(engagement_id=engagement.pk, by=EVALUATOR, at=at)


def _lapse(candidacy: Candidacy, reason: str, at: datetime) -> None:
    engagement = engagement_of(candidacy.agent_id, candidacy.certification.program_id)
    if engagement is not None and engagement.state in BENCH_STATES:
        lapse_engagement(engagement_id=engagement.pk, reason=reason, by=EVALUATOR, at=at)


def _end(certificate: Certificate, state: CertificateState, event: Event, at: datetime) -> None:
    certificate.ended_at = at
    certificate.save(update_fields=["ended_at"])
    _move(certificate, state, event, at)


def _move(certificate: Certificate, state: CertificateState, event: Event, at: datetime) -> None:
    before = certificate.state
    require_move(CERTIFICATE_MOVES, before, state)
    certificate.state = state
    certificate.save(update_fields=["state"])
    changes = {"state": str(state.label)}
    trail.record(
        "vetting.move_certificate", certificate, by=EVALUATOR, at=at, from_state=before, to_state=state, changes=changes
    )
    fact = event(certificate_id=certificate.pk, agent_id=certificate.agent_id, program_id=certificate.program_id)
    outbox.publish(fact, at=at, brand_id=certificate.brand_id, agent_id=certificate.agent_id)
