"""Every sweep runs: on an empty database, beside one shift that is being worked, and past a row that cannot be dealt with."""

import inspect
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError

from gigcx.kernel import clock
from gigcx.kernel.ids import uuid7
from recruiting.models import Agent, Program
from scheduling import tasks
from scheduling.errors import ShiftNotOpen
from scheduling.models import Claim, Shift
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.states import ShiftState
from scheduling.tasks.core import each
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


@pytest.mark.parametrize("fault", [ShiftNotOpen(), OperationalError("lock timeout"), Claim.DoesNotExist()])
def test_a_row_that_cannot_be_dealt_with_holds_up_no_other(fault: Exception) -> None:
    first, second = uuid7(), uuid7()
    dealt_with: list[UUID] = []

    def act(*, claim_id: UUID, **_by: Any) -> None:
        if claim_id == first:
            raise fault
        dealt_with.append(claim_id)

    each(act, "claim_id", [first, second])

    assert dealt_with == [second]


def test_a_fault_of_our_own_in_a_sweep_is_not_passed_over() -> None:
    def act(**_one: Any) -> None:
        raise TypeError

    with pytest.raises(TypeError):
        each(act, "claim_id", [uuid7()])


def test_counters_are_proved_from_two_days_ago_on_and_all_of_them_once_a_day(
    chat: Program, at: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    old = plan.make_shift(chat, at - timedelta(days=3))
    Shift.objects.across_brands().filter(pk=old.pk).update(filled=1)
    monkeypatch.setattr(clock, "now", lambda: at)

    tasks.prove_counters.run()
    assert not caplog.records
    tasks.prove_all_counters.run()

    assert [one.shift_id for one in counters_out_of_step()] == [old.pk]
    assert str(old.pk) in caplog.text
