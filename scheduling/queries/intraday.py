"""The rest of the day: what is needed as it turns out, who is there or coming, and where that falls short."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gigcx.kernel.intervals import GRID_MINUTES, week_start, zone_of
from recruiting.models import Program
from scheduling.models import ActualPoint, Claim, Forecast, InHouseCoverage, RequestedInterval, Shift, WorkSession
from scheduling.queries.forecasts import points_of, published_forecast
from scheduling.queries.targets import promise_of, target_of
from scheduling.staffing import reforecast, staff
from scheduling.states import COMING, COMMITTED, ClaimKind, ClaimState, SessionState, ShiftState, StaffingModel

QUARTER: Final = timedelta(minutes=GRID_MINUTES)
AHEAD: Final = timedelta(hours=4)
# So many contacts the forecast is believed for before the day speaks.
PRIOR: Final = 20.0
_LOOK_BACK: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Step:
    """One quarter: seats asked for, seats needed as the day goes, own staff, who claimed, who confirmed or is there."""

    starts_at: datetime
    requested: int
    needed: int
    in_house: int
    claimed: int
    sure: int

    @property
    def short(self) -> int:
        """People missing, below zero where there are more than needed."""
        return self.needed - self.claimed


@dataclass(frozen=True, slots=True)
class Outlook:
    """The next hours of one channel in one language.

    `ratio` is how much more comes than was forecast; None without a forecast or actuals.
    """

    program: Program
    channel: str
    steps: tuple[Step, ...]
    present: int
    ratio: float | None
    forecast: Forecast | None
    volumes: tuple[tuple[datetime, float, float], ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that runs together: at most so many missing at once, so many person-minutes in all."""

    starts_at: datetime
    ends_at: datetime
    people: int
    minutes: int
    needed: int
    expected: int


@dataclass(frozen=True, slots=True)
class DayVolumes:
    """The day's contacts by quarter as they are expected now, and what that expectation rests on."""

    forecast: Forecast | None
    ratio: float | None
    points: dict[datetime, tuple[float, float]]


def day_volumes(program: Program, channel: str, *, at: datetime, language: str = "") -> DayVolumes:
    """This function will bend the rest of the published forecast by how the last twelve hours went: three queries."""
    zone = zone_of(program.timezone)
    forecast = published_forecast(program.pk, channel, week_start(at.astimezone(zone).date()), language=language)
    if forecast is None:
        return DayVolumes(None, None, {})
    points = {start: (float(volume), float(aht)) for start, (volume, aht) in points_of(forecast).items()}
    now = quarter_of(at)
    starts = sorted(start for start in points if now - _LOOK_BACK <= start < now + AHEAD)
    came = _actuals(program, channel, language, starts[0] if starts else now, now)
    elapsed = 0
    while elapsed < len(starts) and starts[elapsed] in came:
        elapsed += 1
    if not elapsed:
        return DayVolumes(forecast, None, points)
    expected = [points[start][0] for start in starts]
    seen = [came[start][0] for start in starts[:elapsed]]
    times, took = [points[start][1] for start in starts], [came[start][1] for start in starts[:elapsed]]
    times = [value or (max(times) or 1.0) for value in times]
    bent = reforecast(expected, seen, elapsed, PRIOR, forecast_aht=times, actual_aht=took)
    handled = bent.aht if bent.aht is not None else times
    new = {start: (float(bent.volume[i]), float(handled[i])) for i, start in enumerate(starts) if i >= elapsed}
    seen_points = {start: came[start] for start in starts[:elapsed]}
    return DayVolumes(forecast, bent.ratio, {**points, **seen_points, **new})


def _actuals(
    program: Program, channel: str, language: str, since: datetime, until: datetime
) -> dict[datetime, tuple[float, float]]:
    rows = ActualPoint.objects.for_brand(program.brand_id).filter(
        program=program, channel=channel, language=language, starts_at__gte=since, starts_at__lt=until
    )
    return {
        start: (float(offered), float(aht))
        for start, offered, aht in rows.values_list("starts_at", "offered", "aht_seconds")
    }


