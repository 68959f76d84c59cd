"""How many agents a week's channel needs, quarter by quarter, and why; computed here, kept by `compute_requirement`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db.models import Sum

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import GRID_MINUTES, Period, zone_of
from gigcx.tenancy.actors import Actor
from recruiting.models import Program
from scheduling.models import (
    InHouseCoverage,
    RequestedInterval,
    ServiceTarget,
    StaffingRequirement,
    StaffingRequirementPoint,
)
from scheduling.queries.targets import promise_of
from scheduling.queries.weeks import week_period
from scheduling.staffing import Staffed, StaffedLater, staff, staff_later, staffed
from scheduling.states import COMMITTED, StaffingModel

QUARTER_SECONDS: Final = GRID_MINUTES * 60
_WHOLE: Final = 10_000
_QUARTERS_AN_HOUR: Final = 60 / GRID_MINUTES

Volumes = Mapping[datetime, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Need:
    """One quarter's answer. Shares from 0 to 1; None where the model gives none, or where the wait never ends."""

    starts_at: datetime
    volume: float
    aht_seconds: float
    erlangs: float
    agents: int
    seats: int
    in_house: int
    to_book: int
    present: int
    service_level: float | None
    asa_seconds: float | None
    occupancy: float | None
    abandoned: float | None


@dataclass(frozen=True, slots=True)
class WeekNeed:
    """A whole week's answer. Hours are of work that may wait; `is_kept` is false where a deadline cannot be met."""

    needs: tuple[Need, ...]
    idle_hours: float = 0.0
    carried_in_hours: float = 0.0
    backlog_hours: float = 0.0
    is_kept: bool = True

    @property
    def summary(self) -> dict[str, Any]:
        """What is kept beside the points."""
        return {
            "contacts": round(sum(one.volume for one in self.needs), 2),
            "agent_hours": sum(one.agents for one in self.needs) / _QUARTERS_AN_HOUR,
            "seat_hours": sum(one.seats for one in self.needs) / _QUARTERS_AN_HOUR,
            "to_book_hours": sum(one.to_book for one in self.needs) / _QUARTERS_AN_HOUR,
            "peak_seats": max((one.seats for one in self.needs), default=0),
            "service_level": _mean([(one.service_level, one.volume) for one in self.needs]),
            "abandoned": _mean([(one.abandoned, one.volume) for one in self.needs]),
            "occupancy": _mean([(one.occupancy, one.erlangs) for one in self.needs]),
            "asa_seconds": _mean([(one.asa_seconds, one.volume) for one in self.needs]),
            "idle_hours": round(self.idle_hours, 2),
            "carried_in_hours": round(self.carried_in_hours, 2),
            "backlog_hours": round(self.backlog_hours, 2),
            "is_kept": self.is_kept,
        }


def _mean(pairs: Sequence[tuple[float | None, float]]) -> float | None:
    known = [(value, weight) for value, weight in pairs if value is not None and weight]
    whole = sum(weight for _, weight in known)
    return round(sum(value * weight for value, weight in known) / whole, 6) if whole else None


def week_need(
    program: Program,
    target: ServiceTarget,
    week_starts_on: date,
    volumes: Volumes,
    *,
    heads: Mapping[datetime, int] | None = None,
    language: str = "",
) -> WeekNeed:
    """This function will compute a week under a target, saved or not, and write nothing.

    `volumes` are contacts and handling seconds by quarter; quarters left out expect nobody. Own staff is taken off: `heads`
    where the caller has them at hand, else as recorded. Work that may wait fills the idle time of the program's other
    channels first, as their latest requirements tell. `language` is the demand's: the target may be the whole channel's.

    Raises:
        Invalid: a part of the target outside its range; names it.
    """
    starts, volume, aht, own = _given(program, target.channel, week_starts_on, volumes, heads, language=language)
    if target.model == StaffingModel.DEFERRED:
        return _later(program, target, week_starts_on, starts, volume, aht, own, language=language)
    found = staff(volume, aht, QUARTER_SECONDS, promise_of(target), in_house=own)
    return WeekNeed(_needs(starts, volume, aht, found))


