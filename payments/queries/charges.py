"""What a brand owes and will owe."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, QuerySet, Sum

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import day_of, week_start
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.models import Brand
from payments.models import Charge, ChargeTally
from payments.pricing import Card, estimate
from payments.pricing.tax import tax_of
from payments.queries.cards import card_of
from payments.queries.expected_tax import expected_rate_of
from payments.states import Cause, ChargeState, EarningKind
from recruiting.models import RateCard
from scheduling.models import Claim
from scheduling.states import ClaimKind, ClaimState

_UNVERIFIED: Final = (
    ClaimState.CLAIMED,
    ClaimState.CONFIRMED,
    ClaimState.CHECKED_IN,
    ClaimState.WORKED,
    ClaimState.DISPUTED,
)
_LONG_AGO: Final = timedelta(days=60)
_FAR_AHEAD: Final = timedelta(days=56)


def charges_for(actor: Actor) -> QuerySet[Charge]:
    """This function will list a brand's charges, newest first, without replaced ones; what agents earn is not in them."""
    rows = Charge.objects.for_actor(actor).exclude(state=ChargeState.REVERSED)
    return rows.select_related("program", "earning__agent__user").order_by("-billing_week", "-accrued_at", "-pk")


def charge_for(actor: Actor, charge_id: UUID) -> Charge:
    """This function will return one charge of the actor's brand.

    Raises:
        NotFound: no such charge, or another brand's.
    """
    rows = Charge.objects.for_actor(actor).select_related("program", "earning__agent__user", "brand")
    found = rows.filter(pk=charge_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One line of a coming invoice: a program's charges of one cause, or an estimate of booked seats (`is_estimate`)."""

    program_id: UUID
    program: str
    kind: str
    cause: str
    lines: int
    net: Money
    is_estimate: bool = False


@dataclass(slots=True)
class UpcomingWeek:
    """One billing week; `locks_at` is when its lines can no longer change but by adjustment.

    `total` is what is charged so far; `expected` adds what booked seats will cost and the tax expected on all of it.
    """

    starts_on: date
    locks_at: datetime
    currency: str
    lines: list[Upcoming] = field(default_factory=list)
    total_minor: int = 0
    booked_minor: int = 0
    tax_rate_bp: int = 0

    @property
    def total(self) -> Money:
        """The week's net so far."""
        return Money(self.total_minor, self.currency)

    @property
    def expected_tax(self) -> Money:
        """The tax expected on work and booked seats together."""
        return Money(tax_of(self.total_minor + self.booked_minor, self.tax_rate_bp), self.currency)

    @property
    def expected(self) -> Money:
        """Work, booked seats and tax together."""
        return Money(self.total_minor + self.booked_minor, self.currency) + self.expected_tax


def upcoming_charges(brand: Brand, *, at: datetime) -> list[UpcomingWeek]:
    """This function will group what is charged and not yet invoiced, and what is booked, by week, program, kind and cause.

    The week that locks first comes first. Booked seats are estimates by the formula of the invoice.
    """
    zone = ZoneInfo(brand.timezone)
    weeks: dict[tuple[date, str], UpcomingWeek] = {}
    for monday, line in (*_charged_lines(brand.pk), *booked_lines(brand.pk, at=at)):
        key = (monday, line.net.currency)
        week = weeks.setdefault(key, UpcomingWeek(monday, _locks_at(monday, zone), line.net.currency))
        week.lines.append(line)
        week.total_minor += 0 if line.is_estimate else line.net.amount_minor
        week.booked_minor += line.net.amount_minor if line.is_estimate else 0
    if weeks:
        rate = expected_rate_of(brand)
        for week in weeks.values():
            week.tax_rate_bp = rate
    return [weeks[key] for key in sorted(weeks)]


def _charged_lines(brand_id: UUID) -> list[tuple[date, Upcoming]]:
    return [
        (
            row["billing_week"],
            Upcoming(
                row["program_id"],
                row["program__name"],
                row["kind"],
                row["cause"],
                row["n"],
                Money(int(row["net"]), row["currency"]),
            ),
        )
        for row in _upcoming_rows(brand_id)
    ]


def booked_lines(brand_id: UUID, *, at: datetime) -> list[tuple[date, Upcoming]]:
    """This function will estimate seats that are booked, or worked and not verified yet, by the Monday of their week."""
    sums: dict[tuple[date, UUID, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    rows = list(_booked_rows(brand_id, at))
    cards = _cards({row["rate_card_id"] for row in rows})
    for row in rows:
        card = cards[row["rate_card_id"]]
        seconds = int(row["time"].total_seconds())
        _pay, bill = estimate(card, [("productive_hour", seconds, 1)], tier_bp=card.tier_bp(row["tier"]))
        key = (
            week_start(row["shift__local_on"]),
            row["shift__program_id"],
            row["shift__program__name"],
            card.bill_currency,
        )
        seats, so_far = sums[key]
        sums[key] = (seats + row["n"], so_far + bill)
    return [
        (monday, Upcoming(program_id, name, EarningKind.TIME, Cause.WORK, seats, Money(bill, currency), True))
        for (monday, program_id, name, currency), (seats, bill) in sorted(sums.items(), key=lambda pair: str(pair[0]))
        if bill
    ]


def _booked_rows(brand_id: UUID, at: datetime) -> "QuerySet[Claim, dict[str, Any]]":
    rows = Claim.objects.for_brand(brand_id).filter(state__in=_UNVERIFIED, kind=ClaimKind.SEAT)
    near = rows.filter(ends_at__gt=at - _LONG_AGO, starts_at__lt=at + _FAR_AHEAD)
    columns = ("shift__local_on", "shift__program_id", "shift__program__name", "rate_card_id", "tier")
    summed: QuerySet[Claim, dict[str, Any]] = near.values(*columns).annotate(
        n=Count("pk"), time=Sum(F("ends_at") - F("starts_at"))
    )
    return summed.order_by(*columns)


def _cards(ids: set[UUID]) -> dict[UUID, Card]:
    if not ids:
        return {}
    return {one.pk: card_of(one) for one in RateCard.objects.across_brands().with_lines().filter(pk__in=ids)}


def _upcoming_rows(brand_id: UUID) -> "QuerySet[ChargeTally, dict[str, Any]]":
    """From the tally: adding up the lines themselves takes as long as there are lines."""
    grouped = ("billing_week", "currency", "program_id", "program__name", "kind", "cause")
    rows = ChargeTally.objects.for_brand(brand_id).values(*grouped)
    summed: QuerySet[ChargeTally, dict[str, Any]] = rows.annotate(n=Sum("lines"), net=Sum("net_minor")).filter(n__gt=0)
    return summed.order_by("-billing_week", "program__name", "kind")


def _locks_at(monday: date, zone: ZoneInfo) -> datetime:
    """The Monday after, 23:59 in the brand's zone."""
    return day_of(monday + timedelta(days=7), zone).ends_at - timedelta(minutes=1)


def spend_of_week(brand: Brand, *, at: datetime) -> Money | None:
    """This function will return what the present billing week has cost so far, in the brand's currency, or None."""
    monday = week_start(at.astimezone(ZoneInfo(brand.timezone)).date())
    rows = Charge.objects.for_brand(brand.pk).filter(billing_week=monday, currency=brand.currency)
    total = rows.exclude(state=ChargeState.REVERSED).aggregate(total=Sum(F("net_minor") - F("credited_minor")))["total"]
    return Money(int(total), brand.currency) if total else None
