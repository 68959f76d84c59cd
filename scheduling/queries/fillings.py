"""What auto-fill is given: open seats of a request, the people of its program, and who may take what at which gain."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from gigcx.kernel.intervals import Period, day_of, zone_of
from recruiting.models import Agent, AgentLanguage, AgentSkill, Engagement
from recruiting.queries import speakers_among
from recruiting.states import BENCH_STATES, Tier
from scheduling.allocation.auto_fill.problem import Bools, Clock, Ints, Pairs, People, Problem, Shifts, Taken
from scheduling.models import AgentCalendar, CapacityRequest, Claim, RequestedInterval, Shift
from scheduling.queries.availability import Free, free_times
from scheduling.queries.prices import hourly_pay
from scheduling.registries import reliability_scores
from scheduling.states import OCCUPYING, ShiftState
from vetting.queries.eligibility import Eligibility, eligibilities

# Nobody is booked into something they could not decline in peace: two hours to look, and the last two before the start.
NOTICE: Final = timedelta(hours=4)
DECLINE_FOR: Final = timedelta(hours=24)
DECLINE_BEFORE: Final = timedelta(hours=2)
NEW_SHARE: Final = 0.1
# Points for an hour: an hour of cover outweighs everything else together, a scarcer hour counts up to half as much again.
COVER, SCARCE, NEW, RELIABLE, FAVORITE, TIERS, COST = 1_000, 500, 300, 60, 25, (0, 4, 8, 12), 10
_AROUND: Final = timedelta(days=9)
Reals = np.ndarray[Any, np.dtype[np.float64]]


class Person(NamedTuple):
    """One agent of the program, as auto-fill sees them."""

    agent_id: UUID
    name: str
    zone: str
    tier: str
    is_favorite: bool
    hours_wanted: int
    consented_at: datetime | None
    limits: tuple[int, int, int, int]


@dataclass(frozen=True)
class Filling:
    """The problem with the names of its rows; `willing` are the pairs of people whose consent alone is missing."""

    request: CapacityRequest
    shifts: Sequence[Shift]
    people: Sequence[Person]
    problem: Problem
    willing: Mapping[UUID, Sequence[UUID]]
    starting_from: datetime

    @property
    def fingerprint(self) -> str:
        """A digest of everything that the plan rests on: other seats or people give another."""
        digest = hashlib.sha256()
        for shift in self.shifts:
            digest.update(f"{shift.pk} {shift.version} {shift.seats - shift.filled - shift.reserved};".encode())
        for person in self.people:
            digest.update(repr(person[:1] + person[2:]).encode())
        for part in (self.problem.pairs, self.problem.taken, self.problem.shifts):
            for name in part.__slots__:
                digest.update(getattr(part, name).tobytes())
        return digest.hexdigest()


def filling_of(request: CapacityRequest, *, at: datetime, starting_from: datetime | None = None) -> Filling:
    """This function will read the request's open seats and its program's people; the number of queries is constant.

    Only open shifts count: what a draw still has to deal, or a wave still has to open, is not auto-fill's to give. They start at
    or after `starting_from`, by default four hours from now.
    """
    since = starting_from or at + NOTICE
    rows = Shift.objects.for_brand(request.brand_id).filter(request=request, state=ShiftState.OPEN)
    shifts = list(rows.filter(starts_at__gte=since).with_seats_to_give().for_listing().order_by("starts_at", "pk"))
    people = _people(request)
    if not shifts:
        return Filling(request, [], people, _empty(), {}, since)
    span = Period(shifts[0].starts_at, max(one.ends_at for one in shifts))
    return _Reader(request, shifts, people, span, at, since).filling()


def _people(request: CapacityRequest) -> list[Person]:
    """Who has a place on the bench of the program and is not blocked by the brand."""
    rows = Engagement.objects.for_brand(request.brand_id).filter(
        program_id=request.program_id, state__in=BENCH_STATES, blocked_by_brand_at__isnull=True
    )
    found = list(rows.select_related("agent__user").order_by("agent_id"))
    owned = AgentCalendar.objects.across_brands().filter(pk__in=[one.agent_id for one in found])
    calendars = {one.pk: one for one in owned}
    return [_person(one, calendars.get(one.agent_id)) for one in found]


def _person(engagement: Engagement, calendar: AgentCalendar | None) -> Person:
    agent = engagement.agent
    own = calendar or AgentCalendar(agent=agent)
    return Person(
        agent_id=agent.pk,
        name=agent.user.full_name or agent.handle,
        zone=agent.user.timezone or "UTC",
        tier=engagement.tier,
        is_favorite=engagement.is_favorite,
        hours_wanted=agent.weekly_hours_wanted,
        consented_at=own.auto_fill_at,
        limits=(own.day_minutes, own.week_minutes, own.rest_minutes, own.turnaround_minutes),
    )


@dataclass(frozen=True)
class _Reader:
    """One reading: rows in, arrays out."""

    request: CapacityRequest
    shifts: list[Shift]
    people: list[Person]
    span: Period
    at: datetime
    since: datetime

    def minute(self, moment: datetime) -> int:
        """Minutes from the problem's zero, rounded down."""
        return int((moment - self.span.starts_at).total_seconds()) // 60

    def filling(self) -> Filling:
        """All of it."""
        ids = [person.agent_id for person in self.people]
        certified, able = self._certified(ids), self._able(ids)
        free = self._free(free_times(ids, self.span))
        consent = np.array([person.consented_at is not None for person in self.people], np.bool_)
        fits = certified & able[:, None] & free
        agent, shift = np.nonzero(fits & consent[:, None])
        excluded = {
            "certificate": (~certified).sum(axis=0),
            "skill": (certified & ~able[:, None]).sum(axis=0),
            "consent": (certified & able[:, None] & ~consent[:, None]).sum(axis=0),
            "unavailable": (certified & able[:, None] & consent[:, None] & ~free).sum(axis=0),
        }
        clocks, clock = self._clocks()
        problem = Problem(
            shifts=self._shifts(),
            people=self._limits(clock),
            pairs=Pairs(agent, shift, self._scores(agent, shift)),
            clocks=clocks,
            taken=self._taken(ids),
            new_points=NEW,
            new_target=round(NEW_SHARE * sum(one.seats for one in self.shifts)),
            excluded={name: np.asarray(count, np.int64) for name, count in excluded.items()},
        )
        willing = fits & ~consent[:, None]
        invited = {
            one.pk: [self.people[who].agent_id for who in np.flatnonzero(willing[:, place])]
            for place, one in enumerate(self.shifts)
        }
        return Filling(self.request, self.shifts, self.people, problem, invited, self.since)

    def _certified(self, ids: list[UUID]) -> Bools:
        """Who is eligible now and to the end of each shift."""
        agents = Agent.objects.across_brands().filter(pk__in=ids).order_by("pk")
        answers = eligibilities(agents, self.request.program, self.at) if ids else {}
        until = [_seconds(answers[one]) for one in ids]
        ends = np.array([one.ends_at.timestamp() for one in self.shifts])
        return np.asarray(np.array(until).reshape(-1, 1) >= ends[None, :], np.bool_)

    def _able(self, ids: list[UUID]) -> Bools:
        """Who has the skills and languages that the request asks for, and may still take on claims."""
        skills = {str(one.get("key", one) if isinstance(one, dict) else one) for one in self.request.skills}
        tags = {str(one.get("tag", one) if isinstance(one, dict) else one) for one in self.request.languages}
        has_skills = _owned(AgentSkill.objects.across_brands().filter(agent_id__in=ids), "skill__key") if skills else {}
        has_tags = _owned(AgentLanguage.objects.across_brands().filter(agent_id__in=ids), "tag") if tags else {}
        speakers = self._speakers(ids)
        return np.array(
            [
                skills <= has_skills.get(one, set()) and tags <= has_tags.get(one, set()) and one in speakers
                for one in ids
            ],
            np.bool_,
        )

    def _speakers(self, ids: list[UUID]) -> set[UUID]:
        """Who speaks the language of the request as well as its program asks for."""
        asked = self.request
        if not asked.language:
            return set(ids)
        return speakers_among(ids, asked.program, asked.language, channel=asked.channel)

    def _free(self, found: Mapping[UUID, Free]) -> Bools:
        """Whether each shift lies within one free stretch of each person."""
        starts = np.array([self.minute(one.starts_at) for one in self.shifts])
        ends = np.array([self.minute(one.ends_at) for one in self.shifts])
        fits = np.zeros((len(self.people), len(self.shifts)), np.bool_)
        for row, person in enumerate(self.people):
            for begin, end in found[person.agent_id]:
                fits[row] |= (starts >= self.minute(begin)) & (ends <= self.minute(end))
        return fits

    def _clocks(self) -> tuple[tuple[Clock, ...], Ints]:
        zones = sorted({person.zone for person in self.people})
        first = (self.span.starts_at - _AROUND).date()
        first -= timedelta(days=first.weekday())
        days = ((self.span.ends_at + _AROUND).date() - first).days + 8
        clocks = []
        for name in zones:
            zone = zone_of(name)
            bounds = [self.minute(day_of(first + timedelta(days=step), zone).starts_at) for step in range(days)]
            clocks.append(Clock(np.array(bounds, np.int64), np.array(bounds[::7], np.int64)))
        place = {name: index for index, name in enumerate(zones)}
        return tuple(clocks), np.array([place[person.zone] for person in self.people], np.int64)

    def _limits(self, clock: Ints) -> People:
        rows = np.array([person.limits for person in self.people], np.int64).reshape(-1, 4)
        wanted = np.array([person.hours_wanted * 60 or 1 << 20 for person in self.people], np.int64)
        return People(
            day_minutes=rows[:, 0],
            week_minutes=np.minimum(rows[:, 1], wanted),
            rest_minutes=rows[:, 2],
            turnaround_minutes=rows[:, 3],
            is_new=np.array([person.tier == Tier.NEW for person in self.people], np.bool_),
            clock=clock,
        )

    def _shifts(self) -> Shifts:
        starts = np.array([self.minute(one.starts_at) for one in self.shifts], np.int64)
        ends = np.array([self.minute(one.ends_at) for one in self.shifts], np.int64)
        seats = np.array([one.seats - one.filled - one.reserved for one in self.shifts], np.int64)
        short = shortages(self.request, self.shifts)
        points = ((ends - starts) * (COVER + SCARCE * np.array(short)) / 60).astype(np.int64)
        return Shifts(starts, ends, seats, points)

    def _scores(self, agent: Ints, shift: Ints) -> Ints:
        """Points beyond cover: reliability, preference of the brand, cost; each for an hour, times the shift's hours."""
        known = reliability_scores().scores([one.agent_id for one in self.people], at=self.at)
        order = [str(one) for one in Tier.values]
        hourly = [
            RELIABLE * known.get(one.agent_id, 50) / 100 + FAVORITE * one.is_favorite + TIERS[order.index(one.tier)]
            for one in self.people
        ]
        hours = np.array([(one.ends_at - one.starts_at).total_seconds() / 3600 for one in self.shifts])
        base = np.array(hourly)[agent] - self._costs()[agent]
        return np.asarray((base + COST) * hours[shift], np.int64)

    def _costs(self) -> Reals:
        """Up to COST points for what a tier costs above the cheapest."""
        card = self.shifts[0].rate_card
        pay = {tier: hourly_pay(card, tier=tier).pay.amount_minor for tier in {one.tier for one in self.people}}
        least, most = min(pay.values(), default=0), max(pay.values(), default=0)
        return np.array([COST * (pay[one.tier] - least) / max(1, most - least) for one in self.people])

    def _taken(self, ids: list[UUID]) -> Taken:
        place = {agent_id: index for index, agent_id in enumerate(ids)}
        rows = Claim.objects.across_brands().filter(agent_id__in=ids, state__in=[str(one) for one in OCCUPYING])
        rows = rows.touching(self.span.starts_at - _AROUND, self.span.ends_at + _AROUND).order_by(
            "agent_id", "starts_at"
        )
        found = [
            (
                place[agent_id],
                self.minute(starts_at),
                self.minute(min(ends_at, busy.upper or ends_at)),
                self.minute(busy.upper or ends_at),
            )
            for agent_id, starts_at, ends_at, busy in rows.values_list("agent_id", "starts_at", "ends_at", "busy")
        ]
        return Taken(*np.array(found, np.int64).reshape(-1, 4).T)


