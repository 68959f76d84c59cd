"""Earnings: doors, lists and what the coming days bring."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet, Sum

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import Period, day_of, week_start
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor
from payments.models import Earning, EarningHold, PayoutAllocation
from payments.states import EarningState


def earnings_for(actor: Actor) -> QuerySet[Earning]:
    """This function will list what the actor may see, newest work first, without replaced lines."""
    holds: QuerySet[EarningHold] = EarningHold.objects.across_brands().filter(lifted_at__isnull=True)
    rows: QuerySet[Earning] = Earning.objects.for_actor(actor).exclude(state=EarningState.REVERSED).for_listing()
    open_holds = Prefetch("holds", holds.order_by("until", "pk"), to_attr="open_holds")
    return rows.prefetch_related(open_holds)


def earning_for(actor: Actor, earning_id: UUID) -> Earning:
    """This function will return one earning with its holds, charge and payouts.

    Raises:
        NotFound: no such earning, or somebody else's.
    """
    live = PayoutAllocation.objects.across_brands().filter(released_at__isnull=True).select_related("item")
    holds = EarningHold.objects.across_brands().order_by("set_at", "pk")
    rows = Earning.objects.for_actor(actor).select_related("program", "brand", "agent__user", "rate_card")
    found = (
        rows.prefetch_related(Prefetch("allocations", live, to_attr="live_allocations"))
        .prefetch_related(Prefetch("holds", holds))
        .filter(pk=earning_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def review_ends_next(agent_id: UUID) -> datetime | None:
    """This function will return when the agent's next line leaves review, or None."""
    rows = Earning.objects.across_brands().filter(agent_id=agent_id, state=EarningState.ACCRUED)
    return rows.order_by("review_ends_at").values_list("review_ends_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class WeekMoney:
    """One week's earnings in one currency: ink is ready or paid, pencil still in review or held."""

    starts_on: date
    total: Money
    ink: Money
    pencil: Money


def money_of_week(agent_id: UUID, *, at: datetime, zone: ZoneInfo) -> WeekMoney | None:
    """This function will add up the agent's present week (Monday to Sunday in `zone`), in their main currency."""
    monday = week_start(at.astimezone(zone).date())
    week = _week(monday, zone)
    rows = (
        Earning.objects.across_brands()
        .filter(agent_id=agent_id, worked_to__gt=week.starts_at, worked_to__lte=week.ends_at)
        .exclude(state=EarningState.REVERSED)
        .values_list("currency", "state")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency", "state")
    )
    sums = list(rows)
    if not sums:
        return None
    currency = max({name for name, _state, _total in sums}, key=lambda name: _sum(sums, name, pencil=None))
    pencil, total = _sum(sums, currency, pencil=True), _sum(sums, currency, pencil=None)
    return WeekMoney(monday, Money(total, currency), Money(total - pencil, currency), Money(pencil, currency))


def _week(monday: date, zone: ZoneInfo) -> Period:
    sunday = date.fromordinal(monday.toordinal() + 6)
    return Period(day_of(monday, zone).starts_at, day_of(sunday, zone).ends_at)


def _sum(rows: list[tuple[str, str, int]], currency: str, *, pencil: bool | None) -> int:
    states = {EarningState.ACCRUED, EarningState.HELD}
    return sum(
        int(total)
        for name, state, total in rows
        if name == currency and (pencil is None or (state in states) == pencil)
    )
