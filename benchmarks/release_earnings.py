"""How long 100,000 lines take to become payable when their review ends at once, and what readers feel of it.

An agent's earnings page is read over and over, first with nothing else going on, then while two workers release by the
task of the product. Each worker is a process of its own, as workers are: threads would share the reader's interpreter.
Run with `python -m benchmarks.release_earnings [lines]`. It writes into a test database that it makes and drops.
"""

import multiprocessing
import os
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from benchmarks.money_scene import add_lines, make_agents, make_program, test_database, timed

AGENTS = 200
READS = 60


def release_all(spent: Any) -> None:
    """Release until nothing is left, as the sweep does; notes the processor's seconds."""
    from payments.tasks import release_earnings

    release_earnings()
    with spent.get_lock():
        spent.value += time.process_time()


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


def while_releasing(read: Any) -> tuple[list[float], float, float]:
    """Reads while two workers release; their seconds, how long releasing took, and the workers' own processor time."""
    from django.db import connections

    connections.close_all()  # none may be shared with the workers
    spent = multiprocessing.get_context("fork").Value("d", 0.0)
    workers = [multiprocessing.get_context("fork").Process(target=release_all, args=(spent,)) for _ in range(2)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    times = []
    while any(worker.is_alive() for worker in workers):
        times.append(timed(read))
        time.sleep(0.2)
    for worker in workers:
        worker.join()
    return times, time.perf_counter() - began, spent.value


def main(lines: int) -> None:
    with test_database():
        from gigcx.kernel import clock
        from payments import ledger
        from payments.models import Earning
        from payments.states import EarningState

        program = make_program()
        agents = make_agents(program, AGENTS)
        add_lines(program, agents, lines, worked_to=clock.now() - timedelta(days=3))
        read = reader(agents[0])
        idle = [timed(read) for _ in range(READS)]
        before = os.getloadavg()[0]
        busy, seconds, processor = while_releasing(read)
        released = Earning.objects.across_brands().filter(state=EarningState.PAYABLE).count()
        findings = ledger.verify_books()
        print(
            f"load {before:.2f} before, {os.getloadavg()[0]:.2f} after, {lines} lines of {AGENTS} agents, two workers"
        )
        print(f"released {released} in {seconds:.1f} s (60), {released / seconds:.0f}/s")
        print(f"workers' own processor time {processor / released * 1e6:.0f} us a line")
        print(
            f"page p95 idle {p95(idle) * 1000:.0f} ms, while releasing {p95(busy) * 1000:.0f} ms of {len(busy)} reads"
        )
        print(f"ratio {p95(busy) / p95(idle):.2f} (1.5), books broken in {len(findings)} places (0)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
