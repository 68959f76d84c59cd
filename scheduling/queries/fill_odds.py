"""What a program's own history says about how its seats fill: the market that a quote simulates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from django.db.models import Count, Max, Q, Sum

from gigcx.kernel.intervals import Period, week_start, zone_of
from recruiting.models import Engagement, RateCard
from recruiting.queries import speakers_among
from recruiting.states import BENCH_STATES, EngagementState
from scheduling.models import AgentCalendar, CapacityRequest, Claim, Shift
from scheduling.models.claims import ClaimQuerySet
from scheduling.queries.habits import habits_of
from scheduling.queries.prices import hourly_pay
from scheduling.quoting import (
    Bench,
    Habits,
    PastShift,
    PastWeek,
    Seats,
    learned_activity,
    learned_rates,
    learned_show,
    slot_of,
    tuned,
)
from scheduling.quoting.odds import Ints
from scheduling.states import OCCUPYING, ClaimState, ShiftState

LOOK_BACK: Final = timedelta(days=56)
RELIABILITY_BACK: Final = timedelta(days=91)
_PRIOR_KEPT: Final = 200
_REPLAYED_SHIFTS: Final = 150
_LEAST_MINUTES: Final = 8 * 60
_WEEK_MINUTES: Final = 48 * 60
_DONE: Final = (ShiftState.STARTED, ShiftState.ENDED)
_CAME: Final = (ClaimState.CHECKED_IN, ClaimState.WORKED, ClaimState.DISPUTED, ClaimState.VERIFIED)


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift to be: its time and how many seats."""

    starts_at: datetime
    ends_at: datetime
    seats: int

    @property
    def hours(self) -> float:
        """Seat hours."""
        return (self.ends_at - self.starts_at).total_seconds() / 3600 * self.seats


@dataclass(frozen=True, slots=True)
class Market:
    """The bench and the seats, ready to simulate, with what was read on the way."""

    bench: Bench
    seats: tuple[Seats, ...]
    habits: Habits
    past_shifts: int
    brand_kept: float
    certified_a_week: float
    in_training: int


@dataclass(frozen=True, slots=True)
class _Worker:
    agent_id: UUID
    wanted_minutes: int
    certified_at: datetime | None


def market_of(
    request: CapacityRequest, planned: Sequence[PlannedShift], card: RateCard, *, week: Period, at: datetime
) -> Market:
    """This function will read who may claim, what they took in the last eight weeks, and what they hold in that week.

    A brand that takes published seats back is trusted less: the share it kept scales what rests on a prior (its own history
    shows it already).
    """
    workers = _workers(request)
    past = list(_past_shifts(request, at))
    kept = brand_kept(request.brand_id, at=at)
    habits = habits_of(request.brand_id, at=at)
    rates = learned_rates(list(_history(past, workers)), lead_scale_hours=habits.lead_scale_hours)
    taken = _taken_by_agent(past)
    expected = sum(taken.values()) / len(workers) if workers else 0.0
    came, booked = _shows(past)
    learned = Bench(
        activity=learned_activity(np.array([taken.get(one.agent_id, 0) for one in workers]), expected=expected),
        minutes_left=np.array([min(one.wanted_minutes, _WEEK_MINUTES) for one in workers], dtype=np.int64),
        slot_rates=rates.slots * (rates.weight + (1 - rates.weight) * kept),
        slot_weight=rates.weight,
        show_mean=min(learned_show(came, booked), 0.999),
        lead_scale_hours=habits.lead_scale_hours,
        pay_elasticity=habits.pay_elasticity,
    )
    scaled = tuned(learned, _past_weeks(past), seed=1)
    bench = replace(scaled, minutes_left=_minutes_left(workers, week), held=_held(workers, week))
    a_week, in_training = _growth(request, at)
    seats = _seats(planned, request, week=week, at=at, pay_ratio=_pay_ratio(card, past))
    return Market(bench, seats, habits, len(past), kept, a_week, in_training)


