"""Opening an agent profile and filling it in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.accounts.models import User
from gigcx.audit.outbox import publish
from gigcx.audit.trail import record
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.names import is_handle
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor
from recruiting.actions.territories import country_code
from recruiting.actions.wording import chosen, many_lines, one_line, whole
from recruiting.errors import AlreadyAgent, HandleTaken
from recruiting.events import AgentRegistered
from recruiting.models import Agent, AvailabilityRule
from recruiting.policies import can_register_agent, require_agent, require_product
from recruiting.states import AGENT_MOVES, AgentState, Channel

EQUIPMENT: Final = ("computer", "headset", "second_screen", "wired_internet", "quiet_room")
_EQUIPMENT_VERSION: Final = 1
_MOST_RULES: Final = 28
HANDLE_SHORTEST: Final = 3
HANDLE_LONGEST: Final = 30


@dataclass(frozen=True, slots=True)
class About:
    """What an agent says about themselves. `timezone` is an IANA name, `country` an ISO 3166 code."""

    country: str
    timezone: str
    headline: str = ""
    bio: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """A weekly stretch in the agent's local time, Monday 0. One that ends at or before its start crosses midnight."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Setup:
    """When an agent wants to work and with what. No hours means "I decide week by week"."""

    weekly_hours_wanted: int
    hours: Sequence[WeeklyHours] = ()
    equipment: Iterable[str] = field(default_factory=tuple)


@transaction.atomic
def register_agent(*, user: User, by: Actor, at: datetime) -> Agent:
    """Open an agent profile for a person.

    Raises:
        NotFound: somebody else's account.
        AlreadyAgent: there is a profile.
    """
    if not can_register_agent(by, user.pk):
        raise NotFound
    User.objects.select_for_update().get(pk=user.pk)
    if Agent.objects.across_brands().filter(user=user).exists():
        raise AlreadyAgent
    agent = Agent.objects.create(user=user, handle=_first_handle(), created_at=at)
    record("recruiting.register_agent", agent, by=by, at=at, agent_id=agent.pk, to_state=agent.state)
    publish(AgentRegistered(agent_id=agent.pk), at=at, agent_id=agent.pk)
    return agent


@transaction.atomic
def describe_agent(*, agent_id: UUID, about: About, by: Actor, at: datetime) -> Agent:
    """Change who the agent says they are: country, time zone, headline, words and handle.

    Raises:
        Invalid: a field is missing, too long or unknown; names it.
        HandleTaken: somebody goes by this handle.
    """
    require_agent(by, agent_id)
    agent = locked_agent(agent_id)
    before = {name: getattr(agent, name) for name in ("country", "headline", "bio", "handle")}
    agent.country = country_code(about.country)
    agent.headline = one_line(about.headline, field="headline", limit=120, is_required=False)
    agent.bio = many_lines(about.bio, field="bio", limit=2000)
    agent.handle = _free_handle(agent, about.handle)
    agent.save(update_fields=list(before))
    _keep_zone(agent.user, about.timezone)
    changes = {name: [was, getattr(agent, name)] for name, was in before.items() if was != getattr(agent, name)}
    record("recruiting.describe_agent", agent, by=by, at=at, agent_id=agent.pk, changes=changes)
    return agent


@transaction.atomic
def set_availability(*, agent_id: UUID, setup: Setup, by: Actor, at: datetime) -> Agent:
    """Replace the agent's weekly hours and equipment; a complete profile becomes active by it.

    Raises:
        Invalid: hours out of range, a stretch given twice, unknown equipment; names the field.
    """
    require_agent(by, agent_id)
    agent = locked_agent(agent_id)
    agent.weekly_hours_wanted = whole(setup.weekly_hours_wanted, field="weekly_hours_wanted", lowest=1, highest=60)
    owned = chosen(setup.equipment, field="equipment", among=EQUIPMENT)
    agent.equipment = {"version": _EQUIPMENT_VERSION, "owned": owned}
    _replace_rules(agent, setup.hours, at)
    before = agent.state
    agent.state = _after_set_up(agent)
    agent.save(update_fields=["weekly_hours_wanted", "equipment", "state"])
    moved: dict[str, Any] = {"from_state": before, "to_state": agent.state} if before != agent.state else {}
    record("recruiting.set_availability", agent, by=by, at=at, agent_id=agent.pk, **moved)
    return agent


@transaction.atomic
def pause_agent(*, agent_id: UUID, until: datetime | None, by: Actor, at: datetime) -> Agent:
    """Take a break: no offers until the moment given, or until resumed.

    Raises:
        Invalid: the break would end before it starts.
        MoveRefused: the agent is not active.
    """
    require_agent(by, agent_id)
    agent = locked_agent(agent_id)
    require_move(AGENT_MOVES, agent.state, AgentState.PAUSED)
    if until is not None and until <= at:
        raise Invalid(_("Choose a moment in the future."), field="until")
    return _moved(agent, AgentState.PAUSED, action="recruiting.pause_agent", until=until, by=by, at=at)


