"""What a brand owes and will owe."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, QuerySet, Sum

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import day_of, week_start
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.models import Brand
from payments.models import Charge
from payments.states import ChargeState


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
    """One line of a coming invoice: a program's charges of one cause."""

    program_id: UUID
    program: str
    kind: str
    cause: str
    lines: int
    net: Money


@dataclass(slots=True)
class UpcomingWeek:
    """One billing week; `locks_at` is when its lines can no longer change but by adjustment."""

    starts_on: date
    locks_at: datetime
    currency: str
    lines: list[Upcoming] = field(default_factory=list)
    total_minor: int = 0

    @property
    def total(self) -> Money:
        """The week's net."""
        return Money(self.total_minor, self.currency)


def upcoming_charges(brand: Brand, *, at: datetime) -> list[UpcomingWeek]:
    """This function will group what is accrued and not yet invoiced by week, program, kind and cause."""
    zone = ZoneInfo(brand.timezone)
    weeks: dict[tuple[date, str], UpcomingWeek] = {}
    for row in _upcoming_rows(brand.pk):
        key = (row["billing_week"], row["currency"])
        week = weeks.setdefault(key, UpcomingWeek(key[0], _locks_at(key[0], zone), key[1]))
        net = int(row["net"])
        week.lines.append(
            Upcoming(
                row["program_id"],
                row["program__name"],
                row["kind"],
                row["earning__cause"],
                row["n"],
                Money(net, key[1]),
            )
        )
        week.total_minor += net
    return [weeks[key] for key in sorted(weeks, key=lambda pair: (-pair[0].toordinal(), pair[1]))]


def _upcoming_rows(brand_id: UUID) -> "QuerySet[Charge, dict[str, Any]]":
    open_states = [ChargeState.ACCRUED, ChargeState.HELD, ChargeState.READY]
    grouped = ("billing_week", "currency", "program_id", "program__name", "kind", "earning__cause")
    rows = Charge.objects.for_brand(brand_id).filter(state__in=open_states).values(*grouped)
    summed: QuerySet[Charge, dict[str, Any]] = rows.annotate(
        n=Count("pk"), net=Sum(F("net_minor") - F("credited_minor"))
    )
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


def charges_by_cause(brand_id: UUID, since: date) -> dict[str, int]:
    """This function will sum charges since a billing week by cause, in minor units."""
    found: dict[str, int] = defaultdict(int)
    rows = Charge.objects.for_brand(brand_id).filter(billing_week__gte=since).exclude(state=ChargeState.REVERSED)
    for cause, total in (
        rows.values_list("earning__cause")
        .annotate(total=Sum(F("net_minor") - F("credited_minor")))
        .order_by("earning__cause")
    ):
        found[cause] += int(total)
    return dict(found)
