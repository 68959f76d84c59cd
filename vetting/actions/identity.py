"""Verifying who somebody is: asking, handing in, two people looking, deciding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor, OpsActor, SystemActor
from vetting import vault
from vetting.actions.documents import attach_document
from vetting.actions.evidence import record_evidence
from vetting.errors import (
    AlreadyReviewed,
    CheckNotInReview,
    DocumentsMissing,
    OpenCheckExists,
    OwnCase,
    ReapplyLater,
    ReasonRequired,
    TooManyTries,
)
from vetting.events import IdentityExpired, IdentityRejected, IdentityVerified
from vetting.models import AgentIdentity, IdentityCheck, IdentityDocument, IdentityReview
from vetting.policies import can_review_identity
from vetting.registries import provider_of
from vetting.states import CHECK_MOVES, IDENTITY_MOVES, CheckState, IdentityState

TRIES_A_DAY: Final = 3
VERIFIED_FOR: Final = timedelta(days=730)
KEEP_IMAGES: Final = timedelta(days=30)
PAUSE_AFTER_REJECTION: Final = timedelta(days=1)
IDLE: Final = timedelta(days=30)
AGREEING: Final = 2
REASONS: Final = {
    "unreadable": "The picture cannot be read",
    "name_differs": "The name differs from the account",
    "document_expired": "The document has run out",
    "not_accepted": "This kind of document is not accepted",
    "altered": "The document looks altered",
    "under_age": "The person is under 18",
    "not_the_same": "The person in the pictures differs",
}


@dataclass(frozen=True, slots=True)
class IdentityDetails:
    """What the person says the document says."""

    legal_name: str
    birth_date: date
    country: str
    document_type: str
    last4: str
    document_expires_on: date


@transaction.atomic
def request_identity_check(*, agent_id: UUID, purpose: str, by: Actor, at: datetime) -> IdentityCheck:
    """This function will open a check with the manual provider.

    Raises:
        NotFound: somebody else's identity.
        OpenCheckExists: one is under way.
        TooManyTries: three were opened in the last 24 hours.
        ReapplyLater: the last one was rejected and its date has not come.
    """
    _refuse_stranger(by, agent_id)
    identity = locked_identity(agent_id)
    _refuse_too_early(identity, at)
    check = IdentityCheck.objects.create(
        agent_id=agent_id, purpose=purpose, idempotency_key=f"identity:{uuid7()}", requested_at=at
    )
    check.provider_ref = provider_of(check.provider).start(check).provider_ref
    identity.current_check = check
    identity.save(update_fields=["current_check"])
    trail.record("vetting.request_identity_check", check, by=by, at=at, to_state=check.state)
    return check


@transaction.atomic
def hand_in_identity(
    *, agent_id: UUID, purpose: str, details: IdentityDetails, images: Mapping[str, bytes], by: Actor, at: datetime
) -> IdentityCheck:
    """This function will open a check if none is open, keep the details sealed, keep the images and send all to review.

    Raises:
        DocumentsMissing: no front, or no back of a card.
        DocumentRefused: an image cannot be used; `field` names it.
        Invalid: the document has run out, or a date cannot be right.
        CheckNotInReview: a check is already with the reviewers.
        TooManyTries, ReapplyLater: as `request_identity_check`.
    """
    _refuse_stranger(by, agent_id)
    _refuse_details(details, at)
    check = _open_check(agent_id) or request_identity_check(agent_id=agent_id, purpose=purpose, by=by, at=at)
    if check.state != CheckState.AWAITING_INPUT:
        raise CheckNotInReview(_("Your documents are with the reviewers already."))
    _keep_details(check, details)
    for side, content in images.items():
        attach_document(check_id=check.pk, side=side, content=content, by=by, at=at)
    return _send_to_review(check, by=by, at=at)


@transaction.atomic
def review_identity(
    *,
    check_id: UUID,
    verdict: str,
    checklist: Mapping[str, Any],
    reasons: Sequence[str] = (),
    note: str = "",
    by: Actor,
    at: datetime,
) -> IdentityCheck:
    """This function will write one person's verdict; two that agree decide, and after two that differ a third does.

    Raises:
        NotFound: no such check, or the asker is not ops.
        OwnCase: the check is about the reviewer.
        CheckNotInReview: it is decided already, or not handed in.
        AlreadyReviewed: this person has given a verdict.
        ReasonRequired: a rejection without a known reason.
        Invalid: approving a document that has run out.
    """
    check = _check_for_review(check_id, by)
    _refuse_verdict(check, verdict, reasons, at)
    if check.reviews.filter(reviewed_by=by.user).exists():  # type: ignore[union-attr]  # ops, checked above
        raise AlreadyReviewed
    IdentityReview.objects.create(
        check_of=check,
        reviewed_by=by.user,  # type: ignore[union-attr]  # ops, checked above
        verdict=verdict,
        checklist=dict(checklist),
        reasons=list(reasons),
        note=note,
        reviewed_at=at,
    )
    trail.record("vetting.review_identity", check, by=by, at=at, changes={"verdict": verdict, "reasons": list(reasons)})
    return _settle(check, by=by, at=at)


@transaction.atomic
def expire_identity(*, identity_id: UUID, by: Actor, at: datetime) -> bool:
    """This function will end a verification whose time is over and tell whether it did."""
    identity = AgentIdentity.objects.across_brands().select_for_update(of=("self",)).get(pk=identity_id)
    if identity.state != IdentityState.VERIFIED or identity.verified_until is None or identity.verified_until > at:
        return False
    require_move(IDENTITY_MOVES, identity.state, IdentityState.EXPIRED)
    identity.state = IdentityState.EXPIRED
    identity.save(update_fields=["state"])
    trail.record(
        "vetting.expire_identity", identity, by=by, at=at, from_state=IdentityState.VERIFIED, to_state=identity.state
    )
    _expire_check(identity, by=by, at=at)
    outbox.publish(IdentityExpired(agent_id=identity.agent_id), at=at, agent_id=identity.agent_id)
    return True


@transaction.atomic
def cancel_identity_check(*, check_id: UUID, by: Actor, at: datetime) -> IdentityCheck:
    """This function will withdraw a check that was not handed in; its images are due for erasure at once."""
    check = IdentityCheck.objects.for_actor(by).select_for_update(of=("self",)).filter(pk=check_id).first()
    if check is None:
        raise NotFound
    require_move(CHECK_MOVES, check.state, CheckState.CANCELED)
    _move(check, CheckState.CANCELED, by=by, at=at)
    check.documents.filter(deleted_at__isnull=True).update(delete_after_on=at.date())
    return check


def locked_identity(agent_id: UUID) -> AgentIdentity:
    """This function will return the agent's identity row, made if need be, locked until the transaction ends."""
    AgentIdentity.objects.bulk_create([AgentIdentity(agent_id=agent_id)], ignore_conflicts=True)
    return AgentIdentity.objects.across_brands().select_for_update(of=("self",)).get(agent_id=agent_id)