def quarter_of(at: datetime) -> datetime:
    """This function will return the start of the quarter of an hour that a moment lies in."""
    return at.replace(minute=at.minute // GRID_MINUTES * GRID_MINUTES, second=0, microsecond=0)


def outlook(program: Program, channel: str, *, at: datetime, language: str = "", ahead: timedelta = AHEAD) -> Outlook:
    """This function will compare present, confirmed and needed people of the coming quarters: nine queries at most."""
    now = quarter_of(at)
    starts = [now + QUARTER * step for step in range(int(ahead / QUARTER))]
    end = starts[-1] + QUARTER
    requested = _requested(program, channel, language, now, end)
    own = _own_staff(program, channel, language, now, end)
    day = day_volumes(program, channel, at=at, language=language)
    needed = _needed(program, channel, language, starts, day, own) if day.ratio is not None else requested
    claims = _claims(program, channel, language, now, end)
    here = _here(program, channel, language)
    steps = tuple(
        Step(
            starts_at=start,
            requested=requested.get(start, 0),
            needed=needed.get(start, 0),
            in_house=own.get(start, 0),
            claimed=_counted(claims, here, start, at=at, is_sure=False),
            sure=_counted(claims, here, start, at=at, is_sure=True),
        )
        for start in starts
    )
    volumes = tuple((start, *day.points[start]) for start in sorted(day.points))
    return Outlook(program, channel, steps, len(here), day.ratio, day.forecast, volumes, language)


def _requested(program: Program, channel: str, language: str, since: datetime, until: datetime) -> dict[datetime, int]:
    rows = RequestedInterval.objects.for_brand(program.brand_id).filter(
        request__program=program,
        request__channel=channel,
        request__language=language,
        request__state__in=list(COMMITTED),
        starts_at__gte=since,
        starts_at__lt=until,
    )
    found: dict[datetime, int] = {}
    for start, agents in rows.values_list("starts_at", "agents"):
        found[start] = found.get(start, 0) + agents
    return found


def _own_staff(program: Program, channel: str, language: str, since: datetime, until: datetime) -> dict[datetime, int]:
    rows = InHouseCoverage.objects.for_brand(program.brand_id).filter(
        program=program, channel=channel, language=language, starts_at__gte=since, starts_at__lt=until
    )
    return dict(rows.values_list("starts_at", "heads"))


def _needed(  # noqa: PLR0917  the parts of one day
    program: Program,
    channel: str,
    language: str,
    starts: Sequence[datetime],
    day: DayVolumes,
    own: dict[datetime, int],
) -> dict[datetime, int]:
    """Seats as the program's own promise wants them, own staff taken off; work that may wait stays as it was asked for."""
    target = target_of(program, channel, language=language)
    given = [day.points.get(start, (0.0, 0.0)) for start in starts]
    if target.model == StaffingModel.DEFERRED:
        return _requested(program, channel, language, starts[0], starts[-1] + QUARTER)
    volume, aht = [one[0] for one in given], [one[1] or 1.0 for one in given]
    heads = [own.get(start, 0) for start in starts]
    found = staff(volume, aht, GRID_MINUTES * 60, promise_of(target), in_house=heads)
    return {start: int(found.to_book[place]) for place, start in enumerate(starts)}


def _claims(program: Program, channel: str, language: str, since: datetime, until: datetime) -> list[Claim]:
    rows = Claim.objects.for_brand(program.brand_id).filter(
        shift__program=program,
        shift__channel=channel,
        shift__language=language,
        kind=ClaimKind.SEAT,
        state__in=[*COMING, ClaimState.CHECKED_IN],
        starts_at__lt=until,
        ends_at__gt=since,
    )
    return list(rows.order_by("starts_at", "pk"))


def _here(program: Program, channel: str, language: str) -> set[UUID]:
    rows = WorkSession.objects.for_brand(program.brand_id).live().exclude(state=SessionState.LOST)
    mine = rows.filter(claim__shift__program=program, claim__shift__channel=channel, claim__shift__language=language)
    return {claim_id for claim_id in mine.values_list("claim_id", flat=True) if claim_id is not None}


def _counted(claims: Sequence[Claim], here: set[UUID], start: datetime, *, at: datetime, is_sure: bool) -> int:
    """Who is at the desk counts; who should be and is not does not; who is to come counts as claimed, confirmed as sure."""
    found = 0
    for claim in claims:
        if not claim.starts_at < start + QUARTER or not claim.ends_at > start:
            continue
        if claim.state == ClaimState.CHECKED_IN:
            found += claim.pk in here
        elif claim.starts_at > at:
            found += claim.state == ClaimState.CONFIRMED or not is_sure
    return found


def gaps_of(found: Outlook) -> list[Gap]:
    """This function will join quarters that fall short into stretches, the first leading."""
    gaps: list[Gap] = []
    run: list[Step] = []
    for step in (*found.steps, None):
        if step is not None and step.short > 0:
            run.append(step)
        elif run:
            gaps.append(_joined(run))
            run = []
    return gaps


def _joined(run: Sequence[Step]) -> Gap:
    worst = max(run, key=lambda step: step.short)
    minutes = sum(step.short for step in run) * GRID_MINUTES
    return Gap(run[0].starts_at, run[-1].starts_at + QUARTER, worst.short, minutes, worst.needed, worst.claimed)


def surplus_of(found: Outlook, *, quarters: int = 4) -> int:
    """This function will return how many people could go home: more than needed in each of the next quarters."""
    return max(0, min((-step.short for step in found.steps[:quarters]), default=0))


def programs_on_the_day(*, at: datetime) -> list[tuple[UUID, str, str]]:
    """This function will return programs, channels and languages with a shift that runs or begins within four hours."""
    rows = Shift.objects.across_brands().filter(
        state__in=[ShiftState.OPEN, ShiftState.STARTED], starts_at__lt=at + AHEAD, ends_at__gt=at
    )
    parts = ("program_id", "channel", "language")
    return list(rows.order_by(*parts).values_list(*parts).distinct())
