"""Webhooks that came in: kept once, worked through, tried again, parked. What they say is never believed, only looked up."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, SystemActor
from payments.actions.rails import locked_switch
from payments.models import StripeEvent
from payments.states import INBOX_MOVES, InboxState, RailCode

logger = logging.getLogger(__name__)

INBOX: Final = SystemActor("webhook inbox")
MOST_TRIES: Final = 10
_LEASE: Final = timedelta(minutes=2)
_FIRST_WAIT: Final = timedelta(seconds=15)
_LONGEST_WAIT: Final = timedelta(hours=1)
_BODY_KEPT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingEvent:
    """A webhook whose signature was good, or an event the other side listed for us."""

    event_id: str
    type: str
    object_ref: str
    account_ref: str
    is_live: bool
    is_thin: bool = False
    body: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def receive_event(event: IncomingEvent, *, at: datetime) -> bool:
    """This function will keep an event and tell whether it is to be worked on now; one seen before changes nothing.

    An event of the other mode (a live one where only tests are expected) is kept with an alarm and never worked on.
    """
    is_foreign = event.is_live != (settings.PAYMENTS_MODE == "live")
    row, is_new = StripeEvent.objects.get_or_create(
        event_id=event.event_id,
        defaults={
            "type": event.type,
            "object_ref": event.object_ref,
            "account_ref": event.account_ref,
            "is_live": event.is_live,
            "is_thin": event.is_thin,
            "body": event.body,
            "state": InboxState.IGNORED if is_foreign else InboxState.RECEIVED,
            "alarm": "wrong_mode" if is_foreign else "",
            "received_at": at,
            "next_try_at": at,
            "done_at": at if is_foreign else None,
        },
    )
    if is_new and is_foreign:
        logger.error("an event of the other mode came in", extra={"event_id": row.pk, "event_type": row.type})
    return is_new and not is_foreign


@transaction.atomic
def claim_event(*, event_id: str, at: datetime) -> StripeEvent | None:
    """This function will take an event for one try, or return None where it is done, taken or not due.

    Whoever dies on the way leaves it to the sweep two minutes later.
    """
    rows = StripeEvent.objects.filter(state__in=[InboxState.RECEIVED, InboxState.FAILED], next_try_at__lte=at)
    row = rows.select_for_update(skip_locked=True, of=("self",)).filter(pk=event_id).first()
    if row is None:
        return None
    row.tries += 1
    row.next_try_at = at + _LEASE
    row.save(update_fields=["tries", "next_try_at"])
    return row


@transaction.atomic
def finish_event(*, event_id: str, state: str, at: datetime, alarm: str = "") -> StripeEvent:
    """This function will note that an event was worked through, or concerns nobody here."""
    row = _locked(event_id)
    if row.state in (InboxState.PROCESSED, InboxState.IGNORED):
        return row
    row.alarm, row.done_at, row.error = alarm, at, ""
    _move(row, state)
    if alarm:
        logger.error("webhook alarm", extra={"event_id": row.pk, "event_type": row.type, "alarm": alarm})
    return row


@transaction.atomic
def fail_event(*, event_id: str, error: str, at: datetime) -> StripeEvent:
    """This function will let an event wait twice as long after each failure, and park it after the tenth."""
    row = _locked(event_id)
    if row.state not in (InboxState.RECEIVED, InboxState.FAILED):
        return row
    row.error = error[:1000]
    row.next_try_at = at + min(_FIRST_WAIT * 2 ** max(row.tries - 1, 0), _LONGEST_WAIT)
    is_over = row.tries >= MOST_TRIES
    _move(row, InboxState.PARKED if is_over else InboxState.FAILED)
    return row


@transaction.atomic
def retry_event(*, event_id: str, by: Actor, at: datetime) -> StripeEvent:
    """This function will take a parked event up again with all its tries.

    Raises:
        NotFound: no such event.
        MoveRefused: it is not parked.
    """
    row = _locked(event_id)
    row.tries, row.next_try_at = 0, at
    _move(row, InboxState.RECEIVED)
    trail.record("payments.retry_event", locked_switch(RailCode.STRIPE_CONNECT, at), by=by, at=at, reason=row.pk)
    return row


def forget_bodies(*, at: datetime) -> int:
    """This function will empty the bodies of events older than 90 days and return how many."""
    old = StripeEvent.objects.filter(received_at__lt=at - _BODY_KEPT).exclude(body={})
    return old.update(body={})


def _move(row: StripeEvent, state: str) -> None:
    """The row keeps its own story: who, when and why are the provider, its times and its error."""
    require_move(INBOX_MOVES, row.state, state)
    row.state = state
    row.save(update_fields=["state", "tries", "next_try_at", "done_at", "alarm", "error"])


def _locked(event_id: str) -> StripeEvent:
    found = StripeEvent.objects.select_for_update(of=("self",)).filter(pk=event_id).first()
    if found is None:
        raise NotFound
    return found
