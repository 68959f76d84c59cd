"""What a claim has to know of shift, program and engagement before it locks anything: one query, plain values."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from gigcx.kernel.intervals import Period
from recruiting.states import EngagementState
from scheduling.states import OCCUPYING


class Wish(NamedTuple):
    """One agent's wish for one shift. The order is that of the query."""

    shift_id: UUID
    brand_id: UUID
    program_id: UUID
    rate_card_id: UUID
    version: int
    state: str
    starts_at: datetime
    ends_at: datetime
    has_room: bool
    undo_minutes: int
    engagement_id: UUID | None
    tier: str
    earlier_claim_id: UUID | None

    @property
    def period(self) -> Period:
        """The time of the shift."""
        return Period(self.starts_at, self.ends_at)


_WISH: Final = """
SELECT s.id, s.brand_id, s.program_id, s.rate_card_id, s.version, s.state, s.starts_at, s.ends_at,
       s.filled + s.reserved < s.seats, p.undo_minutes, e.id, coalesce(e.tier, ''),
       (SELECT c.id FROM scheduling_claim c WHERE c.agent_id = %(agent)s
        AND (c.idempotency_key = %(key)s OR (c.shift_id = s.id AND c.state = ANY(%(occupying)s))) LIMIT 1)
FROM scheduling_shift s
JOIN recruiting_program p ON p.id = s.program_id
LEFT JOIN recruiting_engagement e ON e.agent_id = %(agent)s AND e.program_id = p.id AND e.state <> %(ended)s
WHERE s.id = %(shift)s
"""
_CONSTANTS: Final[dict[str, Any]] = {
    "occupying": [state.value for state in OCCUPYING],
    "ended": EngagementState.ENDED.value,
}


def wish_for(shift_id: UUID, agent_id: UUID, key: str) -> Wish | None:
    """This function will return the wish, with the claim that the same press or an earlier one made, or None: no such shift."""
    with connection.cursor() as cursor:
        cursor.execute(_WISH, _CONSTANTS | {"shift": shift_id, "agent": agent_id, "key": key})
        row = cursor.fetchone()
    return Wish._make(row) if row else None
