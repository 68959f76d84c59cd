"""What is published already: demand that was promised, seats that cover it, and seats that cover more than was asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Sum

from gigcx.kernel.intervals import GRID_MINUTES, Period, zone_of
from recruiting.models import Program
from scheduling.models import CapacityRequest, RequestedInterval, Shift
from scheduling.queries.weeks import week_period
from scheduling.states import COMMITTED

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)


@dataclass(frozen=True, slots=True)
class Published:
    """By quarter: agents that published requests ask for, and seats of published shifts, whichever request they are of."""

    asked: Mapping[datetime, int]
    seats: Mapping[datetime, int]

    def cover(self, start: datetime) -> int:
        """What a further request need not ask for: what is promised, or has seats, whichever is more."""
        return max(self.asked.get(start, 0), self.seats.get(start, 0))

    def spare(self, start: datetime) -> int:
        """Seats beyond what published requests ask for; they cover a further request's demand."""
        return max(0, self.seats.get(start, 0) - self.asked.get(start, 0))


def published_of(program: Program, channel: str, week_starts_on: date, *, but: UUID | None = None) -> Published:
    """This function will read a week with two queries; `but` leaves one request and its shifts out."""
    week = week_period(week_starts_on, zone_of(program.timezone))
    return Published(_asked(program, channel, week, but), _seats(program, channel, week, but))


def published_beside(request: CapacityRequest) -> Published:
    """This function will read what is published in a request's week beside it."""
    return published_of(request.program, request.channel, request.week_starts_on, but=request.pk)


def _asked(program: Program, channel: str, week: Period, but: UUID | None) -> dict[datetime, int]:
    rows = RequestedInterval.objects.for_brand(program.brand_id).filter(
        request__program=program,
        request__channel=channel,
        request__state__in=list(COMMITTED),
        starts_at__gte=week.starts_at,
        starts_at__lt=week.ends_at,
    )
    rows = rows.exclude(request_id=but)
    return dict(rows.values_list("starts_at").annotate(agents=Sum("agents")).order_by("starts_at"))


def _seats(program: Program, channel: str, week: Period, but: UUID | None) -> dict[datetime, int]:
    rows = Shift.objects.for_brand(program.brand_id).standing().filter(program=program, channel=channel)
    rows = rows.touching(week.starts_at, week.ends_at).exclude(request_id=but)
    return seats_by_quarter(rows.values_list("starts_at", "ends_at", "seats"))


def seats_by_quarter(shifts: Iterable[tuple[datetime, datetime, int]]) -> dict[datetime, int]:
    """This function will add up seats over the quarters that their shifts cover."""
    found: dict[datetime, int] = {}
    for starts_at, ends_at, seats in shifts:
        moment = starts_at
        while moment < ends_at:
            found[moment] = found.get(moment, 0) + seats
            moment += _QUARTER
    return found
