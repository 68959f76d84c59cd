"""When agents said they are free: weekly rules in their own local time, days away, hours besides."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from gigcx.kernel.intervals import Period, from_wall, zone_of
from recruiting.models import AvailabilityException, AvailabilityRule
from recruiting.states import AbsenceKind

Free = list[tuple[datetime, datetime]]


def free_times(agent_ids: Sequence[UUID], around: Period) -> dict[UUID, Free]:
    """This function will return each agent's free stretches `[start, end)` near a period, merged and in order: two queries.

    An agent without rules has not said when, so none of their time counts as free.
    """
    away: dict[UUID, Free] = {}
    free: dict[UUID, Free] = {agent_id: [] for agent_id in agent_ids}
    for agent_id, starts_at, ends_at in _weekly(agent_ids, around):
        free[agent_id].append((starts_at, ends_at))
    rows = AvailabilityException.objects.across_brands().filter(
        agent_id__in=agent_ids, starts_at__lt=around.ends_at + _DAY, ends_at__gt=around.starts_at - _DAY
    )
    for agent_id, kind, starts_at, ends_at in rows.values_list("agent_id", "kind", "starts_at", "ends_at"):
        where = free if kind == AbsenceKind.EXTRA else away
        where.setdefault(agent_id, []).append((starts_at, ends_at))
    return {agent_id: _without(_merged(own), _merged(away.get(agent_id, []))) for agent_id, own in free.items()}


_DAY = timedelta(days=1)


def _weekly(agent_ids: Sequence[UUID], around: Period) -> Iterable[tuple[UUID, datetime, datetime]]:
    first, last = (around.starts_at - _DAY).date(), (around.ends_at + _DAY).date()
    rows = AvailabilityRule.objects.across_brands().filter(agent_id__in=agent_ids, valid_from__lte=last)
    columns = ("agent_id", "weekday", "local_from", "local_to", "timezone", "valid_from", "valid_until")
    for agent_id, weekday, local_from, local_to, timezone, valid_from, valid_until in rows.values_list(*columns):
        for on in _dates(weekday, first, last):
            if valid_from <= on and (valid_until is None or on <= valid_until):
                yield agent_id, *_stretch(on, local_from, local_to, timezone)


def _dates(weekday: int, first: date, last: date) -> Iterable[date]:
    on = first + timedelta(days=(weekday - first.weekday()) % 7)
    while on <= last:
        yield on
        on += timedelta(days=7)


@lru_cache(maxsize=16_384)
def _stretch(on: date, local_from: time, local_to: time, timezone: str) -> tuple[datetime, datetime]:
    """One day's stretch in UTC. People share them, and zones are slow to ask."""
    zone = zone_of(timezone)
    ends_on = on if local_to > local_from else on + timedelta(days=1)
    return from_wall(on, local_from, zone), from_wall(ends_on, local_to, zone)


def _merged(stretches: Free) -> Free:
    found: Free = []
    for starts_at, ends_at in sorted(stretches):
        if found and starts_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends_at))
        else:
            found.append((starts_at, ends_at))
    return found


def _without(free: Free, away: Free) -> Free:
    found: Free = []
    for starts_at, ends_at in free:
        rest = starts_at
        for gone, back in away:
            if back > rest and gone < ends_at:
                if gone > rest:
                    found.append((rest, gone))
                rest = max(rest, back)
        if rest < ends_at:
            found.append((rest, ends_at))
    return found
