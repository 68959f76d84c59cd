"""Facts reach their listeners at least once; a poisoned one parks and blocks nobody; a lost hint loses nothing."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from gigcx.audit import dispatcher, hints, outbox
from gigcx.audit.models import Delivery, OutboxEvent
from gigcx.audit.outbox import Delivered, listen, listen_to_everything, publish, publish_all
from gigcx.audit.tasks import dispatch_outbox
from gigcx.kernel.events import Event
from gigcx.tenancy.actors import OpsActor
from gigcx.tenancy.models import Brand, BrandCounter
from tests.audit.broken_queue import celery_points_nowhere

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class BellRung(Event):
    type = "audit_tests.bell_rung"
    bell_id: UUID


@pytest.fixture(autouse=True)
def no_other_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_listeners", {})
    monkeypatch.setattr(outbox, "_everything", {})


def deliveries() -> dict[str, str]:
    return dict(Delivery.objects.order_by("consumer").values_list("consumer", "state"))


def test_every_listener_hears_a_fact_as_it_was_stated(at: datetime) -> None:
    heard: list[tuple[str, Event, Delivered]] = []
    listen(BellRung, "tests.first", lambda fact, delivered: heard.append(("first", fact, delivered)))
    listen(BellRung, "tests.second", lambda fact, delivered: heard.append(("second", fact, delivered)))
    listen_to_everything("tests.all", lambda fact, delivered: heard.append(("all", fact, delivered)))
    fact, brand_id, agent_id = BellRung(bell_id=uuid4()), uuid4(), uuid4()
    row = publish(fact, at=at, brand_id=brand_id, agent_id=agent_id)
    assert dispatcher.dispatch_due(at=at + timedelta(minutes=1)) == 3
    assert [name for name, _fact, _delivered in heard] == ["first", "second", "all"]
    expected = Delivered(row.pk, at, brand_id, agent_id, at + timedelta(minutes=1))
    assert all(one == fact and delivered == expected for _name, one, delivered in heard)


def test_a_fact_that_nobody_hears_is_not_kept_waiting(at: datetime) -> None:
    publish(BellRung(bell_id=uuid4()), at=at)
    assert dispatcher.dispatch_due(at=at) == 0
    assert dispatcher.oldest_waiting() is None


def test_a_fact_is_stated_only_if_the_act_is_kept(at: datetime) -> None:
    @transaction.atomic
    def act() -> None:
        publish(BellRung(bell_id=uuid4()), at=at)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not OutboxEvent.objects.exists()


def test_a_handler_that_fails_three_times_is_parked_and_the_others_go_on(at: datetime) -> None:
    heard: list[UUID] = []
    tries: list[datetime] = []

    def poisoned(fact: BellRung, delivered: Delivered) -> None:
        tries.append(delivered.at)
        raise ValueError(f"cannot hear {fact.bell_id}")

    listen(BellRung, "tests.poisoned", poisoned)
    listen(BellRung, "tests.healthy", lambda fact, delivered: heard.append(fact.bell_id))
    publish_all([(BellRung(bell_id=uuid4()), None, None) for _turn in range(2)], at=at)
    dispatcher.dispatch_due(at=at)
    assert len(heard) == 2
    for minutes in (1, 10, 60):
        dispatcher.dispatch_due(at=at + timedelta(minutes=minutes))
    assert len(tries) == 2 * dispatcher.MAX_TRIES
    assert len(heard) == 2
    parked = Delivery.objects.filter(state=Delivery.State.PARKED)
    assert parked.count() == dispatcher.parked_count() == 2
    assert "cannot hear" in parked[0].error
    publish(BellRung(bell_id=uuid4()), at=at)
    dispatcher.dispatch_due(at=at)
    assert len(heard) == 3, "a parked row blocks nobody"


def test_a_failing_handler_waits_longer_each_time(at: datetime) -> None:
    tries: list[datetime] = []

    def poisoned(fact: BellRung, delivered: Delivered) -> None:
        tries.append(delivered.at)
        raise ValueError

    listen(BellRung, "tests.poisoned", poisoned)
    publish(BellRung(bell_id=uuid4()), at=at)
    for seconds in range(60):
        dispatcher.dispatch_due(at=at + timedelta(seconds=seconds))
    assert [(one - at).seconds for one in tries] == [0, 5, 35]


def test_what_a_failing_handler_wrote_is_undone(acme: Brand, at: datetime) -> None:
    def half_done(fact: BellRung, delivered: Delivered) -> None:
        BrandCounter.objects.create(brand=acme, kind="X")
        raise ValueError

    listen(BellRung, "tests.half_done", half_done)
    publish(BellRung(bell_id=uuid4()), at=at)
    dispatcher.dispatch_due(at=at)
    assert not BrandCounter.objects.exists()
    assert Delivery.objects.get().tries == 1


def test_a_parked_row_is_replayed_from_the_ops_screen(client: Client, olu: OpsActor, at: datetime) -> None:
    is_broken = [True]
    heard: list[UUID] = []

    def mended_later(fact: BellRung, delivered: Delivered) -> None:
        if is_broken[0]:
            raise ValueError
        heard.append(fact.bell_id)

    listen(BellRung, "tests.mended", mended_later)
    fact = BellRung(bell_id=uuid4())
    publish(fact, at=at)
    for minutes in (0, 1, 10):
        dispatcher.dispatch_due(at=at + timedelta(minutes=minutes))
    assert deliveries() == {"tests.mended": "parked"}
    is_broken[0] = False
    client.force_login(olu.user)
    assert "Facts that could not be handed over" in client.get("/admin/").content.decode()
    address = f"/admin/audit/delivery/{Delivery.objects.get().pk}/"
    assert "Hand over again" in client.get(f"{address}change/").content.decode()
    client.post(f"{address}decide/replay/")
    from gigcx.kernel import clock

    assert dispatcher.dispatch_due(at=clock.now()) == 1
    assert heard == [fact.bell_id]


def test_the_same_row_handed_over_twice_changes_nothing(acme: Brand, at: datetime) -> None:
    """As every handler does: the unique constraint decides, not a look before."""

    def count_once(fact: BellRung, delivered: Delivered) -> None:
        BrandCounter.objects.bulk_create(
            [BrandCounter(brand=acme, kind=delivered.event_id.hex[:8])], ignore_conflicts=True
        )

    listen(BellRung, "tests.count_once", count_once)
    publish(BellRung(bell_id=uuid4()), at=at)
    dispatcher.dispatch_due(at=at)
    Delivery.objects.update(state=Delivery.State.WAITING, finished_at=None)
    assert dispatcher.dispatch_due(at=at) == 1
    assert BrandCounter.objects.count() == 1


def test_a_row_is_handed_over_once_per_listener_by_constraint(at: datetime) -> None:
    listen(BellRung, "tests.once", lambda fact, delivered: None)
    row = publish(BellRung(bell_id=uuid4()), at=at)
    dispatcher.dispatch_due(at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(event=row, consumer="tests.once", next_try_at=at)
    OutboxEvent.objects.update(fanned_out_at=None)
    dispatcher.dispatch_due(at=at)
    assert deliveries() == {"tests.once": "done"}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_dispatchers_at_once_hand_each_fact_over_once(at: datetime) -> None:
    heard: list[UUID] = []
    listen(BellRung, "tests.counted", lambda fact, delivered: heard.append(fact.bell_id))
    publish_all([(BellRung(bell_id=uuid4()), None, None) for _turn in range(60)], at=at)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            while dispatcher.dispatch_due(at=at, limit=10):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while dispatcher.dispatch_due(at=at):
        pass
    assert len(heard) == len(set(heard)) == 60


@pytest.mark.django_db(transaction=True)
def test_with_the_queue_away_stating_works_at_once_and_the_effects_follow(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[UUID] = []
    slept: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", slept.append)
    listen(BellRung, "tests.later", lambda fact, delivered: heard.append(fact.bell_id))
    fact = BellRung(bell_id=uuid4())
    with celery_points_nowhere():
        monkeypatch.setattr(hints, "_silent_until", 0.0)
        with transaction.atomic():
            publish(fact, at=at)
        assert sum(slept) < 1, "whoever states a fact does not wait for the queue"
        assert heard == []
        with monkeypatch.context() as nobody_asks:
            nobody_asks.setattr(dispatch_outbox, "apply_async", lambda **_: pytest.fail("the queue was asked again"))
            assert hints.hint(dispatch_outbox) is False, "after a failure hints are dropped for a while"
    monkeypatch.setattr(hints, "_silent_until", 0.0)
    dispatch_outbox.run()
    assert heard == [fact.bell_id]


def test_a_listener_that_is_gone_settles_its_rows(at: datetime) -> None:
    listen(BellRung, "tests.gone", lambda fact, delivered: None)
    publish(BellRung(bell_id=uuid4()), at=at)
    dispatcher.fan_out(at=at)
    outbox._listeners.clear()
    assert dispatcher.dispatch_due(at=at) == 1
    assert deliveries() == {"tests.gone": "done"}


def test_any_process_knows_which_queue_hints_go_to() -> None:
    assert dispatch_outbox.app.main == "gigcx"
