"""The claim: one transaction, one order, everywhere.

Eligibility without locks; the agent's calendar row; the agent's own hours; one conditional update on the shift's counter;
the claim, its line of history and its fact. docs/algorithms/claims.md says why in this order.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from psycopg2.extras import DateTimeTZRange

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import Period
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent, Engagement, RateCard
from recruiting.states import EngagementState
from scheduling.actions.attempts import pgcode_of, with_retries
from scheduling.actions.calendars import lock_calendar
from scheduling.actions.seats import take_seat
from scheduling.errors import NotEligible, OverlapsOtherShift, ShiftChanged, ShiftFull, ShiftNotOpen
from scheduling.events import ShiftClaimed
from scheduling.models import AgentCalendar, Claim, Shift
from scheduling.queries.hours import held_around, limits_of, overlap_refusal, overlap_with, refusal_for
from scheduling.queries.prices import hourly_pay
from scheduling.queries.releases import UNDO_BEFORE_START
from scheduling.states import CLAIMABLE, OCCUPYING, ClaimSource, ShiftState
from vetting.queries.eligibility import eligibility

_OCCUPYING = [str(state) for state in OCCUPYING]


@dataclass(frozen=True, slots=True)
class SeenShift:
    """What the agent's page showed: the version and the hour's pay, in minor units."""

    version: int
    pay_minor: int


@dataclass(frozen=True, slots=True)
class _Order:
    """One wish for one seat, with everything that needs no lock already known."""

    shift: Shift
    agent: Agent
    engagement: Engagement
    key: str
    source: str
    by: Actor
    at: datetime

    @property
    def period(self) -> Period:
        return Period(self.shift.starts_at, self.shift.ends_at)


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
        ShiftNotOpen: not announced, started, cancelled.
        ShiftChanged: it pays less than `seen` says.
        ShiftFull: the last seat went to someone faster.
        OverlapsOtherShift: the agent already works then, for whichever brand; names it to the agent only.
        HoursExceeded, RestTooShort: the agent's limits.
        TryAgain: the database was busy three times.
    """
    _require_own(by, agent)
    key = idempotency_key or uuid7().hex
    earlier = _earlier_claim(agent.pk, shift_id, key)
    if earlier is not None:
        return earlier
    order = _ordered(shift_id, agent, key=key, source=source, seen=seen, by=by, at=at)
    return with_retries(lambda: _attempt(order))


def eligible_or_refuse(agent: Agent, shift: Shift, *, at: datetime) -> None:
    """This function will refuse unless the agent may work in the program now and until the shift's end.

    Raises:
        NotEligible: with the reasons and what fixes them.
    """
    now = eligibility(agent, shift.program, at)
    if not now.is_eligible:
        raise NotEligible(reasons=now.reasons, next_steps=now.next_steps)
    if now.lapses_at is not None and now.lapses_at < shift.ends_at:
        then = eligibility(agent, shift.program, shift.ends_at)
        raise NotEligible(reasons=then.reasons, next_steps=then.next_steps)


def _require_own(by: Actor, agent: Agent) -> None:
    if isinstance(by, AgentActor) and by.agent_id != agent.pk:
        raise NotFound


def _earlier_claim(agent_id: UUID, shift_id: UUID, key: str) -> Claim | None:
    same = Q(idempotency_key=key) | Q(shift_id=shift_id, state__in=_OCCUPYING)
    return next(iter(Claim.objects.across_brands().of_agent(agent_id).filter(same)[:1]), None)


