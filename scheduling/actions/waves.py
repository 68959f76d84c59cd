"""Letting seats out: which waves a request's shifts go through, and what opens when.

Row timestamps decide what is open; the sweep only writes down what the clock made true.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from recruiting.models import Engagement
from recruiting.states import BENCH_STATES
from scheduling.actions.seals import sealed_window
from scheduling.allocation.stages import Offered, ReleaseRules, Stage, stages_of
from scheduling.events import ShiftAnnounced, WindowCommitted
from scheduling.models import CapacityRequest, ClaimWindow, ReleaseWave, SchedulingRules, Shift
from scheduling.queries.draws import shifts_drawn_later
from scheduling.queries.rules import rules_of
from scheduling.states import SHIFT_MOVES, WAVE_MOVES, ShiftState, WaveMode, WaveState, WindowState

_ACTION = {
    ShiftState.ANNOUNCED: "scheduling.announce_shift",
    ShiftState.COLLECTING: "scheduling.collect_wishes",
    ShiftState.OPEN: "scheduling.open_shift",
}


def plan_release(
    request: CapacityRequest,
    shifts: Sequence[Shift],
    *,
    publish_at: datetime | None,
    is_draw_first: bool | None,
    by: Actor,
    at: datetime,
) -> None:
    """This function will announce a request's locked shifts, plan their waves and open what opens now.

    It runs in the caller's transaction. `is_draw_first` is what the planner chose; None means the program's rules. Draws are
    committed to here, before anybody can wish.
    """
    opens_at = max(at, publish_at or at)
    offered = [Offered(str(one.pk), one.starts_at, one.seats) for one in shifts]
    stages = stages_of(offered, _release_rules(request, is_draw_first=is_draw_first), opens_at=opens_at)
    claimable_at = {shift: stage.closes_at for stage in stages for shift in stage.shifts}
    for shift in shifts:
        shift.publish_at = claimable_at.get(str(shift.pk)) or opens_at
    move_shifts(shifts, ShiftState.ANNOUNCED, by=by, at=at)
    for position, stage in enumerate(stages, 1):
        _plan_wave(request, stage, position, by=by, at=at)
    _open_now(shifts, stages, by=by, at=at)
    Shift.objects.bulk_update(list(shifts), ["state", "publish_at"])
    outbox.publish_all([(ShiftAnnounced(shift_id=one.pk), one.brand_id, None) for one in shifts], at=at)


def _release_rules(request: CapacityRequest, *, is_draw_first: bool | None) -> ReleaseRules:
    rules: SchedulingRules = rules_of(request.program)
    favorites = Engagement.objects.for_brand(request.brand_id).filter(
        program_id=request.program_id, is_favorite=True, state__in=BENCH_STATES
    )
    return ReleaseRules(
        is_draw_first=rules.is_draw_first if is_draw_first is None else is_draw_first,
        has_favorites=favorites.exists(),
        favorites_share_bp=rules.favorites_share_bp,
        draw_hours=rules.draw_hours,
        first_come_below_hours=rules.first_come_below_hours,
    )


def _plan_wave(request: CapacityRequest, stage: Stage, position: int, *, by: Actor, at: datetime) -> None:
    is_due = stage.opens_at <= at
    wave = ReleaseWave.objects.create(
        brand_id=request.brand_id,
        request=request,
        position=position,
        audience=stage.audience,
        mode=WaveMode.DRAW if stage.is_draw else WaveMode.FIRST_COME,
        opens_at=stage.opens_at,
        closes_at=stage.closes_at,
        share_cap_bp=stage.share_bp,
        state=WaveState.OPEN if is_due else WaveState.PLANNED,
        created_at=at,
    )
    if stage.is_draw:
        commit_window(wave, stage.shifts, by=by, at=at)


def commit_window(
    wave: ReleaseWave,
    shifts: Sequence[str],
    *,
    by: Actor,
    at: datetime,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> ClaimWindow:
    """This function will seal a seed for a draw and publish the commitment to it, in the caller's transaction."""
    begins = opens_at or wave.opens_at
    ends = closes_at or wave.closes_at
    if ends is None:
        raise ValueError("a draw closes")
    window = sealed_window(wave, shifts, opens_at=begins, closes_at=ends, at=at)
    if begins <= at:
        window.state = WindowState.OPEN
    window.save(force_insert=True)
    trail.record(
        "scheduling.commit_window",
        window,
        by=by,
        at=at,
        to_state=window.state,
        changes={"commitment": window.commitment, "shifts": len(shifts)},
    )
    outbox.publish(WindowCommitted(window_id=window.pk, request_id=wave.request_id), at=at, brand_id=window.brand_id)
    return window


