"""Work that was on offer: what an engagement could have claimed on a day, and what was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Sum

from gigcx.kernel.intervals import zone_of
from recruiting.models import Engagement
from recruiting.states import BENCH_STATES
from scheduling.models import OfferedMinutes, Shift
from scheduling.states import STANDING

_MOST_A_DAY: Final = 12 * 60


@dataclass(frozen=True, slots=True)
class Offered:
    """Minutes of work on one local day that one engagement could have claimed, at most twelve hours of them."""

    engagement_id: UUID
    agent_id: UUID
    brand_id: UUID
    on_date: date
    minutes: int


def offered_yesterday(*, at: datetime) -> Iterable[Offered]:
    """This function will count, for every engagement on a bench, the shifts that began on its program's last local day.

    Overlapping shifts count once: nobody could have worked both. A shift counts for everybody on the bench, whoever took it.
    """
    shifts = Shift.objects.across_brands().filter(
        state__in=list(STANDING), starts_at__gte=at - timedelta(days=3), starts_at__lt=at
    )
    by_day: dict[tuple[UUID, date], list[tuple[datetime, datetime]]] = {}
    for shift in shifts.order_by("starts_at", "pk"):
        yesterday = (at.astimezone(zone_of(shift.timezone)) - timedelta(days=1)).date()
        if shift.local_on == yesterday:
            by_day.setdefault((shift.program_id, yesterday), []).append((shift.starts_at, shift.ends_at))
    minutes = {key: min(_MOST_A_DAY, _covered(spans)) for key, spans in by_day.items()}
    bench = Engagement.objects.across_brands().filter(
        program_id__in={program_id for program_id, _day in minutes}, state__in=BENCH_STATES
    )
    days = dict(by_day)
    for engagement in bench.order_by("pk"):
        for program_id, on_date in days:
            if program_id == engagement.program_id:
                yield Offered(
                    engagement.pk, engagement.agent_id, engagement.brand_id, on_date, minutes[program_id, on_date]
                )


def _covered(spans: list[tuple[datetime, datetime]]) -> int:
    """Minutes under at least one of the stretches, which come in order of their starts."""
    total, end = timedelta(), spans[0][0]
    for starts_at, ends_at in spans:
        total += max(timedelta(), ends_at - max(starts_at, end))
        end = max(end, ends_at)
    return int(total.total_seconds() // 60)


def offered_minutes(engagement_id: UUID, *, since: date, until: date) -> int:
    """This function will return how many minutes were on offer to an engagement from one day to another, the last included."""
    rows = OfferedMinutes.objects.across_brands().filter(
        engagement_id=engagement_id, on_date__gte=since, on_date__lte=until
    )
    return int(rows.aggregate(minutes=Sum("minutes"))["minutes"] or 0)
