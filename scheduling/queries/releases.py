"""What giving a seat back costs, now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from gigcx.audit.models import AuditEntry
from gigcx.notify.models import Notification
from scheduling.models import Claim
from scheduling.registries import reliability_preview
from scheduling.states import COMING, OCCUPYING, ClaimState

UNDO_BEFORE_START: Final = timedelta(hours=2)
CONFIRM_FROM: Final = timedelta(hours=24)
CONFIRM_UNTIL: Final = timedelta(hours=2)
_PEACE: Final = timedelta(hours=1)
_LOOK_BACK: Final = timedelta(days=1)
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
    """This function will tell whether the claim can still be undone, or declined where it was given, without a trace."""
    return claim.state in COMING and at < free_until(claim)


def free_until(claim: Claim) -> datetime:
    """This function will return until when giving the seat back leaves no trace."""
    return max(claim.undo_until, claim.decline_until or claim.undo_until)


def can_confirm(claim: Claim, *, at: datetime) -> bool:
    """This function will tell whether the holder may say now that they will come."""
    opens, ends = claim.starts_at - CONFIRM_FROM, claim.starts_at - CONFIRM_UNTIL
    return claim.state == ClaimState.CLAIMED and opens <= at < ends


def claims_to_remind(*, at: datetime) -> list[UUID]:
    """This function will return claims to be confirmed whose holder was not told yet, an hour after claiming at the earliest."""
    told = Notification.objects.filter(
        dedupe_key=Concat(
            Cast(OuterRef("pk"), CharField()), Value(":confirm_shift:"), Cast(OuterRef("agent__user_id"), CharField())
        )
    )
    rows = Claim.objects.across_brands().filter(
        state=ClaimState.CLAIMED,
        starts_at__gt=at + CONFIRM_UNTIL,
        starts_at__lte=at + CONFIRM_FROM,
        claimed_at__lte=at - _PEACE,
    )
    return list(rows.exclude(Exists(told)).order_by("starts_at", "pk").values_list("pk", flat=True))


def has_retaken(taken: Claim) -> bool:
    """This function will tell whether the points of a seat given back were void already because of this claim."""
    released = Claim.objects.across_brands().filter(shift_id=taken.shift_id, state=ClaimState.RELEASED)
    lines = AuditEntry.objects.filter(
        subject_type=Claim._meta.label_lower,
        subject_id__in=released.values("pk"),
        action="scheduling.void_points",
        changes__retaken_by=str(taken.pk),
    )
    return lines.exists()


def claims_that_retook(*, at: datetime) -> list[UUID]:
    """This function will return claims after which a seat of the shift still bears the points of somebody who gave it back."""
    rows = Claim.objects.across_brands().filter(
        state__in=list(OCCUPYING),
        shift__claims__state=ClaimState.RELEASED,
        shift__claims__points__lt=0,
        shift__claims__left_at__lte=F("claimed_at"),
        ends_at__gte=at - _LOOK_BACK,
    )
    return list(rows.order_by("claimed_at", "pk").distinct().values_list("pk", flat=True))


def retaken_by(taken: Claim) -> Claim | None:
    """This function will return the seat that another agent was first to give back with points before this claim, or None."""
    rows = Claim.objects.across_brands().filter(
        shift_id=taken.shift_id, state=ClaimState.RELEASED, points__lt=0, left_at__lte=taken.claimed_at
    )
    return rows.exclude(agent_id=taken.agent_id).order_by("left_at", "pk").first()


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
        return ReleaseCost(0, _("Undoing is free and leaves no trace."), free_until(claim), is_undo=True)
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
