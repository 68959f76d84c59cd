"""Work that was on offer: what an engagement could have claimed on a day, and what was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Sum

from gigcx.kernel.intervals import zone_of
from recruiting.matching import LanguageLevels
from recruiting.models import Engagement
from recruiting.queries import languages_of_agents, speaks
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

    Overlapping shifts count once: nobody could have worked both. A shift counts for everybody on the bench, whoever took it,
    if they speak its language.
    """
    shifts = Shift.objects.across_brands().filter(
        state__in=list(STANDING), starts_at__gte=at - timedelta(days=3), starts_at__lt=at
    )
    by_day: dict[tuple[UUID, date], list[Shift]] = {}
    for shift in shifts.select_related("program").order_by("starts_at", "pk"):
        yesterday = (at.astimezone(zone_of(shift.timezone)) - timedelta(days=1)).date()
        if shift.local_on == yesterday:
            by_day.setdefault((shift.program_id, yesterday), []).append(shift)
    bench = Engagement.objects.across_brands().filter(
        program_id__in={program_id for program_id, _day in by_day}, state__in=BENCH_STATES
    )
    engagements = list(bench.order_by("pk"))
    spoken = _spoken(engagements, by_day.values())
    for engagement in engagements:
        for (program_id, on_date), found in by_day.items():
            mine = [one for one in found if _is_for(one, spoken.get(engagement.agent_id, {}))]
            if program_id == engagement.program_id and mine:
                minutes = min(_MOST_A_DAY, _covered([(one.starts_at, one.ends_at) for one in mine]))
                yield Offered(engagement.pk, engagement.agent_id, engagement.brand_id, on_date, minutes)


def _spoken(
    engagements: Iterable[Engagement], days: Iterable[Sequence[Shift]]
) -> Mapping[UUID, Mapping[str, LanguageLevels]]:
    """What everybody speaks; read only where some shift is in a language."""
    if not any(one.language for found in days for one in found):
        return {}
    return languages_of_agents({one.agent_id for one in engagements})


def _is_for(shift: Shift, spoken: Mapping[str, LanguageLevels]) -> bool:
    return not shift.language or speaks(spoken, shift.program, shift.language, channel=shift.channel)


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
