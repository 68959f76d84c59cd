"""What a claim has to know of shift, program, engagement and release before it locks anything: one query, plain values."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from gigcx.kernel.intervals import Period
from recruiting.states import EngagementState, Tier
from scheduling.models import SchedulingRules
from scheduling.states import OCCUPYING, WaveAudience, WaveMode, WaveState, WindowState


class Wish(NamedTuple):
    """One agent's wish for one shift. The order is that of the query.

    `cap_bp` is the largest share of the seats that a first-come wave open to this agent gives out, None where no such wave is
    open; `opens_next` is when the next one opens. A request without waves is open to everybody.
    """

    shift_id: UUID
    brand_id: UUID
    program_id: UUID
    rate_card_id: UUID
    language: str
    version: int
    state: str
    starts_at: datetime
    ends_at: datetime
    has_room: bool
    is_paused: bool
    undo_minutes: int
    draw_week_minutes: int
    open_week_minutes: int
    engagement_id: UUID | None
    tier: str
    waves: int
    cap_bp: int | None
    opens_next: datetime | None
    is_drawing: bool
    incentive_minor: int | None
    earlier_claim_id: UUID | None

    @property
    def period(self) -> Period:
        """The time of the shift."""
        return Period(self.starts_at, self.ends_at)


_WISH: Final = """
SELECT s.id, s.brand_id, s.program_id, s.rate_card_id, s.language, s.version, s.state, s.starts_at, s.ends_at,
       s.filled + s.reserved < s.seats, s.paused_at IS NOT NULL, p.undo_minutes,
       coalesce(r.draw_week_minutes, %(draw_week)s), coalesce(r.open_week_minutes, %(open_week)s),
       e.id, coalesce(e.tier, ''), wave.waves, wave.cap_bp, wave.opens_next, coalesce(wave.is_drawing, FALSE),
       (SELECT i.per_hour_minor FROM scheduling_incentive i WHERE i.shift_id = s.id AND i.announced_at <= %(at)s
        ORDER BY i.announced_at DESC LIMIT 1),
       (SELECT c.id FROM scheduling_claim c WHERE c.agent_id = %(agent)s
        AND (c.idempotency_key = %(key)s
             OR (c.shift_id = s.id AND c.kind = %(kind)s AND c.state = ANY(%(occupying)s))) LIMIT 1)
FROM scheduling_shift s
JOIN recruiting_program p ON p.id = s.program_id
LEFT JOIN scheduling_schedulingrules r ON r.program_id = p.id
LEFT JOIN recruiting_engagement e ON e.agent_id = %(agent)s AND e.program_id = p.id AND e.state <> %(ended)s
CROSS JOIN LATERAL (
    SELECT count(*) AS waves,
           max(one.share_cap_bp) FILTER (WHERE one.is_mine AND one.is_open) AS cap_bp,
           min(one.opens_at) FILTER (WHERE one.is_mine AND one.opens_at > %(at)s) AS opens_next,
           bool_or(one.is_drawing) AS is_drawing
    FROM (
        SELECT w.share_cap_bp, w.opens_at,
               w.mode = %(first_come)s AND w.state <> %(closed)s AND (
                   w.audience = %(everyone)s OR (w.audience = %(favorites)s AND e.is_favorite)
                   OR (w.audience = %(tier)s AND array_position(%(tiers)s, e.tier::text)
                       >= array_position(%(tiers)s, w.least_tier::text))) AS is_mine,
               w.opens_at <= %(at)s AND (w.closes_at IS NULL OR w.closes_at > %(at)s) AS is_open,
               w.mode = %(draw)s AND w.state <> %(closed)s AND w.opens_at <= %(at)s AND EXISTS (
                   SELECT 1 FROM scheduling_claimwindow d WHERE d.wave_id = w.id AND d.state = ANY(%(unsettled)s)
                   AND jsonb_exists(d.result -> 'shifts', s.id::text)  -- a draw may leave near shifts out
               ) AS is_drawing
        FROM scheduling_releasewave w WHERE w.request_id = s.request_id
    ) one
) wave
WHERE s.id = %(shift)s
"""
_RULES: Final = {field.name: field.default for field in SchedulingRules._meta.concrete_fields}
_CONSTANTS: Final[dict[str, Any]] = {
    "occupying": [state.value for state in OCCUPYING],
    "ended": EngagementState.ENDED.value,
    "draw_week": _RULES["draw_week_minutes"],
    "open_week": _RULES["open_week_minutes"],
    "first_come": WaveMode.FIRST_COME.value,
    "draw": WaveMode.DRAW.value,
    "closed": WaveState.CLOSED.value,
    "everyone": WaveAudience.EVERYONE.value,
    "favorites": WaveAudience.FAVORITES.value,
    "tier": WaveAudience.TIER.value,
    "tiers": [tier.value for tier in Tier],
    "unsettled": [
        state.value for state in (WindowState.COMMITTED, WindowState.OPEN, WindowState.CLOSED, WindowState.DRAWN)
    ],
}


def wish_for(shift_id: UUID, agent_id: UUID, key: str, *, kind: str, at: datetime) -> Wish | None:
    """This function will return the wish, with the claim that the same press or an earlier one made, or None: no such shift."""
    asked = {"shift": shift_id, "agent": agent_id, "key": key, "kind": str(kind), "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_WISH, _CONSTANTS | asked)
        row = cursor.fetchone()
    return Wish._make(row) if row else None
