"""A run of five hundred payouts at fifteen a second, a tenth of them with faults, its workers killed every five seconds.

Workers are forked processes on the same test database. What a killed one left is found by its lease, and what a fault
left by the sweep; that waiting is not slept through: the sweep is told a later moment. In the end the other side's
payments are compared with our books. Run with `python -m benchmarks.execute_run`.
"""

import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from benchmarks.plan_run import people

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gigcx.settings.test")
ITEMS: Final = int(os.environ.get("BENCH_ITEMS", "500"))
PACE: Final = 15
WORKERS: Final = 4
KILL_EVERY: Final = 5.0
FAULTS: Final = ("times_out", "replays_500")


def running_run() -> Any:
    """A started run in which every tenth account loses the answer or answers with an error."""
    from payments.models import SandboxAccount
    from tests.factories import payments as pay

    people(ITEMS, 1)
    refs = list(SandboxAccount.objects.order_by("pk").values_list("pk", flat=True))
    for n, ref in enumerate(refs[::10]):
        SandboxAccount.objects.filter(pk=ref).update(behaviour=FAULTS[n % len(FAULTS)])
    pay.fund_sandbox(ITEMS * 1600 * 2)
    return pay.make_running_run()


def forked(work: Callable[[], object]) -> int:
    """Start a process that does the work with connections of its own."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def still_planned(run_id: Any) -> int:
    """How many payouts of the run nobody has asked for yet."""
    from payments.models import PayoutItem

    return PayoutItem.objects.across_brands().filter(run_id=run_id, state="planned").count()


def send_with_kills(run_id: Any) -> tuple[float, int]:
    """Let workers send while one after the other is killed; return seconds and kills."""
    from payments.gateways import execution

    def work() -> None:
        execution.execute_run(run_id, turn=execution.wait_for_turn)

    began = last_kill = time.perf_counter()
    living, kills = [forked(work) for _ in range(WORKERS)], 0
    while still_planned(run_id):
        time.sleep(0.2)
        if time.perf_counter() - last_kill >= KILL_EVERY:
            victim = living.pop(0)
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            living.append(forked(work))
            kills, last_kill = kills + 1, time.perf_counter()
    took = time.perf_counter() - began
    for child in living:
        os.waitpid(child, 0)
    return took, kills


def settle(run_id: Any, *, at: datetime) -> int:
    """Sweep at later and later moments until nothing is open; return how many sweeps it took."""
    from payments import actions
    from payments.actions.items import WORKER
    from payments.gateways import execution
    from payments.models import PayoutItem
    from payments.queries.payouts import due_unknown_items, expired_leases

    open_states = ["planned", "sending", "unknown", "held"]
    for sweep in range(1, 20):
        moment = at + timedelta(minutes=3 * sweep)
        for item_id in expired_leases(moment):
            actions.expire_lease(item_id=item_id, at=moment)
        for item_id in due_unknown_items(moment):
            execution.resolve_unknown(item_id, clock=lambda: moment)  # noqa: B023  called at once
        execution.execute_run(run_id, clock=lambda: moment)  # noqa: B023
        if not PayoutItem.objects.across_brands().filter(run_id=run_id, state__in=open_states).exists():
            actions.close_finished_runs(by=WORKER, at=moment)
            return sweep
    return 20


def compared() -> tuple[int, int]:
    """Payments that went out twice, and payouts that our books and the other side do not agree on."""
    from collections import Counter

    from payments.models import PayoutItem, SandboxPayment

    theirs = list(SandboxPayment.objects.exclude(ref="").values_list("group", "amount_minor"))
    double = sum(n - 1 for n in Counter(group for group, _amount in theirs).values())
    ours = PayoutItem.objects.across_brands().filter(state="transferred").values_list("pk", "amount_minor")
    return double, len(set(theirs) ^ set(ours))


def main() -> None:
    from gigcx.local.environment import prepare

    prepare(command="benchmark")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    from payments import ledger
    from payments.queries.clock import database_now

    settings.PAYOUT_PACE = PACE
    old = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"load {os.getloadavg()[0]:.2f}, {ITEMS} payouts, {WORKERS} workers, one killed every {KILL_EVERY:.0f} s")
        run = running_run()
        took, kills = send_with_kills(run.pk)
        sweeps = settle(run.pk, at=database_now())
        double, lost = compared()
        ideal = ITEMS / PACE
        print(f"execute_run: {took:.1f} s at a pace of {ideal:.1f} s, ratio {took / ideal:.2f} (1.5), {kills} kills")
        print(
            f"{double} double (0), {lost} lost (0) after {sweeps} sweeps; books {ledger.verify_books() or 'in order'}"
        )
        print(f"load {os.getloadavg()[0]:.2f}")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
