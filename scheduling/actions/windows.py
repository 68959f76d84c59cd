"""Draws opening and closing: what is frozen, what is struck, and the digest that binds everybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.intervals import Period
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from recruiting.models import Engagement
from recruiting.states import OPEN_ENGAGEMENT_STATES, Tier
from scheduling.actions.waves import locked_shifts, move_shifts
from scheduling.allocation import TICKETS_WINDOW_DAYS, digest_line, digest_of, tickets_of
from scheduling.allocation.stages import seats_in_share
from scheduling.events import WindowClosed
from scheduling.models import Claim, ClaimWindow, DrawEntry, SchedulingRules, Shift
from scheduling.queries.draws import is_for, shifts_of_window
from scheduling.queries.hours import minutes_in, overlap_with, week_of
from scheduling.queries.languages import work_of
from scheduling.queries.rules import rules_of
from scheduling.queries.taken import taken_times
from scheduling.states import (
    DRAW_ENTRY_MOVES,
    OCCUPYING,
    WINDOW_MOVES,
    ClaimSource,
    DrawEntryState,
    ShiftState,
    WaveState,
    WindowState,
)
from vetting.queries.eligibility import Eligibility, eligibilities

TIER_TICKETS: Final[dict[str, int]] = {Tier.NEW: 10, Tier.PROVEN: 12, Tier.TRUSTED: 15, Tier.LEAD: 20}
_AT_ONCE: Final = 1_000


def locked_window(window_id: UUID) -> ClaimWindow:
    """This function will lock a draw's row: entries being written are waited for, later ones see what was decided."""
    rows = ClaimWindow.objects.across_brands().select_for_update(of=("self",))
    return rows.select_related("wave__request__program__brand").get(pk=window_id)


def move_window(
    window: ClaimWindow, target: WindowState, *, fields: Sequence[str], by: Actor, at: datetime, reason: str = ""
) -> None:
    """This function will move a locked draw to a state and save it with the fields named."""
    current = window.state
    require_move(WINDOW_MOVES, current, target)
    window.state = target
    window.save(update_fields=["state", *fields])
    trail.record(
        _ACTIONS[target],
        window,
        by=by,
        at=at,
        from_state=current,
        to_state=target,
        reason=reason,
    )


_ACTIONS: Final = {
    WindowState.OPEN: "scheduling.open_window",
    WindowState.CLOSED: "scheduling.close_window",
    WindowState.DRAWN: "scheduling.draw_window",
    WindowState.REVEALED: "scheduling.reveal_window",
    WindowState.VOID: "scheduling.void_window",
}


@transaction.atomic
def open_window(*, window_id: UUID, by: Actor, at: datetime) -> None:
    """Take wishes for a draw whose time has come; its shifts are collecting from now on."""
    window = locked_window(window_id)
    if window.state != WindowState.COMMITTED or window.opens_at > at:
        return
    move_window(window, WindowState.OPEN, fields=(), by=by, at=at)
    _follow_wave(window)
    shifts = locked_shifts(window.result["shifts"], [ShiftState.ANNOUNCED])
    move_shifts(shifts, ShiftState.COLLECTING, by=by, at=at)
    Shift.objects.bulk_update(shifts, ["state"])


def _follow_wave(window: ClaimWindow) -> None:
    if window.wave.state == WaveState.PLANNED:
        window.wave.state = WaveState.OPEN
        window.wave.save(update_fields=["state"])


@transaction.atomic
def close_window(*, window_id: UUID, by: Actor, at: datetime) -> None:
    """Freeze the wishes of a draw whose time is over and publish their digest.

    An entry counts when its row was written before the closing time, however late this runs. Who may not work in the program
    is removed with the reason; a wish that clashes with a seat held, or that the certificate does not outlast, is struck.
    """
    window = locked_window(window_id)
    if window.state != WindowState.OPEN or window.closes_at > at:
        return
    slots = _slots(window)
    frozen = _frozen_entries(window, at)
    lines = sorted(
        digest_line(one.receipt, one.tickets or 1, one.outcome["minutes"], one.outcome["struck"]) for one in frozen
    )
    window.closed_at, window.entries_digest = at, digest_of(lines)
    window.result |= {"slots": slots, "lines": lines, "entrants": len(frozen)}
    move_window(window, WindowState.CLOSED, fields=("closed_at", "entries_digest", "result"), by=by, at=at)
    outbox.publish(
        WindowClosed(window_id=window.pk, request_id=window.wave.request_id), at=at, brand_id=window.brand_id
    )


def _slots(window: ClaimWindow) -> list[dict[str, Any]]:
    """The seats the draw gives, as they are free at the close, within the wave's share."""
    return [
        {
            "shift": str(shift.pk),
            "starts_at": shift.starts_at.isoformat(),
            "ends_at": shift.ends_at.isoformat(),
            "seats": _seats_given(shift, window.wave.share_cap_bp),
        }
        for shift in shifts_of_window(window)
    ]


