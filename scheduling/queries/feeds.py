"""What a calendar feed shows: the agent's claims from a month ago on, those given back or cancelled as cancelled."""

import base64
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db.models import Count, Max

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import NotFound
from recruiting.models import Agent
from scheduling.formats.feed import FeedEntry
from scheduling.models import AgentCalendar, Claim
from scheduling.states import OCCUPYING, ClaimKind

SINCE: Final = timedelta(days=30)
_AT_MOST: Final = 1_000


def agent_of_feed(token: str) -> Agent:
    """This function will return whose feed the token opens.

    The token names its agent, so that the hash is compared with one row only, in constant time.

    Raises:
        NotFound: no such token, or it was revoked.
    """
    calendar = AgentCalendar.objects.across_brands().select_related("agent__user").filter(pk=_named(token)).first()
    kept = calendar.feed_token_hash if calendar else ""
    if calendar is None or not hmac.compare_digest(kept, sha256(token.encode()).hexdigest()):
        raise NotFound
    return calendar.agent


def _named(token: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:16])
    except ValueError as odd:
        raise NotFound from odd


def has_feed(agent_id: UUID) -> bool:
    """This function will tell whether a link is alive."""
    return AgentCalendar.objects.across_brands().filter(pk=agent_id).exclude(feed_token_hash="").exists()


def feed_entries(agent: Agent, *, at: datetime, page_of: Callable[[UUID], str]) -> list[FeedEntry]:
    """This function will return the agent's claims for a calendar, soonest first: two queries. `page_of` gives a claim's page.

    The sequence is the number of lines in the claim's history, which only grows. Programs and brands are named, customers
    never.
    """
    rows = Claim.objects.across_brands().of_agent(agent.pk).filter(ends_at__gte=at - SINCE)
    claims = list(rows.select_related("shift__program", "brand").order_by("starts_at", "pk")[:_AT_MOST])
    lines = _lines_of(claims)
    return [_entry(claim, *lines.get(claim.pk, (0, claim.claimed_at)), page=page_of(claim.pk)) for claim in claims]


def _lines_of(claims: list[Claim]) -> dict[UUID, tuple[int, datetime]]:
    rows = AuditEntry.objects.filter(
        subject_type=Claim._meta.label_lower, subject_id__in=[claim.pk for claim in claims]
    )
    counted = rows.order_by().values("subject_id").annotate(lines=Count("pk"), last=Max("at"))
    return {row["subject_id"]: (row["lines"], row["last"]) for row in counted}


def _entry(claim: Claim, sequence: int, changed_at: datetime, *, page: str) -> FeedEntry:
    return FeedEntry(
        uid=f"{claim.pk}@claims.gigcx",
        sequence=sequence,
        changed_at=changed_at,
        starts_at=claim.starts_at,
        ends_at=claim.ends_at,
        title=f"{claim.shift.program.name}, {claim.brand.name}",
        text=f"{claim.get_kind_display()}: {claim.get_state_display()}",
        url=page,
        status=_status(claim),
    )


def _status(claim: Claim) -> str:
    if claim.state not in OCCUPYING:
        return "CANCELLED"
    return "TENTATIVE" if claim.kind == ClaimKind.STANDBY else "CONFIRMED"
