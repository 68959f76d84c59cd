"""Workers that release lines do so one after the other."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import OperationalError, connection

from payments import actions, tasks
from payments.models import Earning
from payments.states import EarningState
from recruiting.models import Agent, Program
from tests.factories import payments as pay

pytestmark = pytest.mark.django_db(transaction=True)


def _sweep_without_patience() -> bool:
    """Did the sweep come to its turn within a moment?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        tasks.release_earnings()
    except OperationalError:
        return False
    finally:
        connection.close()
    return True


def test_a_sweep_waits_until_another_ones_batch_has_ended() -> None:
    with ThreadPoolExecutor(1) as other:
        with actions.release_turn():
            assert not other.submit(_sweep_without_patience).result()
        assert other.submit(_sweep_without_patience).result()


def test_a_sweep_releases_what_is_over_batch_by_batch_until_none_is_left(
    ada: Agent, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes in (30, 45, 60):
        pay.make_earning(ada, program, minutes=minutes)
    monkeypatch.setattr(actions, "release_earnings", partial(actions.release_earnings, limit=2))
    tasks.release_earnings()
    states = Earning.objects.across_brands().values_list("state", flat=True)
    assert list(states) == [EarningState.PAYABLE] * 3
