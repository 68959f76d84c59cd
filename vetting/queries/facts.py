"""Everything the rule of eligibility looks at, read in one query for any number of agents and programs.

The rule is asked before every claim. Six queries with their models cost more than the rest of the claim together, so the
facts come as plain values: one row for each agent and program.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from recruiting.states import EngagementState
from recruiting.states import VersionState as TermsState
from vetting.models import Certification
from vetting.states import COUNTING_CERTIFICATES


class Facts(NamedTuple):
    """One agent and one program. What is not there is None. The order is that of the query."""

    agent_id: UUID
    agent_state: str
    paused_until: datetime | None
    program_id: UUID
    program_state: str
    program_name: str
    engagement_state: str | None
    applied_at: datetime | None
    engagement_since: datetime | None
    blocked_at: datetime | None
    standing: str | None
    standing_reason: str | None
    identity_state: str | None
    is_held: bool | None
    held_at: datetime | None
    verified_until: datetime | None
    check_state: str | None
    check_submitted_at: datetime | None
    check_decided_at: datetime | None
    certificate_id: UUID | None
    certificate_state: str | None
    certificate_from: datetime | None
    certificate_until: datetime | None
    certificate_suspended_at: datetime | None
    certificate_ended_at: datetime | None
    accepted_id: UUID | None
    accepted_version: int | None
    newest_material: int
    terms_from: datetime | None


# Of several certificates the first that counts decides, else the latest; of several checks the latest request.
_FACTS: Final = """
SELECT a.id, a.state, a.paused_until, p.id, p.state, p.name,
       e.state, e.applied_at, e.state_since, e.blocked_by_brand_at, e.standing, e.standing_reason,
       i.state, i.is_held, i.held_at, i.verified_until, k.state, k.submitted_at, k.decided_at,
       c.id, c.state, c.valid_from, c.expires_at, c.suspended_at, c.ended_at,
       s.id, s.version, t.newest_material, t.valid_from
FROM recruiting_agent a
CROSS JOIN recruiting_program p
LEFT JOIN recruiting_engagement e ON e.agent_id = a.id AND e.program_id = p.id AND e.state <> %(ended)s
LEFT JOIN vetting_agentidentity i ON i.agent_id = a.id
LEFT JOIN LATERAL (
    SELECT state, submitted_at, decided_at FROM vetting_identitycheck
    WHERE agent_id = a.id ORDER BY requested_at DESC, id DESC LIMIT 1
) k ON true
LEFT JOIN LATERAL (
    SELECT * FROM (
        SELECT held.*, held.state = ANY(%(counting)s) AND held.valid_from <= %(at)s AND %(at)s < held.expires_at AS counts,
               row_number() OVER (ORDER BY held.valid_from, held.issued_at, held.id) AS place
        FROM vetting_certificate held JOIN vetting_certification kind ON kind.id = held.certification_id
        WHERE held.agent_id = a.id AND held.program_id = p.id AND kind.role = %(entry)s
    ) placed
    ORDER BY counts DESC, CASE WHEN counts THEN place ELSE -place END LIMIT 1
) c ON true
LEFT JOIN LATERAL (
    SELECT signed.id, signed.version FROM recruiting_termsacceptance own
    JOIN recruiting_termsversion signed ON signed.id = own.version_id
    WHERE own.agent_id = a.id AND signed.program_id = p.id ORDER BY signed.version DESC LIMIT 1
) s ON true
LEFT JOIN LATERAL (
    SELECT coalesce(max(version) FILTER (WHERE is_material), 0) AS newest_material,
           (array_agg(valid_from ORDER BY version DESC))[1] AS valid_from
    FROM recruiting_termsversion
    WHERE program_id = p.id AND valid_from <= %(at)s AND state <> %(draft)s
) t ON true
WHERE a.id = ANY(%(agents)s::uuid[]) AND p.id = ANY(%(programs)s::uuid[])
"""
_CONSTANTS: Final[dict[str, Any]] = {
    "ended": EngagementState.ENDED.value,
    "draft": TermsState.DRAFT.value,
    "entry": Certification.Role.ENTRY.value,
    "counting": [state.value for state in COUNTING_CERTIFICATES],
}


def facts_of(agent_ids: Sequence[UUID], program_ids: Sequence[UUID], at: datetime) -> list[Facts]:
    """This function will return the facts of every agent in every program: one query, in no particular order."""
    asked = {"agents": list(agent_ids), "programs": list(program_ids), "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, _CONSTANTS | asked)
        return [Facts._make(row) for row in cursor.fetchall()]
