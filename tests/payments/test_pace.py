"""All workers together keep the pace that a rail allows."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from payments import actions, tasks
from payments.models import PayoutItem
from payments.states import ItemState
from recruiting.models import Agent, Program
from tests.cast import MONDAY_NOON
from tests.factories import payments as pay


@pytest.mark.django_db
def test_turns_are_spaced_and_an_idle_rail_gives_the_next_at_once() -> None:
    def turn(seconds: float, rail: str = "sandbox") -> float:
        at = MONDAY_NOON + timedelta(seconds=seconds)
        return actions.take_turn(rail=rail, pace=4, at=at).total_seconds()

    assert [turn(0), turn(0), turn(0.1)] == [0, 0.25, 0.4]
    assert turn(0, rail="stripe_connect") == 0
    assert turn(60) == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_on_four_connections_never_share_a_turn() -> None:
    actions.take_turn(rail="sandbox", pace=10, at=MONDAY_NOON - timedelta(hours=1))
    waits: list[int] = []

    def worker() -> None:
        for _ in range(5):
            wait = actions.take_turn(rail="sandbox", pace=10, at=MONDAY_NOON)
            waits.append(wait // timedelta(milliseconds=100))
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == list(range(20))


@pytest.mark.django_db(transaction=True)
def test_the_worker_waits_for_its_turn_before_each_payment(
    ada: Agent, bo: Agent, program: Program, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PAYOUT_PACE", 1)
    slept: list[float] = []
    monkeypatch.setattr("payments.gateways.execution.time.sleep", slept.append)
    monkeypatch.setattr("payments.gateways.execution.database_now", lambda: MONDAY_NOON)
    for agent in (ada, bo):
        pay.make_payable(agent, program)
        pay.make_account(agent)
    pay.fund_sandbox()
    run = pay.make_running_run()
    tasks.execute_run(run_id=str(run.pk))
    assert set(PayoutItem.objects.across_brands().values_list("state", flat=True)) == {ItemState.TRANSFERRED}
    assert slept == [0, 1]