def brand_kept(brand_id: UUID, *, at: datetime) -> float:
    """This function will return the share of published seats that the brand did not take back, shrunk towards all."""
    rows = Shift.objects.for_brand(brand_id).filter(
        starts_at__gte=at - RELIABILITY_BACK, starts_at__lt=at, publish_at__isnull=False
    )
    sums = rows.aggregate(
        gone=Sum("seats", filter=Q(state=ShiftState.CANCELLED), default=0), published=Sum("seats", default=0)
    )
    return float((sums["published"] - sums["gone"] + _PRIOR_KEPT) / (sums["published"] + _PRIOR_KEPT))


def _workers(request: CapacityRequest) -> list[_Worker]:
    rows = Engagement.objects.for_brand(request.brand_id).filter(
        program_id=request.program_id, state__in=BENCH_STATES, blocked_by_brand_at__isnull=True
    )
    columns = rows.order_by("agent_id").values_list("agent_id", "agent__weekly_hours_wanted", "certified_at")
    found = [_Worker(agent_id, max(hours * 60, _LEAST_MINUTES), since) for agent_id, hours, since in columns]
    if not request.language:
        return found
    ids = [one.agent_id for one in found]
    speakers = speakers_among(ids, request.program, request.language, channel=request.channel)
    return [one for one in found if one.agent_id in speakers]


def _past_shifts(request: CapacityRequest, at: datetime) -> Iterable[Shift]:
    rows = Shift.objects.for_brand(request.brand_id).filter(
        program_id=request.program_id, state__in=_DONE, starts_at__gte=at - LOOK_BACK, publish_at__isnull=False
    )
    if request.language:
        rows = rows.filter(language=request.language)
    return rows.annotate(
        taken=Count("claims", filter=Q(claims__state__in=list(OCCUPYING))), last_taken_at=Max("claims__claimed_at")
    ).order_by("starts_at", "pk")


def _history(past: Sequence[Shift], workers: Sequence[_Worker]) -> Iterable[PastShift]:
    since = sorted(one.certified_at for one in workers if one.certified_at is not None)
    for shift in past:
        local = shift.starts_at.astimezone(zone_of(shift.timezone))
        opened = shift.publish_at or shift.created_at
        is_full, last = shift.filled >= shift.seats, getattr(shift, "last_taken_at", None)
        yield PastShift(
            slot=slot_of(local.weekday(), local.hour),
            agents=sum(1 for moment in since if moment <= opened) or len(workers),
            claims=int(getattr(shift, "taken", 0)),
            open_hours=_hours(shift.starts_at - opened),
            filled_after_hours=_hours(last - opened) if is_full and last else None,
        )


def _past_weeks(past: Sequence[Shift]) -> list[PastWeek]:
    """The latest weeks as they were on offer; as many as are quick to play again."""
    weeks: dict[date, list[Shift]] = {}
    for shift in past:
        weeks.setdefault(week_start(shift.local_on), []).append(shift)
    found: list[PastWeek] = []
    for _monday, shifts in sorted(weeks.items(), reverse=True):
        if found and sum(len(one.seats) for one in found) + len(shifts) > _REPLAYED_SHIFTS:
            break
        origin = min(one.starts_at for one in shifts)
        seats = tuple(_offered(one, origin) for one in shifts)
        found.append(PastWeek(seats, sum(min(int(getattr(one, "taken", 0)), one.seats) for one in shifts)))
    return found