def _ordered(
    shift_id: UUID, agent: Agent, *, key: str, source: str, seen: SeenShift | None, by: Actor, at: datetime
) -> _Order:
    """Step 1: everything that needs no lock."""
    shift = Shift.objects.across_brands().select_related("program__brand", "rate_card").filter(pk=shift_id).first()
    if shift is None or shift.state == ShiftState.DRAFT:
        raise NotFound
    if shift.state not in CLAIMABLE or shift.starts_at <= at:
        raise ShiftNotOpen
    if shift.filled + shift.reserved >= shift.seats:
        raise ShiftFull  # before anything dearer: a full shift is asked for most
    eligible_or_refuse(agent, shift, at=at)
    engagement = _engagement_in(shift, agent)
    _refuse_worse_than_seen(shift, engagement.tier, seen)
    return _Order(shift, agent, engagement, key, source, by, at)


def _engagement_in(shift: Shift, agent: Agent) -> Engagement:
    rows = Engagement.objects.across_brands().filter(agent=agent, program_id=shift.program_id)
    found = next(iter(rows.exclude(state=EngagementState.ENDED)[:1]), None)
    if found is None:
        raise NotEligible
    return found


def _refuse_worse_than_seen(shift: Shift, tier: str, seen: SeenShift | None) -> None:
    if seen is None or seen.version == shift.version:
        return
    card = RateCard.objects.across_brands().with_lines().get(pk=shift.rate_card_id)
    if hourly_pay(card, tier=tier).pay.amount_minor < seen.pay_minor:
        raise ShiftChanged


def _attempt(order: _Order) -> Claim:
    """One try. Constraint violations are read outside the transaction they ended."""
    try:
        with transaction.atomic():
            return _seated(order)
    except IntegrityError as refused:
        return _after_violation(order, refused)


def _seated(order: _Order) -> Claim:
    """Steps 2 to 5."""
    calendar = lock_calendar(order.agent.pk)
    held = held_around(order.agent.pk, order.shift.starts_at, order.shift.ends_at)
    own = next((one.claim_id for one in held if one.shift_id == order.shift.pk), None)
    if own is not None:  # pressed twice: the other press was faster while this one waited for the calendar
        return Claim.objects.across_brands().get(pk=own)
    refusal = refusal_for(order.period, held, limits_of(order.agent, calendar))
    if refusal is not None:
        raise refusal
    take_seat(order.shift.pk)
    claim = _inserted(order, calendar)
    trail.record("scheduling.claim_shift", claim, by=order.by, at=order.at, to_state=claim.state)
    outbox.publish(
        ShiftClaimed(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id),
        at=order.at,
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
    )
    return claim


def _inserted(order: _Order, calendar: AgentCalendar) -> Claim:
    shift = order.shift
    undo_minutes = timedelta(minutes=shift.program.undo_minutes)
    return Claim.objects.create(
        brand_id=shift.brand_id,
        shift=shift,
        agent=order.agent,
        engagement=order.engagement,
        source=order.source,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        busy=busy_period(shift.starts_at, shift.ends_at, calendar.turnaround_minutes),
        rate_card_id=shift.rate_card_id,
        tier=order.engagement.tier,
        claimed_at=order.at,
        undo_until=min(order.at + undo_minutes, shift.starts_at - UNDO_BEFORE_START),
        idempotency_key=order.key,
    )


def busy_period(starts_at: datetime, ends_at: datetime, turnaround_minutes: int) -> DateTimeTZRange:
    """This function will return the half-open time in which the agent can be nowhere else."""
    return DateTimeTZRange(starts_at, ends_at + timedelta(minutes=turnaround_minutes), "[)")


def _after_violation(order: _Order, refused: IntegrityError) -> Claim:
    code = pgcode_of(refused)
    if code == "23505":
        earlier = _earlier_claim(order.agent.pk, order.shift.pk, order.key)
        if earlier is not None:
            return earlier
    raise _reason_of(code, order) or refused from refused


def _reason_of(code: str, order: _Order) -> DomainError | None:
    if code == "23514":
        return ShiftFull()
    if code != "23P01":
        return None
    clash = overlap_with(order.period, held_around(order.agent.pk, order.shift.starts_at, order.shift.ends_at))
    return overlap_refusal(clash, limits_of(order.agent, None).zone) if clash else OverlapsOtherShift()
