"""Costed ways to close a gap, or to use a lull; the cheapest per covered minute first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gigcx.kernel.errors import DomainError, NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Program, RateCard
from scheduling.models import CapacityRequest, Remedy, Shift
from scheduling.models.shifts import ShiftQuerySet
from scheduling.queries.commitments import price_of_seats
from scheduling.queries.incentives import WHOLE, budget_of_step, highest_incentive, incentive_now
from scheduling.queries.intraday import Gap
from scheduling.queries.prices import dearest_seat, hourly_pay, seconds_between
from scheduling.queries.rules import rules_of
from scheduling.queries.waits import OPEN_WAITS
from scheduling.states import ClaimKind, ClaimState, RemedyKind, RemedyState, RequestState, ShiftState

_ON: Final = (RequestState.PUBLISHED, RequestState.LIVE)
_RUNNING: Final = (ShiftState.OPEN, ShiftState.STARTED)
_LONGEST_EXTENSION: Final = timedelta(hours=2)
_ORDER: Final = [str(kind) for kind in RemedyKind]


@dataclass(frozen=True, slots=True)
class RemedyPlan:
    """One way: so many seats for so much money (minor units), covering so many person-minutes of the gap."""

    kind: str
    request_id: UUID
    shift_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    seats: int
    covered_minutes: int
    cost_minor: int
    currency: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[UUID, str, UUID | None, datetime]:
        """What tells one proposal from another."""
        return (self.request_id, self.kind, self.shift_id, self.starts_at)


def remedy_for(actor: Actor, remedy_id: UUID) -> Remedy:
    """This function will return the remedy with its request and shift.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = Remedy.objects.for_actor(actor).select_related("request", "shift", "program").filter(pk=remedy_id)
    found = None if isinstance(actor, AgentActor) else rows.first()
    if found is None:
        raise NotFound
    return found


def proposed(program: Program, *, at: datetime) -> QuerySet[Remedy]:
    """This function will return the remedies on offer for a program, in no order; `by_worth` sorts them."""
    rows = Remedy.objects.for_brand(program.brand_id).filter(
        program=program, state=RemedyState.PROPOSED, ends_at__gt=at
    )
    return rows.select_related("request", "shift")


def by_worth(remedies: Iterable[Remedy]) -> list[Remedy]:
    """This function will sort remedies by what a covered minute costs, the cheapest first; in a lull, time off."""
    return sorted(remedies, key=lambda one: (_per_minute(one), _ORDER.index(one.kind), one.starts_at, str(one.pk)))


def _per_minute(one: Remedy) -> float:
    return one.cost_minor / one.covered_minutes if one.covered_minutes else float(one.cost_minor)


def plans_for(program: Program, channel: str, gap: Gap, *, at: datetime, language: str = "") -> list[RemedyPlan]:
    """This function will price every way to close a gap: eight queries."""
    request = request_on(program, channel, gap.starts_at, language=language)
    if request is None:
        return []
    shifts = list(_around(program, channel, language, gap))
    _with_cards(program, shifts)
    plans: list[RemedyPlan | None] = [_own_staff(request, gap, shifts)]
    for shift in shifts:
        plans += [_standby(shift, gap), _seats(shift, gap, at), _incentive(shift, gap, at), _extension(shift, gap, at)]
    return [plan for plan in plans if plan is not None]


def request_on(program: Program, channel: str, moment: datetime, *, language: str = "") -> CapacityRequest | None:
    """This function will return the published request that a moment belongs to, the one with most left to spend leading."""
    rows = CapacityRequest.objects.for_brand(program.brand_id).filter(
        program=program,
        channel=channel,
        language=language,
        state__in=list(_ON),
        shifts__ends_at__gte=moment - _LONGEST_EXTENSION,
    )
    return (
        rows.filter(shifts__starts_at__lte=moment + timedelta(hours=12)).order_by("-remedy_budget_minor", "pk").first()
    )


def _around(program: Program, channel: str, language: str, gap: Gap) -> ShiftQuerySet:
    rows = Shift.objects.for_brand(program.brand_id).touching(gap.starts_at - timedelta(minutes=1), gap.ends_at)
    at_desks = Count(
        "claims", filter=Q(claims__state=ClaimState.CHECKED_IN, claims__kind=ClaimKind.SEAT), distinct=True
    )
    waiting = Count("waitlist", filter=Q(waitlist__state__in=list(OPEN_WAITS)), distinct=True)
    mine = rows.filter(program=program, channel=channel, language=language)
    mine = mine.filter(state__in=list(_RUNNING), request__state__in=list(_ON))
    return (
        mine.annotate(at_desks=at_desks, waiting=waiting)
        .select_related("request", "program")
        .order_by("starts_at", "pk")
    )


def _with_cards(program: Program, shifts: list[Shift]) -> None:
    cards = RateCard.objects.for_brand(program.brand_id).with_lines()
    found = {card.pk: card for card in cards.filter(pk__in={shift.rate_card_id for shift in shifts})}
    for shift in shifts:
        shift.rate_card = found[shift.rate_card_id]


