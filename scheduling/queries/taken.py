"""The taken time of many agents at once, for the close of a draw."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from recruiting.models import Agent
from scheduling.models import Claim, Shift
from scheduling.queries.hours import Held

_AROUND: Final = timedelta(days=9)


def taken_times(agents: Iterable[Agent], shifts: Iterable[Shift]) -> dict[UUID, tuple[list[Held], ZoneInfo]]:
    """This function will return, for each agent, the time taken around the shifts, of every brand, and their own zone: one query.

    `agents` come with their users.
    """
    everybody, offered = list(agents), list(shifts)
    found: dict[UUID, tuple[list[Held], ZoneInfo]] = {
        agent.pk: ([], ZoneInfo(agent.user.timezone or "UTC")) for agent in everybody
    }
    if not offered or not everybody:
        return found
    rows = Claim.objects.across_brands().occupying().filter(agent__in=everybody)
    rows = rows.touching(min(one.starts_at for one in offered) - _AROUND, max(one.ends_at for one in offered) + _AROUND)
    columns = ("agent_id", "id", "shift_id", "starts_at", "ends_at", "busy", "engagement_id", "kind")
    for agent_id, claim_id, shift_id, starts_at, ends_at, busy, engagement_id, kind in rows.order_by(
        "starts_at"
    ).values_list(*columns):
        until = busy.upper
        held = Held(claim_id, shift_id, starts_at, min(ends_at, until), until, engagement_id, kind)
        found[agent_id][0].append(held)
    return found