def _expire_check(identity: AgentIdentity, *, by: Actor, at: datetime) -> None:
    """The check a verification rested on ends with it. A renewal may be the current check by now, so all verified ones do."""
    rows = IdentityCheck.objects.across_brands().filter(agent_id=identity.agent_id, state=CheckState.VERIFIED)
    for check in rows.select_for_update(of=("self",)).order_by("pk"):
        _move(check, CheckState.EXPIRED, by=by, at=at)


def _refuse_stranger(by: Actor, agent_id: UUID) -> None:
    if isinstance(by, OpsActor | SystemActor):
        return
    if not isinstance(by, AgentActor) or by.agent_id != agent_id:
        raise NotFound


def _refuse_too_early(identity: AgentIdentity, at: datetime) -> None:
    checks = IdentityCheck.objects.across_brands().filter(agent_id=identity.agent_id)
    if checks.open().exists():
        raise OpenCheckExists
    if checks.filter(requested_at__gt=at - timedelta(days=1)).count() >= TRIES_A_DAY:
        raise TooManyTries(context={"tries": TRIES_A_DAY})
    last = checks.order_by("-requested_at", "-pk").first()
    if last is not None and last.reapply_at is not None and last.reapply_at > at:
        raise ReapplyLater(context={"reapply_at": last.reapply_at.isoformat()})


def _refuse_details(details: IdentityDetails, at: datetime) -> None:
    if details.birth_date >= at.date() or details.birth_date.year < 1900:
        raise Invalid(_("Check the year of birth."), field="birth_date")
    if details.document_expires_on <= at.date():
        raise Invalid(_("This document has run out. Use one that is still valid."), field="document_expires_on")


def _open_check(agent_id: UUID) -> IdentityCheck | None:
    rows = IdentityCheck.objects.across_brands().open().filter(agent_id=agent_id)
    return rows.select_for_update(of=("self",)).order_by("pk").first()


def _keep_details(check: IdentityCheck, details: IdentityDetails) -> None:
    check.sealed_name = vault.seal_text(details.legal_name, context=f"{check.pk}:name")
    check.sealed_birth_date = vault.seal_text(details.birth_date.isoformat(), context=f"{check.pk}:birth")
    check.country, check.document_type = details.country, details.document_type
    check.last4, check.document_expires_on = details.last4, details.document_expires_on
    check.name_match = _name_match(details.legal_name, check.agent.user.full_name)
    fields = ["sealed_name", "sealed_birth_date", "country", "document_type", "last4", "document_expires_on"]
    check.save(update_fields=[*fields, "name_match"])


def _name_match(legal_name: str, account_name: str) -> str:
    legal, account = legal_name.casefold().split(), account_name.casefold().split()
    if legal == account:
        return "exact"
    return "subset" if set(account) <= set(legal) else "unclear"


