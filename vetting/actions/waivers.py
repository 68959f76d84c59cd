"""Letting one requirement go for one agent: with a reason, for a time, by a person who answers for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.accounts.models import User
from gigcx.audit import trail
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound
from gigcx.tenancy.actors import Actor, BrandActor, OpsActor, require
from gigcx.tenancy.roles import Permission
from vetting.actions.candidacies import evaluate_candidacy, months_later
from vetting.errors import OwnCase, ReasonRequired, WaiverRefused
from vetting.models import Candidacy, Waiver
from vetting.queries.certifications import live_version
from vetting.queries.waivers import waiver_for


@transaction.atomic
def grant_waiver(
    *, candidacy_id: UUID, requirement_key: str, reason: str, until: datetime, by: Actor, at: datetime
) -> Waiver:
    """This function will let a requirement go for one candidate up to `until` (exclusive) and judge the candidate again.

    A second grant for the same requirement replaces end and reason; the history keeps both.

    Raises:
        NotFound: another brand's candidate, or somebody who is no longer on the way.
        NotAllowed: the role may not, or no person stands behind the actor. OwnCase: it is about the actor.
        ReasonRequired: no words. WaiverRefused: the version in force does not ask for it, or does not let it go.
        Invalid: an end that is past, or later than a certificate lasts.
    """
    candidacy = _locked(candidacy_id, by)
    _refuse_ungrantable(candidacy, requirement_key, until, at)
    if not reason.strip():
        raise ReasonRequired(field="reason")
    waiver, _is_new = Waiver.objects.for_brand(candidacy.brand_id).update_or_create(
        agent_id=candidacy.agent_id,
        certification_id=candidacy.certification_id,
        requirement_key=requirement_key,
        defaults={
            "brand_id": candidacy.brand_id,
            "reason": reason.strip(),
            "granted_by": _person(by),
            "granted_at": at,
            "until": until,
        },
    )
    changes = {"requirement": requirement_key, "until": until.date().isoformat()}
    trail.record("vetting.grant_waiver", waiver, by=by, at=at, reason=waiver.reason, changes=changes)
    evaluate_candidacy(candidacy_id=candidacy.pk, cause="waiver", at=at)
    return waiver


@transaction.atomic
def end_waiver(*, waiver_id: UUID, reason: str, by: Actor, at: datetime) -> Waiver:
    """This function will end a waiver now; what it carried is asked for again, with the certificate's days of grace.

    Raises:
        NotFound, NotAllowed, OwnCase, ReasonRequired: as for granting. WaiverRefused: it has ended.
    """
    found = waiver_for(by, waiver_id)
    rows = Candidacy.objects.for_brand(found.brand_id)
    way = rows.filter(agent_id=found.agent_id, certification_id=found.certification_id).first()
    if way is None:
        raise NotFound
    candidacy = _locked(way.pk, by)
    if not reason.strip():
        raise ReasonRequired(field="reason")
    waiver = Waiver.objects.for_brand(found.brand_id).get(pk=found.pk)
    if not waiver.holds_at(at):
        raise WaiverRefused(_("It has ended."))
    waiver.until = at
    waiver.save(update_fields=["until"])
    changes = {"requirement": waiver.requirement_key}
    trail.record("vetting.end_waiver", waiver, by=by, at=at, reason=reason.strip(), changes=changes)
    evaluate_candidacy(candidacy_id=candidacy.pk, cause="waiver", at=at)
    return waiver


def _locked(candidacy_id: UUID, by: Actor) -> Candidacy:
    """The row that the evaluator locks too: grants, ends and evidence come one after the other."""
    rows = Candidacy.objects.for_actor(by).select_related("agent", "certification")
    candidacy = rows.select_for_update(of=("self",)).filter(pk=candidacy_id, closed_at__isnull=True).first()
    if candidacy is None:
        raise NotFound
    require(by, Permission.MANAGE_CERTIFICATIONS, brand_id=candidacy.brand_id)
    if candidacy.agent.user_id == _person(by).pk:
        raise OwnCase
    return candidacy


def _person(by: Actor) -> User:
    """Who answers for it: a key is no person, whoever made it."""
    if not isinstance(by, BrandActor | OpsActor) or (isinstance(by, BrandActor) and by.api_key_id is not None):
        raise NotAllowed
    return by.user


def _refuse_ungrantable(candidacy: Candidacy, requirement_key: str, until: datetime, at: datetime) -> None:
    version = live_version(candidacy.certification)
    if version is None or not version.requirements.filter(key=requirement_key, is_waivable=True).exists():
        raise WaiverRefused(field="requirement")
    if until <= at:
        raise Invalid(_("Choose a day that is still to come."), field="until")
    if until > months_later(at, version.validity_months):
        raise Invalid(_("A waiver ends no later than a certificate given today would."), field="until")
