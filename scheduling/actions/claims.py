"""The claim: one transaction, one order, everywhere.

Eligibility without locks; the agent's calendar row; the agent's own hours; one conditional update on the shift's counter;
the claim, its line of history and its fact. docs/algorithms/claims.md says why in this order.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg2.extras import DateTimeTZRange

from gigcx.audit.joined import line_and_fact
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.tenancy.actors import Actor, AgentActor
from recruiting.models import Agent, RateCard
from scheduling.actions.attempts import pgcode_of, with_retries
from scheduling.actions.calendars import lock_own_time
from scheduling.actions.seats import seat_claim
from scheduling.errors import NotEligible, OverlapsOtherShift, ShiftChanged, ShiftFull, ShiftNotOpen
from scheduling.events import ShiftClaimed
from scheduling.models import Claim, Shift
from scheduling.queries.hours import Limits, held_around, limits_of, overlap_refusal, overlap_with, refusal_for
from scheduling.queries.prices import hourly_pay
from scheduling.queries.releases import UNDO_BEFORE_START
from scheduling.queries.wishes import Wish, wish_for
from scheduling.states import CLAIMABLE, OCCUPYING, ClaimSource, ShiftState
from vetting.queries.eligibility import eligibility, works_until

_OCCUPYING = [str(state) for state in OCCUPYING]


@dataclass(frozen=True, slots=True)
class SeenShift:
    """What the agent's page showed: the version, the hour's pay in minor units, and the time where it was sent."""

    version: int
    pay_minor: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Order:
    """One wish for one seat, with everything that needs no lock already known."""

    wish: Wish
    agent: Agent
    key: str
    source: str
    by: Actor
    at: datetime


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
        ShiftChanged: it pays less than `seen` says, or runs at another time.
        ShiftFull: the last seat went to someone faster.
        OverlapsOtherShift: the agent already works then, for whichever brand; names it to the agent only.
        HoursExceeded, RestTooShort: the agent's limits.
        TryAgain: the database was busy three times.
    """
    _require_own(by, agent)
    key = idempotency_key or uuid7().hex
    wish = wish_for(shift_id, agent.pk, key)
    earlier = _earlier_claim(agent.pk, shift_id, key) if wish is None or wish.earlier_claim_id else None
    if earlier is not None:
        return earlier
    if wish is None:
        raise NotFound
    _refuse_before_locking(wish, agent, seen=seen, at=at)
    order = _Order(wish, agent, key, source, by, at)
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


def _refuse_before_locking(wish: Wish, agent: Agent, *, seen: SeenShift | None, at: datetime) -> None:
    """Step 1: everything that needs no lock."""
    if wish.state == ShiftState.DRAFT:
        raise NotFound
    if wish.state not in CLAIMABLE or wish.starts_at <= at:
        raise ShiftNotOpen
    if not wish.has_room:
        raise ShiftFull  # before anything dearer: a full shift is asked for most
    until = works_until(agent.pk, wish.program_id, at)
    if until is None or until < wish.ends_at:
        shift = Shift.objects.across_brands().select_related("program__brand").get(pk=wish.shift_id)
        eligible_or_refuse(agent, shift, at=at)  # the same rule, with its reasons
    if wish.engagement_id is None:
        raise NotEligible
    _refuse_worse_than_seen(wish, seen)


def _refuse_worse_than_seen(wish: Wish, seen: SeenShift | None) -> None:
    if seen is None:
        return
    if (seen.starts_at or wish.starts_at, seen.ends_at or wish.ends_at) != (wish.starts_at, wish.ends_at):
        raise ShiftChanged(
            _("The time of this shift changed since you opened the page. Look at it again before you claim.")
        )
    if seen.version == wish.version:
        return
    card = RateCard.objects.across_brands().with_lines().get(pk=wish.rate_card_id)
    if hourly_pay(card, tier=wish.tier).pay.amount_minor < seen.pay_minor:
        raise ShiftChanged


def _attempt(order: _Order) -> Claim:
    """One try. Constraint violations are read outside the transaction they ended."""
    try:
        with transaction.atomic():
            return _seated(order)
    except IntegrityError as refused:
        return _after_violation(order, refused)


def _seated(order: _Order) -> Claim:
    """Steps 2 to 5, in two round trips and the commit."""
    own = lock_own_time(order.agent, order.wish.period)
    earlier = next((one.claim_id for one in own.held if one.shift_id == order.wish.shift_id), None)
    if earlier is not None:  # pressed twice: the other press was faster while this one waited for the calendar
        return Claim.objects.across_brands().get(pk=earlier)
    refusal = refusal_for(order.wish.period, own.held, own.limits)
    if refusal is not None:
        raise refusal
    claim = _claim_of(order, own.limits)
    fact = ShiftClaimed(claim_id=claim.pk, shift_id=claim.shift_id, agent_id=claim.agent_id)
    action = "scheduling.claim_shift"
    seat_claim(claim, line_and_fact(action, Claim, fact, by=order.by, at=order.at, to_state=claim.state))
    claim._state.adding = False
    return claim


def _claim_of(order: _Order, limits: Limits) -> Claim:
    wish = order.wish
    return Claim(
        brand_id=wish.brand_id,
        shift_id=wish.shift_id,
        agent=order.agent,
        engagement_id=cast(UUID, wish.engagement_id),  # step 1 saw to it
        source=order.source,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        busy=busy_period(wish.starts_at, wish.ends_at, limits.turnaround_minutes),
        rate_card_id=wish.rate_card_id,
        tier=wish.tier,
        claimed_at=order.at,
        undo_until=min(order.at + timedelta(minutes=wish.undo_minutes), wish.starts_at - UNDO_BEFORE_START),
        idempotency_key=order.key,
    )


def busy_period(starts_at: datetime, ends_at: datetime, turnaround_minutes: int) -> DateTimeTZRange:
    """This function will return the half-open time in which the agent can be nowhere else."""
    return DateTimeTZRange(starts_at, ends_at + timedelta(minutes=turnaround_minutes), "[)")


def _after_violation(order: _Order, refused: IntegrityError) -> Claim:
    code = pgcode_of(refused)
    if code == "23505":
        earlier = _earlier_claim(order.agent.pk, order.wish.shift_id, order.key)
        if earlier is not None:
            return earlier
    raise _reason_of(code, order) or refused from refused


def _reason_of(code: str, order: _Order) -> DomainError | None:
    if code == "23514":
        return ShiftFull()
    if code != "23P01":
        return None
    period = order.wish.period
    clash = overlap_with(period, held_around(order.agent.pk, period.starts_at, period.ends_at))
    return overlap_refusal(clash, limits_of(order.agent, None).zone) if clash else OverlapsOtherShift()
