"""A program with agents and any number of finished lines, with their charges and journals, written quickly.

Lines, charges, journals, entries and balances are copied in the database from one line that the product itself accrued,
so that every rule of the books holds of them too.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import datetime

    from payments.models import Earning
    from recruiting.models import Agent, Program

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")

_EARNING: Final = """
    INSERT INTO payments_earning ({columns})
    SELECT {values} FROM payments_earning e, generate_series(1, %(many)s) n WHERE e.id = %(template)s
"""
_FRESH: Final = """
    CREATE TEMP TABLE fresh ON COMMIT DROP AS
    SELECT id, agent_id, gen_random_uuid() AS journal_id FROM payments_earning
    WHERE source_kind = 'bench' AND id <> %(template)s AND NOT EXISTS (
        SELECT 1 FROM payments_journal j WHERE j.source_id = payments_earning.id)
"""
_BOOKS: Final = (
    _FRESH,
    """
    INSERT INTO payments_charge ({charge_columns})
    SELECT {charge_values} FROM fresh, payments_charge c WHERE c.earning_id = %(template)s
    """,
    """
    INSERT INTO payments_journal (id, kind, leg_count, posting_key, content_hash, effective_at, source_kind, source_id,
                                  actor, reason)
    SELECT fresh.journal_id, j.kind, j.leg_count, 'bench:' || fresh.id, j.content_hash, j.effective_at, 'earning',
           fresh.id, 'bench', ''
    FROM fresh, payments_journal j WHERE j.source_id = %(template)s
    """,
    """
    INSERT INTO payments_entry (journal_id, account_id, currency, owner_kind, owner_id, amount_minor)
    SELECT fresh.journal_id, coalesce(own.id, e.account_id), e.currency, e.owner_kind, coalesce(own.owner_id, e.owner_id),
           e.amount_minor
    FROM fresh
    JOIN payments_journal j ON j.source_id = %(template)s
    JOIN payments_entry e ON e.journal_id = j.id
    LEFT JOIN payments_account own ON e.owner_kind = 'agent' AND own.owner_kind = 'agent'
         AND own.owner_id = fresh.agent_id AND own.code = 'accrued' AND own.currency = e.currency
    """,
    """
    UPDATE payments_balance b SET amount_minor = s.total, version = version + 1
    FROM (SELECT account_id, sum(amount_minor) AS total FROM payments_entry GROUP BY account_id) s
    WHERE s.account_id = b.account_id AND s.total <> b.amount_minor
    """,
)


@contextmanager
def test_database() -> Iterator[None]:
    """A database of its own, made and dropped."""
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    old = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(old, verbosity=0)


def make_program() -> "Program":
    from tests.cast import make_brand
    from tests.factories import recruiting as recruit

    program = recruit.make_program(make_brand("Acme"))
    recruit.make_rate_card(program)
    return program


def make_agents(program: "Program", many: int) -> "list[Agent]":
    """Agents with an engagement and a first line each, so that their accounts are open."""
    from tests.factories import payments as pay
    from tests.factories import recruiting as recruit

    agents = [recruit.make_agent(f"Agent{n} Bench") for n in range(many)]
    for agent in agents:
        pay.make_earning(agent, program, source_kind="first")
    return agents


def add_lines(program: "Program", agents: "list[Agent]", many: int, *, worked_to: "datetime") -> None:
    """So many lines of an hour each, spread over the agents and, minute by minute, over the weeks before `worked_to`."""
    from django.db import connection, transaction

    from tests.factories import payments as pay

    template = pay.make_earning(agents[0], program, worked_to=worked_to, source_kind="bench")
    with transaction.atomic(), connection.cursor() as cursor:
        facts: dict[str, Any] = {"many": many, "template": template.pk, "agents": [str(one.pk) for one in agents]}
        cursor.execute(_earnings_sql(template), facts)
        columns = _columns("payments_charge")
        own = {"id": "gen_random_uuid()", "earning_id": "fresh.id"}
        sql = {
            "charge_columns": ", ".join(columns),
            "charge_values": ", ".join(own.get(name, f"c.{name}") for name in columns),
        }
        for statement in _BOOKS:
            cursor.execute(statement.format(**sql), facts)
        cursor.execute("ANALYZE payments_earning, payments_charge, payments_journal, payments_entry")


def _earnings_sql(template: "Earning") -> str:
    columns = _columns("payments_earning")
    shifted = {name: f"e.{name} - (n %% 40000) * interval '1 minute'" for name in ("worked_from", "worked_to")}
    own = {
        "id": "gen_random_uuid()",
        "source_id": "gen_random_uuid()",
        "agent_id": "(%(agents)s::uuid[])[1 + n %% cardinality(%(agents)s::uuid[])]",
        **shifted,
    }
    values = ", ".join(own.get(name, f"e.{name}") for name in columns)
    return _EARNING.format(columns=", ".join(columns), values=values)


def _columns(table: str) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        return [one.name for one in connection.introspection.get_table_description(cursor, table)]


def timed(call: Callable[[], Any]) -> float:
    import time

    began = time.perf_counter()
    call()
    return time.perf_counter() - began
