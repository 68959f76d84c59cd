"""The secret link under which an agent's calendar program reads their shifts."""

import base64
import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from scheduling.actions.calendars import lock_calendar
from scheduling.models import AgentCalendar


def token_hash(token: str) -> str:
    """This function will return what is kept of a token: enough to know it again, not enough to make it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, by: Actor, at: datetime) -> str:
    """Make a new link and return its token, which is shown once and not kept. The old link is dead.

    Raises:
        NotFound: the actor is no agent.
    """
    calendar = _own_calendar(by)
    secret = calendar.agent_id.bytes + secrets.token_bytes(24)
    token = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    _keep(calendar, token_hash(token), "scheduling.make_feed", by=by, at=at)
    return token


@transaction.atomic
def revoke_feed(*, by: Actor, at: datetime) -> None:
    """End the link at once; calendars that read it find nothing any more. Without a link nothing happens.

    Raises:
        NotFound: the actor is no agent.
    """
    calendar = _own_calendar(by)
    if calendar.feed_token_hash:
        _keep(calendar, "", "scheduling.revoke_feed", by=by, at=at)


def _own_calendar(by: Actor) -> AgentCalendar:
    if not isinstance(by, AgentActor):
        raise NotFound
    return lock_calendar(by.agent_id)


def _keep(calendar: AgentCalendar, kept: str, action: str, *, by: Actor, at: datetime) -> None:
    calendar.feed_token_hash = kept
    calendar.save(update_fields=["feed_token_hash"])
    trail.record(action, calendar, by=by, at=at, agent_id=calendar.agent_id)
