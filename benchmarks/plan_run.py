"""How long it takes to plan a payout run of five hundred agents over five thousand earnings, and in how many queries.

Run with `python -m benchmarks.plan_run`. It writes into a test database that it makes and drops.
"""

import os
import time
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")
AGENTS: Final = 500
LINES: Final = 10
TARGET: Final = 10.0


def people(how_many: int, lines: int) -> None:
    """Agents with a usable account and so many payable lines each; their books balance."""
    from payments import actions
    from payments.actions import WorkLine
    from recruiting.models import RateCard
    from tests import cast
    from tests.cast import MONDAY_NOON
    from tests.factories import payments as pay
    from tests.factories import recruiting as recruit

    program = recruit.make_program(cast.make_brand(f"Bench {how_many}"))
    recruit.make_rate_card(program)
    card = RateCard.objects.across_brands().filter(program=program).get()
    work: list[WorkLine] = []
    for n in range(how_many):
        agent = recruit.make_agent(f"Agent{how_many}x{n} Bench")
        engagement = pay.engaged(agent, program)
        pay.make_account(agent)
        work += [pay.work_line(program, agent, engagement, card) for _line in range(lines)]
    for start in range(0, len(work), 500):
        actions.accrue(work[start : start + 500], by=pay.SYSTEM, at=MONDAY_NOON)
    while actions.release_earnings(by=pay.SYSTEM, at=MONDAY_NOON):
        continue


def planned(key: str) -> tuple[float, int]:
    """Plan a run over everything payable; return seconds and queries."""
    from django.db import connection

    from tests.factories import payments as pay

    asked: list[float] = []

    def count(execute: Any, *args: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*args)
        finally:
            asked.append(time.perf_counter() - began)

    began, busy = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        run = pay.make_run(key=key)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    print(f"{run.item_count} payouts: {took:.2f} s, of them {busy:.2f} s of Python and {sum(asked):.2f} s in Postgres")
    return took, len(asked)


def main() -> None:
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    old = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"load {os.getloadavg()[0]:.2f}")
        people(10, LINES)
        _few_took, few = planned("few")
        people(AGENTS, LINES)
        took, many = planned("many")
        print(f"plan_run, {AGENTS * LINES} earnings, {AGENTS} agents: {took:.2f} s ({TARGET:.0f})")
        print(f"queries {few} for 10 agents, {many} for {AGENTS}; load {os.getloadavg()[0]:.2f}")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
