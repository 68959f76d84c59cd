"""The lock row of an agent's calendar."""

from uuid import UUID

from django.db import connection

from scheduling.models import AgentCalendar


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