@transaction.atomic
def resume_agent(*, agent_id: UUID, by: Actor, at: datetime) -> Agent:
    """Come back from a break.

    Raises:
        MoveRefused: the agent is not on a break.
    """
    require_agent(by, agent_id)
    agent = locked_agent(agent_id)
    if agent.state != AgentState.PAUSED:
        raise MoveRefused(_("There is no break to end."), context={"current": agent.state})
    require_move(AGENT_MOVES, agent.state, AgentState.ACTIVE)
    return _moved(agent, AgentState.ACTIVE, action="recruiting.resume_agent", until=None, by=by, at=at)


def resume_rested_agents(*, by: Actor, at: datetime, most: int = 200) -> int:
    """Bring back agents whose break has ended, and return how many. Each is a transaction of its own.

    Raises:
        NotFound: neither the product nor ops asks.
    """
    require_product(by)
    rested = Agent.objects.across_brands().filter(state=AgentState.PAUSED, paused_until__lte=at)
    ids = list(rested.order_by("paused_until", "pk").values_list("pk", flat=True)[:most])
    for agent_id in ids:
        _resume_if_rested(agent_id, by=by, at=at)
    return len(ids)


@transaction.atomic
def _resume_if_rested(agent_id: UUID, *, by: Actor, at: datetime) -> None:
    agent = locked_agent(agent_id)
    is_rested = agent.paused_until is not None and agent.paused_until <= at
    if agent.state == AgentState.PAUSED and is_rested:
        _moved(agent, AgentState.ACTIVE, action="recruiting.resume_agent", until=None, by=by, at=at)


def locked_agent(agent_id: UUID) -> Agent:
    """This function will lock an agent's row until the transaction ends. Raises NotFound."""
    rows = Agent.objects.across_brands().select_for_update(of=("self",)).select_related("user")
    agent = rows.filter(pk=agent_id).first()
    if agent is None:
        raise NotFound
    return agent


def checked_channels(channels: Iterable[str]) -> list[str]:
    """This function will return known channels, at least one, or raise Invalid."""
    kept = chosen(channels, field="channels", among=Channel.values)
    if not kept:
        raise Invalid(_("Choose at least one channel."), field="channels")
    return kept


def _moved(agent: Agent, state: AgentState, *, action: str, until: datetime | None, by: Actor, at: datetime) -> Agent:
    before, agent.state, agent.paused_until = agent.state, state, until
    agent.save(update_fields=["state", "paused_until"])
    record(action, agent, by=by, at=at, agent_id=agent.pk, from_state=before, to_state=state)
    return agent


def _after_set_up(agent: Agent) -> str:
    if agent.state != AgentState.PROFILE_COMPLETE:
        return agent.state
    require_move(AGENT_MOVES, agent.state, AgentState.ACTIVE)
    return AgentState.ACTIVE


def _first_handle() -> str:
    """A handle that tells nothing of the name: brands see it until they accept the person."""
    return f"agent-{uuid7().hex[-12:]}"


def _free_handle(agent: Agent, wanted: str) -> str:
    handle = one_line(wanted or agent.handle, field="handle", limit=40)
    if handle == agent.handle:
        return handle
    if not (HANDLE_SHORTEST <= len(handle) <= HANDLE_LONGEST and is_handle(handle)):
        raise Invalid(
            _("Use 3 to 30 letters and digits, with hyphens between them, such as calm-otter-7."), field="handle"
        )
    taken = Agent.objects.across_brands().filter(handle__iexact=handle).exclude(pk=agent.pk)
    if taken.exists():
        raise HandleTaken(field="handle")
    return handle


def _keep_zone(user: User, timezone: str) -> None:
    zone_of(timezone)
    if user.timezone != timezone:
        user.timezone = timezone
        user.save(update_fields=["timezone"])


def _replace_rules(agent: Agent, hours: Sequence[WeeklyHours], at: datetime) -> None:
    today = at.astimezone(ZoneInfo(agent.user.timezone)).date()
    agent.availability_rules.all().delete()
    AvailabilityRule.objects.bulk_create(_rule(agent, stretch, today) for stretch in _checked_hours(hours))


def _rule(agent: Agent, stretch: WeeklyHours, today: date) -> AvailabilityRule:
    return AvailabilityRule(
        agent=agent,
        weekday=stretch.weekday,
        local_from=stretch.starts,
        local_to=stretch.ends,
        timezone=agent.user.timezone,
        valid_from=today,
    )


def _checked_hours(hours: Sequence[WeeklyHours]) -> Sequence[WeeklyHours]:
    starts = [(stretch.weekday, stretch.starts) for stretch in hours]
    if len(hours) > _MOST_RULES or any(not 0 <= weekday <= 6 for weekday, _start in starts):
        raise Invalid(_("Give at most four stretches a day, from Monday to Sunday."), field="hours")
    if len(set(starts)) < len(starts):
        raise Invalid(_("Two stretches start at the same time on the same day."), field="hours")
    return hours