def typed_need(
    program: Program,
    target: ServiceTarget,
    week_starts_on: date,
    volumes: Volumes,
    asked: Mapping[datetime, int],
    *,
    language: str = "",
) -> WeekNeed:
    """This function will tell how a week runs with the agents that somebody typed, own staff beside them.

    `asked` are seats by quarter. Figures come from the target's queue; work that may wait, and quarters without contacts,
    have none.

    Raises:
        Invalid: a part of the target outside its range; names it.
    """
    starts, volume, aht, own = _given(program, target.channel, week_starts_on, volumes, language=language)
    seats = np.array([asked.get(start, 0) for start in starts]) + own
    if not _answers_at_once(target):
        volume = np.zeros_like(volume)
    return WeekNeed(_needs(starts, volume, aht, staffed(volume, aht, QUARTER_SECONDS, promise_of(target), seats, own)))


def _given(
    program: Program,
    channel: str,
    week_starts_on: date,
    volumes: Volumes,
    known: Mapping[datetime, int] | None = None,
    *,
    language: str,
) -> tuple[list[datetime], Any, Any, Any]:
    """The week's quarters with contacts, handling seconds and own staff of each."""
    week = week_period(week_starts_on, zone_of(program.timezone))
    starts = [step.starts_at for step in week.steps(GRID_MINUTES)]
    given = [volumes.get(start, (Decimal(0), Decimal(0))) for start in starts]
    volume, aht = (np.array([float(one[place]) for one in given]) for place in (0, 1))
    heads = in_house_of(program, channel, week, language=language) if known is None else known
    return starts, volume, aht, np.array([heads.get(start, 0) for start in starts])


def _needs(starts: Sequence[datetime], volume: Any, aht: Any, found: Staffed) -> tuple[Need, ...]:
    figures = found.figures
    return tuple(
        replace(
            need,
            present=int(found.present[at]),
            service_level=float(figures.service_level[at]) if volume[at] else None,
            asa_seconds=float(figures.asa[at]) if volume[at] and np.isfinite(figures.asa[at]) else None,
            occupancy=float(figures.occupancy[at]) if volume[at] else None,
            abandoned=float(figures.abandoned[at]) if volume[at] else None,
        )
        for at, need in enumerate(_people(starts, volume, aht, found))
    )


def _people(starts: Sequence[datetime], volume: Any, aht: Any, found: Staffed | StaffedLater) -> tuple[Need, ...]:
    """Who is needed in each quarter; no figures of a queue."""
    return tuple(
        Need(
            starts_at=start,
            volume=float(volume[at]),
            aht_seconds=float(aht[at]),
            erlangs=float(volume[at] * aht[at] / QUARTER_SECONDS),
            agents=int(found.agents[at]),
            seats=int(found.seats[at]),
            in_house=int(found.in_house[at]),
            to_book=int(found.to_book[at]),
            present=int(found.agents[at]),
            service_level=None,
            asa_seconds=None,
            occupancy=None,
            abandoned=None,
        )
        for at, start in enumerate(starts)
    )


