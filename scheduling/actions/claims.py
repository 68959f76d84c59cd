"""The claim: one transaction, one order, everywhere.

Eligibility without locks; the agent's calendar row; the agent's own hours; one conditional update on the shift's counter;
the claim, its line of history and its fact. docs/algorithms/claims.md says why in this order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from psycopg2.extras import DateTimeTZRange

from gigcx.audit.joined import line_and_fact
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import Period
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent
from scheduling.actions.attempts import pgcode_of, with_retries
from scheduling.actions.calendars import OwnTime, lock_own_time
from scheduling.actions.seats import WHOLE, seat_claim
from scheduling.errors import OverlapsOtherShift, ShiftFull
from scheduling.events import ShiftClaimed, ShiftFilled
from scheduling.models import Claim
from scheduling.queries.claimable import SeenShift, Way, eligible_or_refuse, refuse_before_locking, way_of
from scheduling.queries.hours import Limits, budget_refusal, held_around, limits_of, overlap_refusal, overlap_with
from scheduling.queries.hours import refusal_for as hours_refusal
from scheduling.queries.releases import UNDO_BEFORE_START
from scheduling.queries.wishes import Wish, wish_for
from scheduling.states import OCCUPYING, ClaimKind, ClaimSource

__all__ = ["Order", "SeenShift", "claim_shift", "eligible_or_refuse", "grant_claim", "order_for", "seat_agent"]
_OCCUPYING = [str(state) for state in OCCUPYING]


@dataclass(frozen=True, slots=True)
class Order:
    """One wish for one seat, with everything that needs no lock already known.

    `before` and `then` run in the claim's own transaction, right before and after it is written: what they raise undoes it.
    """

    wish: Wish
    agent: Agent
    key: str
    way: Way
    by: Actor
    at: datetime
    decline_until: datetime | None = None
    cap_bp: int = WHOLE
    before: Callable[[], None] | None = None
    then: Callable[[Claim], None] | None = None

    @property
    def period(self) -> Period:
        """The time that is claimed: of a shift that has begun, only the rest."""
        return Period(max(self.wish.starts_at, self.at), self.wish.ends_at)


def claim_shift(
    *,
    shift_id: UUID,
    agent: Agent,
    by: Actor,
    at: datetime,
    idempotency_key: str = "",
    seen: SeenShift | None = None,
    source: str = ClaimSource.FIRST_COME,
) -> Claim:
    """Give the agent one seat of an open shift; the same key, or the same agent and shift, gets the first claim back.

    Raises:
        NotEligible: identity, certificate, terms or standing do not allow it now or until the end; carries the reasons.
        ShiftNotOpen: not announced, started, cancelled. WaveNotOpen: not open to this agent yet, or a draw is not settled.
        ShiftChanged: it pays less than `seen` says, or runs at another time.
        ShiftFull: the last seat went to someone faster. CapReached: the wave's share of the seats did.
        OverlapsOtherShift: the agent already works then, for whichever brand; names it to the agent only.
        HoursExceeded, RestTooShort, CommitBudgetReached, OpenClaimsReached: the agent's limits.
        TryAgain: the database was busy three times.
    """
    _require_own(by, agent)
    way = way_of(source)
    order = order_for(shift_id, agent=agent, by=by, at=at, key=idempotency_key, way=way, seen=seen)
    return order if isinstance(order, Claim) else seat_agent(order)


def grant_claim(
    *,
    shift_id: UUID,
    agent: Agent,
    by: Actor,
    at: datetime,
    idempotency_key: str,
    source: str,
    kind: str = ClaimKind.SEAT,
    from_reserved: bool = False,
    decline_until: datetime | None = None,
) -> Claim:
    """Give the agent a seat that a draw, a solver, an invitation or a remedy decided on: the same five steps as a press.

    One agent in each transaction. Waves do not stand in the way, everything else does, with the errors of `claim_shift`. A seat
    `from_reserved` was kept by an invitation. Until `decline_until` the agent may give it back without a trace. A seat of a
    shift that has begun starts now.
    """
    way = way_of(source, kind=kind, from_reserved=from_reserved)
    order = order_for(shift_id, agent=agent, by=by, at=at, key=idempotency_key, way=way, decline_until=decline_until)
    return order if isinstance(order, Claim) else seat_agent(order)


def order_for(
    shift_id: UUID,
    *,
    agent: Agent,
    by: Actor,
    at: datetime,
    way: Way,
    key: str = "",
    seen: SeenShift | None = None,
    decline_until: datetime | None = None,
    before: Callable[[], None] | None = None,
    then: Callable[[Claim], None] | None = None,
) -> Order | Claim:
    """This function will run step 1, which needs no lock, or return the claim that an earlier press made."""
    press = key or uuid7().hex
    wish = wish_for(shift_id, agent.pk, press, kind=way.kind, at=at)
    if wish is None or wish.earlier_claim_id:
        earlier = _earlier_claim(agent.pk, shift_id, press, way.kind)
        if earlier is not None:
            return earlier
    if wish is None:
        raise NotFound
    cap_bp = refuse_before_locking(wish, agent, way=way, seen=seen, at=at)
    return Order(wish, agent, press, way, by, at, decline_until, cap_bp, before, then)


def seat_agent(order: Order) -> Claim:
    """This function will run steps 2 to 5, again where the database asks for it."""
    return with_retries(lambda: _attempt(order))


def _require_own(by: Actor, agent: Agent) -> None:
    if isinstance(by, AgentActor) and by.agent_id != agent.pk:
        raise NotFound


def _earlier_claim(agent_id: UUID, shift_id: UUID, key: str, kind: str) -> Claim | None:
    same = Q(idempotency_key=key) | Q(shift_id=shift_id, kind=kind, state__in=_OCCUPYING)
    return next(iter(Claim.objects.across_brands().of_agent(agent_id).filter(same)[:1]), None)


def _attempt(order: Order) -> Claim:
    """One try. Constraint violations are read outside the transaction they ended."""
    try:
        with transaction.atomic():
            return _seated(order)
    except IntegrityError as refused:
        return _after_violation(order, refused)


def _seated(order: Order) -> Claim:
    """Steps 2 to 5, in two round trips and the commit."""
    own = lock_own_time(order.agent, order.period)
    wanted = (order.wish.shift_id, order.way.kind)
    earlier = next((one.claim_id for one in own.held if (one.shift_id, one.kind) == wanted), None)
    if earlier is not None:  # pressed twice: the other press was faster while this one waited for the calendar
        return Claim.objects.across_brands().get(pk=earlier)
    refusal = _own_refusal(order, own)
    if refusal is not None:
        raise refusal
    claim, way = _claim_of(order, own.limits), order.way
    if order.before is not None:
        order.before()
    seat_claim(claim, _stated(claim, order), states=way.states, cap_bp=order.cap_bp, from_reserved=way.from_reserved)
    claim._state.adding = False
    if order.then is not None:
        order.then(claim)
    return claim


def _own_refusal(order: Order, own: OwnTime) -> DomainError | None:
    """Step 3: the agent's own time."""
    wish, budget = order.wish, order.way.budget_of(order.wish)
    refusal = hours_refusal(order.period, own.held, own.limits)
    if refusal is not None or budget is None:
        return refusal
    return budget_refusal(order.period, own.held, wish.engagement_id, minutes=budget, zone=own.limits.zone, at=order.at)


