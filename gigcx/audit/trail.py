"""Writing and reading the audit trail."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import models

from gigcx.audit.columns import insert_columns
from gigcx.audit.models import AuditEntry
from gigcx.kernel.ids import uuid7

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")


class Doer(Protocol):
    """Who did it: every actor of `gigcx.tenancy` fits."""

    @property
    def kind(self) -> str: ...

    @property
    def ref_id(self) -> UUID | None: ...

    @property
    def label(self) -> str: ...


def record(
    action: str,
    subject: models.Model,
    *,
    by: Doer,
    at: datetime,
    brand_id: UUID | None = None,
    agent_id: UUID | None = None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """This function will write one line of history in the caller's transaction.

    `action` is dotted ("scheduling.claim_shift"). Where the subject carries `brand_id` or `agent_id` they are taken from it.
    """
    return AuditEntry.objects.create(
        **_about(action, subject, by, at),
        brand_id=brand_id or getattr(subject, "brand_id", None),
        agent_id=agent_id or getattr(subject, "agent_id", None),
        from_state=str(from_state),
        to_state=str(to_state),
        reason=reason,
        changes=dict(changes or {}),
    )


def record_each(
    action: str,
    subjects: Sequence[models.Model],
    *,
    by: Doer,
    at: datetime,
    to_state: str,
    from_states: Sequence[str] = (),
) -> None:
    """This function will write one line of history for each of many subjects of one kind, with one statement for all.

    `from_states` are theirs in the same order; without them the lines say only where things went.
    """
    if not subjects:
        return
    shared = _about(action, subjects[0], by, at)
    del shared["subject_id"]
    each = {
        "id": [uuid7() for _one in subjects],
        "subject_id": [one.pk for one in subjects],
        "brand_id": [getattr(one, "brand_id", None) for one in subjects],
        "agent_id": [getattr(one, "agent_id", None) for one in subjects],
        "from_state": [str(one) for one in from_states or [""] * len(subjects)],
    }
    same = {**shared, "to_state": str(to_state), "reason": "", "changes": "{}"}
    insert_columns(AuditEntry, each=each, same=same)


def _about(action: str, subject: models.Model, by: Doer, at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "actor_kind": by.kind,
        "actor_id": by.ref_id,
        "actor_label": by.label[:80],
        "action": action,
        "subject_type": subject._meta.label_lower,
        "subject_id": subject.pk,
        "request_id": current_request_id.get(),
    }


def history_of(subject: models.Model) -> models.QuerySet[AuditEntry]:
    """This function will return the lines about one thing, oldest first. Callers check who may see it."""
    label = subject._meta.label_lower
    return AuditEntry.objects.filter(subject_type=label, subject_id=subject.pk).order_by("at", "id")