def _offered(shift: Shift, origin: datetime) -> Seats:
    local = shift.starts_at.astimezone(zone_of(shift.timezone))
    return Seats(
        start_minute=int((shift.starts_at - origin).total_seconds() // 60),
        end_minute=int((shift.ends_at - origin).total_seconds() // 60),
        seats=shift.seats,
        slot=slot_of(local.weekday(), local.hour),
        lead_hours=_hours(shift.starts_at - (shift.publish_at or shift.created_at)),
    )


def _hours(span: timedelta) -> float:
    return max(0.0, span.total_seconds() / 3600)


def _taken_by_agent(past: Sequence[Shift]) -> dict[UUID, int]:
    if not past:
        return {}
    rows = Claim.objects.for_brand(past[0].brand_id).filter(shift__in=past, state__in=list(OCCUPYING))
    return dict(rows.order_by().values_list("agent_id").annotate(shifts=Count("pk")))


def _shows(past: Sequence[Shift]) -> tuple[int, int]:
    if not past:
        return 0, 0
    rows = Claim.objects.for_brand(past[0].brand_id).filter(shift__in=past)
    sums = rows.aggregate(
        came=Count("pk", filter=Q(state__in=_CAME)),
        booked=Count("pk", filter=Q(state__in=[*_CAME, ClaimState.NO_SHOW])),
    )
    return sums["came"], sums["booked"]


def _minutes_left(workers: Sequence[_Worker], week: Period) -> Ints:
    """The smaller of what they want and what they allow, less what they hold in that week for whichever brand."""
    ids = [one.agent_id for one in workers]
    limits = dict(AgentCalendar.objects.across_brands().filter(pk__in=ids).values_list("pk", "week_minutes"))
    used: dict[UUID, int] = {}
    for agent_id, starts_at, ends_at in _claims_in(ids, week).values_list("agent_id", "starts_at", "ends_at"):
        used[agent_id] = used.get(agent_id, 0) + int((ends_at - starts_at).total_seconds() // 60)
    left = [
        min(one.wanted_minutes, limits.get(one.agent_id, _WEEK_MINUTES)) - used.get(one.agent_id, 0) for one in workers
    ]
    return np.maximum(np.array(left, dtype=np.int64), 0)


def _held(workers: Sequence[_Worker], week: Period) -> tuple[tuple[int, int, int], ...]:
    index = {one.agent_id: position for position, one in enumerate(workers)}
    rows = _claims_in(list(index), week).values_list("agent_id", "starts_at", "ends_at")
    return tuple((index[agent_id], _minute(start, week), _minute(end, week)) for agent_id, start, end in rows)


def _claims_in(agent_ids: list[UUID], week: Period) -> ClaimQuerySet:
    rows = Claim.objects.across_brands().filter(agent_id__in=agent_ids).occupying()
    return rows.touching(week.starts_at, week.ends_at).order_by("starts_at", "pk")


def _minute(moment: datetime, week: Period) -> int:
    return int((moment - week.starts_at).total_seconds() // 60)


def _pay_ratio(card: RateCard, past: Sequence[Shift]) -> float:
    """This card's hourly pay against what was paid when the history was made."""
    counts: dict[UUID, int] = {}
    for shift in past:
        counts[shift.rate_card_id] = counts.get(shift.rate_card_id, 0) + 1
    if not counts or set(counts) == {card.pk}:
        return 1.0
    cards = RateCard.objects.for_brand(card.brand_id).with_lines().filter(pk__in=counts)
    total = sum(hourly_pay(one).pay.amount_minor * counts[one.pk] for one in cards)
    usual = total / sum(counts.values())
    return hourly_pay(card).pay.amount_minor / usual if usual else 1.0


def _seats(
    planned: Sequence[PlannedShift], request: CapacityRequest, *, week: Period, at: datetime, pay_ratio: float
) -> tuple[Seats, ...]:
    zone = zone_of(request.timezone)
    found = []
    for one in planned:
        local = one.starts_at.astimezone(zone)
        found.append(
            Seats(
                start_minute=_minute(one.starts_at, week),
                end_minute=_minute(one.ends_at, week),
                seats=one.seats,
                slot=slot_of(local.weekday(), local.hour),
                lead_hours=_hours(one.starts_at - at),
                pay_ratio=pay_ratio,
            )
        )
    return tuple(found)


def _growth(request: CapacityRequest, at: datetime) -> tuple[float, int]:
    """Agents certified a week over the last eight, and how many are accepted and on their way; who names the language."""
    rows = Engagement.objects.for_brand(request.brand_id).filter(program_id=request.program_id)
    if request.language:
        rows = rows.filter(agent__languages__tag=request.language)
    sums = rows.aggregate(
        new=Count("pk", filter=Q(certified_at__gte=at - LOOK_BACK, state__in=BENCH_STATES)),
        coming=Count("pk", filter=Q(state=EngagementState.ACCEPTED)),
    )
    return sums["new"] / (LOOK_BACK.days / 7), sums["coming"]
