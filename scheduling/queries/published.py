"""What is published already: demand that was promised, seats that cover it, and seats that cover more than was asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, DateTimeField, F, Sum, UUIDField, Value

from gigcx.kernel.intervals import GRID_MINUTES, Period, zone_of
from recruiting.models import Program
from scheduling.models import CapacityRequest, InHouseCoverage, RequestedInterval, Shift
from scheduling.queries.weeks import week_period
from scheduling.states import COMMITTED, PLANNING

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


@dataclass(frozen=True, slots=True)
class TypedRequest:
    """A week's request whose agents were typed."""

    pk: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a week has: what is published, heads of the brand's own staff by quarter, and the request that was typed.

    `typed` is the request being planned, else the newest promised.
    """

    published: Published
    heads: Mapping[datetime, int]
    typed: TypedRequest | None


def standing_of(program: Program, channel: str, week_starts_on: date, *, language: str = "") -> Standing:
    """This function will read all of it with one query: the page of a requirement has many others to make."""
    week = week_period(week_starts_on, zone_of(program.timezone))
    asked: dict[datetime, int] = {}
    heads: dict[datetime, int] = {}
    seats: list[tuple[datetime, datetime, int]] = []
    typed: dict[tuple[bool, datetime, UUID], TypedRequest] = {}
    for what, start, until, count, request_id, number, state, since in _everything(program, channel, language, week):
        match what:
            case "heads":
                heads[start] = count
            case "seats":
                seats.append((start, until, count))
            case _ if state in COMMITTED:
                asked[start] = asked.get(start, 0) + count
        if what == "asked" and count:
            typed[state in PLANNING, since, request_id] = TypedRequest(request_id, number)
    newest = typed[max(typed)] if typed else None
    return Standing(Published(asked, seats_by_quarter(seats)), heads, newest)


def _everything(program: Program, channel: str, language: str, week: Period) -> Iterable[tuple[Any, ...]]:
    """Rows of kind, start, end, count, and the request with its number, state and beginning, where they are of one."""
    shape = ("what", "starts_at", "until", "count", "ref", "number", "state", "since")
    rows = _week_of(RequestedInterval.objects.for_brand(program.brand_id), week).filter(
        request__program=program,
        request__channel=channel,
        request__language=language,
        request__state__in=[*PLANNING, *COMMITTED],
    )
    asked = rows.annotate(
        what=Value("asked"),
        until=F("starts_at"),
        count=F("agents"),
        ref=F("request_id"),
        number=F("request__number"),
        state=F("request__state"),
        since=F("request__created_at"),
    )
    nothing = {
        "ref": Value(None, UUIDField()),
        "number": Value(None, CharField()),
        "since": Value(None, DateTimeField()),
    }
    shifts = Shift.objects.for_brand(program.brand_id).standing().touching(week.starts_at, week.ends_at)
    seats = shifts.filter(program=program, channel=channel, language=language).annotate(
        what=Value("seats"), until=F("ends_at"), count=F("seats"), **nothing
    )
    own = _week_of(InHouseCoverage.objects.for_brand(program.brand_id), week).filter(
        program=program, channel=channel, language=language
    )
    heads = own.annotate(
        what=Value("heads"), until=F("starts_at"), count=F("heads"), state=Value(None, CharField()), **nothing
    )
    found: Iterable[tuple[Any, ...]] = (
        asked.order_by()
        .values_list(*shape)
        .union(*(one.order_by().values_list(*shape) for one in (seats, heads)), all=True)
    )
    return found


def _week_of(rows: Any, week: Period) -> Any:
    return rows.filter(starts_at__gte=week.starts_at, starts_at__lt=week.ends_at)


def published_of(
    program: Program, channel: str, week_starts_on: date, *, language: str = "", but: UUID | None = None
) -> Published:
    """This function will read a week of one language with two queries; `but` leaves one request and its shifts out."""
    week = week_period(week_starts_on, zone_of(program.timezone))
    return Published(_asked(program, channel, language, week, but), _seats(program, channel, language, week, but))


def published_beside(request: CapacityRequest) -> Published:
    """This function will read what is published in a request's week beside it."""
    return published_of(
        request.program, request.channel, request.week_starts_on, language=request.language, but=request.pk
    )


def _asked(program: Program, channel: str, language: str, week: Period, but: UUID | None) -> dict[datetime, int]:
    rows = _week_of(RequestedInterval.objects.for_brand(program.brand_id), week).filter(
        request__program=program,
        request__channel=channel,
        request__language=language,
        request__state__in=list(COMMITTED),
    )
    rows = rows.exclude(request_id=but)
    return dict(rows.values_list("starts_at").annotate(agents=Sum("agents")).order_by("starts_at"))


def _seats(program: Program, channel: str, language: str, week: Period, but: UUID | None) -> dict[datetime, int]:
    rows = Shift.objects.for_brand(program.brand_id).standing()
    rows = rows.filter(program=program, channel=channel, language=language)
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
