"""The minutes behind a line, cut by hour."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from payments.models import Earning
from payments.pricing.work import SERVING, WAITING
from scheduling.queries.work import PayableSpan, payable_minutes

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch within an hour: where it begins and how much of the hour it is (0 to 1)."""

    begins: float
    share: float
    css: str


@dataclass(frozen=True, slots=True)
class HourOfWork:
    """One hour of a shift."""

    starts_at: datetime
    bars: tuple[Bar, ...]
    paid_seconds: int


def minutes_of(earning: Earning, *, zone: ZoneInfo) -> list[HourOfWork]:
    """This function will return the paid stretches of a claim's line by hour; nothing for lines without a claim."""
    if earning.source_kind != "claim":
        return []
    pieces: dict[datetime, list[tuple[Bar, int]]] = defaultdict(list)
    for span in payable_minutes(earning.source_id).spans:
        for hour, bar, seconds in _cut(span, zone):
            pieces[hour].append((bar, seconds))
    return [
        HourOfWork(hour, tuple(bar for bar, _seconds in found), sum(seconds for _bar, seconds in found))
        for hour, found in sorted(pieces.items())
    ]


def _cut(span: PayableSpan, zone: ZoneInfo) -> Iterable[tuple[datetime, Bar, int]]:
    start = span.starts_at
    while start < span.ends_at:
        hour = _hour_of(start, zone)
        end = min(hour + _HOUR, span.ends_at)
        length = (end - start).total_seconds()
        yield hour, Bar((start - hour) / _HOUR, length / 3600, _css(span.state)), int(length)
        start = end


def _hour_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """The start of the local hour, in UTC: zones with half hours cut where their clocks do."""
    local = moment.astimezone(zone)
    return (local - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)).astimezone(
        UTC
    )


def _css(state: str) -> str:
    if state in SERVING:
        return "f-solid"
    return "f-cover" if state in WAITING else "f-line"
