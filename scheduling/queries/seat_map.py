"""Who holds which seat now and in the next hour, and what each of them does at this moment."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from recruiting.models import Program
from scheduling.models import Claim, Shift, WorkSession
from scheduling.models.claims import ClaimQuerySet
from scheduling.states import COMING, LATE_AFTER, ClaimKind, ClaimState, SeatNow, ShiftState

AHEAD: Final = timedelta(hours=1)
MOST_PEOPLE: Final = 600


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """One seat, or place on standby, and its holder."""

    claim_id: UUID
    name: str
    now: SeatNow
    is_standby: bool


@dataclass(frozen=True, slots=True)
class ShiftSeats:
    """A shift's seats: those held, by name, and how many are offered to the waitlist or free."""

    shift: Shift
    held: tuple[HeldSeat, ...]
    offered: int
    free: int


@dataclass(frozen=True, slots=True)
class SeatMap:
    """The seats of one program. `hidden` is how many holders are not listed, because nobody could read them."""

    program: Program
    shifts: tuple[ShiftSeats, ...]
    hidden: int

    @property
    def fingerprint(self) -> str:
        """What changes when anything on the map does; the clock alone changes nothing."""
        told = [(one.shift.pk, one.shift.ends_at, one.held, one.offered, one.free) for one in self.shifts]
        return hashlib.sha256(repr((self.program.pk, told, self.hidden)).encode()).hexdigest()[:32]


def seat_map(program: Program, *, at: datetime) -> SeatMap:
    """This function will read the seats of a program's shifts that run or begin within the hour, in three queries."""
    shifts = list(_shifts(program, at))
    claims = list(_claims(shifts)[: MOST_PEOPLE + 1])
    listed, hidden = claims[:MOST_PEOPLE], 0
    if len(claims) > MOST_PEOPLE:
        hidden = sum(one.filled + one.standby_filled for one in shifts) - MOST_PEOPLE
    doing = _doing(listed)
    held: dict[UUID, list[HeldSeat]] = {}
    for claim in listed:
        held.setdefault(claim.shift_id, []).append(_held(claim, doing.get(claim.pk), at))
    return SeatMap(
        program,
        tuple(
            ShiftSeats(one, tuple(held.get(one.pk, ())), one.reserved, one.seats - one.filled - one.reserved)
            for one in shifts
        ),
        max(0, hidden),
    )


def _shifts(program: Program, at: datetime) -> Iterable[Shift]:
    rows = Shift.objects.for_brand(program.brand_id).filter(program=program)
    now = rows.filter(state__in=[ShiftState.OPEN, ShiftState.STARTED]).touching(at, at + AHEAD)
    return now.order_by("starts_at", "ends_at", "pk")


def _claims(shifts: Iterable[Shift]) -> ClaimQuerySet:
    rows = Claim.objects.across_brands().filter(
        shift_id__in=[one.pk for one in shifts], state__in=[*COMING, ClaimState.CHECKED_IN]
    )
    return rows.select_related("agent__user").order_by("kind", "agent__user__full_name", "pk")


def _doing(claims: Iterable[Claim]) -> dict[UUID | None, str]:
    rows = WorkSession.objects.across_brands().live().filter(claim_id__in=[one.pk for one in claims])
    return dict(rows.values_list("claim_id", "state"))


def _held(claim: Claim, doing: str | None, at: datetime) -> HeldSeat:
    return HeldSeat(claim.pk, claim.agent.user.full_name, _now(claim, doing, at), claim.kind == ClaimKind.STANDBY)


def _now(claim: Claim, doing: str | None, at: datetime) -> SeatNow:
    if claim.state == ClaimState.CHECKED_IN:
        return SeatNow(doing) if doing in SeatNow.values else SeatNow.AWAY
    is_late = claim.kind == ClaimKind.SEAT and at > claim.starts_at + LATE_AFTER
    return SeatNow.LATE if is_late else SeatNow.COMING