def _minutes(shift: Shift, gap: Gap, people: int) -> int:
    """Person-minutes of the gap that so many people on the shift cover, never more than are missing."""
    start, end = max(shift.starts_at, gap.starts_at), min(shift.ends_at, gap.ends_at)
    return min(gap.minutes, max(0, int((end - start).total_seconds() // 60)) * people)


def _plan(kind: RemedyKind, shift: Shift, gap: Gap, seats: int, cost: int, **details: Any) -> RemedyPlan | None:
    minutes = _minutes(shift, gap, seats)
    if seats < 1 or minutes < 1:
        return None
    return RemedyPlan(
        kind=str(kind),
        request_id=shift.request_id,
        shift_id=shift.pk,
        starts_at=gap.starts_at,
        ends_at=gap.ends_at,
        seats=seats,
        covered_minutes=minutes,
        cost_minor=cost,
        currency=shift.rate_card.bill_currency,
        details=details,
    )


def _free(shift: Shift) -> int:
    return shift.seats - shift.filled - shift.reserved


def _standby(shift: Shift, gap: Gap) -> RemedyPlan | None:
    """Called to a seat that is paid for already where one is free; to an added one at its price."""
    seats = min(shift.standby_filled, gap.people)
    added = max(0, seats - _free(shift))
    cost = price_of_seats(shift, added).amount_minor if added else 0
    return _plan(RemedyKind.STANDBY, shift, gap, seats, cost, added=added)


def _seats(shift: Shift, gap: Gap, at: datetime) -> RemedyPlan | None:
    """Added seats go to those in line; where nobody waits, to whoever claims first, as long as the shift is open."""
    waiting = int(getattr(shift, "waiting", 0))
    can_be_claimed = shift.state == ShiftState.OPEN and shift.starts_at > at
    wanted = gap.people if can_be_claimed else min(gap.people, waiting)
    added = max(0, wanted - _free(shift)) if can_be_claimed else wanted
    cost = price_of_seats(shift, added).amount_minor if added else 0
    return _plan(RemedyKind.WAITLIST, shift, gap, added, cost, waiting=waiting)


def _incentive(shift: Shift, gap: Gap, at: datetime) -> RemedyPlan | None:
    free = _free(shift)
    if shift.state != ShiftState.OPEN or shift.starts_at <= at or free < 1:
        return None
    rules = rules_of(shift.program)
    pay = hourly_pay(shift.rate_card).pay.amount_minor
    present = incentive_now([shift.pk], at).get(shift.pk, 0)
    wanted = min(present + pay * rules.incentive_step_bp // WHOLE, highest_incentive(shift.rate_card, rules))
    if wanted <= present:
        return None
    try:
        cost = budget_of_step(shift, wanted, at=at).amount_minor
    except DomainError:  # nobody can say today what it costs in the brand's currency
        return None
    return _plan(RemedyKind.INCENTIVE, shift, gap, min(free, gap.people), cost, per_hour_minor=wanted)


def _extension(shift: Shift, gap: Gap, at: datetime) -> RemedyPlan | None:
    """Those at their desks are asked to stay: a short shift that follows theirs, first come."""
    people = min(int(getattr(shift, "at_desks", 0)), gap.people)
    start = shift.ends_at
    end = min(gap.ends_at, start + _LONGEST_EXTENSION)
    if people < 1 or not gap.starts_at <= start < end or start <= at:
        return None
    minutes = min(gap.minutes, int((end - start).total_seconds() // 60) * people)
    seat = dearest_seat(shift.rate_card, seconds_between(start, end)).bill
    return RemedyPlan(
        kind=str(RemedyKind.EXTEND),
        request_id=shift.request_id,
        shift_id=shift.pk,
        starts_at=gap.starts_at,
        ends_at=gap.ends_at,
        seats=people,
        covered_minutes=minutes,
        cost_minor=seat.amount_minor * people,
        currency=seat.currency,
        details={"from": start.isoformat(), "to": end.isoformat()},
    )


def _own_staff(request: CapacityRequest, gap: Gap, shifts: list[Shift]) -> RemedyPlan | None:
    if not shifts:
        return None
    return RemedyPlan(
        kind=str(RemedyKind.OWN_STAFF),
        request_id=request.pk,
        shift_id=None,
        starts_at=gap.starts_at,
        ends_at=gap.ends_at,
        seats=gap.people,
        covered_minutes=gap.minutes,
        cost_minor=0,
        currency=shifts[0].rate_card.bill_currency,
    )


def lull_plans(program: Program, channel: str, people: int, *, at: datetime, language: str = "") -> list[RemedyPlan]:
    """This function will offer time off where more people are there than the next hour needs: two queries."""
    if people < 1:
        return []
    rows = Shift.objects.for_brand(program.brand_id).filter(
        program=program,
        channel=channel,
        language=language,
        state=ShiftState.STARTED,
        ends_at__gt=at + timedelta(minutes=30),
    )
    at_desks = Count("claims", filter=Q(claims__state=ClaimState.CHECKED_IN, claims__kind=ClaimKind.SEAT))
    found = rows.annotate(at_desks=at_desks).filter(at_desks__gt=0).exclude(vto_offers__state="open")
    shift = found.select_related("rate_card").order_by("-ends_at", "pk").first()
    if shift is None:
        return []
    start = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    return [
        RemedyPlan(
            kind=str(RemedyKind.VTO),
            request_id=shift.request_id,
            shift_id=shift.pk,
            starts_at=start,
            ends_at=shift.ends_at,
            seats=min(people, int(getattr(shift, "at_desks", 0))),
            covered_minutes=0,
            cost_minor=0,
            currency=shift.rate_card.bill_currency,
        )
    ]
