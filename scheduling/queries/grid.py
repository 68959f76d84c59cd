"""A program's week as a grid: days down, times across, each cell required, filled, and the gap between."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import GRID_MINUTES, day_grid, zone_of
from gigcx.kernel.money import Money, round_minor
from recruiting.models import Program, RateCard
from recruiting.queries import active_rate_card
from scheduling.models import CapacityRequest, RequestedInterval, Shift
from scheduling.queries.prices import hourly_pay
from scheduling.queries.weeks import days_of_week, week_period
from scheduling.states import COMMITTED, PLANNING

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
_OPEN_FROM: Final = time(8)
_OPEN_TO: Final = 22 * 60


@dataclass(frozen=True, slots=True)
class Quarter:
    """One stored quarter of an hour: promised demand, pencilled demand, booked and filled seats."""

    required: int = 0
    pencilled: int = 0
    seats: int = 0
    filled: int = 0

    @property
    def gap(self) -> int:
        """Seats still missing for the promised demand; below zero where there are more than asked for."""
        return self.required - self.filled


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, half-open and UTC. `exists` is False where the clocks jump over it."""

    starts_at: datetime | None
    ends_at: datetime | None
    required: int
    pencilled: int
    filled: int
    seats: int
    is_past: bool = False

    @property
    def exists(self) -> bool:
        """Whether the local day has this time."""
        return self.starts_at is not None

    @property
    def total(self) -> int:
        """Promised and pencilled demand together."""
        return self.required + self.pencilled

    @property
    def gap(self) -> int:
        """Seats missing (above zero) or over (below zero), of the promised demand."""
        return self.required - self.filled


@dataclass(frozen=True, slots=True)
class Column:
    """One time of day; `is_second` marks the repeated hour of the day on which clocks go back."""

    clock: time
    is_second: bool

    @property
    def starts_hour(self) -> bool:
        """Whether the column begins a full hour."""
        return self.clock.minute == 0


@dataclass(frozen=True, slots=True)
class Row:
    """One local day."""

    on: date
    cells: tuple[Cell, ...]
    hours: int
    required_quarters: int
    filled_share: float | None


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """The whole week with its sums, in quarters of an hour, and its prices."""

    program: Program
    channel: str
    language: str
    week_starts_on: date
    minutes: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    planning: CapacityRequest | None
    required_quarters: int
    filled_quarters: int
    short_quarters: int
    over_quarters: int
    booked_quarters: int
    pencilled_quarters: int
    bill_per_hour: Money | None
    pay_per_hour: Money | None

    def price_of(self, quarters: int) -> Money | None:
        """What so many quarters of an hour cost the brand, before tiers."""
        if self.bill_per_hour is None:
            return None
        return Money(round_minor_quarters(self.bill_per_hour.amount_minor, quarters), self.bill_per_hour.currency)


def round_minor_quarters(minor_per_hour: int, quarters: int) -> int:
    """This function will multiply an hourly price by quarters of an hour and round once."""
    return round_minor(Fraction(minor_per_hour * quarters, 4))


def week_grid(
    program: Program,
    *,
    channel: str,
    week_starts_on: date,
    minutes: int,
    at: datetime,
    language: str = "",
    is_all_hours: bool = False,
) -> WeekGrid:
    """This function will read one week of a program's channel and language with five queries, whatever it holds.

    `minutes` is the zoom: 15, 30 or 60. A cell over several quarters shows the worst of them.
    """
    zone = zone_of(program.timezone)
    requests = list(
        CapacityRequest.objects.for_brand(program.brand_id)
        .of_week(program.pk, channel, week_starts_on, language=language)
        .in_states([*PLANNING, *COMMITTED])
        .order_by("pk")
    )
    quarters = _quarters(program, (channel, language), week_starts_on, requests, zone)
    span = (0, 24 * 60) if is_all_hours else shown_span(program, _used(quarters), zone)
    columns = columns_of(span, week_starts_on, minutes, zone)
    rows = tuple(_row(on, columns, quarters, minutes=minutes, zone=zone, at=at) for on in days_of_week(week_starts_on))
    card = active_rate_card(program.pk, at)
    return WeekGrid(
        program=program,
        channel=channel,
        language=language,
        week_starts_on=week_starts_on,
        minutes=minutes,
        columns=columns,
        rows=rows,
        planning=next((one for one in requests if one.state in PLANNING), None),
        required_quarters=sum(one.required for one in quarters.values()),
        filled_quarters=sum(min(one.required, one.filled) for one in quarters.values()),
        short_quarters=sum(max(0, one.gap) for one in quarters.values()),
        over_quarters=sum(max(0, -one.gap) for one in quarters.values()),
        booked_quarters=sum(one.seats for one in quarters.values()),
        pencilled_quarters=sum(one.pencilled for one in quarters.values()),
        bill_per_hour=_hour(card, "bill"),
        pay_per_hour=_hour(card, "pay"),
    )


def _hour(card: RateCard | None, side: str) -> Money | None:
    if card is None:
        return None
    hour = hourly_pay(card)
    return hour.bill if side == "bill" else hour.pay