def _stated(claim: Claim, order: Order) -> dict[str, Any]:
    fact = ShiftClaimed(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id)
    filled = ShiftFilled(shift_id=claim.shift_id)
    stated = line_and_fact("scheduling.claim_shift", Claim, fact, by=order.by, at=order.at, to_state=claim.state)
    return stated | {
        "filled_id": uuid7(),
        "filled_type": filled.type,
        "filled_schema": filled.schema,
        "filled_payload": f'{{"shift_id": "{claim.shift_id}"}}',
    }


def _claim_of(order: Order, limits: Limits) -> Claim:
    wish, starts_at = order.wish, order.period.starts_at
    return Claim(
        brand_id=wish.brand_id,
        shift_id=wish.shift_id,
        agent=order.agent,
        engagement_id=cast(UUID, wish.engagement_id),  # step 1 saw to it
        kind=order.way.kind,
        source=order.way.source,
        starts_at=starts_at,
        ends_at=wish.ends_at,
        busy=busy_period(starts_at, wish.ends_at, limits.turnaround_minutes),
        rate_card_id=wish.rate_card_id,
        tier=wish.tier,
        claimed_at=order.at,
        undo_until=min(order.at + timedelta(minutes=wish.undo_minutes), starts_at - UNDO_BEFORE_START),
        decline_until=order.decline_until,
        idempotency_key=order.key,
    )


def busy_period(starts_at: datetime, ends_at: datetime, turnaround_minutes: int) -> DateTimeTZRange:
    """This function will return the half-open time in which the agent can be nowhere else."""
    return DateTimeTZRange(starts_at, ends_at + timedelta(minutes=turnaround_minutes), "[)")


def _after_violation(order: Order, refused: IntegrityError) -> Claim:
    code = pgcode_of(refused)
    if code == "23505":
        earlier = _earlier_claim(order.agent.pk, order.wish.shift_id, order.key, order.way.kind)
        if earlier is not None:
            return earlier
    raise _reason_of(code, order) or refused from refused


def _reason_of(code: str, order: Order) -> DomainError | None:
    if code == "23514":
        return ShiftFull()
    if code != "23P01":
        return None
    period = order.period
    clash = overlap_with(period, held_around(order.agent.pk, period.starts_at, period.ends_at))
    return overlap_refusal(clash, limits_of(order.agent, None).zone) if clash else OverlapsOtherShift()
