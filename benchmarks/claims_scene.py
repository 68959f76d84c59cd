"""The scene of the claims benchmark: sixteen hundred certified agents and shifts without end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

CLIENTS: Final = 16
AGENTS_A_CLIENT: Final = 100
HOT_DAYS: Final = 180
SPREAD: Final = 10_000
AGENT: Final = "00000000-0000-7000-8000-{:012d}"
ENGAGEMENT: Final = "00000000-0000-7000-8001-{:012d}"
HOT: Final = "00000000-0000-7000-8002-{:012d}"
WIDE: Final = "00000000-0000-7000-8003-{:012d}"
FULL: Final = "00000000-0000-7000-8004-000000000000"


@dataclass(frozen=True)
class Turn:
    """What one client does at its n-th turn: which agent wants which shift on which day."""

    agent: int
    day: int

    @property
    def wide(self) -> int:
        """The shift of the spread that this agent takes on that day: each day has fifty."""
        return self.day + 200 * (self.agent * 37 % 50)


def turn_of(client: int, number: int) -> Turn:
    """The n-th turn of a client: its hundred agents take one day after the other."""
    return Turn(client * AGENTS_A_CLIENT + number % AGENTS_A_CLIENT, number // AGENTS_A_CLIENT)


def build_scene(at: datetime) -> None:
    """Fill an empty database: one brand, one program, 1,600 certified agents, hot, wide and full shifts."""
    from scheduling.models import AgentCalendar, Shift
    from tests import cast
    from tests.factories import recruiting as recruit
    from tests.factories import scheduling as plan
    from tests.factories import vetting as vet

    program = recruit.make_program(cast.make_brand("Acme"), timezone="UTC")
    recruit.make_rate_card(program)
    recruit.make_terms(program)
    first = recruit.make_agent("Agent Zero")
    vet.make_eligible(first, program, at - timedelta(days=1))
    _clone_agents(first)
    AgentCalendar.objects.bulk_create(AgentCalendar(agent_id=AGENT.format(n)) for n in range(CLIENTS * AGENTS_A_CLIENT))
    request = plan.make_request(program, at)
    plan.make_wave(request, opens_at=at - timedelta(days=1))
    plan.make_rules(program, open_week_minutes=7 * 24 * 60)  # the week's limit of 48 h is what holds here
    base = base_of(at)
    common: dict[str, Any] = {"request": request, "seats": 10_000}
    template = plan.make_shift(program, base, **common)
    Shift.objects.bulk_create(
        [_copy(template, pk=HOT.format(day), **_times(base, day)) for day in range(HOT_DAYS)]
        + [_copy(template, pk=WIDE.format(n), **_times(base, n % 200)) for n in range(SPREAD)]
        + [_copy(template, pk=FULL, filled=10_000, **_times(base, 0))]
    )


def base_of(at: datetime) -> datetime:
    """When the first shift begins."""
    return at.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)


def _times(base: datetime, day: int) -> dict[str, Any]:
    start = base + timedelta(days=day)
    return {"starts_at": start, "ends_at": start + timedelta(hours=4), "local_on": start.date()}


def _copy(row: Any, **changes: Any) -> Any:
    fresh = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    for name, value in changes.items():
        setattr(fresh, name, value)
    return fresh


def _clone_agents(first: Any) -> None:
    """Every row that makes the first agent eligible, once more for each of the others."""
    from gigcx.accounts.models import User
    from gigcx.kernel.ids import uuid7
    from recruiting.models import Agent, Engagement, TermsAcceptance
    from vetting.models import AgentIdentity, Candidacy, Certificate

    numbers = range(CLIENTS * AGENTS_A_CLIENT)
    users = [_copy(first.user, pk=uuid7(), email=f"bench{n}@example.test", full_name=f"Agent {n}") for n in numbers]
    User.objects.bulk_create(users)
    Agent.objects.bulk_create(
        _copy(first, pk=AGENT.format(n), user_id=users[n].pk, handle=f"bench-{n}") for n in numbers
    )
    for model in (AgentIdentity, Engagement, TermsAcceptance, Candidacy, Certificate):
        row = model.objects.across_brands().filter(agent=first).get()
        own = ENGAGEMENT if model is Engagement else None
        key = model._meta.pk.attname
        model.objects.bulk_create(
            _copy(
                row,
                **({} if key == "agent_id" else {key: own.format(n) if own else _fresh_key(row, uuid7)}),
                **_fresh_codes(row),
                agent_id=AGENT.format(n),
            )
            for n in numbers
        )


def _fresh_key(row: Any, make: Callable[[], Any]) -> Any:
    return None if isinstance(row.pk, int) else make()


def _fresh_codes(row: Any) -> dict[str, Any]:
    """Unique columns other than the key get a value of their own."""
    from gigcx.kernel.ids import link_token, uuid7

    fresh: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.unique and not field.primary_key and not field.is_relation:
            is_id = field.get_internal_type() == "UUIDField"
            fresh[field.attname] = uuid7() if is_id else link_token()[: field.max_length or 40]
    return fresh


def sweep_up() -> None:
    """Take every claim back: each measurement starts from the same scene."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE scheduling_claim, audit_auditentry, audit_outboxevent CASCADE")
        cursor.execute("UPDATE scheduling_shift SET filled = 0 WHERE id <> %s", [FULL])
        cursor.execute("VACUUM ANALYZE scheduling_shift")
