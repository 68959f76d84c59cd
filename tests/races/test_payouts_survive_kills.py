"""kill -9 of a real Celery worker in the middle of a payout: it happens exactly once after the restart."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from gigcx.celery import app
from payments import ledger, tasks
from payments.models import Earning, PayoutAttempt, PayoutItem, SandboxPayment, Statement
from payments.queries.clock import database_now
from payments.states import EarningState, ItemState
from tests import cast
from tests.factories import payments as pay
from tests.factories import recruiting as recruit

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]

# A worker like any other, on the test's database; told so, it stops for good between the rail's answer and our record.
WORKER = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "gigcx.settings.test"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = os.environ["RACE_DATABASE"]
import django
django.setup()
from payments.gateways import sandbox
if os.environ["RACE_STOPS"] == "yes":
    answered = sandbox.SandboxRail.send
    def send_and_stop(self, order, *, key):
        outcome = answered(self, order, key=key)
        time.sleep(600)
        return outcome
    sandbox.SandboxRail.send = send_and_stop
from gigcx.celery import app
app.worker_main(["worker", "-P", "solo", "-Q", os.environ["RACE_QUEUE"], "-l", "error", "--without-gossip",
                 "--without-mingle", "--without-heartbeat"])
"""


class Worker:
    """A worker process of its own session, so that kill -9 reaches all of it."""

    def __init__(self, queue: str, *, stops: bool) -> None:
        environment = {
            **os.environ,
            "RACE_DATABASE": str(connection.settings_dict["NAME"]),
            "RACE_QUEUE": queue,
            "RACE_STOPS": "yes" if stops else "no",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    started: list[Worker] = []
    yield started
    for one in started:
        one.kill()


def wait_for(true: Callable[[], bool], *, seconds: int = 120) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.2)


def state() -> str:
    return PayoutItem.objects.across_brands().values_list("state", flat=True).get()


def test_a_worker_killed_between_the_rails_answer_and_our_record_pays_once(workers: list[Worker]) -> None:
    at = database_now()
    program = recruit.make_program(cast.make_brand("Acme"))
    recruit.make_rate_card(program)
    agent = recruit.make_agent()
    pay.make_payable(agent, program, worked_to=at - timedelta(days=3), at=at)
    pay.make_account(agent)
    pay.fund_sandbox()
    run = pay.make_running_run(at=at)
    queue = f"payouts-{uuid4().hex[:8]}"

    workers.append(Worker(queue, stops=True))
    app.send_task(tasks.execute_run.name, kwargs={"run_id": str(run.pk)}, queue=queue)
    wait_for(SandboxPayment.objects.exists)
    workers[0].kill()
    assert state() == ItemState.SENDING
    assert Earning.objects.across_brands().get().state == EarningState.IN_PAYOUT

    workers.append(Worker(queue, stops=False))
    # Two minutes pass, and half a minute more after each step; the sweep is what a restart relies on.
    PayoutItem.objects.across_brands().update(lease_until=database_now() - timedelta(seconds=1))
    app.send_task(tasks.sweep_payouts.name, queue=queue)
    wait_for(lambda: state() == ItemState.UNKNOWN)
    PayoutItem.objects.across_brands().update(next_try_at=database_now() - timedelta(seconds=1))
    app.send_task(tasks.sweep_payouts.name, queue=queue)
    wait_for(lambda: state() == ItemState.TRANSFERRED)

    attempt = PayoutAttempt.objects.across_brands().get()
    assert (attempt.send_count, attempt.was_replay) == (2, True)
    assert SandboxPayment.objects.count() == Statement.objects.across_brands().count() == 1
    assert ledger.trial_balance().is_zero
    assert ledger.verify_books() == []
