"""Letting seats out: which wave a request's shifts go through, and what opens when."""

from collections.abc import Sequence
from datetime import datetime

from gigcx.audit import outbox, trail
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from scheduling.events import ShiftAnnounced
from scheduling.models import CapacityRequest, ReleaseWave, Shift
from scheduling.states import SHIFT_MOVES, ShiftState, WaveAudience, WaveMode, WaveState


def plan_release(
    request: CapacityRequest,
    shifts: Sequence[Shift],
    *,
    publish_at: datetime | None,
    is_draw_first: bool | None,
    by: Actor,
    at: datetime,
) -> None:
    """This function will announce a request's locked shifts and open what opens now. It runs in the caller's transaction.

    `is_draw_first` is what the planner chose; None means the program's rules.
    """
    starts_at = max(at, publish_at or at)
    _announce(shifts, publish_at=starts_at, by=by, at=at)
    _add_first_come(request, opens_at=starts_at, at=at)
    if starts_at <= at:
        _open_now(shifts)
    Shift.objects.bulk_update(list(shifts), ["state", "publish_at"])
    outbox.publish_all([(ShiftAnnounced(shift_id=one.pk), one.brand_id, None) for one in shifts], at=at)


def _announce(shifts: Sequence[Shift], *, publish_at: datetime, by: Actor, at: datetime) -> None:
    for shift in shifts:
        current = shift.state
        require_move(SHIFT_MOVES, current, ShiftState.ANNOUNCED)
        shift.state, shift.publish_at = ShiftState.ANNOUNCED, publish_at
        trail.record(
            "scheduling.announce_shift", shift, by=by, at=at, from_state=current, to_state=ShiftState.ANNOUNCED
        )


def _add_first_come(request: CapacityRequest, *, opens_at: datetime, at: datetime) -> ReleaseWave:
    return ReleaseWave.objects.create(
        brand_id=request.brand_id,
        request=request,
        position=1,
        audience=WaveAudience.EVERYONE,
        mode=WaveMode.FIRST_COME,
        opens_at=opens_at,
        state=WaveState.OPEN if opens_at <= at else WaveState.PLANNED,
        created_at=at,
    )


def _open_now(shifts: Sequence[Shift]) -> None:
    for shift in shifts:
        require_move(SHIFT_MOVES, shift.state, ShiftState.OPEN)
        shift.state = ShiftState.OPEN
