"""Typing demand: intervals, a copied day, a pasted sheet. A bad cell writes nothing and names itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import Invalid
from gigcx.kernel.intervals import GRID_MINUTES, Period, day_of, is_on_grid, zone_of
from gigcx.tenancy.actors import Actor
from scheduling.actions.requests import back_to_draft, lock_request, require_editable
from scheduling.errors import IntervalsInvalid
from scheduling.models import CapacityRequest, RequestedInterval
from scheduling.models.demand import MAX_AGENTS
from scheduling.queries.weeks import copied_day, week_period

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)
_SHOWN_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class TypedInterval:
    """What somebody typed for `[starts_at, ends_at)`; `label` names the cell in a refusal."""

    starts_at: datetime
    ends_at: datetime
    agents: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What copying a day did: quarters written, and those a clock change left without a counterpart."""

    request: CapacityRequest
    written: int
    moved: tuple[str, ...]


@transaction.atomic
def set_intervals(
    *, request_id: UUID, intervals: Sequence[TypedInterval], by: Actor, at: datetime, seen_version: int | None = None
) -> CapacityRequest:
    """Set how many agents a request asks for, interval by interval; zero takes demand away.

    Raises:
        NotFound, NotAllowed: as everywhere. Stale: the request changed since `seen_version`.
        RequestNotEditable: it is published.
        IntervalsInvalid: backwards, overlapping, past, outside the week, off the grid, or an absurd number of agents;
            `problems` maps each cell's label to what is wrong. Nothing is written.
    """
    request = lock_request(request_id, by=by)
    require_editable(request, seen_version=seen_version)
    problems = interval_problems(request, intervals, at=at)
    if problems:
        raise IntervalsInvalid(_first_words(problems), problems=dict(list(problems.items())[:_SHOWN_PROBLEMS]))
    _write(request, {start: one.agents for one in intervals for start in _quarters(one)})
    back_to_draft(request, by=by, at=at)
    trail.record("scheduling.set_intervals", request, by=by, at=at, changes={"intervals": len(intervals)})
    return request


@transaction.atomic
def copy_day(
    *,
    request_id: UUID,
    source_on: date,
    target_on: Sequence[date],
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> CopyReport:
    """Copy one day's demand to other days of the week, by the wall clock.

    On a day of 25 hours the doubled hour gets the same number twice; on one of 23 the missing hour's number is left out
    and named in the report.

    Raises:
        NotFound, NotAllowed, Stale, RequestNotEditable: as for typing.
        Invalid: a day outside the week, over already, or the same as the source.
    """
    request = lock_request(request_id, by=by)
    require_editable(request, seen_version=seen_version)
    _refuse_days(request, source_on, target_on, at)
    demand = dict(request.intervals.values_list("starts_at", "agents"))
    written = 0
    moved: list[str] = []
    for on in target_on:
        copied = copied_day(demand, source_on=source_on, target_on=on, zone=zone_of(request.timezone))
        fresh = {start: agents for start, agents in copied.demand.items() if start >= at}
        _write(request, fresh)
        written += len(fresh)
        moved.extend(copied.lost)
    back_to_draft(request, by=by, at=at)
    trail.record(
        "scheduling.copy_day",
        request,
        by=by,
        at=at,
        changes={"from": source_on.isoformat(), "to": [on.isoformat() for on in target_on]},
    )
    return CopyReport(request, written, tuple(moved))


def _refuse_days(request: CapacityRequest, source_on: date, target_on: Sequence[date], at: datetime) -> None:
    days = {request.week_starts_on + timedelta(days=step) for step in range(7)}
    zone = zone_of(request.timezone)
    if source_on not in days or not target_on or not days.issuperset(target_on):
        raise Invalid(_("Choose days of this week."), field="target_on")
    if source_on in target_on:
        raise Invalid(_("A day cannot be copied onto itself."), field="target_on")
    if any(day_of(on, zone).ends_at <= at for on in target_on):
        raise Invalid(_("That day is over. Choose a day that is still to come."), field="target_on")


def interval_problems(
    request: CapacityRequest, intervals: Iterable[TypedInterval], *, at: datetime
) -> dict[str, list[str]]:
    """This function will say what is wrong with each typed interval, by its label; nothing wrong gives nothing."""
    week = week_period(request.week_starts_on, zone_of(request.timezone))
    problems: dict[str, list[str]] = {}
    taken: dict[datetime, str] = {}
    for number, one in enumerate(intervals, 1):
        label = one.label or _("Interval %(n)s") % {"n": number}
        found = _own_problem(one, week, at) or _overlap_problem(one, label, taken)
        if found:
            problems.setdefault(label, []).append(found)
    return problems


def _own_problem(one: TypedInterval, week: Period, at: datetime) -> str:
    if one.ends_at <= one.starts_at:
        return _("The end must come after the start.")
    if not (is_on_grid(one.starts_at) and is_on_grid(one.ends_at)):
        return _("Times must fall on a quarter of an hour.")
    if one.starts_at < week.starts_at or one.ends_at > week.ends_at:
        return _("This time is not part of the week.")
    if one.starts_at < at:
        return _("This time has passed. Demand can be typed from now on.")
    if not 0 <= one.agents <= MAX_AGENTS:
        return _("Type a whole number from 0 to 10,000.")
    return ""


def _overlap_problem(one: TypedInterval, label: str, taken: dict[datetime, str]) -> str:
    for start in _quarters(one):
        other = taken.setdefault(start, label)
        if other is not label:
            return _("Overlaps %(other)s.") % {"other": other}
    return ""


def _quarters(one: TypedInterval) -> list[datetime]:
    return [step.starts_at for step in Period(one.starts_at, one.ends_at).steps(GRID_MINUTES)]


def _write(request: CapacityRequest, demand: Mapping[datetime, int]) -> None:
    nothing = [start for start, agents in demand.items() if agents == 0]
    request.intervals.filter(starts_at__in=nothing).delete()
    RequestedInterval.objects.bulk_create(
        [
            RequestedInterval(brand_id=request.brand_id, request=request, starts_at=start, agents=agents)
            for start, agents in demand.items()
            if agents > 0
        ],
        update_conflicts=True,
        unique_fields=["request", "starts_at"],
        update_fields=["agents"],
    )


def _first_words(problems: Mapping[str, list[str]]) -> str:
    label, words = next(iter(problems.items()))
    more = len(problems) - 1
    if not more:
        return f"{label}: {words[0]}"
    return _("%(label)s: %(words)s (and %(more)s more)") % {"label": label, "words": words[0], "more": more}
