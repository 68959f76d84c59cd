"""Planned breaks of published shifts: half an hour for everybody who would work six hours unbroken, where cover is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gigcx.kernel.intervals import GRID_MINUTES, zone_of
from scheduling.design.breaks import BreakRule, place_breaks
from scheduling.design.problem import DesignedShift, DesignProblem, Family, Kind
from scheduling.models import Claim, Shift
from scheduling.queries.weeks import week_period
from scheduling.states import ClaimKind, ShiftState

UNBROKEN: Final = timedelta(hours=6)
_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
# In quarters: half an hour, from six hours on, never in the first or last two hours.
_RULE: Final = BreakRule(length=2, from_length=24, edge=8)


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """Half-open and UTC; `people` are that many of the shift's seats."""

    starts_at: datetime
    ends_at: datetime
    people: int


def has_break(shift: Shift) -> bool:
    """This function will tell whether a shift is long enough for a break."""
    return shift.ends_at - shift.starts_at >= UNBROKEN


def planned_breaks(shift: Shift) -> list[PlannedBreak]:
    """This function will say when the seats of a shift pause, the earliest first; nothing for a short shift.

    All shifts of the request are looked at together, so that not everybody pauses at once; two queries.
    """
    if not has_break(shift):
        return []
    first = week_period(shift.request.week_starts_on, zone_of(shift.request.timezone)).starts_at
    problem, designed = _together(shift, first)
    own = _kind(shift, first)
    taken = [one for one in place_breaks(problem, designed, rule=_RULE) if one.kind == own]
    return [
        PlannedBreak(first + _QUARTER * one.slot, first + _QUARTER * (one.slot + one.length), one.heads)
        for one in sorted(taken, key=lambda one: one.slot)
    ]


def planned_break_of(claim: Claim) -> PlannedBreak | None:
    """This function will return when the holder of a claim pauses: who claimed first, pauses first. None where nobody does."""
    breaks = planned_breaks(claim.shift) if claim.kind == ClaimKind.SEAT else []
    if not breaks:
        return None
    seats = Claim.objects.across_brands().occupying().filter(shift=claim.shift, kind=ClaimKind.SEAT)
    order = list(seats.order_by("claimed_at", "pk").values_list("pk", flat=True))
    at = order.index(claim.pk) if claim.pk in order else 0
    in_turn = [one for one in breaks for _seat in range(one.people)]
    return in_turn[at % len(in_turn)]


def _together(shift: Shift, first: datetime) -> tuple[DesignProblem, list[DesignedShift]]:
    """Every standing shift of the request over what it asks for, as one long day of quarters."""
    rows = Shift.objects.for_brand(shift.brand_id).filter(request_id=shift.request_id)
    shifts = list(rows.exclude(state=ShiftState.CANCELLED).order_by("pk"))
    heads: dict[Kind, int] = {}
    for one in shifts:
        kind = _kind(one, first)
        heads[kind] = heads.get(kind, 0) + one.seats
    slots = max(kind.start + kind.length for kind in heads)
    asked = {
        _slot(start, first): agents for start, agents in shift.request.intervals.values_list("starts_at", "agents")
    }
    problem = DesignProblem(
        slot_minutes=GRID_MINUTES,
        day_starts=(0,),
        required=tuple(asked.get(slot, 0) for slot in range(slots)),
        families=(Family(0, 0, 1, 1),),
    )
    return problem, [DesignedShift(kind, (count,)) for kind, count in sorted(heads.items())]


def _kind(shift: Shift, first: datetime) -> Kind:
    return Kind(_slot(shift.starts_at, first), _slot(shift.ends_at, first) - _slot(shift.starts_at, first))


def _slot(moment: datetime, first: datetime) -> int:
    return int((moment - first).total_seconds()) // (GRID_MINUTES * 60)
