"""An agent's hours: overlaps, day and week limits, rest. One set of rules for the list, the claim and the check-in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import Period, day_of, week_start
from recruiting.models import Agent
from scheduling.errors import CommitBudgetReached, HoursExceeded, OverlapsOtherShift, RestTooShort
from scheduling.models import AgentCalendar, Claim
from scheduling.states import ClaimKind

_AROUND: Final = timedelta(days=9)
_COLUMNS: Final = ("id", "shift_id", "starts_at", "ends_at", "busy", "engagement_id", "kind")
# So close to the start nobody hoards: whoever can work may claim.
NO_BUDGET_BEFORE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Held:
    """One stretch of an agent's time that is taken; `ends_at` includes the turnaround."""

    claim_id: UUID
    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    busy_until: datetime
    engagement_id: UUID | None = None
    kind: str = ClaimKind.SEAT

    @property
    def period(self) -> Period:
        """The stretch itself."""
        return Period(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one agent's days and weeks may hold, in minutes, and the zone that says when a day begins."""

    zone: ZoneInfo
    day_minutes: int = 12 * 60
    week_minutes: int = 48 * 60
    rest_minutes: int = 8 * 60
    turnaround_minutes: int = 0


def limits_of(agent: Agent, calendar: AgentCalendar | None) -> Limits:
    """This function will return the agent's limits; without a calendar row the platform's defaults."""
    zone = ZoneInfo(agent.user.timezone or "UTC")
    if calendar is None:
        return Limits(zone)
    return Limits(zone, calendar.day_minutes, calendar.week_minutes, calendar.rest_minutes, calendar.turnaround_minutes)


def own_refusal(agent: Agent, period: Period) -> DomainError | None:
    """This function will return why the agent cannot take the period, read without a lock: for lists and lines."""
    calendar = AgentCalendar.objects.across_brands().filter(pk=agent.pk).first()
    return refusal_for(period, held_around(agent.pk, period.starts_at, period.ends_at), limits_of(agent, calendar))


def held_around(agent_id: UUID, starts_at: datetime, ends_at: datetime) -> list[Held]:
    """This function will return the agent's taken time near a period, of every brand, in order: one query."""
    rows = (
        Claim.objects.across_brands()
        .of_agent(agent_id)
        .occupying()
        .touching(starts_at - _AROUND, ends_at + _AROUND)
        .order_by("starts_at")
        .values_list(*_COLUMNS)
    )
    return [_held(*row) for row in rows]


def held_by_agent(agent_ids: Iterable[UUID], starts_at: datetime, ends_at: datetime) -> dict[UUID, list[Held]]:
    """This function will return the same for many agents, still with one query."""
    rows = (
        Claim.objects.across_brands()
        .filter(agent_id__in=list(agent_ids))
        .occupying()
        .touching(starts_at - _AROUND, ends_at + _AROUND)
        .order_by("starts_at")
    )
    found: dict[UUID, list[Held]] = {}
    for agent_id, *row in rows.values_list("agent_id", *_COLUMNS):
        found.setdefault(agent_id, []).append(_held(*row))
    return found


def _held(claim_id: UUID, shift_id: UUID, starts_at: datetime, ends_at: datetime, busy: Any, *rest: Any) -> Held:
    """The end of `busy` is where the agent is free again: later than the shift by the turnaround, or an early leave."""
    return Held(claim_id, shift_id, starts_at, min(ends_at, busy.upper), busy.upper, *rest)


def overlap_with(period: Period, held: Iterable[Held]) -> Held | None:
    """This function will return the first taken stretch that shares an instant with the period, or None."""
    return next((one for one in held if one.starts_at < period.ends_at and period.starts_at < one.busy_until), None)


def refusal_for(period: Period, held: Sequence[Held], limits: Limits) -> DomainError | None:
    """This function will return why the agent cannot also take this period, or None: overlap, day, week, rest."""
    clash = overlap_with(period, held)
    if clash is not None:
        return overlap_refusal(clash, limits.zone)
    return _hours_refusal(period, held, limits) or _rest_refusal(period, held, limits)


def overlap_refusal(clash: Held, zone: ZoneInfo) -> OverlapsOtherShift:
    """This function will name the other shift, in the agent's own time. Only the agent ever reads it."""
    start, end = clash.starts_at.astimezone(zone), clash.ends_at.astimezone(zone)
    words = _("You work %(day)s %(start)s – %(end)s.") % {
        "day": f"{start:%a}",
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
    }
    return OverlapsOtherShift(words, other_claim_id=clash.claim_id)


def minutes_in(window: Period, periods: Iterable[Period]) -> int:
    """This function will return the elapsed minutes of the periods that fall into the window."""
    total = 0.0
    for one in periods:
        shared = min(one.ends_at, window.ends_at) - max(one.starts_at, window.starts_at)
        total += max(0.0, shared.total_seconds())
    return round(total / 60)


def week_of(on: date, zone: ZoneInfo) -> Period:
    """This function will return the local week that holds the date, Monday to Monday, in UTC."""
    monday = week_start(on)
    return Period(day_of(monday, zone).starts_at, day_of(monday + timedelta(days=6), zone).ends_at)


def _hours_refusal(period: Period, held: Sequence[Held], limits: Limits) -> HoursExceeded | None:
    taken = [one.period for one in held if one.ends_at > one.starts_at]
    for on in _local_days(period, limits.zone):
        day = day_of(on, limits.zone)
        if minutes_in(day, [*taken, period]) > max(limits.day_minutes, minutes_in(day, taken)):
            return HoursExceeded(_say(_("a day"), limits.day_minutes, minutes_in(day, taken)))
        week = week_of(on, limits.zone)
        if minutes_in(week, [*taken, period]) > max(limits.week_minutes, minutes_in(week, taken)):
            return HoursExceeded(_say(_("a week"), limits.week_minutes, minutes_in(week, taken)))
    return None


def budget_refusal(
    period: Period, held: Iterable[Held], engagement_id: UUID | None, *, minutes: int, zone: ZoneInfo, at: datetime
) -> CommitBudgetReached | None:
    """This function will return why the agent may not commit to more of this program's week this early, or None.

    What is counted are the minutes held under the engagement in the agent's local week; nothing within the last 24 hours.
    """
    if period.starts_at - at <= NO_BUDGET_BEFORE:
        return None
    week = week_of(period.starts_at.astimezone(zone).date(), zone)
    taken = minutes_in(week, [one.period for one in held if one.engagement_id == engagement_id])
    if taken + minutes_in(week, [period]) <= minutes:
        return None
    words = _(
        "You hold %(taken)s h of this week in the program, and one may commit to %(limit)s h this early. "
        "More opens 24 hours before each shift."
    )
    return CommitBudgetReached(words % {"taken": f"{taken / 60:g}", "limit": f"{minutes / 60:g}"})


def _say(unit: str, limit: int, taken: int) -> str:
    return _("Your limit is %(limit)s h %(unit)s and you already hold %(taken)s h.") % {
        "limit": f"{limit / 60:g}",
        "unit": unit,
        "taken": f"{taken / 60:g}",
    }


def _rest_refusal(period: Period, held: Sequence[Held], limits: Limits) -> RestTooShort | None:
    """A run of work, broken by no full rest, may not leave less than that rest in the day after it began."""
    rest = timedelta(minutes=limits.rest_minutes)
    run = period
    for one in reversed([one for one in held if one.starts_at < period.starts_at]):
        if run.starts_at - one.ends_at >= rest:
            break
        run = Period(one.starts_at, run.ends_at)
    for one in (one for one in held if one.starts_at >= period.starts_at):
        if one.starts_at - run.ends_at >= rest:
            break
        run = Period(run.starts_at, max(run.ends_at, one.ends_at))
    if run.ends_at - run.starts_at > timedelta(days=1) - rest:
        return RestTooShort(
            _("This would leave you less than %(hours)s h of rest in 24 hours.")
            % {"hours": f"{limits.rest_minutes / 60:g}"}
        )
    return None


def _local_days(period: Period, zone: ZoneInfo) -> list[date]:
    first = period.starts_at.astimezone(zone).date()
    last = (period.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]
