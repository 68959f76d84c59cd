"""What a running session has earned by now: an estimate by the same pricing as the real lines, never a ledger row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gigcx.kernel.money import Money
from payments.pricing import Card, Span, floor_top_ups, price_incentive, price_time
from payments.queries.cards import card_by_id
from scheduling.models import Claim, StateSpan, WorkSession
from scheduling.queries import live_session_of
from scheduling.queries.incentives import incentive_of
from scheduling.queries.work import paid_spans
from scheduling.states import GAP, SessionState


@dataclass(frozen=True, slots=True)
class LiveWork:
    """A running session so far. `floor` is what the floor would add if it ended now; `total` is everything."""

    program: str
    brand: str
    seconds: int
    worked: Money
    floor: Money
    incentive: Money
    is_silent: bool

    @property
    def total(self) -> Money:
        """Everything that this session would pay if it ended now."""
        return self.worked + self.floor + self.incentive


def live_work(agent_id: UUID, *, at: datetime) -> LiveWork | None:
    """This function will price the agent's running session up to now, or return None when there is none.

    A session that has fallen silent counts up to where it was last heard.
    """
    session = live_session_of(agent_id)
    if session is None or session.claim is None:
        return None
    claim, card = session.claim, card_by_id(session.claim.rate_card_id)
    is_silent = session.state == SessionState.LOST or at - session.last_seen_at > GAP
    spans = _spans(claim, session, session.last_seen_at if is_silent else at)
    seconds = sum(one.seconds for one in spans)
    tier_bp, currency = card.tier_bp(claim.tier), card.pay_currency
    return LiveWork(
        program=claim.shift.program.name,
        brand=claim.brand.name,
        seconds=seconds,
        worked=Money(_worked(card, spans, tier_bp), currency),
        floor=Money(_floor(card, spans, tier_bp, claim.shift.program.interval_minutes), currency),
        incentive=Money(_incentive(card, claim, seconds), currency),
        is_silent=is_silent,
    )


def _spans(claim: Claim, session: WorkSession, until: datetime) -> list[Span]:
    rows = StateSpan.objects.across_brands().filter(session__claim=claim).order_by("starts_at", "pk")
    paid = paid_spans(claim, rows, until=until)
    return [Span(one.starts_at, one.ends_at, one.seconds, one.state, one.cause, one.payer) for one in paid]


def _worked(card: Card, spans: list[Span], tier_bp: int) -> int:
    price = price_time(card, spans, tier_bp=tier_bp)
    return price.pay_minor if price else 0


def _floor(card: Card, spans: list[Span], tier_bp: int, minutes: int) -> int:
    return sum(one.price.pay_minor for one in floor_top_ups(card, spans, interval_minutes=minutes, tier_bp=tier_bp))


def _incentive(card: Card, claim: Claim, seconds: int) -> int:
    price = price_incentive(card, seconds=seconds, per_hour_minor=incentive_of(claim))
    return price.pay_minor if price else 0