def _seats_given(shift: Shift, share_bp: int) -> int:
    taken = shift.filled + shift.reserved
    return max(0, min(shift.seats, seats_in_share(shift.seats, share_bp)) - taken)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the close has to know of everybody who entered: a handful of queries for all of them."""

    window: ClaimWindow
    shifts: Mapping[str, Shift]
    rules: SchedulingRules
    answers: Mapping[UUID, Eligibility]
    engagements: Mapping[UUID, Engagement]
    won: Mapping[UUID, int]
    taken: Mapping[UUID, Any]


def _frozen_entries(window: ClaimWindow, at: datetime) -> list[DrawEntry]:
    rows = DrawEntry.objects.across_brands().select_for_update(of=("self",)).filter(window=window)
    entered = list(
        rows.filter(state=DrawEntryState.ENTERED, changed_at__lt=window.closes_at)
        .select_related("agent__user", "agent__calendar")
        .order_by("pk")
    )
    known = _known(window, entered, at)
    frozen = [entry for entry in entered if _freeze(entry, known)]
    DrawEntry.objects.bulk_update(entered, ["state", "tickets", "reason", "outcome"], batch_size=_AT_ONCE)
    return frozen


def _known(window: ClaimWindow, entered: Sequence[DrawEntry], at: datetime) -> _Known:
    request, agents = window.wave.request, [one.agent for one in entered]
    program = request.program
    ids = [agent.pk for agent in agents]
    shifts = {str(shift.pk): shift for shift in shifts_of_window(window)}
    held = Engagement.objects.across_brands().filter(program=program, agent__in=ids, state__in=OPEN_ENGAGEMENT_STATES)
    return _Known(
        window=window,
        shifts=shifts,
        rules=rules_of(program),
        answers=eligibilities(agents, program, at, work=work_of(request)) if agents else {},
        engagements={one.agent_id: one for one in held.order_by("-pk")},
        won=_seats_won(program.pk, ids, at),
        taken=taken_times(agents, shifts.values()),
    )


def _seats_won(program_id: UUID, agent_ids: Iterable[UUID], at: datetime) -> dict[UUID, int]:
    """Seats that draws of the program gave in 28 days and that were kept."""
    rows = Claim.objects.across_brands().filter(
        agent__in=agent_ids,
        shift__program_id=program_id,
        source=ClaimSource.DRAW,
        state__in=list(OCCUPYING),
        claimed_at__gte=at - timedelta(days=TICKETS_WINDOW_DAYS),
    )
    return dict(rows.values_list("agent_id").annotate(n=Count("pk")).order_by())


def _freeze(entry: DrawEntry, known: _Known) -> bool:
    reason, struck, minutes = _standing(entry, known)
    target = DrawEntryState.REMOVED if reason else DrawEntryState.FROZEN
    require_move(DRAW_ENTRY_MOVES, entry.state, target)
    entry.state, entry.reason = target, reason
    entry.outcome = {"struck": struck, "minutes": minutes}
    if reason:
        return False
    engagement = known.engagements[entry.agent_id]
    entry.tickets = tickets_of(TIER_TICKETS.get(engagement.tier, 10), known.won.get(entry.agent_id, 0))
    return True


def _standing(entry: DrawEntry, known: _Known) -> tuple[str, list[str], int | None]:
    """Why the entry is out, if it is; otherwise which wishes are struck and how many minutes it may win."""
    answer, engagement = known.answers.get(entry.agent_id), known.engagements.get(entry.agent_id)
    if answer is None or engagement is None or not answer.is_eligible or not is_for(known.window, engagement):
        return _("Not eligible for the program when the draw closed."), [], None
    struck = [wish for wish in entry.wishes if _is_struck(wish, entry, answer, known)]
    if len(struck) == len(entry.wishes):
        return _("Every wish clashed with other work or could not be worked to its end."), struck, None
    minutes = _minutes(entry, engagement, known)
    if not minutes:
        return _("The hours one may commit to this early were used up."), struck, None
    return "", struck, minutes


def _is_struck(wish: str, entry: DrawEntry, answer: Eligibility, known: _Known) -> bool:
    shift = known.shifts.get(wish)
    if shift is None:
        return True
    if answer.lapses_at is not None and answer.lapses_at < shift.ends_at:
        return True
    held, _zone = known.taken[entry.agent_id]
    return overlap_with(Period(shift.starts_at, shift.ends_at), held) is not None


def _minutes(entry: DrawEntry, engagement: Engagement, known: _Known) -> int:
    """The least of what was asked for and what the program's weekly share for draws leaves, in the fullest week touched."""
    held, zone = known.taken[entry.agent_id]
    own = [one.period for one in held if one.engagement_id == engagement.pk]
    weeks = {
        week_of(known.shifts[wish].starts_at.astimezone(zone).date(), zone)
        for wish in entry.wishes
        if wish in known.shifts
    }
    left = min(known.rules.draw_week_minutes - minutes_in(week, own) for week in weeks)
    return max(0, left if entry.max_minutes is None else min(left, entry.max_minutes))
