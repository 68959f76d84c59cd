"""Workers and queues that die in the middle of grading: every attempt is graded once, with the same result."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from gigcx.audit.models import OutboxEvent, PeriodicRun
from gigcx.kernel import clock
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from tests.product import Product
from tests.races.processes import Broker, wait_for
from vetting import actions
from vetting.models import Attempt, AttemptResult, Evidence, ItemScore
from vetting.states import AttemptState

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ATTEMPTS = 8


@pytest.fixture
def submitted() -> list[Attempt]:
    """Attempts of eight agents at the same question, answered rightly and handed in five minutes ago."""
    at = clock.now() - timedelta(minutes=5)
    test = make.make_assessment(cast.make_brand("Acme"), items=1)
    return [_handed_in(number, test.assessment_id, at) for number in range(ATTEMPTS)]


def _handed_in(number: int, assessment_id: object, at: datetime) -> Attempt:
    me = recruit.agent_actor(recruit.make_agent(f"Agent{number} Racer"))
    opened = actions.open_attempt(agent_id=me.agent_id, assessment_id=assessment_id, by=me, at=at)  # type: ignore[arg-type]
    begun = actions.begin_attempt(attempt_id=opened.pk, by=me, at=at)
    answer = {"options": ["a"]}
    actions.save_response(attempt_id=begun.pk, position=1, payload=answer, client_seq=1, seat=begun.seat, by=me, at=at)
    return actions.submit_attempt(attempt_id=begun.pk, seat=begun.seat, by=me, at=at)


@contextmanager
def stuck_at_the_last_step(attempt: Attempt) -> Iterator[None]:
    """While this lasts, whoever grades the attempt waits with result and scores written and nothing committed.

    Somebody else is writing the same evidence and does not finish; in the end they give up.
    """
    written, give_up = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            make.make_evidence(attempt.agent, "assessment", source_key=f"attempt:{attempt.pk}")
            written.set()
            give_up.wait(300)
            transaction.set_rollback(True)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(60)
    try:
        yield
    finally:
        give_up.set()
        writer.join()


def somebody_waits() -> bool:
    """Is a worker stuck?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def results() -> int:
    return AttemptResult.objects.across_brands().count()


def a_minute_passes() -> None:
    """The ticker takes the present minute for a new one."""
    PeriodicRun.objects.filter(kind="vetting.grade_forgotten_attempts").delete()


def assert_graded_once() -> None:
    """One result, score, evidence and announcement for each attempt, and the same checksum for the same answer."""
    assert set(Attempt.objects.across_brands().values_list("state", flat=True)) == {AttemptState.RELEASED}
    rows = AttemptResult.objects.across_brands()
    assert rows.count() == rows.values("attempt").distinct().count() == ATTEMPTS
    assert len(set(rows.values_list("checksum", flat=True))) == 1
    assert ItemScore.objects.across_brands().count() == Evidence.objects.across_brands().count() == ATTEMPTS
    for kind in ("vetting.attempt_graded", "vetting.result_released"):
        assert OutboxEvent.objects.filter(type=kind).count() == ATTEMPTS


def test_a_worker_killed_in_the_middle_of_grading_grades_exactly_once_after_the_restart(
    submitted: list[Attempt], product: Product
) -> None:
    held = submitted[ATTEMPTS // 2]
    with stuck_at_the_last_step(held):
        product.start("worker", "ticker")
        wait_for(lambda: results() > 0 and somebody_waits())
        product.kill("worker")
        assert not AttemptResult.objects.across_brands().filter(attempt=held).exists()
    held.refresh_from_db()
    assert held.state == AttemptState.SUBMITTED
    product.start("worker")
    a_minute_passes()
    wait_for(lambda: results() == ATTEMPTS)
    assert_graded_once()


def test_a_queue_emptied_in_the_middle_of_grading_loses_nothing(
    submitted: list[Attempt], product: Product, broker: Broker
) -> None:
    with stuck_at_the_last_step(submitted[0]), stuck_at_the_last_step(submitted[1]):
        product.start("worker", "ticker")
        wait_for(somebody_waits)
        broker.flush_all()
    a_minute_passes()
    wait_for(lambda: results() == ATTEMPTS)
    assert_graded_once()
