"""The counter of a shift's seats. Whoever touches it holds the shift's row until the transaction ends."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F

from gigcx.audit.joined import line_and_fact_sql
from scheduling.errors import ShiftFull, ShiftNotOpen
from scheduling.models import Claim, Shift
from scheduling.states import CLAIMABLE, ShiftState

ARRIVABLE: Final = (ShiftState.OPEN, ShiftState.STARTED)
# Each part reads the one before, so they run in this order: the counter, the claim, its history and fact.
_SEAT: Final = f"""
WITH seat AS (
    UPDATE scheduling_shift SET filled = filled + 1
    WHERE id = %(shift_id)s AND state = ANY(%(claimable)s) AND filled + reserved < seats
    RETURNING id, brand_id
), claimed AS (
    INSERT INTO scheduling_claim (id, brand_id, shift_id, agent_id, engagement_id, kind, source, state, starts_at, ends_at, busy,
                                  rate_card_id, tier, claimed_at, undo_until, points, version, idempotency_key)
    SELECT %(id)s, brand_id, id, %(agent_id)s, %(engagement_id)s, %(kind)s, %(source)s, %(state)s, %(starts_at)s, %(ends_at)s,
           %(busy)s, %(rate_card_id)s, %(tier)s, %(claimed_at)s, %(undo_until)s, %(points)s, %(version)s, %(idempotency_key)s
    FROM seat RETURNING id, brand_id, agent_id
), {line_and_fact_sql("claimed")}
SELECT id FROM claimed
"""  # noqa: S608  composed of constants
_CLAIMABLE: Final = [state.value for state in CLAIMABLE]


def seat_claim(claim: Claim, stated: dict[str, Any]) -> None:
    """This function will count the seat and insert claim, history and fact in one round trip, while the shift's row is held.

    `stated` comes from `gigcx.audit.joined.line_and_fact`.

    Raises:
        ShiftFull: no seat left.
        ShiftNotOpen: the shift is no longer open.
    """
    columns = {field.attname: getattr(claim, field.attname) for field in Claim._meta.concrete_fields}
    with connection.cursor() as cursor:
        cursor.execute(_SEAT, columns | stated | {"claimable": _CLAIMABLE})
        is_seated = cursor.fetchone() is not None
    if not is_seated:
        raise _why_not(claim.shift_id, CLAIMABLE)


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
    """This function will count one seat as free again. Call it before locking the claim: shifts come before claims."""
    Shift.objects.across_brands().filter(pk=shift_id, filled__gt=0).update(filled=F("filled") - 1)
