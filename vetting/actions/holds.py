"""Holding an identity while somebody looks at it again, and letting it go."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, OpsActor
from vetting.actions.candidacies import evaluate_candidacy
from vetting.errors import HoldRefused, OwnCase, ReasonRequired
from vetting.models import AgentIdentity, Candidacy


@transaction.atomic
def hold_identity(*, identity_id: UUID, reason: str, by: Actor, at: datetime) -> AgentIdentity:
    """This function will hold an identity: no new work opens until it is let go; what it rests on stays as it is.

    Raises:
        NotFound: no such identity, or the asker is not ops.
        OwnCase: it is the asker's own.
        ReasonRequired: no words.
        HoldRefused: it is held already.
    """
    identity = _identity(identity_id, by)
    if not reason.strip():
        raise ReasonRequired(field="reason")
    if identity.is_held:
        raise HoldRefused(_("It is held already."))
    identity.is_held, identity.held_at, identity.held_reason = True, at, reason
    identity.save(update_fields=["is_held", "held_at", "held_reason"])
    trail.record("vetting.hold_identity", identity, by=by, at=at, reason=reason)
    _judge_again(identity, at)
    return identity


@transaction.atomic
def let_identity_go(*, identity_id: UUID, reason: str, by: Actor, at: datetime) -> AgentIdentity:
    """This function will end a hold; work opens again where nothing else is missing.

    Raises:
        NotFound: no such identity, or the asker is not ops.
        OwnCase: it is the asker's own.
        ReasonRequired: no words.
        HoldRefused: it is not held.
    """
    identity = _identity(identity_id, by)
    if not reason.strip():
        raise ReasonRequired(field="reason")
    if not identity.is_held:
        raise HoldRefused(_("It is not held."))
    identity.is_held, identity.held_at, identity.held_reason = False, None, ""
    identity.save(update_fields=["is_held", "held_at", "held_reason"])
    trail.record("vetting.let_identity_go", identity, by=by, at=at, reason=reason)
    _judge_again(identity, at)
    return identity


def _judge_again(identity: AgentIdentity, at: datetime) -> None:
    """Whether work is open changes at once, and every listener hears of it."""
    rows = Candidacy.objects.across_brands().filter(agent_id=identity.agent_id, closed_at__isnull=True)
    for candidacy_id in list(rows.order_by("pk").values_list("pk", flat=True)):
        evaluate_candidacy(candidacy_id=candidacy_id, cause="safety", at=at)


def _identity(identity_id: UUID, by: Actor) -> AgentIdentity:
    if not isinstance(by, OpsActor):
        raise NotFound
    rows = AgentIdentity.objects.across_brands().select_related("agent").select_for_update(of=("self",))
    identity = rows.filter(pk=identity_id).first()
    if identity is None:
        raise NotFound
    if identity.agent.user_id == by.user.pk:
        raise OwnCase
    return identity
