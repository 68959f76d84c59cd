"""How long the page of all programs takes: 20 programs, seven days, 96 quarters, over the real view and a real database.

Run with `python -m benchmarks.grid`. It writes into a test database that it makes and drops. Every quarter of every program
has its own demand, so that no two neighbours can be drawn as one; the first answer (templates compiled) is left out.
"""

import os
import platform
import random
import re
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from django.test import Client

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")

PROGRAMS: Final = 20
SEED: Final = 11
ROUNDS: Final = 9
TARGET_MS: Final = 300
MONDAY: Final = date(2026, 11, 23)
FIRST: Final = datetime(2026, 11, 23, tzinfo=UTC)
QUARTER: Final = timedelta(minutes=15)


def build_scene(programs: int) -> "Client":
    """This function will make a brand with so many programs, each with a published week and its shifts."""
    from django.test import Client

    from recruiting.models import RateCard
    from scheduling.models import RequestedInterval, Shift
    from tests import cast
    from tests.factories import recruiting as recruit
    from tests.factories import scheduling as plan

    dice = random.Random(SEED)
    brand = cast.make_brand(f"Brand{programs}")
    owner = cast.make_member(brand, f"Owner{programs} One")
    for number in range(programs):
        program = recruit.make_program(brand, name=f"Program {number:02}", timezone="UTC")
        recruit.make_rate_card(program)
        card = RateCard.objects.across_brands().get(program=program)
        request = plan.make_request(program, FIRST)
        RequestedInterval.objects.bulk_create(
            RequestedInterval(
                brand_id=brand.pk, request=request, starts_at=FIRST + QUARTER * step, agents=dice.randint(5, 60)
            )
            for step in range(7 * 96)
        )
        Shift.objects.bulk_create(
            _shift(Shift, request, card.pk, FIRST + QUARTER * dice.randrange(7 * 96 - 32), dice) for _one in range(140)
        )
    client = Client()
    client.force_login(owner.user)
    return client


def _shift(table: type[Any], request: Any, card_id: object, starts_at: datetime, dice: random.Random) -> Any:
    seats = dice.randint(1, 8)
    return table(
        brand_id=request.brand_id,
        program_id=request.program_id,
        request=request,
        channel=request.channel,
        starts_at=starts_at,
        ends_at=starts_at + QUARTER * dice.randint(12, 32),
        timezone="UTC",
        local_on=starts_at.date(),
        seats=seats,
        filled=dice.randint(0, seats),
        rate_card_id=card_id,
        state="open",
        created_at=FIRST,
    )


def measure(client: "Client", slug: str) -> tuple[list[float], int, int, int]:
    """This function will return milliseconds a round, queries, bytes and bars of the page at 15 minutes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = f"/b/{slug}/capacity/all/?week={MONDAY}&zoom=15"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    queries = len(asked)
    if page.status_code != 200:
        raise RuntimeError(f"the page answered {page.status_code}")
    rounds, processor = [], time.process_time()
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(address)
        rounds.append((time.perf_counter() - began) * 1000)
    print(f"{(time.process_time() - processor) * 1000 / ROUNDS:.0f} ms of the processor an answer")
    text = page.content.decode()
    return rounds, queries, len(text), len(re.findall(r"M\d+ 20v", text))


def main() -> None:
    """This function will print the page's times, sizes and numbers of queries."""
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    old = setup_databases(verbosity=0, interactive=False)
    try:
        print(
            f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, Django {django.__version__}, seed {SEED}"
        )
        _rounds, alone, _size, _bars = measure(build_scene(1), "brand1")
        rounds, queries, size, bars = measure(build_scene(PROGRAMS), f"brand{PROGRAMS}")
        print(f"{PROGRAMS} programs x 7 x 96: median {statistics.median(rounds):.0f} ms, best {min(rounds):.0f} ms")
        print(f"target {TARGET_MS} ms; {queries} queries, {alone} with one program; {size / 1024:.0f} KiB, {bars} bars")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
