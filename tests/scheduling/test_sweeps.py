"""Every sweep runs: on an empty database, and beside one shift that is being worked."""

import inspect
from datetime import datetime, timedelta

import pytest

from gigcx.kernel import clock
from recruiting.models import Agent, Program
from scheduling import tasks
from scheduling.states import ShiftState
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
SWEEPS = sorted(name for name in tasks.__all__ if not inspect.signature(getattr(tasks, name).run).parameters)


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_runs_where_nothing_is_due_and_where_something_goes_on(
    name: str, chat: Program, ada: Agent, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    getattr(tasks, name).run()
    shift = plan.make_shift(chat, at, seats=2, state=ShiftState.STARTED)
    plan.make_claim(ada, shift)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=30))
    getattr(tasks, name).run()
    shift.refresh_from_db()
    assert shift.filled + shift.reserved <= shift.seats
