"""Runs of auto-fill: the latest of a request, those left lying, and what a plan means for cover and people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from gigcx.kernel.intervals import Period, zone_of
from recruiting.models import Agent, Engagement
from recruiting.states import Tier
from scheduling.models import AgentCalendar, AssignmentRun, CapacityRequest, RequestedInterval, Shift
from scheduling.states import AssignmentState

_SILENT: Final = timedelta(seconds=40)
_SHOWN: Final = (AssignmentState.QUEUED, AssignmentState.SOLVED, AssignmentState.APPLIED)


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """One shift of a plan: who gets a seat, what stays empty and why."""

    shift: Shift
    names: Sequence[str]
    refused: Sequence[tuple[str, str]]
    empty: int
    reasons: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class CoverStep:
    """One half hour: agents asked for, covered before the plan, and with it."""

    starts_at: datetime
    required: int
    before: int
    after: int


@dataclass(frozen=True)
class PlanView:
    """A solved or applied run, ready to be shown. `gap` is in percent of the bound."""

    run: AssignmentRun
    shifts: Sequence[PlannedShift]
    cover: Mapping[date, Sequence[CoverStep]]
    agents: int
    new_share: int
    short_before: int
    short_after: int
    gap: float


def latest_run(request: CapacityRequest) -> AssignmentRun | None:
    """This function will return the run that stands for the request now: open, applied or given up, the newest."""
    stands = Q(state__in=_SHOWN) | Q(state=AssignmentState.DISCARDED, figures__has_key="given_up")
    rows = AssignmentRun.objects.for_brand(request.brand_id).filter(stands, request=request)
    return rows.order_by("-created_at", "-pk").first()


def auto_fill_since(agent_id: UUID) -> datetime | None:
    """This function will return since when auto-fill may book the agent, or None where it may not."""
    rows = AgentCalendar.objects.across_brands().filter(pk=agent_id)
    return rows.values_list("auto_fill_at", flat=True).first()


def runs_to_solve(*, at: datetime) -> list[UUID]:
    """This function will return queued runs that nobody works on: never taken up, or silent for a while."""
    rows = AssignmentRun.objects.across_brands().filter(state=AssignmentState.QUEUED, created_at__lte=at - _SILENT)
    found = rows.order_by("created_at", "pk").values_list("pk", "figures")
    return [pk for pk, figures in found if _is_silent(figures.get("beat_at"), at)]


def runs_to_grant(*, at: datetime) -> list[UUID]:
    """This function will return accepted plans that are not granted to the end."""
    rows = AssignmentRun.objects.across_brands().filter(state=AssignmentState.SOLVED, figures__has_key="accepted_at")
    found = rows.order_by("created_at", "pk").values_list("pk", "figures")
    return [pk for pk, figures in found if _is_silent(figures["accepted_at"], at)]


def _is_silent(beat: str | None, at: datetime) -> bool:
    return beat is None or at - datetime.fromisoformat(beat) >= _SILENT


def plan_of(run: AssignmentRun) -> PlanView:
    """This function will lay out a solved or applied run: a constant number of queries."""
    shifts = list(Shift.objects.for_brand(run.brand_id).filter(request_id=run.request_id).standing().for_listing())
    people = _people(run)
    picked = Counter(pick["shift"] for pick in run.picks if "refusal" not in pick)
    rows = [_planned(shift, run, people, picked) for shift in shifts]
    cover = _cover(run, shifts, picked)
    steps = [step for day in cover.values() for step in day]
    new = sum(1 for pick in run.picks if people[pick["agent"]][1] == Tier.NEW)
    points, bound = run.figures.get("points", 0), run.figures.get("bound", 0)
    return PlanView(
        run=run,
        shifts=[row for row in rows if row.names or row.refused or row.reasons],
        cover=cover,
        agents=len({pick["agent"] for pick in run.picks}),
        new_share=round(100 * new / len(run.picks)) if run.picks else 0,
        short_before=sum(max(0, step.required - step.before) for step in steps) * 30,
        short_after=sum(max(0, step.required - step.after) for step in steps) * 30,
        gap=100 * (bound - points) / bound if bound else 0.0,
    )


def _people(run: AssignmentRun) -> dict[str, tuple[str, str]]:
    ids = {pick["agent"] for pick in run.picks}
    agents = Agent.objects.across_brands().select_related("user").filter(pk__in=ids)
    places = Engagement.objects.for_brand(run.brand_id).filter(agent_id__in=ids, program_id=run.request.program_id)
    tiers = dict(places.order_by("state_since").values_list("agent_id", "tier"))
    return {str(one.pk): (one.user.full_name or one.handle, tiers.get(one.pk, "")) for one in agents}


def _planned(
    shift: Shift, run: AssignmentRun, people: Mapping[str, tuple[str, str]], picked: Mapping[str, int]
) -> PlannedShift:
    mine = [pick for pick in run.picks if pick["shift"] == str(shift.pk)]
    planned = 0 if run.state == AssignmentState.APPLIED else sum(1 for pick in mine if "claim" not in pick)
    return PlannedShift(
        shift=shift,
        names=sorted(people[pick["agent"]][0] for pick in mine if "refusal" not in pick),
        refused=[(people[pick["agent"]][0], pick.get("words", "")) for pick in mine if "refusal" in pick],
        empty=max(0, shift.seats - shift.filled - shift.reserved - planned),
        reasons=sorted(run.reasons.get(str(shift.pk), {}).items(), key=lambda one: -one[1]),
    )


def _cover(run: AssignmentRun, shifts: Sequence[Shift], picked: Mapping[str, int]) -> dict[date, list[CoverStep]]:
    zone = zone_of(run.request.timezone)
    rows = RequestedInterval.objects.for_brand(run.brand_id).filter(request_id=run.request_id, agents__gt=0)
    need: Counter[datetime] = Counter()
    for starts_at, agents in rows.values_list("starts_at", "agents"):
        half = _half(starts_at)
        need[half] = max(need[half], agents)
    before: Counter[datetime] = Counter()
    gained: Counter[datetime] = Counter()
    is_done = run.state == AssignmentState.APPLIED
    for shift in shifts:
        count = picked.get(str(shift.pk), 0)
        for step in Period(shift.starts_at, shift.ends_at).steps(30):
            half = _half(step.starts_at)
            before[half] += max(0, shift.filled - count) if is_done else shift.filled
            gained[half] += count
    days: dict[date, list[CoverStep]] = {}
    for half in sorted(need):
        found = CoverStep(half, need[half], before[half], before[half] + gained[half])
        days.setdefault(half.astimezone(zone).date(), []).append(found)
    return days


def _half(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 30 * 30)
