"""What giving a seat back costs, now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from scheduling.models import Claim
from scheduling.registries import reliability_preview
from scheduling.states import COMING

UNDO_BEFORE_START: Final = timedelta(hours=2)
LATE_POINTS: Final = -5
NO_SHOW_POINTS: Final = -50
# Upper ends of notice and what releasing inside them costs, least notice first.
_LADDER: Final = ((timedelta(hours=2), -30), (timedelta(hours=8), -15))
_LOCK_DOWN_POINTS: Final = -5


@dataclass(frozen=True, slots=True)
class ReleaseCost:
    """Points (zero or less) of releasing now, why, and when it gets dearer. `is_undo`: free, leaves no trace."""

    points: int
    sentence: str
    changes_at: datetime | None
    is_undo: bool
    preview: str = ""


def can_undo(claim: Claim, *, at: datetime) -> bool:
    """This function will tell whether the claim can still be undone without a trace."""
    return claim.state in COMING and at < claim.undo_until


def release_points(notice: timedelta, lock_down: timedelta) -> int:
    """This function will return the points of giving a seat back with that much notice: 0, -5, -15 or -30."""
    for upper, points in _LADDER:
        if notice < upper:
            return points
    return _LOCK_DOWN_POINTS if notice < lock_down else 0


def release_cost(claim: Claim, *, at: datetime) -> ReleaseCost:
    """This function will say what giving the seat back costs at that moment and when that changes."""
    lock_down = timedelta(hours=claim.shift.program.lock_down_hours)
    if can_undo(claim, at=at):
        return ReleaseCost(0, _("Undoing is free and leaves no trace."), claim.undo_until, is_undo=True)
    points = release_points(claim.starts_at - at, lock_down)
    sentence = (
        _("Giving it back now costs nothing.")
        if points == 0
        else _("Giving it back now takes %(points)s points off your reliability.") % {"points": -points}
    )
    preview = reliability_preview().after(claim.agent, points, at) if points else ""
    return ReleaseCost(points, sentence, _next_step(claim, at, lock_down), is_undo=False, preview=preview)


def _next_step(claim: Claim, at: datetime, lock_down: timedelta) -> datetime | None:
    marks = [claim.starts_at - step for step in (lock_down, timedelta(hours=8), timedelta(hours=2))]
    return next((mark for mark in sorted(marks) if mark > at), None)
