"""What agents have shown."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, NotFound
from gigcx.tenancy.actors import Actor
from vetting.errors import EvidenceConflict, ReasonRequired
from vetting.events import EvidenceRecorded, EvidenceWithdrawn
from vetting.models import Evidence
from vetting.models.certificates import Assurance


@transaction.atomic
def record_evidence(
    *,
    agent_id: UUID,
    kind: str,
    subject_key: str,
    source_key: str,
    assurance: str,
    obtained_at: datetime,
    valid_until: datetime | None = None,
    skills: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Evidence:
    """This function will write down that an agent has shown something; the same source twice is one row.

    Raises:
        Invalid: an unknown assurance, or an end before the beginning.
        EvidenceConflict: the source was recorded before for another agent or subject.
    """
    _refuse_nonsense(assurance, obtained_at, valid_until)
    facts = {"agent_id": agent_id, "kind": kind, "subject_key": subject_key, "assurance": assurance}
    checksum = checksum_of(facts, source_key, obtained_at, valid_until, dict(skills or {}))
    row = Evidence(
        **facts,
        source_key=source_key,
        skills=dict(skills or {}),
        obtained_at=obtained_at,
        valid_until=valid_until,
        checksum=checksum,
        recorded_at=at,
    )
    Evidence.objects.bulk_create([row], ignore_conflicts=True)
    kept = Evidence.objects.across_brands().get(source_key=source_key)
    if kept.pk != row.pk:
        return _same_as_before(kept, agent_id, kind, subject_key)
    trail.record("vetting.record_evidence", kept, by=by, at=at, changes={"kind": kind, "source": source_key})
    outbox.publish(EvidenceRecorded(evidence_id=kept.pk, agent_id=agent_id), at=at, agent_id=agent_id)
    return kept


@transaction.atomic
def withdraw_evidence(*, evidence_id: UUID, reason: str, by: Actor, at: datetime) -> Evidence:
    """This function will take evidence back; certificates that rest on it are judged again.

    Raises:
        NotFound: there is no such evidence.
        ReasonRequired: no reason was given.
    """
    if not reason.strip():
        raise ReasonRequired(field="reason")
    evidence = Evidence.objects.across_brands().select_for_update().filter(pk=evidence_id).first()
    if evidence is None:
        raise NotFound
    if evidence.withdrawn_at is not None:
        return evidence
    evidence.withdrawn_at, evidence.withdrawn_by, evidence.withdrawn_reason = at, by.label or by.kind, reason
    evidence.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    trail.record("vetting.withdraw_evidence", evidence, by=by, at=at, reason=reason)
    outbox.publish(
        EvidenceWithdrawn(evidence_id=evidence.pk, agent_id=evidence.agent_id), at=at, agent_id=evidence.agent_id
    )
    return evidence


def _refuse_nonsense(assurance: str, obtained_at: datetime, valid_until: datetime | None) -> None:
    if assurance not in Assurance.values:
        raise Invalid(_("There is no such assurance."), field="assurance")
    if valid_until is not None and valid_until <= obtained_at:
        raise Invalid(_("Evidence ends after it begins."), field="valid_until")


def _same_as_before(kept: Evidence, agent_id: UUID, kind: str, subject_key: str) -> Evidence:
    if (kept.agent_id, kept.kind, kept.subject_key) != (agent_id, kind, subject_key):
        raise EvidenceConflict(context={"source_key": kept.source_key})
    return kept


def checksum_of(facts: Mapping[str, Any], source_key: str, *rest: Any) -> str:
    """This function will return the SHA-256, in hex, of what was recorded: facts, source, times and skills in that order."""
    body = json.dumps([sorted(facts.items()), source_key, *rest], default=str, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()
