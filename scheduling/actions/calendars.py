"""The lock row of an agent's calendar."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from gigcx.kernel.intervals import Period
from recruiting.models import Agent
from scheduling.models import AgentCalendar
from scheduling.queries.hours import Held, Limits
from scheduling.states import OCCUPYING

# Three statements in one round trip. The last reads what was committed while the second waited: each has its own snapshot.
_LOCK_AND_READ: Final = """
SET LOCAL lock_timeout = '2s';
SELECT 1 FROM scheduling_agentcalendar WHERE agent_id = %(agent)s FOR NO KEY UPDATE;
SELECT own.day_minutes, own.week_minutes, own.rest_minutes, own.turnaround_minutes,
       c.id, c.shift_id, c.starts_at, least(c.ends_at, upper(c.busy)), upper(c.busy), c.engagement_id, c.kind
FROM scheduling_agentcalendar own
LEFT JOIN scheduling_claim c ON c.agent_id = own.agent_id AND c.state = ANY(%(occupying)s)
    AND c.starts_at < %(ends_at)s + interval '9 days' AND c.ends_at > %(starts_at)s - interval '9 days'
WHERE own.agent_id = %(agent)s ORDER BY c.starts_at
"""
_OCCUPYING: Final = [state.value for state in OCCUPYING]


@dataclass(frozen=True, slots=True)
class OwnTime:
    """The agent's limits and taken time around a period, true until the transaction ends."""

    limits: Limits
    held: list[Held]


def lock_own_time(agent: Agent, around: Period) -> OwnTime:
    """This function will lock the agent's calendar as `lock_calendar` does and read the taken time of every brand with it."""
    rows = _locked_rows(agent.pk, around)
    if not rows:
        lock_calendar(agent.pk)  # the first claim makes the row
        rows = _locked_rows(agent.pk, around)
    limits = Limits(ZoneInfo(agent.user.timezone or "UTC"), *rows[0][:4])
    return OwnTime(limits, [Held(*row[4:]) for row in rows if row[4] is not None])


def _locked_rows(agent_id: UUID, around: Period) -> list[Any]:
    asked: dict[str, Any] = {
        "agent": agent_id,
        "starts_at": around.starts_at,
        "ends_at": around.ends_at,
        "occupying": _OCCUPYING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_AND_READ, asked)
        return list(cursor.fetchall())


def lock_calendar(agent_id: UUID) -> AgentCalendar:
    """This function will lock the agent's calendar until the transaction ends, waiting at most two seconds.

    FOR NO KEY UPDATE: claims being inserted elsewhere keep their foreign-key share lock. A first claim makes the row.
    """
    set_lock_timeout()
    calendar = _locked(agent_id)
    if calendar is None:
        AgentCalendar.objects.bulk_create([AgentCalendar(agent_id=agent_id)], ignore_conflicts=True)
        calendar = _locked(agent_id)
    if calendar is None:
        raise AgentCalendar.DoesNotExist
    return calendar


def set_lock_timeout() -> None:
    """This function will let no lock of this transaction be waited for longer than two seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")


def _locked(agent_id: UUID) -> AgentCalendar | None:
    rows = AgentCalendar.objects.across_brands().select_for_update(no_key=True, of=("self",))
    return rows.filter(pk=agent_id).first()
