"""Stating facts and registering who listens.

`publish` writes a row in the caller's transaction and, after commit, drops a hint into the queue. The hint may be lost:
a sweep finds every row that was not handed over.
"""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from gigcx.audit.columns import insert_columns
from gigcx.audit.models import OutboxEvent
from gigcx.kernel.events import Event
from gigcx.kernel.ids import uuid7

logger = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Handler = Callable[[Any, "Delivered"], None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a handler gets beside the fact: the outbox row's id (for unique constraints) and when it happened."""

    event_id: UUID
    occurred_at: datetime
    brand_id: UUID | None
    agent_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Listener:
    """One registered handler of one fact."""

    event_type: str
    consumer: str
    handler: Handler


_listeners: dict[str, dict[str, Listener]] = {}
_everything: dict[str, Listener] = {}


def listen(event: type[Event], consumer: str, handler: Handler) -> None:
    """This function will register `handler` for a fact under a stable name ("payments.accrue_shift")."""
    _listeners.setdefault(event.type, {})[consumer] = Listener(event.type, consumer, handler)


def listen_to_everything(consumer: str, handler: Handler) -> None:
    """This function will register a reader of all facts: notifications and outgoing webhooks."""
    _everything[consumer] = Listener("*", consumer, handler)


def listeners_of(event_type: str) -> list[Listener]:
    """This function will return the listeners of a fact by name, in a stable order."""
    own = _listeners.get(event_type, {})
    return [*(own[name] for name in sorted(own)), *(_everything[name] for name in sorted(_everything))]


def listener_named(event_type: str, consumer: str) -> Listener | None:
    """This function will find one listener, or None when it is no longer registered."""
    return _listeners.get(event_type, {}).get(consumer) or _everything.get(consumer)


def listeners() -> list[Listener]:
    """This function will return every listener, ordered by fact and consumer."""
    every = [listener for group in _listeners.values() for listener in group.values()]
    return sorted([*every, *_everything.values()], key=lambda one: (one.event_type, one.consumer))


def publish(event: Event, *, at: datetime, brand_id: UUID | None = None, agent_id: UUID | None = None) -> OutboxEvent:
    """This function will state a fact in the caller's transaction and hint the dispatcher after commit."""
    row = OutboxEvent.objects.create(
        type=event.type,
        version=event.schema,
        occurred_at=at,
        brand_id=brand_id,
        agent_id=agent_id,
        payload=event.to_payload(),
    )
    transaction.on_commit(_hint, robust=True)
    return row


def publish_all(facts: Iterable[tuple[Event, UUID | None, UUID | None]], *, at: datetime) -> None:
    """This function will state several facts, each with its brand and agent id, in one insert."""
    asked = list(facts)
    each: dict[str, list[Any]] = {
        "id": [uuid7() for _one in asked],
        "type": [event.type for event, _brand, _agent in asked],
        "version": [event.schema for event, _brand, _agent in asked],
        "brand_id": [brand_id for _event, brand_id, _agent in asked],
        "agent_id": [agent_id for _event, _brand, agent_id in asked],
        "payload": [json.dumps(event.to_payload()) for event, _brand, _agent in asked],
    }
    insert_columns(OutboxEvent, each=each, same={"occurred_at": at})
    transaction.on_commit(_hint, robust=True)


def _hint() -> None:
    from gigcx.audit.tasks import hint_dispatcher

    hint_dispatcher()