def _send_to_review(check: IdentityCheck, *, by: Actor, at: datetime) -> IdentityCheck:
    sides = set(check.documents.filter(deleted_at__isnull=True).values_list("side", flat=True))
    if IdentityDocument.Side.FRONT not in sides:
        raise DocumentsMissing(_("Add a picture of the front."), field="front")
    if check.document_type != IdentityCheck.Document.PASSPORT and IdentityDocument.Side.BACK not in sides:
        raise DocumentsMissing(_("Add a picture of the back as well."), field="back")
    check.submitted_at = at
    check.save(update_fields=["submitted_at"])
    return _move(check, CheckState.NEEDS_REVIEW, by=by, at=at)


def _check_for_review(check_id: UUID, by: Actor) -> IdentityCheck:
    if not isinstance(by, OpsActor):
        raise NotFound
    rows = IdentityCheck.objects.across_brands().select_related("agent__user").select_for_update(of=("self",))
    check = rows.filter(pk=check_id).first()
    if check is None:
        raise NotFound
    if not can_review_identity(by, check):
        raise OwnCase
    if check.state != CheckState.NEEDS_REVIEW:
        raise CheckNotInReview
    return check


def _refuse_verdict(check: IdentityCheck, verdict: str, reasons: Sequence[str], at: datetime) -> None:
    if verdict not in IdentityReview.Verdict.values:
        raise Invalid(_("Choose approve or reject."), field="verdict")
    if verdict == IdentityReview.Verdict.REJECT and (not reasons or not set(reasons) <= set(REASONS)):
        raise ReasonRequired(field="reasons")
    has_run_out = check.document_expires_on is not None and check.document_expires_on <= at.date()
    if verdict == IdentityReview.Verdict.APPROVE and has_run_out:
        raise Invalid(_("The document has run out. It cannot be approved."), field="verdict")


def _settle(check: IdentityCheck, *, by: Actor, at: datetime) -> IdentityCheck:
    verdicts = list(check.reviews.values_list("verdict", flat=True))
    if verdicts.count(IdentityReview.Verdict.APPROVE) >= AGREEING:
        return _verify(check, by=by, at=at)
    if verdicts.count(IdentityReview.Verdict.REJECT) >= AGREEING:
        return _reject(check, by=by, at=at)
    return check


def _verify(check: IdentityCheck, *, by: Actor, at: datetime) -> IdentityCheck:
    identity = locked_identity(check.agent_id)
    identity.state, identity.verified_at, identity.current_check = IdentityState.VERIFIED, at, check
    identity.verified_until = _verified_until(check, at)
    identity.save(update_fields=["state", "verified_at", "verified_until", "current_check"])
    _decide(check, CheckState.VERIFIED, by=by, at=at)
    record_evidence(
        agent_id=check.agent_id,
        kind="identity",
        subject_key="",
        source_key=f"identity-check:{check.pk}",
        assurance="human",
        obtained_at=at,
        valid_until=identity.verified_until,
        by=by,
        at=at,
    )
    outbox.publish(IdentityVerified(agent_id=check.agent_id), at=at, agent_id=check.agent_id)
    return check


def _verified_until(check: IdentityCheck, at: datetime) -> datetime:
    period_end = at + VERIFIED_FOR
    if check.document_expires_on is None:
        return period_end
    return min(period_end, datetime.combine(check.document_expires_on, time(0), UTC))


def _reject(check: IdentityCheck, *, by: Actor, at: datetime) -> IdentityCheck:
    rejections = check.reviews.filter(verdict=IdentityReview.Verdict.REJECT).order_by("reviewed_at", "pk")
    check.reason_codes = sorted({reason for review in rejections for reason in review.reasons})
    check.reapply_at = at + PAUSE_AFTER_REJECTION
    check.save(update_fields=["reason_codes", "reapply_at"])
    _decide(check, CheckState.REJECTED, by=by, at=at)
    event = IdentityRejected(agent_id=check.agent_id, check_id=check.pk, reapply_at=check.reapply_at)
    outbox.publish(event, at=at, agent_id=check.agent_id)
    return check


def _decide(check: IdentityCheck, state: CheckState, *, by: Actor, at: datetime) -> None:
    check.decided_at, check.redaction = at, IdentityCheck.Redaction.REQUESTED
    check.save(update_fields=["decided_at", "redaction"])
    check.documents.filter(deleted_at__isnull=True).update(delete_after_on=(at + KEEP_IMAGES).date())
    _move(check, state, by=by, at=at)


def _move(check: IdentityCheck, state: CheckState, *, by: Actor, at: datetime) -> IdentityCheck:
    before = check.state
    require_move(CHECK_MOVES, before, state)
    check.state = state
    check.save(update_fields=["state"])
    changes = {"state": str(state.label)}
    trail.record("vetting.move_identity_check", check, by=by, at=at, from_state=before, to_state=state, changes=changes)
    return check