def _open_now(shifts: Sequence[Shift], stages: Sequence[Stage], *, by: Actor, at: datetime) -> None:
    drawn = {shift for stage in stages for shift in stage.shifts}
    collecting = {shift for stage in stages if stage.opens_at <= at for shift in stage.shifts}
    move_shifts([one for one in shifts if str(one.pk) in collecting], ShiftState.COLLECTING, by=by, at=at)
    if stages[-1].opens_at <= at:
        move_shifts([one for one in shifts if str(one.pk) not in drawn], ShiftState.OPEN, by=by, at=at)


def move_shifts(shifts: Iterable[Shift], target: ShiftState, *, by: Actor, at: datetime) -> None:
    """This function will move locked shifts to a state of their release, with a line of history each; the caller saves."""
    for shift in shifts:
        current = shift.state
        require_move(SHIFT_MOVES, current, target)
        shift.state = target
        trail.record(_ACTION[target], shift, by=by, at=at, from_state=current, to_state=target)


def locked_shifts(shift_ids: Iterable[str], states: Sequence[str]) -> list[Shift]:
    """This function will lock those of the shifts that are in one of the states, ascending by id."""
    rows = Shift.objects.across_brands().select_for_update(of=("self",), no_key=True)
    return list(rows.filter(pk__in=list(shift_ids), state__in=states).order_by("pk"))


@transaction.atomic
def open_wave(*, wave_id: UUID, by: Actor, at: datetime) -> None:
    """Open a wave whose time has come: a draw takes wishes, first come makes every shift not being drawn claimable."""
    wave = _locked_wave(wave_id)
    if wave.state != WaveState.PLANNED or wave.opens_at > at:
        return
    _move_wave(wave, WaveState.OPEN, by=by, at=at)
    if wave.mode == WaveMode.FIRST_COME:
        open_undrawn(wave.request_id, by=by, at=at)


def open_undrawn(request_id: UUID, *, by: Actor, at: datetime) -> list[Shift]:
    """This function will make a request's shifts claimable that wait for no draw, and return those that became so.

    The first-come wave must be open; until then nothing happens.
    """
    waves = ReleaseWave.objects.across_brands().filter(request_id=request_id, mode=WaveMode.FIRST_COME)
    if not waves.filter(opens_at__lte=at).exists():
        return []
    waiting = Shift.objects.across_brands().filter(
        request_id=request_id, state__in=[ShiftState.ANNOUNCED, ShiftState.COLLECTING]
    )
    drawn_later = shifts_drawn_later(request_id)
    ids = [str(pk) for pk in waiting.values_list("pk", flat=True) if str(pk) not in drawn_later]
    shifts = locked_shifts(ids, [ShiftState.ANNOUNCED, ShiftState.COLLECTING])
    move_shifts(shifts, ShiftState.OPEN, by=by, at=at)
    Shift.objects.bulk_update(shifts, ["state"])
    return shifts


def close_wave(wave: ReleaseWave, *, by: Actor, at: datetime) -> None:
    """This function will note that a wave is over, in the caller's transaction."""
    if wave.state != WaveState.CLOSED:
        _move_wave(wave, WaveState.CLOSED, by=by, at=at)


def _locked_wave(wave_id: UUID) -> ReleaseWave:
    return ReleaseWave.objects.across_brands().select_for_update(of=("self",)).get(pk=wave_id)


def _move_wave(wave: ReleaseWave, target: WaveState, *, by: Actor, at: datetime) -> None:
    current = wave.state
    require_move(WAVE_MOVES, current, target)
    wave.state = target
    wave.save(update_fields=["state"])
    trail.record("scheduling.move_wave", wave, by=by, at=at, from_state=current, to_state=target)
