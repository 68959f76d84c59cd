"""Sweeps run once a slot, however many tickers there are."""

import math
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from gigcx.audit import checks, hints, ticking
from gigcx.audit.management.commands.ticker import Command, start
from gigcx.audit.models import PeriodicRun
from gigcx.celery import app
from gigcx.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking, "_sweeps", {})


def kinds_due(at: datetime) -> list[str]:
    return [sweep.kind for sweep in ticking.take_due_slots(at=at)]


def test_a_sweep_is_due_once_in_its_slot_and_again_in_the_next(no_sweeps: None, at: datetime) -> None:
    ticking.sweep_every(15, "tests.often", lambda: None)
    ticking.sweep_every(3600, "tests.seldom", lambda: None)
    assert kinds_due(at) == ["tests.often", "tests.seldom"]
    assert kinds_due(at + timedelta(seconds=14)) == []
    assert kinds_due(at + timedelta(seconds=15)) == ["tests.often"]
    assert kinds_due(at + timedelta(hours=1)) == ["tests.often", "tests.seldom"]
    assert ticking.last_tick_at() == at + timedelta(hours=1)


def test_slots_do_not_move_with_the_start_of_a_ticker(no_sweeps: None) -> None:
    sweep = ticking.Sweep("tests.any", 900, lambda: None)
    assert sweep.slot_at(datetime(2026, 11, 16, 12, 14, 59, tzinfo=UTC)) == datetime(2026, 11, 16, 12, tzinfo=UTC)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_tickers_started_at_once_run_each_slot_once(no_sweeps: None, at: datetime) -> None:
    for number in range(20):
        ticking.sweep_every(60, f"tests.sweep_{number:02}", lambda: None)
    start, taken = threading.Barrier(4), []

    def tick() -> None:
        start.wait()
        try:
            taken.extend(kinds_due(at))
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(taken) == len(set(taken)) == 20
    assert PeriodicRun.objects.count() == 20


def test_a_sweep_that_cannot_start_does_not_stop_the_ticker(no_sweeps: None) -> None:
    started: list[str] = []

    def broken() -> None:
        raise ConnectionError

    ticking.sweep_every(60, "tests.a_broken", broken)
    ticking.sweep_every(60, "tests.b_healthy", lambda: started.append("healthy"))
    Command().tick()
    assert started == ["healthy"]


@pytest.mark.parametrize("trouble", ["raises", "cannot be sent"])
def test_a_sweep_that_cannot_start_gives_its_slot_back_and_runs_at_the_next_tick(
    no_sweeps: None, at: datetime, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    is_broken, started = [True], []

    def start() -> bool:
        if is_broken and trouble == "raises":
            raise ValueError("soft_time_limit must be less than or equal to time_limit")
        started.extend([] if is_broken else [at])
        return not is_broken

    ticking.sweep_every(3600, "tests.hourly", start)
    Command().tick()
    assert (PeriodicRun.objects.count(), started) == (0, [])
    is_broken.clear()
    Command().tick()
    Command().tick()
    assert (PeriodicRun.objects.count(), started) == (1, [at])


def test_a_sweep_kept_back_is_logged_once_until_it_starts(no_sweeps: None, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise ConnectionError

    sweep = ticking.Sweep("tests.kept_back", 60, broken)
    assert [start(sweep), start(sweep)] == [False, False]
    assert [line.message for line in caplog.records].count("sweep not started") == 1
    assert start(ticking.Sweep("tests.kept_back", 60, lambda: None))


def test_no_sweep_of_ours_hides_that_its_task_could_not_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "_silent_until", math.inf)
    hiding = [sweep.kind for sweep in ticking.sweeps() if sweep.start() is not False]
    assert hiding == []


def test_old_marks_are_forgotten(no_sweeps: None, at: datetime) -> None:
    ticking.sweep_every(60, "tests.sweep", lambda: None)
    kinds_due(at)
    assert ticking.forget_old_runs(at=at + timedelta(days=2)) == 0
    assert ticking.forget_old_runs(at=at + timedelta(days=4)) == 1


def test_the_ground_floor_registers_its_sweeps() -> None:
    registered = {sweep.kind: sweep.every_seconds for sweep in ticking.sweeps()}
    assert registered["audit.dispatch_outbox"] == 15
    assert {"audit.forget_old_runs", "notify.send_due_letters", "web.forget_old_answers"} <= set(registered)


def test_time_limits_stay_below_the_brokers_patience(settings: Settings) -> None:
    assert checks.tasks_end_before_they_are_given_again(None) == []
    settings.CELERY_TASK_TIME_LIMIT = 900
    assert [error.id for error in checks.tasks_end_before_they_are_given_again(None)] == ["gigcx.E001"]


def test_every_queue_a_task_names_is_served() -> None:
    from gigcx.celery import app

    app.loader.import_default_modules()
    named = {
        getattr(task, "queue", None) or "default" for name, task in app.tasks.items() if not name.startswith("celery.")
    }
    assert named <= set(settings.QUEUES)


def test_the_table_of_facts_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("events")
    printed = capsys.readouterr().out
    assert "| `tenancy.member_invited` | `notify.invite_by_letter` |" in printed


def test_every_task_of_ours_can_be_sent() -> None:
    """Celery refuses to send a task whose soft limit, ours by default, lies above its hard one."""
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert len(ours) > 10
    for task in ours:
        assert task.soft_time_limit is not None
        assert task.time_limit is not None
        assert task.soft_time_limit <= task.time_limit, task.name
