"""The agent's way through all their programs, with a number of queries that does not grow with them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from recruiting.models import Agent
from vetting.graph import evaluate
from vetting.models import (
    Candidacy,
    Certificate,
    CertificationVersion,
    IdentityCheck,
    Requirement,
    RequirementGroup,
    Waiver,
)
from vetting.queries.certifications import (
    Blueprint,
    Progress,
    StepProgress,
    evidence_of,
    graph_of,
    step_progress,
    verdict_of,
)
from vetting.registries import kind_of
from vetting.states import CheckState, VersionState


def paths_of(agent: Agent, at: datetime) -> list[Progress]:
    """This function will return how the agent stands in every certification they are on the way to, oldest first."""
    candidacies = list(_candidacies(agent.pk))
    plans = _plans([candidacy.certification_id for candidacy in candidacies])
    asked = {one.kind for plan in plans.values() for one in plan.requirements}
    evidence = evidence_of([agent.pk], asked).get(agent.pk, [])
    certificates = {one.certification_id: one for one in _certificates(agent.pk)}
    waivers = _waivers(agent.pk)
    is_waiting = _waits_for_reviewers(agent.pk)
    found = []
    for candidacy in candidacies:
        plan = plans.get(candidacy.certification_id)
        if plan is None:
            continue
        verdicts = {
            one.key: verdict_of(one, evidence, kind_of(one.kind).context(one.params, at), at)
            for one in plan.requirements
        }
        outcome = evaluate(plan.graph, verdicts, waivers.get(candidacy.certification_id, {}), at)
        found.append(
            Progress(
                program=candidacy.certification.program,
                certification=candidacy.certification,
                version=plan.version,
                steps=tuple(
                    _with_reviewers(step_progress(one, outcome, agent, at), is_waiting=is_waiting)
                    for one in plan.requirements
                ),
                is_satisfied=outcome.is_satisfied,
                certificate=certificates.get(candidacy.certification_id),
            )
        )
    return found


def _waits_for_reviewers(agent_id: UUID) -> bool:
    rows = IdentityCheck.objects.across_brands().filter(agent_id=agent_id)
    return rows.filter(state__in=(CheckState.NEEDS_REVIEW, CheckState.PROCESSING)).exists()


def _with_reviewers(step: StepProgress, *, is_waiting: bool) -> StepProgress:
    """Documents that were handed in ask nothing of the agent: two people act."""
    if not is_waiting or step.requirement.kind != "identity" or step.next_step is None:
        return step
    return replace(step, next_step=replace(step.next_step, who_acts="ops", label=_("See where it stands")))


def _candidacies(agent_id: UUID) -> Iterable[Candidacy]:
    rows = Candidacy.objects.across_brands().filter(agent_id=agent_id, closed_at__isnull=True)
    return rows.select_related("certification__program__brand").order_by("opened_at", "pk")


def _plans(certification_ids: Sequence[UUID]) -> dict[UUID, Blueprint]:
    requirements = Requirement.objects.across_brands().select_related("group").order_by("position")
    groups = RequirementGroup.objects.across_brands().order_by("key")
    rows = CertificationVersion.objects.across_brands().filter(
        certification_id__in=certification_ids, state=VersionState.LIVE
    )
    rows = rows.prefetch_related(Prefetch("requirements", requirements)).prefetch_related(Prefetch("groups", groups))
    return {row.certification_id: _plan(row) for row in rows.order_by("pk")}


def _plan(version: CertificationVersion) -> Blueprint:
    requirements = tuple(version.requirements.all())
    return Blueprint(version, requirements, graph_of(requirements, version.groups.all()))


def _certificates(agent_id: UUID) -> Iterable[Certificate]:
    return Certificate.objects.across_brands().live().filter(agent_id=agent_id).order_by("valid_from", "pk")


def _waivers(agent_id: UUID) -> dict[UUID, dict[str, datetime | None]]:
    found: dict[UUID, dict[str, datetime | None]] = {}
    for row in Waiver.objects.across_brands().filter(agent_id=agent_id):
        found.setdefault(row.certification_id, {})[row.requirement_key] = row.until
    return found
