"""What Stripe sends us: believed only with a good signature, and even then only as a hint to look."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

import stripe
from django.conf import settings

from payments.actions.inbox import IncomingEvent
from payments.errors import BadSignature

_TOLERANCE: Final = timedelta(seconds=300)
_THIN: Final = "v2.core.event"
_LONGEST: Final = 120


def read_event(body: bytes, *, signature: str, at: datetime) -> IncomingEvent:
    """This function will return the event in a signed request; every present secret is tried.

    Raises:
        BadSignature: no secret fits, or it was signed more than 300 seconds ago or ahead, or it is no event.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as broken:
        raise BadSignature from broken
    if not any(_fits(text, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise BadSignature
    _require_recent(signature, at)
    return event_of(_object(text))


def _fits(text: str, signature: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(text, signature, secret)
    except stripe.SignatureVerificationError:
        return False
    return True


def _require_recent(signature: str, at: datetime) -> None:
    """The SDK refuses old ones only, by its own clock; one signed for later would stay good until then."""
    moment = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))  # the one that was verified
    if abs(int(at.timestamp()) - moment) > _TOLERANCE.total_seconds():
        raise BadSignature


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as broken:
        raise BadSignature from broken
    if not isinstance(found, dict):
        raise BadSignature
    return found


def event_of(found: dict[str, Any]) -> IncomingEvent:
    """This function will put an event into our words: a whole one of the first API, or a thin one of the second.

    Raises:
        BadSignature: it has no id or no type, so it is no event.
    """
    is_thin = found.get("object") == _THIN
    event_id, kind = str(found.get("id") or ""), str(found.get("type") or "")
    if not event_id or not kind or len(event_id) > _LONGEST:
        raise BadSignature
    return IncomingEvent(
        event_id=event_id,
        type=kind[:_LONGEST],
        object_ref=_ref(found.get("related_object") if is_thin else _part(found, "data", "object")),
        account_ref=str((found.get("context") if is_thin else found.get("account")) or "")[:_LONGEST],
        is_live=found.get("livemode") is True,
        is_thin=is_thin,
        body=found,
    )


def _part(found: dict[str, Any], *path: str) -> Any:
    inner: Any = found
    for step in path:
        inner = inner.get(step) if isinstance(inner, dict) else None
    return inner


def _ref(found: Any) -> str:
    return str(found.get("id") or "")[:_LONGEST] if isinstance(found, dict) else ""
