"""Building and publishing what a program asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, BrandActor, OpsActor, require
from gigcx.tenancy.roles import Permission
from recruiting.models import Engagement
from recruiting.queries import program_for
from vetting.errors import EffectChanged, GraphInvalid
from vetting.events import CertificationVersionPublished
from vetting.graph import validate
from vetting.models import Candidacy, Certificate, Certification, CertificationVersion, Requirement
from vetting.queries.certifications import blueprint, publish_effect
from vetting.registries import kind_of
from vetting.states import VERSION_MOVES, VersionState

GRANDFATHER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RequirementPlan:
    """One requirement as its author states it."""

    key: str
    kind: str
    title: str
    params: Mapping[str, Any] = field(default_factory=dict)
    minutes: int = 0
    minimum_assurance: str = "imported"
    freshness_days: int | None = None
    is_waivable: bool = False
    after: tuple[str, ...] = ()


@transaction.atomic
def create_certification(*, program_id: UUID, name: str, by: Actor, at: datetime) -> CertificationVersion:
    """This function will make a program's entry certification with a first draft that asks for identity and terms.

    Raises:
        Invalid: the program has one.
    """
    program = program_for(by, program_id)
    require(by, Permission.MANAGE_CERTIFICATIONS, brand_id=program.brand_id)
    if Certification.objects.for_brand(program.brand_id).filter(program=program, role="entry").exists():
        raise Invalid(_("This program has a certification. Change that one."), field="program")
    certification = Certification.objects.create(
        brand_id=program.brand_id, program=program, code=slugify(f"{program.slug}-entry"), name=name, created_at=at
    )
    draft = CertificationVersion.objects.create(
        brand_id=program.brand_id, certification=certification, n=1, written_at=at
    )
    _replace_requirements(draft, always_asked(program.pk))
    trail.record("vetting.create_certification", certification, by=by, at=at)
    return draft


def always_asked(program_id: UUID) -> tuple[RequirementPlan, ...]:
    """This function will return what every certification asks for: identity and terms."""
    return (
        RequirementPlan("identity", "identity", _("Verify your identity"), minutes=10),
        RequirementPlan("terms", "terms", _("Accept the terms"), {"subject_key": str(program_id)}, minutes=5),
    )


@transaction.atomic
def draft_certification(
    *,
    certification_id: UUID,
    requirements: Sequence[RequirementPlan],
    change: str = "minor",
    validity_months: int = 12,
    by: Actor,
    at: datetime,
) -> CertificationVersion:
    """This function will write the draft: identity, terms and the requirements given, in order.

    Raises:
        Invalid: params that the kind does not accept, or a validity outside 1 to 60 months.
        LookupError: a kind that nobody registered.
    """
    certification = _locked(certification_id, by)
    if not 1 <= validity_months <= 60:
        raise Invalid(_("A certificate is valid for 1 to 60 months."), field="validity_months")
    draft = _draft_of(certification, at)
    draft.change, draft.validity_months, draft.written_at = change, validity_months, at
    draft.save(update_fields=["change", "validity_months", "written_at"])
    asked = [plan for plan in requirements if plan.kind not in ("identity", "terms")]
    _replace_requirements(draft, [*always_asked(certification.program_id), *asked])
    trail.record("vetting.draft_certification", draft, by=by, at=at, changes={"asks": [plan.key for plan in asked]})
    return draft


@transaction.atomic
def publish_certification_version(
    *, version_id: UUID, effect_digest: str | None = None, by: Actor, at: datetime
) -> CertificationVersion:
    """This function will put a draft in force. Candidates are judged again by it.

    Minor and material changes leave certificates as they are until their end; a breaking one gives their holders 30 days.
    `effect_digest` is what the author saw; without it the effect is not compared.

    Raises:
        GraphInvalid: it could never be met; context has the problems.
        EffectChanged: the effect differs from what the author saw.
    """
    draft = _version(version_id, by)
    require_move(VERSION_MOVES, draft.state, VersionState.LIVE)
    problems = validate(blueprint(draft).graph)
    if problems:
        raise GraphInvalid(problems[0].sentence, context={"problems": [problem.code for problem in problems]})
    if effect_digest is not None and publish_effect(draft, at).digest != effect_digest:
        raise EffectChanged
    _retire_live(draft, by=by, at=at)
    draft.state, draft.published_at, draft.effective_at = VersionState.LIVE, at, at
    draft.published_by = by.user if isinstance(by, BrandActor | OpsActor) else None
    draft.save(update_fields=["state", "published_at", "effective_at", "published_by"])
    trail.record("vetting.publish_certification_version", draft, by=by, at=at, from_state="draft", to_state=draft.state)
    _judge_everybody_soon(draft, at)
    program_id = draft.certification.program_id
    event = CertificationVersionPublished(certification_version_id=draft.pk, program_id=program_id)
    outbox.publish(event, at=at, brand_id=draft.brand_id)
    return draft


def _locked(certification_id: UUID, by: Actor) -> Certification:
    rows = Certification.objects.for_actor(by).select_for_update(of=("self",))
    certification = rows.filter(pk=certification_id).first()
    if certification is None:
        raise NotFound
    require(by, Permission.MANAGE_CERTIFICATIONS, brand_id=certification.brand_id)
    return certification


def _version(version_id: UUID, by: Actor) -> CertificationVersion:
    rows = CertificationVersion.objects.for_actor(by).select_related("certification__program")
    version = rows.select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None:
        raise NotFound
    require(by, Permission.MANAGE_CERTIFICATIONS, brand_id=version.brand_id)
    return version


def _draft_of(certification: Certification, at: datetime) -> CertificationVersion:
    latest = certification.versions.order_by("-n").first()
    if latest is not None and latest.state == VersionState.DRAFT:
        return latest
    return CertificationVersion.objects.create(
        brand_id=certification.brand_id,
        certification=certification,
        n=latest.n + 1 if latest else 1,
        validity_months=latest.validity_months if latest else 12,
        written_at=at,
    )


def _replace_requirements(draft: CertificationVersion, plans: Sequence[RequirementPlan]) -> None:
    draft.requirements.all().delete()
    Requirement.objects.bulk_create(_row(draft, plan, position) for position, plan in enumerate(plans, 1))


def _row(draft: CertificationVersion, plan: RequirementPlan, position: int) -> Requirement:
    params = kind_of(plan.kind).clean_params(plan.params, brand_id=draft.brand_id)
    return Requirement(
        brand_id=draft.brand_id,
        version=draft,
        position=position,
        key=slugify(plan.key)[:40],
        kind=plan.kind,
        title=plan.title,
        params=params,
        minutes=plan.minutes,
        minimum_assurance=plan.minimum_assurance,
        freshness_days=plan.freshness_days,
        is_waivable=plan.is_waivable,
        after=list(plan.after),
    )


def _retire_live(draft: CertificationVersion, *, by: Actor, at: datetime) -> None:
    rows = CertificationVersion.objects.for_brand(draft.brand_id).live()
    live = rows.select_for_update(of=("self",)).filter(certification_id=draft.certification_id).first()
    if live is None:
        return
    live.state, live.retired_at = VersionState.RETIRED, at
    if draft.change == CertificationVersion.Change.BREAKING:
        live.grandfather_until = at + GRANDFATHER
        _shorten_certificates(live, at + GRANDFATHER)
    live.save(update_fields=["state", "retired_at", "grandfather_until"])
    trail.record("vetting.retire_certification_version", live, by=by, at=at, from_state="live", to_state=live.state)


def _shorten_certificates(version: CertificationVersion, until: datetime) -> None:
    rows = Certificate.objects.for_brand(version.brand_id).live()
    rows.filter(certification_id=version.certification_id, expires_at__gt=until).update(expires_at=until)


def _judge_everybody_soon(draft: CertificationVersion, at: datetime) -> None:
    """Whoever is in the program already is on the way from now on; everybody is judged by the next sweep."""
    joined = Engagement.objects.for_brand(draft.brand_id).joined().filter(program_id=draft.certification.program_id)
    rows = [
        Candidacy(brand_id=draft.brand_id, agent_id=agent_id, certification_id=draft.certification_id, opened_at=at)
        for agent_id in joined.order_by("agent_id").values_list("agent_id", flat=True)
    ]
    Candidacy.objects.bulk_create(rows, ignore_conflicts=True)
    everybody = Candidacy.objects.for_brand(draft.brand_id).filter(certification_id=draft.certification_id)
    everybody.filter(closed_at__isnull=True).update(next_check_at=at)