def _later(  # noqa: PLR0917  the parts of one week
    program: Program,
    target: ServiceTarget,
    monday: date,
    starts: list[datetime],
    volume: Any,
    aht: Any,
    own: Any,
    *,
    language: str,
) -> WeekNeed:
    carried = _carried_into(program, target.channel, monday, language)
    found = staff_later(
        volume,
        aht,
        QUARTER_SECONDS,
        promise_of(target),
        due=max(target.due_minutes // GRID_MINUTES - 1, 0),
        is_open=np.array(_open(program, starts)),
        spare_hours=_spare_hours(program, target.channel, monday, starts, language=language),
        carried=carried,
        in_house=own,
    )
    backlog = float(found.plan.backlog[-1]) if starts else 0.0
    return WeekNeed(
        _people(starts, volume, aht, found),
        idle_hours=float(found.plan.done_idle.sum()),
        carried_in_hours=carried,
        backlog_hours=backlog,
        is_kept=found.plan.is_kept,
    )


def _open(program: Program, starts: Sequence[datetime]) -> list[int]:
    """1 where the program works; everywhere where it says nothing."""
    hours = program.service_hours
    if not hours:
        return [1] * len(starts)
    zone = zone_of(program.timezone)
    spans: dict[int, list[tuple[time, time]]] = {}
    for one in hours:
        spans.setdefault(one["weekday"], []).append((time.fromisoformat(one["from"]), time.fromisoformat(one["to"])))
    found = []
    for start in starts:
        local = start.astimezone(zone)
        today = any(_is_within(local.time(), *span) for span in spans.get(local.weekday(), []))
        before = any(ends < begins and local.time() < ends for begins, ends in spans.get((local.weekday() - 1) % 7, []))
        found.append(int(today or before))
    return found


def _is_within(clock: time, begins: time, ends: time) -> bool:
    return begins <= clock if ends <= begins else begins <= clock < ends


def _spare_hours(program: Program, channel: str, monday: date, starts: Sequence[datetime], *, language: str) -> Any:
    """What agents who speak the same have left on the program's other channels below their highest occupancy."""
    spare = dict.fromkeys(starts, 0.0)
    others = [one for one in program.channels if one != channel]
    latest = [found for one in others if (found := requirement_of(program.pk, one, monday, language=language))]
    answering = {one.pk: one.target.max_occupancy_bp for one in latest if one.target and _answers_at_once(one.target)}
    rows = StaffingRequirementPoint.objects.for_brand(program.brand_id).filter(requirement__in=list(answering))
    for point in rows.exclude(occupancy_bp=None):
        left = max(answering[point.requirement_id] - (point.occupancy_bp or 0), 0) / _WHOLE
        if point.starts_at in spare:
            spare[point.starts_at] += point.agents * left * GRID_MINUTES / 60
    return np.array(list(spare.values()))


def _answers_at_once(target: ServiceTarget) -> bool:
    return target.model in {StaffingModel.ERLANG_A, StaffingModel.ERLANG_C}


def _carried_into(program: Program, channel: str, monday: date, language: str) -> float:
    """Hours that the week before leaves over."""
    before = requirement_of(program.pk, channel, monday - timedelta(days=7), language=language)
    return float(before.summary.get("backlog_hours", 0.0)) if before else 0.0


def in_house_of(program: Program, channel: str, week: Period, *, language: str = "") -> dict[datetime, int]:
    """This function will return the heads of the brand's own staff by quarter."""
    rows = InHouseCoverage.objects.for_brand(program.brand_id).filter(
        program=program,
        channel=channel,
        language=language,
        starts_at__gte=week.starts_at,
        starts_at__lt=week.ends_at,
    )
    return dict(rows.values_list("starts_at", "heads"))


def requirement_of(program_id: UUID, channel: str, week: date, *, language: str = "") -> StaffingRequirement | None:
    """This function will return a week's latest requirement with forecast and target, or None; `points` are quarters."""
    rows = StaffingRequirement.objects.across_brands().filter(
        program_id=program_id, channel=channel, language=language, week_starts_on=week
    )
    return rows.select_related("forecast", "target", "program").order_by("-version", "pk").first()


def requirement_for(actor: Actor, requirement_id: UUID) -> StaffingRequirement:
    """This function will return the requirement with program, forecast and target.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = StaffingRequirement.objects.for_actor(actor).select_related("program", "brand", "forecast", "target")
    found = rows.filter(pk=requirement_id).first()
    if found is None:
        raise NotFound
    return found


def asked_already(program: Program, channel: str, week_starts_on: date, *, language: str = "") -> dict[datetime, int]:
    """This function will return by quarter how many agents published requests of a week ask for."""
    rows = RequestedInterval.objects.for_brand(program.brand_id).filter(
        request__program=program,
        request__channel=channel,
        request__language=language,
        request__week_starts_on=week_starts_on,
        request__state__in=list(COMMITTED),
    )
    return dict(rows.values_list("starts_at").annotate(agents=Sum("agents")).order_by("starts_at"))