def _quarters(
    program: Program,
    work: tuple[str, str],
    week_starts_on: date,
    requests: Sequence[CapacityRequest],
    zone: ZoneInfo,
) -> dict[datetime, Quarter]:
    week = week_period(week_starts_on, zone)
    required: dict[datetime, int] = {}
    pencilled: dict[datetime, int] = {}
    planning = {one.pk for one in requests if one.state in PLANNING}
    intervals = RequestedInterval.objects.for_brand(program.brand_id).filter(request__in=requests)
    for request_id, start, agents in intervals.values_list("request_id", "starts_at", "agents"):
        demand = pencilled if request_id in planning else required
        demand[start] = demand.get(start, 0) + agents
    shifts = (
        Shift.objects.for_brand(program.brand_id)
        .standing()
        .filter(program=program, channel=work[0], language=work[1])
        .touching(week.starts_at, week.ends_at)
    )
    seats, filled = _seat_curves(shifts.values_list("starts_at", "ends_at", "seats", "filled"))
    return {
        start: Quarter(required.get(start, 0), pencilled.get(start, 0), seats.get(start, 0), filled.get(start, 0))
        for start in (step.starts_at for step in week.steps(GRID_MINUTES))
    }


def _seat_curves(
    shifts: Iterable[tuple[datetime, datetime, int, int]],
) -> tuple[dict[datetime, int], dict[datetime, int]]:
    seats: dict[datetime, int] = {}
    filled: dict[datetime, int] = {}
    for starts_at, ends_at, of_seats, of_filled in shifts:
        start = starts_at
        while start < ends_at:
            seats[start] = seats.get(start, 0) + of_seats
            filled[start] = filled.get(start, 0) + of_filled
            start += _QUARTER
    return seats, filled


def columns_of(span: tuple[int, int], week_starts_on: date, minutes: int, zone: ZoneInfo) -> tuple[Column, ...]:
    """This function will return the wall times of a span of minutes of the day; a doubled hour gets columns of its own."""
    first, last = span
    doubled = _doubled_clocks(week_starts_on, zone)
    columns: list[Column] = []
    hour: list[Column] = []
    for minute in range(first, last, minutes):
        clock = time(minute // 60, minute % 60)
        columns.append(Column(clock, is_second=False))
        if clock in doubled:
            hour.append(Column(clock, is_second=True))
        if hour and (clock.minute + minutes) % 60 == 0:
            columns.extend(hour)
            hour = []
    return tuple(columns)


def shown_span(program: Program, used: Iterable[datetime], zone: ZoneInfo) -> tuple[int, int]:
    """This function will return the service hours in minutes of the day, widened to whatever quarters are used."""
    starts, ends = [_minute_of(_OPEN_FROM)], [_OPEN_TO]
    if program.service_hours:
        starts = [_minute_of(time.fromisoformat(one["from"])) for one in program.service_hours]
        ends = [_minute_of(time.fromisoformat(one["to"])) or 24 * 60 for one in program.service_hours]
        if any(end <= start for start, end in zip(starts, ends, strict=True)):
            return 0, 24 * 60
    clocks = {start.astimezone(zone).time() for start in used}
    starts += [_minute_of(clock) for clock in clocks]
    ends += [_minute_of(clock) + GRID_MINUTES for clock in clocks]
    return min(starts) // 60 * 60, -(-max(ends) // 60) * 60


def _used(quarters: Mapping[datetime, Quarter]) -> Iterable[datetime]:
    return (start for start, one in quarters.items() if one != Quarter())


def _minute_of(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _doubled_clocks(week_starts_on: date, zone: ZoneInfo) -> set[time]:
    return {
        start.astimezone(zone).time()
        for on in days_of_week(week_starts_on)
        for start in day_grid(on, zone)
        if start.astimezone(zone).fold
    }


def _row(
    on: date,
    columns: Sequence[Column],
    quarters: Mapping[datetime, Quarter],
    *,
    minutes: int,
    zone: ZoneInfo,
    at: datetime,
) -> Row:
    grid = day_grid(on, zone)
    starts = {(local.time(), bool(local.fold)): start for start in grid for local in [start.astimezone(zone)]}
    cells = tuple(_cell(starts.get((column.clock, column.is_second)), minutes, quarters, at) for column in columns)
    own = [quarters[start] for start in grid]
    required = sum(one.required for one in own)
    filled = sum(min(one.required, one.filled) for one in own)
    return Row(on, cells, len(grid) // 4, required, filled / required if required else None)


def _cell(starts_at: datetime | None, minutes: int, quarters: Mapping[datetime, Quarter], at: datetime) -> Cell:
    if starts_at is None:
        return Cell(None, None, 0, 0, 0, 0)
    steps = range(minutes // GRID_MINUTES)
    parts = [quarters.get(starts_at + _QUARTER * step, Quarter()) for step in steps]
    worst = max(parts, key=lambda one: (one.gap, one.required))
    return Cell(
        starts_at,
        starts_at + timedelta(minutes=minutes),
        worst.required,
        max(one.pencilled for one in parts),
        worst.filled,
        worst.seats,
        is_past=starts_at < at,
    )
