"""The counters of a shift's seats. Whoever touches them holds the shift's row until the transaction ends."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F

from gigcx.audit.joined import line_and_fact_sql
from scheduling.errors import CapReached, NoStandby, SeatsPaused, ShiftFull, ShiftNotOpen
from scheduling.models import Claim, Shift
from scheduling.states import CLAIMABLE, ClaimKind, ClaimSource, ShiftState

ARRIVABLE: Final = (ShiftState.OPEN, ShiftState.STARTED)
WHOLE: Final = 10_000
# A wave's share of the seats, in basis points; it always holds at least one seat.
_SHARE: Final = f"least(seats, greatest(1, seats * %(cap_bp)s / {WHOLE}))"
_FREE: Final = (f"filled = filled + 1 WHERE filled + reserved < {_SHARE} AND", "filled = seats")
_RESERVED: Final = ("filled = filled + 1, reserved = reserved - 1 WHERE reserved > 0 AND", "filled = seats")
_STANDBY: Final = ("standby_filled = standby_filled + 1 WHERE standby_filled < standby_seats AND", "FALSE")


def _seat_sql(change: str, is_last: str) -> str:
    """Each part reads the one before, so they run in this order: the counter, the claim, its history and fact, the last seat."""
    return f"""
WITH seat AS (
    UPDATE scheduling_shift SET {change} id = %(shift_id)s AND state = ANY(%(claimable)s)
        AND (paused_at IS NULL OR %(source)s = '{ClaimSource.SWAP.value}')
    RETURNING id, brand_id, {is_last} AS is_last
), claimed AS (
    INSERT INTO scheduling_claim (id, brand_id, shift_id, agent_id, engagement_id, kind, source, state, starts_at, ends_at, busy,
                                  rate_card_id, tier, claimed_at, undo_until, decline_until, points, version, idempotency_key)
    SELECT %(id)s, brand_id, id, %(agent_id)s, %(engagement_id)s, %(kind)s, %(source)s, %(state)s, %(starts_at)s, %(ends_at)s,
           %(busy)s, %(rate_card_id)s, %(tier)s, %(claimed_at)s, %(undo_until)s, %(decline_until)s, %(points)s, %(version)s,
           %(idempotency_key)s
    FROM seat RETURNING id, brand_id, agent_id
), {line_and_fact_sql("claimed")}, last_one AS (
    INSERT INTO audit_outboxevent (id, type, version, occurred_at, brand_id, agent_id, payload)
    SELECT %(filled_id)s, %(filled_type)s, %(filled_schema)s, %(stated_at)s, brand_id, NULL, %(filled_payload)s::jsonb
    FROM seat WHERE is_last
)
SELECT id FROM claimed
"""  # noqa: S608  composed of constants


_SEAT: Final = _seat_sql(*_FREE)
_HELD_SEAT: Final = _seat_sql(*_RESERVED)
_STANDBY_SEAT: Final = _seat_sql(*_STANDBY)


def seat_claim(
    claim: Claim,
    stated: dict[str, Any],
    *,
    states: Sequence[str] = CLAIMABLE,
    cap_bp: int = WHOLE,
    from_reserved: bool = False,
) -> None:
    """This function will count the seat and insert claim, history and facts in one round trip, while the shift's row is held.

    `stated` comes from `gigcx.audit.joined.line_and_fact`, with the fact of a filled shift beside it. `cap_bp` is the share of
    the seats that the wave gives out; a seat `from_reserved` was kept for whom an invitation went to.

    Raises:
        ShiftFull: no seat left. CapReached: none of the wave's share. NoStandby: no standby place left.
        SeatsPaused: its free seats wait; one that is swapped was never free.
        ShiftNotOpen: the shift is in none of the states.
    """
    columns = {field.attname: getattr(claim, field.attname) for field in Claim._meta.concrete_fields}
    asked = {"claimable": [str(state) for state in states], "cap_bp": cap_bp}
    with connection.cursor() as cursor:
        cursor.execute(_sql_for(claim, from_reserved=from_reserved), columns | stated | asked)
        is_seated = cursor.fetchone() is not None
    if not is_seated:
        raise _why_no_claim(claim, states)


def _sql_for(claim: Claim, *, from_reserved: bool) -> str:
    if claim.kind == ClaimKind.STANDBY:
        return _STANDBY_SEAT
    return _HELD_SEAT if from_reserved else _SEAT


def _why_no_claim(claim: Claim, states: Sequence[str]) -> ShiftFull | ShiftNotOpen | CapReached | NoStandby:
    refusal = _why_not(claim.shift_id, states)
    if claim.source != ClaimSource.SWAP and _is_paused(claim.shift_id):
        return SeatsPaused()
    if isinstance(refusal, ShiftNotOpen):
        return refusal
    if claim.kind == ClaimKind.STANDBY:
        return NoStandby()
    has_room = Shift.objects.across_brands().filter(pk=claim.shift_id).with_room().exists()
    return CapReached() if has_room else refusal


def _is_paused(shift_id: UUID) -> bool:
    return Shift.objects.across_brands().filter(pk=shift_id, paused_at__isnull=False).exists()


def take_seat(shift_id: UUID, *, states: Sequence[str] = CLAIMABLE) -> None:
    """This function will count one seat as filled, if there is one.

    One conditional update decides every race: whoever gets no row back was too late.

    Raises:
        ShiftFull: no seat left.
        ShiftNotOpen: the shift is not in one of the states.
    """
    taken = (
        Shift.objects.across_brands().filter(pk=shift_id, state__in=states).with_room().update(filled=F("filled") + 1)
    )
    if not taken:
        raise _why_not(shift_id, states)


def _why_not(shift_id: UUID, states: Sequence[str]) -> ShiftFull | ShiftNotOpen:
    state = Shift.objects.across_brands().filter(pk=shift_id).values_list("state", flat=True).first()
    return ShiftFull() if state in states else ShiftNotOpen()


def free_seat(shift_id: UUID) -> None:
    """This function will count one seat as free again. Call it before locking the claim: shifts come before claims.

    Nobody in line is asked: `waitlists.seat_freed` does both.
    """
    Shift.objects.across_brands().filter(pk=shift_id, filled__gt=0).update(filled=F("filled") - 1)


def free_standby(shift_id: UUID) -> None:
    """This function will count one standby place as free again."""
    rows = Shift.objects.across_brands().filter(pk=shift_id, standby_filled__gt=0)
    rows.update(standby_filled=F("standby_filled") - 1)


def reserve_seat(shift_id: UUID) -> bool:
    """This function will keep one free seat for whoever is invited, and tell whether there was one."""
    rows = Shift.objects.across_brands().filter(pk=shift_id, state__in=ARRIVABLE).with_seats_to_give()
    return bool(rows.update(reserved=F("reserved") + 1))


def let_go_of_reserved(shift_id: UUID) -> None:
    """This function will make one reserved seat free for everybody."""
    Shift.objects.across_brands().filter(pk=shift_id, reserved__gt=0).update(reserved=F("reserved") - 1)
