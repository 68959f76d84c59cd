"""An agent's weeks: how long was paid, what it came to, where the money is, and on which day it was earned."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from gigcx.kernel.intervals import day_of, week_start
from gigcx.kernel.money import Money
from payments.models import Earning
from payments.states import EarningKind, EarningState

S = EarningState
# Lines whose length is time that was given and paid; a floor or an incentive speaks of the same minutes again.
TIMED: Final = (
    EarningKind.TIME,
    EarningKind.TRAINING,
    EarningKind.STANDBY,
    EarningKind.VTO,
    EarningKind.SENT_HOME,
)


@dataclass(frozen=True, slots=True)
class DayEarned:
    """One day of a week: ink is ready or paid, pencil still in review or held; `seconds` is paid time."""

    on: date
    ink: Money
    pencil: Money
    seconds: int

    @property
    def total(self) -> Money:
        """Ink and pencil together."""
        return self.ink + self.pencil


@dataclass(frozen=True, slots=True)
class WeekEarned:
    """One week (Monday to Sunday) in one currency. `taken_off` is below zero: fees and corrections within the total."""

    starts_on: date
    total: Money
    taken_off: Money
    in_review: Money
    available: Money
    on_its_way: Money
    paid: Money
    seconds: int
    days: tuple[DayEarned, ...]


def weeks_earned(agent_id: UUID, *, mondays: Collection[date], zone: ZoneInfo) -> dict[date, list[WeekEarned]]:
    """This function will add up the agent's lines of the weeks that begin on `mondays` in `zone`, the largest sum first.

    A line counts on the local day its work ended. Replaced lines count nowhere.
    """
    rows = [row for row in _rows(agent_id, mondays, zone) if week_start(row["on"]) in mondays] if mondays else []
    rows.sort(key=_place)
    found: dict[date, list[WeekEarned]] = {}
    for (monday, currency), lines in groupby(rows, key=_place):
        found.setdefault(monday, []).append(_week(monday, currency, list(lines)))
    return {
        monday: sorted(weeks, key=lambda week: (-week.total.amount_minor, week.total.currency))
        for monday, weeks in found.items()
    }


def _place(row: dict[str, Any]) -> tuple[date, str]:
    return week_start(row["on"]), row["currency"]


def _rows(agent_id: UUID, mondays: Collection[date], zone: ZoneInfo) -> list[dict[str, Any]]:
    first, last = day_of(min(mondays), zone), day_of(max(mondays) + timedelta(days=6), zone)
    rows = Earning.objects.across_brands().filter(
        agent_id=agent_id, worked_to__gte=first.starts_at, worked_to__lt=last.ends_at
    )
    found = (
        rows.exclude(state=S.REVERSED)
        .annotate(on=TruncDate("worked_to", tzinfo=zone))
        .values("on", "currency", "state")
        .annotate(
            amount=Sum("amount_minor"),
            off=Coalesce(Sum("amount_minor", filter=Q(amount_minor__lt=0)), 0),
            seconds=Coalesce(Sum("worked_seconds", filter=Q(kind__in=TIMED)), 0),
        )
        .order_by("on", "currency", "state")
    )
    return [dict(row) for row in found]


def _week(monday: date, currency: str, rows: list[dict[str, Any]]) -> WeekEarned:
    def money(*states: EarningState, on: date | None = None) -> Money:
        return Money(_sum(rows, "amount", states=states, on=on), currency)

    days = (monday + timedelta(days=step) for step in range(7))
    return WeekEarned(
        starts_on=monday,
        total=money(*S),
        taken_off=Money(_sum(rows, "off", states=tuple(S), on=None), currency),
        in_review=money(S.ACCRUED, S.HELD),
        available=money(S.PAYABLE),
        on_its_way=money(S.IN_PAYOUT),
        paid=money(S.PAID),
        seconds=_sum(rows, "seconds", states=tuple(S), on=None),
        days=tuple(
            DayEarned(
                on=day,
                ink=money(S.PAYABLE, S.IN_PAYOUT, S.PAID, on=day),
                pencil=money(S.ACCRUED, S.HELD, on=day),
                seconds=_sum(rows, "seconds", states=tuple(S), on=day),
            )
            for day in days
        ),
    )


def _sum(rows: list[dict[str, Any]], name: str, *, states: tuple[EarningState, ...], on: date | None) -> int:
    return sum(int(row[name]) for row in rows if row["state"] in states and on in (None, row["on"]))
