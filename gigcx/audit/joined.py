"""A line of history and a fact, written inside a statement of the caller's own.

For the few actions that hold a row everybody wants: `trail.record` and `outbox.publish` would each cost a round trip while the
others wait. The caller names a CTE of its statement that returns `id`, `brand_id` and `agent_id` of the subject; where that
CTE is empty, nothing is written.
"""

import json
from datetime import datetime
from typing import Any

from django.db import models, transaction

from gigcx.audit.tasks import hint_dispatcher
from gigcx.audit.trail import Doer, current_request_id
from gigcx.kernel.events import Event
from gigcx.kernel.ids import uuid7


def line_and_fact_sql(subject: str) -> str:
    """This function will return two CTEs, `line` and `fact`, to be put after the CTE called `subject`."""
    return f"""
line AS (
    INSERT INTO audit_auditentry (id, at, actor_kind, actor_id, actor_label, action, subject_type, subject_id, brand_id,
                                  agent_id, from_state, to_state, reason, request_id, changes)
    SELECT %(line_id)s, %(stated_at)s, %(actor_kind)s, %(actor_id)s, %(actor_label)s, %(action)s, %(subject_type)s, id, brand_id,
           agent_id, '', %(to_state)s, '', %(request_id)s, '{{}}' FROM {subject}
), fact AS (
    INSERT INTO audit_outboxevent (id, type, version, occurred_at, brand_id, agent_id, payload)
    SELECT %(fact_id)s, %(fact_type)s, %(fact_schema)s, %(stated_at)s, brand_id, agent_id, %(payload)s::jsonb FROM {subject}
)"""  # noqa: S608  a name from the code, never from a request


def line_and_fact(
    action: str, subject: type[models.Model], event: Event, *, by: Doer, at: datetime, to_state: str = ""
) -> dict[str, Any]:
    """This function will return the values of `line_and_fact_sql` and hint the dispatcher after the commit."""
    transaction.on_commit(hint_dispatcher, robust=True)
    return {
        "line_id": uuid7(),
        "stated_at": at,
        "actor_kind": by.kind,
        "actor_id": by.ref_id,
        "actor_label": by.label[:80],
        "action": action,
        "subject_type": subject._meta.label_lower,
        "to_state": str(to_state),
        "request_id": current_request_id.get(),
        "fact_id": uuid7(),
        "fact_type": event.type,
        "fact_schema": event.schema,
        "payload": json.dumps(event.to_payload()),
    }
