"""Handing facts to their listeners, at least once, one poisoned row never blocking another."""

import logging
import traceback
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from gigcx.audit.models import Delivery, OutboxEvent
from gigcx.audit.outbox import Delivered, listener_named, listeners_of
from gigcx.kernel.events import event_of

logger = logging.getLogger(__name__)

MAX_TRIES: Final = 3
BACK_OFF: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))


def dispatch_due(*, at: datetime, limit: int = 200) -> int:
    """This function will hand over up to `limit` waiting facts and return how many deliveries succeeded.

    Several dispatchers may run at once: rows are claimed with SKIP LOCKED. Each delivery runs in a transaction of its
    own together with the mark that it is done.
    """
    fan_out(at=at, limit=limit)
    done = 0
    for delivery_id in list(_due(at).values_list("pk", flat=True)[:limit]):
        done += _deliver(delivery_id, at=at)
    return done


@transaction.atomic
def fan_out(*, at: datetime, limit: int = 200) -> int:
    """This function will write a delivery for every listener of up to `limit` new facts."""
    events = list(
        OutboxEvent.objects.filter(fanned_out_at__isnull=True)
        .order_by("id")
        .select_for_update(skip_locked=True)[:limit]
    )
    deliveries = [
        Delivery(event=event, consumer=listener.consumer, next_try_at=at)
        for event in events
        for listener in listeners_of(event.type)
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(fanned_out_at=at)
    return len(events)


def replay(delivery_id: int, *, at: datetime) -> None:
    """This function will make a parked delivery due again."""
    Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PARKED).update(
        state=Delivery.State.WAITING, tries=0, next_try_at=at
    )


def oldest_waiting() -> datetime | None:
    """This function will return when the oldest fact happened that some listener has not heard yet, or None.

    Parked deliveries do not count: they wait for a person.
    """
    fresh = OutboxEvent.objects.filter(fanned_out_at__isnull=True).order_by("id").values_list("occurred_at", flat=True)
    late = Delivery.objects.filter(state=Delivery.State.WAITING).order_by("event_id")
    found = [*fresh[:1], *late.values_list("event__occurred_at", flat=True)[:1]]
    return min(found, default=None)


def parked_count() -> int:
    """This function will return how many deliveries wait for a person."""
    return Delivery.objects.filter(state=Delivery.State.PARKED).count()


def _due(at: datetime) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__lte=at).order_by("next_try_at", "id")


def _deliver(delivery_id: int, *, at: datetime) -> int:
    """Hand over one fact; the failure is written in a transaction of its own, because the first one rolled back."""
    try:
        with transaction.atomic():
            delivery = _claimed(delivery_id, at)
            if delivery is None:
                return 0
            _run(delivery, at)
            _finish(delivery, at)
    except Exception:  # a handler may fail in any way; the row is kept, counted and parked
        _note_failure(delivery_id, error=traceback.format_exc(limit=-5), at=at)
        return 0
    return 1


def _claimed(delivery_id: int, at: datetime) -> Delivery | None:
    rows = _due(at).filter(pk=delivery_id).select_related("event")
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def _run(delivery: Delivery, at: datetime) -> None:
    event = delivery.event
    listener = listener_named(event.type, delivery.consumer)
    if listener is None:
        return
    delivered = Delivered(event.pk, event.occurred_at, event.brand_id, event.agent_id, at)
    listener.handler(event_of(event.type, event.payload), delivered)


def _finish(delivery: Delivery, at: datetime) -> None:
    delivery.state = Delivery.State.DONE
    delivery.finished_at = at
    delivery.error = ""
    delivery.save(update_fields=["state", "finished_at", "error"])


@transaction.atomic
def _note_failure(delivery_id: int, *, error: str, at: datetime) -> None:
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    delivery.tries += 1
    is_parked = delivery.tries >= MAX_TRIES
    delivery.state = Delivery.State.PARKED if is_parked else Delivery.State.WAITING
    delivery.next_try_at = at + BACK_OFF[min(delivery.tries, len(BACK_OFF)) - 1]
    delivery.error = error
    delivery.save(update_fields=["tries", "state", "next_try_at", "error"])
    logger.error("delivery failed", extra={"consumer": delivery.consumer, "tries": delivery.tries})
