"""How long 100,000 lines take to become payable when their review ends at once, and what readers feel of it.

An agent's earnings page is read over and over, first with nothing else going on, then while two workers release.
Run with `python -m benchmarks.release_earnings [lines]`. It writes into a test database that it makes and drops.
"""

import os
import statistics
import sys
import threading
import time
from datetime import timedelta
from typing import Any

from benchmarks.money_scene import add_lines, make_agents, make_program, test_database, timed

AGENTS = 200
READS = 60


def release_all() -> int:
    """Release until nothing is left, as the sweep does; returns how many."""
    from django.db import connections

    from gigcx.kernel import clock
    from payments import actions
    from tests.factories import payments as pay

    done = 0
    try:
        while batch := actions.release_earnings(by=pay.SYSTEM, at=clock.now()):
            done += batch
    finally:
        connections.close_all()
    return done


def reader(agent: Any) -> Any:
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(agent.user)
    url = reverse("payments:earnings")
    client.get(url)
    return lambda: client.get(url)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def while_releasing(read: Any) -> tuple[list[float], float, list[int]]:
    """Reads while two workers release; their seconds, how long releasing took, and what each worker released."""
    counts: list[int] = []
    workers = [threading.Thread(target=lambda: counts.append(release_all())) for _ in range(2)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    times = []
    while any(worker.is_alive() for worker in workers):
        times.append(timed(read))
        time.sleep(0.2)
    for worker in workers:
        worker.join()
    return times, time.perf_counter() - began, counts


def main(lines: int) -> None:
    with test_database():
        from gigcx.kernel import clock
        from payments import ledger

        program = make_program()
        agents = make_agents(program, AGENTS)
        add_lines(program, agents, lines, worked_to=clock.now() - timedelta(days=3))
        read = reader(agents[0])
        idle = [timed(read) for _ in range(READS)]
        busy, seconds, counts = while_releasing(read)
        findings = ledger.verify_books()
        print(f"load {os.getloadavg()[0]:.2f}, {lines} lines of {AGENTS} agents, two workers")
        print(f"released {sum(counts)} in {seconds:.1f} s (60), {sum(counts) / seconds:.0f}/s")
        print(f"page p95 idle {p95(idle) * 1000:.0f} ms, while releasing {p95(busy) * 1000:.0f} ms")
        print(f"ratio {p95(busy) / p95(idle):.2f} (1.5), books broken in {len(findings)} places (0)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