def shortages(request: CapacityRequest, shifts: Iterable[Shift]) -> list[float]:
    """This function will return, for each shift, the mean share of its quarter hours' need that nobody covers yet."""
    need = dict(
        RequestedInterval.objects.for_brand(request.brand_id).filter(request=request).values_list("starts_at", "agents")
    )
    have: dict[datetime, int] = {}
    every = Shift.objects.for_brand(request.brand_id).filter(request=request).standing()
    for starts_at, ends_at, filled in every.values_list("starts_at", "ends_at", "filled"):
        for quarter in Period(starts_at, ends_at).steps(15) if filled else ():
            have[quarter.starts_at] = have.get(quarter.starts_at, 0) + filled
    return [_short(Period(one.starts_at, one.ends_at), need, have) for one in shifts]


def _short(period: Period, need: Mapping[datetime, int], have: Mapping[datetime, int]) -> float:
    quarters = [one.starts_at for one in period.steps(15)]
    shares = [max(0, need.get(one, 0) - have.get(one, 0)) / need[one] if need.get(one) else 0.0 for one in quarters]
    return sum(shares) / len(shares)


def _seconds(answer: Eligibility) -> float:
    """The moment to which the answer is yes."""
    if not answer.is_eligible:
        return -np.inf
    return answer.lapses_at.timestamp() if answer.lapses_at else np.inf


def _owned(rows: QuerySet[Any], column: str) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for agent_id, value in rows.values_list("agent_id", column):
        found.setdefault(agent_id, set()).add(value)
    return found


def _empty() -> Problem:
    none = np.zeros(0, np.int64)
    people = People(none, none, none, none, np.zeros(0, np.bool_), none)
    return Problem(Shifts(none, none, none, none), people, Pairs(none, none, none), ())
