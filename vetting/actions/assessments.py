"""Making tests from banks and publishing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, BrandActor, OpsActor, require
from gigcx.tenancy.roles import Permission
from vetting.errors import BlueprintInfeasible, VersionFrozen
from vetting.models import Assessment, AssessmentSection, AssessmentVersion, CutScore, ItemBank, ItemVersion
from vetting.states import VERSION_MOVES, VersionState


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """What a section should draw. Without a title it takes its bank's name."""

    title: str
    bank_id: UUID
    draw: int
    skill_code: str = ""
    weight: int = 1


@transaction.atomic
def create_assessment(*, brand_id: UUID, name: str, purpose: str, by: Actor, at: datetime) -> AssessmentVersion:
    """This function will make a test with an empty first draft.

    Raises:
        Invalid: the brand has a test of that name.
    """
    require(by, Permission.AUTHOR_CONTENT, brand_id=brand_id)
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(brand_id=brand_id, name=name, purpose=purpose, created_at=at)
    except IntegrityError as doubled:
        raise Invalid(_("You have a test of that name already."), field="name") from doubled
    trail.record("vetting.create_assessment", assessment, by=by, at=at)
    return _new_draft(assessment, 1, by=by, at=at)


@transaction.atomic
def draft_assessment(
    *,
    assessment_id: UUID,
    introduction: str,
    limit_seconds: int,
    max_tries: int,
    feedback: str,
    sections: Sequence[SectionPlan],
    cut_percent: Decimal,
    by: Actor,
    at: datetime,
) -> AssessmentVersion:
    """This function will write the test's draft, begun anew beside a published version.

    Raises:
        NotFound: another brand's test or bank.
        Invalid: no section, or a pass mark outside 0 to 100.
    """
    assessment = _locked(assessment_id, by)
    if not sections:
        raise Invalid(_("Add at least one section."), field="sections")
    if not 0 <= cut_percent <= 100:
        raise Invalid(_("The pass mark lies between 0 and 100."), field="cut_percent")
    draft = _draft_of(assessment, by=by, at=at)
    draft.introduction, draft.limit_seconds, draft.max_tries = introduction, limit_seconds, max_tries
    draft.feedback, draft.written_by, draft.written_at = feedback, _person(by), at
    draft.save(update_fields=["introduction", "limit_seconds", "max_tries", "feedback", "written_by", "written_at"])
    _replace_sections(draft, sections, by)
    _set_cut(draft, cut_percent, by=by, at=at)
    trail.record("vetting.draft_assessment", draft, by=by, at=at)
    return draft


@transaction.atomic
def publish_assessment_version(*, version_id: UUID, by: Actor, at: datetime) -> AssessmentVersion:
    """This function will open a version to new attempts; the one before it retires, its open attempts go on.

    Raises:
        BlueprintInfeasible: a section asks for more questions than are live; context has section, need, have.
        Invalid: no section or no pass mark.
    """
    version = AssessmentVersion.objects.for_actor(by).select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None:
        raise NotFound
    require(by, Permission.APPROVE_CONTENT, brand_id=version.brand_id)
    require_move(VERSION_MOVES, version.state, VersionState.LIVE)
    _refuse_infeasible(version)
    _retire_live(version, by=by, at=at)
    version.state, version.published_at, version.published_by = VersionState.LIVE, at, _person(by)
    version.save(update_fields=["state", "published_at", "published_by"])
    trail.record(
        "vetting.publish_assessment_version",
        version,
        by=by,
        at=at,
        from_state=VersionState.DRAFT,
        to_state=VersionState.LIVE,
    )
    return version


def pool_of(section: AssessmentSection) -> Any:
    """This function will return the live questions that a section draws from."""
    rows = ItemVersion.objects.across_brands().live().filter(item__bank_id=section.bank_id)
    if section.skill_code:
        rows = rows.filter(item__skill_codes__contains=[section.skill_code])
    return rows.order_by("item__created_at", "pk")


def _person(by: Actor) -> Any:
    if not isinstance(by, BrandActor | OpsActor):
        raise NotFound
    return by.user


def _locked(assessment_id: UUID, by: Actor) -> Assessment:
    assessment = Assessment.objects.for_actor(by).select_for_update(of=("self",)).filter(pk=assessment_id).first()
    if assessment is None:
        raise NotFound
    require(by, Permission.AUTHOR_CONTENT, brand_id=assessment.brand_id)
    return assessment


def _draft_of(assessment: Assessment, *, by: Actor, at: datetime) -> AssessmentVersion:
    latest = assessment.versions.order_by("-n").first()
    if latest is not None and latest.state == VersionState.DRAFT:
        return latest
    return _new_draft(assessment, latest.n + 1 if latest else 1, by=by, at=at)


def _new_draft(assessment: Assessment, n: int, *, by: Actor, at: datetime) -> AssessmentVersion:
    return AssessmentVersion.objects.create(
        brand_id=assessment.brand_id, assessment=assessment, n=n, written_by=_person(by), written_at=at
    )


def _replace_sections(draft: AssessmentVersion, sections: Sequence[SectionPlan], by: Actor) -> None:
    if draft.state != VersionState.DRAFT:
        raise VersionFrozen
    wanted = {plan.bank_id for plan in sections}
    names = dict(ItemBank.objects.for_brand(draft.brand_id).filter(pk__in=wanted).values_list("pk", "name"))
    if wanted - set(names):
        raise NotFound
    draft.sections.all().delete()
    AssessmentSection.objects.bulk_create(
        AssessmentSection(
            brand_id=draft.brand_id,
            version=draft,
            position=position,
            title=plan.title or names[plan.bank_id],
            bank_id=plan.bank_id,
            draw=plan.draw,
            skill_code=plan.skill_code,
            weight=plan.weight,
        )
        for position, plan in enumerate(sections, 1)
    )


def _set_cut(draft: AssessmentVersion, percent: Decimal, *, by: Actor, at: datetime) -> None:
    latest = draft.cuts.order_by("-n").first()
    if latest is not None and latest.percent == percent:
        return
    CutScore.objects.create(
        brand_id=draft.brand_id,
        version=draft,
        n=latest.n + 1 if latest else 1,
        percent=percent,
        approved_by=_person(by),
        approved_at=at,
    )


def _refuse_infeasible(version: AssessmentVersion) -> None:
    sections = list(version.sections.order_by("position"))
    if not sections or not version.cuts.exists():
        raise Invalid(_("A test needs a section and a pass mark before it can be published."), field="sections")
    for section in sections:
        have = pool_of(section).count()
        if have < section.draw:
            raise BlueprintInfeasible(
                _("%(section)s asks for %(need)d questions and its bank has %(have)d that are published.")
                % {"section": section.title, "need": section.draw, "have": have},
                context={"section": section.title, "need": section.draw, "have": have},
            )


def _retire_live(version: AssessmentVersion, *, by: Actor, at: datetime) -> None:
    rows = AssessmentVersion.objects.for_brand(version.brand_id).live().filter(assessment_id=version.assessment_id)
    live = rows.select_for_update(of=("self",)).first()
    if live is None:
        return
    live.state, live.retired_at = VersionState.RETIRED, at
    live.save(update_fields=["state", "retired_at"])
    trail.record(
        "vetting.retire_assessment_version",
        live,
        by=by,
        at=at,
        from_state=VersionState.LIVE,
        to_state=VersionState.RETIRED,
    )
