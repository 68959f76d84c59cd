"""The SQL of a claim, captured from the action and turned into pgbench scripts."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from benchmarks.claims_scene import AGENT, AGENTS_A_CLIENT, ENGAGEMENT, FULL, HOT, base_of, sweep_up

_KEY: Final = re.compile(r"'[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}'")
_PRESS: Final = re.compile(r"'0[0-9a-f]{31}'")


def captured(run: Callable[[], object]) -> list[str]:
    """The statements that a call sends, savepoints turned into the transaction they stand for."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        run()
    return [query["sql"].rstrip(";") for query in found]


def claim_statements(at: datetime) -> list[str]:
    """What agent 0 sends to claim the hot shift of day 0."""
    first = agents_of(range(1))[0]
    found = captured(lambda: claim_once(first, HOT.format(0), at))
    sweep_up()
    return found


def refusal_statements(at: datetime) -> list[str]:
    """What agent 0 sends to learn that a shift is full."""
    from scheduling.errors import ShiftFull

    first = agents_of(range(1))[0]

    def refused() -> None:
        try:
            claim_once(first, FULL, at)
        except ShiftFull:
            return
        raise AssertionError("the full shift was not full")

    return captured(refused)


def agents_of(numbers: Iterable[int]) -> list[Any]:
    """The agents, read before anything is measured."""
    from recruiting.models import Agent

    ids = [AGENT.format(number) for number in numbers]
    return list(Agent.objects.across_brands().select_related("user").filter(pk__in=ids).order_by("pk"))


def claim_once(agent: Any, shift_id: str, at: datetime) -> None:
    """One press of the agent, through the action."""
    from uuid import UUID

    from gigcx.tenancy.actors import AgentActor
    from scheduling.actions import claim_shift

    claim_shift(shift_id=UUID(shift_id), agent=agent, by=AgentActor(agent.user, agent.pk), at=at)


def script_of(statements: Iterable[str], *, shift: str, day: str, at: datetime, since: datetime) -> str:
    """A pgbench script that sends the statements for the agent and shift of each turn; `since` is when they were captured."""
    head = [
        r"\set n :n + 1",
        rf"\set agent :client_id * {AGENTS_A_CLIENT} + mod(:n, {AGENTS_A_CLIENT})",
        rf"\set day :n / {AGENTS_A_CLIENT}",
        r"\set wide :day + 200 * mod(:agent * 37, 50)",
    ]
    return "\n".join(
        [*head, *(f"{_general(one.strip(), shift=shift, day=day, at=at, since=since)};" for one in statements), ""]
    )


def _general(sql: str, *, shift: str, day: str, at: datetime, since: datetime) -> str:
    agent, own, hot = AGENT.format(0), ENGAGEMENT.format(0), HOT.format(0)
    sql = sql.replace(f"'{agent}'", numbered(AGENT, ":agent")).replace(f"'{own}'", numbered(ENGAGEMENT, ":agent"))
    sql = sql.replace(f"'{hot}'", shift)
    moved = f" + interval '1 day' * ({day}))"
    start = base_of(at)
    sql = re.sub(
        rf"'\[?{start:%Y-%m-%d}[^']*'::(timestamptz|tstzrange)",
        lambda found: _moved_literal(found.group(0), found.group(1), moved),
        sql,
    )
    # what every press makes for itself: the keys of its rows and its own key
    sql = _KEY.sub(lambda found: _fresh_key(found.group(0), since=since), sql)
    sql = _PRESS.sub("(SELECT gen_random_uuid()::text)", sql)
    return sql.replace(";", r"\;")  # statements of one round trip stay in one


def _fresh_key(literal: str, *, since: datetime) -> str:
    """A key made after the scene stood (version 7 keys carry their millisecond) is made anew; others name rows of the scene."""
    made = int(literal[1:14].replace("-", ""), 16)
    return "gen_random_uuid()" if made > since.timestamp() * 1000 else literal


def numbered(pattern: str, variable: str) -> str:
    """The SQL expression of a scene's key whose number is a variable of the script."""
    return f"('{pattern[:24]}' || lpad(({variable})::text, 12, '0'))::uuid"


def _moved_literal(literal: str, kind: str, moved: str) -> str:
    if kind == "timestamptz":
        return f"({literal}{moved}"
    edges = re.findall(r"\d{4}-\d\d-\d\d[^,\"')\]]*", literal)
    first, last = (f"('{edge}'::timestamptz{moved}" for edge in edges)
    return f"tstzrange({first}, {last}, '[)')"
