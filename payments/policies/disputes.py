"""Disputes of lines: who, until when, and what silence decides. Pure."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import from_wall
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor, OpsActor
from gigcx.tenancy.roles import Permission
from payments.models import Charge, Earning, LineDispute
from payments.policies.rules import minor_of
from payments.states import ChargeState, EarningKind, EarningState

ANSWER_WITHIN_DAYS: Final = 3
AGENT_WINDOW: Final = timedelta(days=14)
# Above the cap silence decides nothing: the held part waits this much longer for ops, then its hold ends like any other.
OPS_WINDOW: Final = timedelta(days=7)
CLAWBACK_NOTICE: Final = timedelta(days=7)
DISPUTE_HOLD: Final = "dispute"
_CAP_MAJOR: Final = 100
_SATURDAY: Final = 5


def default_cap(currency: str) -> int:
    """This function will return up to what amount, in minor units, silence decides for the agent."""
    return minor_of(_CAP_MAJOR, currency)


def after_business_days(at: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """This function will return the same wall time so many business days (Monday to Friday in `zone`) later, in UTC."""
    local = at.astimezone(zone)
    day = local.date()
    while days:
        day += timedelta(days=1)
        days -= int(day.weekday() < _SATURDAY)
    return from_wall(day, local.time(), zone)


def answer_due_at(at: datetime, timezone: str) -> datetime:
    """This function will return when a dispute opened at `at` is decided by silence: three business days later."""
    return after_business_days(at, days=ANSWER_WITHIN_DAYS, zone=ZoneInfo(timezone))


def can_dispute_charge(actor: Actor, charge: Charge) -> bool:
    """This function will tell whether the actor may dispute a charge: its own brand's finance people and planners."""
    is_own = isinstance(actor, BrandActor) and actor.brand_id == charge.brand_id
    return is_own and actor.can(Permission.DISPUTE_CHARGES)


def can_answer_dispute(actor: Actor, dispute: LineDispute) -> bool:
    """This function will tell whether the actor speaks for the other side of a dispute."""
    if isinstance(actor, AgentActor):
        return dispute.opened_by_kind == "brand" and actor.agent_id == dispute.agent_id
    is_brand = isinstance(actor, BrandActor) and actor.brand_id == dispute.brand_id
    return is_brand and dispute.opened_by_kind == "agent" and actor.can(Permission.DISPUTE_CHARGES)


def can_decide_dispute(actor: Actor, dispute: LineDispute) -> bool:
    """This function will tell whether the actor may decide: ops, never a party, and on appeal another person."""
    if not isinstance(actor, OpsActor) or actor.user.pk == dispute.opened_by_user_id:
        return False
    first = dispute.appeal_of
    return first is None or first.decided_by_user_id != actor.user.pk


def can_adjust_earning(actor: Actor) -> bool:
    """This function will tell whether the actor may correct pay by hand: ops, and a second person approves."""
    return isinstance(actor, OpsActor)


def is_in_brands_window(charge: Charge) -> bool:
    """This function will tell whether a brand may still dispute: while the line is in review."""
    return charge.state in (ChargeState.ACCRUED, ChargeState.HELD)


def agents_window_ends(earning: Earning) -> datetime:
    """This function will return until when the agent may say that a line is wrong."""
    return earning.accrued_at + AGENT_WINDOW


def is_in_agents_window(earning: Earning, *, at: datetime) -> bool:
    """This function will tell whether the agent may dispute a line: any but a chosen fee, for two weeks."""
    is_open = earning.kind != EarningKind.INSTANT_FEE and earning.state != EarningState.REVERSED
    return is_open and at <= agents_window_ends(earning)
