"""Who was offered less work than was promised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import zone_of
from payments.models import Earning
from payments.states import EarningKind
from recruiting.models import Engagement, RateCard
from recruiting.queries import active_rate_card
from recruiting.states import BENCH_STATES, AgentState, LineKind, ProgramState, Standing
from scheduling.queries.offered import offered_minutes

GUARANTEED_MINUTES: Final = 10 * 60
PERIOD: Final = timedelta(days=30)
# A day is counted after it is over in the program's zone; a day to spare before a period is judged.
_COUNTED_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Hours that were promised to one person for `[since_on, until_on)` and not offered."""

    engagement: Engagement
    rate_card: RateCard
    zone: ZoneInfo
    since_on: date
    until_on: date
    seconds: int


def shortfalls(*, at: datetime) -> Iterable[Shortfall]:
    """This function will yield, for the last whole 30-day period of everybody on a bench, what was missing in it.

    Periods follow each other from the day of certification. Nothing is missing for who was suspended, blocked or away,
    or where the program was not live or its card promised nothing.
    """
    paid = Earning.objects.across_brands().filter(kind=EarningKind.GUARANTEE, source_kind="engagement")
    for engagement in _promised():
        zone = zone_of(engagement.program.timezone)
        period = last_period(engagement, at.astimezone(zone).date() - _COUNTED_AFTER)
        if period is None:
            continue
        since_on, until_on = period
        if paid.filter(source_id=engagement.pk, part=until_on.isoformat()).exists():
            continue
        minutes = GUARANTEED_MINUTES - offered_minutes(
            engagement.pk, since=since_on, until=until_on - timedelta(days=1)
        )
        card = active_rate_card(engagement.program_id, at) if minutes > 0 else None
        if card is not None and card.line(LineKind.GUARANTEE) is not None:
            yield Shortfall(engagement, card, zone, since_on, until_on, minutes * 60)


def last_period(engagement: Engagement, today: date) -> tuple[date, date] | None:
    """This function will return the last 30 days that are over, counted from the day of certification; None before."""
    if engagement.certified_at is None:
        return None
    first = engagement.certified_at.astimezone(zone_of(engagement.program.timezone)).date()
    whole = (today - first) // PERIOD
    if whole < 1:
        return None
    until_on = first + whole * PERIOD
    return until_on - PERIOD, until_on


def _promised() -> Iterable[Engagement]:
    promising = RateCard.objects.across_brands().filter(lines__kind=LineKind.GUARANTEE, valid_until__isnull=True)
    rows = Engagement.objects.across_brands().filter(
        state__in=BENCH_STATES,
        standing=Standing.GOOD,
        blocked_by_brand_at__isnull=True,
        agent__state=AgentState.ACTIVE,
        agent__paused_until__isnull=True,
        program__state=ProgramState.LIVE,
        program__in=promising.values("program_id"),
    )
    return rows.select_related("program", "agent").order_by("pk")
