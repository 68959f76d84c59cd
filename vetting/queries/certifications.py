"""Reads about certifications: what they ask for, who is on the way, what publishing would change."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from recruiting.models import Agent, Program
from vetting.graph import Evaluation, Graph, Group, Need, Verdict, evaluate
from vetting.models import (
    Candidacy,
    Certificate,
    Certification,
    CertificationVersion,
    Evidence,
    Requirement,
    RequirementGroup,
    Waiver,
)
from vetting.models.certificates import Assurance
from vetting.registries import NextStep, booked_work, kind_of
from vetting.states import CertificateState, VersionState

_STRENGTH = {str(one): rank for rank, one in enumerate(Assurance)}


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A version with its requirements in order and its logic."""

    version: CertificationVersion
    requirements: tuple[Requirement, ...]
    graph: Graph

    @property
    def minutes(self) -> int:
        """Minutes the whole takes."""
        return sum(requirement.minutes for requirement in self.requirements)


@dataclass(frozen=True, slots=True)
class StepProgress:
    """How an agent stands with one requirement. `status` is met, waived, open, locked or not_needed."""

    requirement: Requirement
    status: str
    until: datetime | None
    next_step: NextStep | None


@dataclass(frozen=True, slots=True)
class Progress:
    """An agent's way to a certification."""

    program: Program
    certification: Certification
    version: CertificationVersion
    steps: tuple[StepProgress, ...]
    is_satisfied: bool
    certificate: Certificate | None

    @property
    def done(self) -> int:
        """Steps that are behind."""
        return sum(step.status not in ("open", "locked") for step in self.steps)

    @property
    def minutes_left(self) -> int:
        """Minutes of the steps that are ahead."""
        return sum(step.requirement.minutes for step in self.steps if step.status in ("open", "locked"))

    @property
    def current(self) -> StepProgress | None:
        """The first step that can be taken now."""
        return next((step for step in self.steps if step.status == "open"), None)


@dataclass(frozen=True, slots=True)
class PublishEffect:
    """What publishing a draft would do, and a digest by which a later look can tell that it changed."""

    holders: int
    losing: int
    booked_shifts: int
    candidates: int
    digest: str


def certification_for(actor: Actor, certification_id: UUID) -> Certification:
    """This function will return a certification of the actor's brand.

    Raises:
        NotFound: there is none, or it is another brand's.
    """
    rows = Certification.objects.for_actor(actor).select_related("program", "brand")
    certification = rows.filter(pk=certification_id).first()
    if certification is None:
        raise NotFound
    return certification


def certifications_for(actor: Actor) -> QuerySet[Certification]:
    """This function will return the brand's certifications by program, with the number of live certificates."""
    counting = Q(certificates__state__in=[CertificateState.ACTIVE, CertificateState.DUE_FOR_RENEWAL])
    rows = Certification.objects.for_actor(actor).select_related("program").prefetch_related("versions")
    return rows.annotate(holders=Count("certificates", filter=counting)).order_by("program__name", "pk")


def entry_certification(program_id: UUID) -> Certification | None:
    """This function will return the certification that opens work in a program, or None."""
    rows = Certification.objects.across_brands().filter(program_id=program_id, role=Certification.Role.ENTRY)
    return rows.select_related("program", "brand").first()


def draft_version(certification: Certification) -> CertificationVersion | None:
    """This function will return the draft, or None."""
    return certification.versions.filter(state=VersionState.DRAFT).first()


def live_version(certification: Certification) -> CertificationVersion | None:
    """This function will return the version in force, or None."""
    return certification.versions.filter(state=VersionState.LIVE).first()


def blueprint(version: CertificationVersion) -> Blueprint:
    """This function will read a version's requirements and build its graph."""
    requirements = tuple(version.requirements.select_related("group").order_by("position"))
    groups = {one.group_id: one.group for one in requirements if one.group is not None}
    groups |= {group.pk: group for group in version.groups.order_by("key")}
    return Blueprint(version, requirements, graph_of(requirements, groups.values()))


def graph_of(requirements: Iterable[Requirement], groups: Iterable[RequirementGroup | None]) -> Graph:
    """This function will turn rows into the pure graph."""
    needs = tuple(
        Need(one.key, one.kind, tuple(one.after), one.group.key if one.group else "", one.is_waivable)
        for one in requirements
    )
    return Graph(needs, tuple(Group(group.key, group.rule, group.count) for group in groups if group))


def evaluations(plan: Blueprint, agent_ids: Sequence[UUID], at: datetime) -> dict[UUID, Evaluation]:
    """This function will judge many agents against one version with a fixed number of queries."""
    contexts = {one.key: kind_of(one.kind).context(one.params, at) for one in plan.requirements}
    evidence = evidence_of(agent_ids, {one.kind for one in plan.requirements})
    waivers = _waivers(agent_ids, plan.version.certification_id)
    return {
        agent_id: evaluate(
            plan.graph,
            {one.key: verdict_of(one, evidence.get(agent_id, []), contexts[one.key], at) for one in plan.requirements},
            waivers.get(agent_id, {}),
            at,
        )
        for agent_id in agent_ids
    }


def verdict_of(requirement: Requirement, evidence: Sequence[Evidence], context: Any, at: datetime) -> Verdict:
    """This function will let the requirement's kind judge the evidence that is sure and fresh enough."""
    wanted = _STRENGTH.get(requirement.minimum_assurance, 0)
    fitting = [row for row in evidence if row.kind == requirement.kind and _STRENGTH[row.assurance] >= wanted]
    fresh = [row for row in fitting if _is_fresh(requirement, row, at)]
    verdict = kind_of(requirement.kind).judge(fresh, requirement.params, context, at)
    return _bounded(verdict, requirement, fresh)


