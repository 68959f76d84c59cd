"""What the money pages cost with 50,000 lines against 500: queries and time.

Run with `python -m benchmarks.money_pages [lines]`. It writes into a test database that it makes and drops.
"""

import os
import statistics
import sys
from datetime import timedelta
from typing import Any

from benchmarks.money_scene import add_lines, make_agents, make_program, test_database, timed

FEW = 500
READS = 15


def pages(program: Any, agent: Any, member: Any) -> dict[str, Any]:
    """The pages by name, each as a call that reads it once."""
    from django.test import Client
    from django.urls import reverse

    from payments.models import Charge, Earning

    worker, owner = Client(), Client()
    worker.force_login(agent.user)
    owner.force_login(member.user)
    slug = {"slug": program.brand.slug}
    line = Earning.objects.across_brands().filter(agent=agent).latest("worked_to")
    charge = Charge.objects.across_brands().get(earning=line)
    urls = {
        "agent's earnings": (worker, reverse("payments:earnings")),
        "agent's line": (worker, reverse("payments:earning", kwargs={"earning_id": line.pk})),
        "agent's balances": (worker, reverse("payments:earnings-now")),
        "brand's billing": (owner, reverse("payments:billing", kwargs=slug)),
        "brand's lines": (owner, reverse("payments:billing-lines", kwargs=slug)),
        "brand's line": (owner, reverse("payments:billing-line", kwargs={**slug, "charge_id": charge.pk})),
    }
    return {name: (lambda client=client, url=url: client.get(url)) for name, (client, url) in urls.items()}


def measured(read: Any) -> tuple[float, int]:
    """Median milliseconds of a page and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    assert read().status_code == 200
    with CaptureQueriesContext(connection) as found:
        read()
    queries = len(found)  # before the next request empties the log
    return statistics.median(timed(read) for _ in range(READS)) * 1000, queries


def main(lines: int) -> None:
    with test_database():
        from gigcx.kernel import clock
        from tests.cast import make_member

        program = make_program()
        member = make_member(program.brand, "Olga Owner")
        agents = make_agents(program, 4)
        add_lines(program, agents, FEW, worked_to=clock.now() - timedelta(days=3))
        few = {name: measured(read) for name, read in pages(program, agents[0], member).items()}
        add_lines(program, agents, lines - FEW, worked_to=clock.now() - timedelta(days=3))
        many = {name: measured(read) for name, read in pages(program, agents[0], member).items()}
        print(f"load {os.getloadavg()[0]:.2f}, {lines} lines of 4 agents against {FEW}")
        for name, (milliseconds, queries) in many.items():
            before = few[name][0]
            print(
                f"{name}: {queries} queries with session and menu (12), {milliseconds:.0f} ms against {before:.0f} ms, "
                f"ratio {milliseconds / before:.2f} (1.5)"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