def certification_progress(agent: Agent, program: Program, at: datetime) -> Progress | None:
    """This function will say how the agent stands on the way to the program's certificate; None without one in force."""
    certification = entry_certification(program.pk)
    version = live_version(certification) if certification else None
    if certification is None or version is None:
        return None
    plan = blueprint(version)
    outcome = evaluations(plan, [agent.pk], at)[agent.pk]
    rows = Certificate.objects.across_brands().live().filter(agent=agent, certification=certification)
    return Progress(
        program=program,
        certification=certification,
        version=version,
        steps=tuple(step_progress(one, outcome, agent, at) for one in plan.requirements),
        is_satisfied=outcome.is_satisfied,
        certificate=rows.order_by("-valid_from").first(),
    )


def candidacies_of(agent_id: UUID) -> QuerySet[Candidacy]:
    """This function will return the agent's open candidacies with program and brand, oldest first."""
    rows = Candidacy.objects.across_brands().filter(agent_id=agent_id, closed_at__isnull=True)
    return rows.select_related("certification__program__brand").order_by("opened_at", "pk")


def publish_effect(draft: CertificationVersion, at: datetime) -> PublishEffect:
    """This function will count who would be asked again if the draft were published, and how much booked work that touches."""
    certification = draft.certification
    holders = list(
        Certificate.objects.across_brands()
        .counting(at)
        .filter(certification=certification)
        .order_by("agent_id")
        .values_list("agent_id", flat=True)
    )
    losing = _losing(draft, holders, at)
    booked = booked_work().count(agent_ids=losing, program=certification.program, since=at) if losing else 0
    open_rows = Candidacy.objects.across_brands().filter(certification=certification, closed_at__isnull=True)
    counts = {"holders": len(holders), "losing": len(losing), "booked": booked, "change": draft.change}
    text = json.dumps([counts, [str(one) for one in losing]], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    return PublishEffect(len(holders), len(losing), booked, open_rows.count(), digest)


def blockers_by_count(certification: Certification) -> list[tuple[str, int]]:
    """This function will return what stands in candidates' way, most frequent first."""
    rows = Candidacy.objects.across_brands().filter(certification=certification, closed_at__isnull=True)
    counts: dict[str, int] = {}
    for progress in rows.values_list("progress", flat=True):
        for key in progress.get("blockers", [])[:1]:
            counts[key] = counts.get(key, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _losing(draft: CertificationVersion, holders: Sequence[UUID], at: datetime) -> list[UUID]:
    if draft.change != CertificationVersion.Change.BREAKING:
        return []
    outcomes = evaluations(blueprint(draft), holders, at)
    return [agent_id for agent_id in holders if not outcomes[agent_id].is_satisfied]


def evidence_of(agent_ids: Sequence[UUID], wanted: Iterable[str]) -> dict[UUID, list[Evidence]]:
    """This function will return the agents' standing evidence of the kinds wanted, newest first."""
    rows = Evidence.objects.across_brands().standing().filter(agent_id__in=agent_ids, kind__in=set(wanted))
    found: dict[UUID, list[Evidence]] = {}
    for row in rows.order_by("-obtained_at", "-pk"):
        found.setdefault(row.agent_id, []).append(row)
    return found


def _waivers(agent_ids: Sequence[UUID], certification_id: UUID) -> dict[UUID, dict[str, datetime | None]]:
    rows = Waiver.objects.across_brands().filter(agent_id__in=agent_ids, certification_id=certification_id)
    found: dict[UUID, dict[str, datetime | None]] = {}
    for row in rows:
        found.setdefault(row.agent_id, {})[row.requirement_key] = row.until
    return found


def _is_fresh(requirement: Requirement, row: Evidence, at: datetime) -> bool:
    if requirement.freshness_days is None:
        return True
    return row.obtained_at + timedelta(days=requirement.freshness_days) > at


def _bounded(verdict: Verdict, requirement: Requirement, fresh: Sequence[Evidence]) -> Verdict:
    """Freshness ends a verdict as surely as the evidence's own end."""
    if not verdict.is_met or requirement.freshness_days is None:
        return verdict
    resting = next((row for row in fresh if str(row.pk) == verdict.evidence_id), None)
    if resting is None:
        return verdict
    stale_at = resting.obtained_at + timedelta(days=requirement.freshness_days)
    until = stale_at if verdict.until is None else min(stale_at, verdict.until)
    return Verdict(True, until, verdict.blocker, verdict.evidence_id)


def step_progress(requirement: Requirement, outcome: Evaluation, agent: Agent, at: datetime) -> StepProgress:
    """This function will say how one step stands and what to do about it."""
    one = outcome.outcomes[requirement.key]
    is_ahead = one.status in ("open", "locked")
    step = kind_of(requirement.kind).next_step(agent, requirement.params, at) if is_ahead else None
    return StepProgress(requirement, one.status, one.until, step)


def progress_snapshot(outcome: Evaluation, before: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """This function will return what a candidacy keeps: each requirement's status, what blocks, and since when it fails."""
    snapshot: dict[str, Any] = {
        "steps": {key: one.status for key, one in sorted(outcome.outcomes.items())},
        "blockers": list(outcome.blockers),
    }
    if not outcome.is_satisfied:
        snapshot["failing_since"] = before.get("failing_since") or at.isoformat()
    return snapshot
