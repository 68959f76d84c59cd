"""Paying more for seats that stay empty: by the brand, by the ladder or by a remedy, always within the budget set aside."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, Stale
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor, require
from gigcx.tenancy.roles import Permission
from recruiting.states import LineKind
from scheduling.actions.waitlists import lock_shift
from scheduling.errors import BudgetTooSmall, ShiftNotOpen
from scheduling.events import IncentiveAnnounced
from scheduling.models import CapacityRequest, Incentive, Shift
from scheduling.queries.doors import shift_for
from scheduling.queries.incentives import LadderStep, budget_of_step, cost_of, ladder_step, peak_of
from scheduling.registries import funds_gate
from scheduling.states import IncentiveCause, ShiftState

SOURCE_KIND: Final = "scheduling.incentive"
_OFFERED: Final = (ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN)
_MOST_OF_PAY: Final = Fraction(5)


def announce_incentive(
    *, shift_id: UUID, per_hour_minor: int, cause: str = IncentiveCause.BRAND, by: Actor, at: datetime
) -> Incentive:
    """Pay so many minor units on top of every hour of a shift from now on; zero ends it for who claims later.

    Every seat counts against the request's incentive budget at the highest step, because a raise reaches those who hold one
    already. A cut costs and frees nothing: it never reaches them. The same amount again is the step already there.

    Raises:
        NotFound: another brand's. NotAllowed: the role does not plan capacity. ShiftNotOpen: it has begun or is cancelled.
        BudgetTooSmall: the budget does not cover it; carries the shortfall. FundsRefused: the account does not.
        Invalid: less than nothing, more than five times the pay, or above the rate card's highest incentive.
    """
    found = shift_for(by, shift_id)
    require(by, Permission.PLAN_CAPACITY, brand_id=found.brand_id)
    return _announced(shift_id, per_hour_minor, cause, by, at)


@transaction.atomic
def _announced(shift_id: UUID, per_hour_minor: int, cause: str, by: Actor, at: datetime) -> Incentive:
    shift = lock_shift(shift_id)
    _refuse_senseless(shift, per_hour_minor, at)
    last = Incentive.objects.across_brands().filter(shift=shift).order_by("-announced_at").first()
    if last is not None and last.per_hour_minor == per_hour_minor:
        return last
    if last is not None and last.announced_at >= at:
        raise Stale
    card = shift.rate_card
    cost = budget_of_step(shift, per_hour_minor, at=at)
    _spend(shift, cost)
    _hold(shift, max(per_hour_minor, peak_of(shift.pk)), at)
    step = Incentive.objects.create(
        brand_id=shift.brand_id,
        shift=shift,
        per_hour_minor=per_hour_minor,
        currency=card.pay_currency,
        budget_minor=cost.amount_minor,
        cause=cause,
        announced_at=at,
    )
    changes = {"per_hour_minor": per_hour_minor, "cause": str(cause), "budget_minor": cost.amount_minor}
    trail.record("scheduling.announce_incentive", shift, by=by, at=at, changes=changes)
    fact = IncentiveAnnounced(shift_id=shift.pk, incentive_id=step.pk, per_hour_minor=per_hour_minor)
    outbox.publish(fact, at=at, brand_id=shift.brand_id)
    return step


def _refuse_senseless(shift: Shift, per_hour_minor: int, at: datetime) -> None:
    if shift.state not in _OFFERED or shift.starts_at <= at:
        raise ShiftNotOpen
    rates = [line.pay_minor for line in shift.rate_card.lines.all() if line.unit == "hour" and line.pay_minor]
    if per_hour_minor < 0 or (rates and per_hour_minor > _MOST_OF_PAY * max(rates)):
        raise Invalid(_("Between nothing and five times the pay."), field="per_hour_minor")
    highest = shift.rate_card.line(LineKind.INCENTIVE_CAP)
    if highest is not None and per_hour_minor > highest.pay_minor:
        raise Invalid(_("It is more than the highest incentive on the rate card."), field="per_hour_minor")


def _spend(shift: Shift, money: Money, *, words: str = "") -> None:
    """One conditional update decides every race for the budget."""
    cost = money.amount_minor
    if not cost:
        return
    rows = CapacityRequest.objects.across_brands().filter(pk=shift.request_id)
    fits = rows.filter(incentive_budget_minor__gte=F("incentive_spent_minor") + cost)
    if fits.update(incentive_spent_minor=F("incentive_spent_minor") + cost):
        return
    budget, spent = rows.values_list("incentive_budget_minor", "incentive_spent_minor").get()
    raise BudgetTooSmall(words, shortfall_minor=cost - (budget - spent), currency=money.currency)


def _hold(shift: Shift, peak: int, at: datetime) -> None:
    """What every seat could cost at the highest step stays held until it is paid."""
    if not peak:
        return
    funds_gate().hold(
        brand_id=shift.brand_id,
        program_id=shift.program_id,
        source_kind=SOURCE_KIND,
        source_id=shift.pk,
        amount=cost_of(shift, peak, shift.seats, at=at),
        until=shift.ends_at,
        at=at,
    )


def recount_incentive(shift: Shift, *, seats_before: int, at: datetime) -> None:
    """This function will count a locked shift's incentive again after its seats changed, and hold what it may cost now.

    Raises:
        BudgetTooSmall: the request's incentive budget does not cover the added seats. FundsRefused: the account does not.
    """
    peak = peak_of(shift.pk)
    if not peak:
        return
    cost = cost_of(shift, peak, shift.seats, at=at) - cost_of(shift, peak, seats_before, at=at)
    words = _("Added seats get this shift's incentive too, and the incentive budget does not cover that.")
    _spend(shift, cost, words=words)
    _hold(shift, peak, at)


def let_go_of_incentive(shift_id: UUID, *, at: datetime) -> None:
    """This function will free what was held for a cancelled shift's incentive; nothing held is no error."""
    funds_gate().release(source_kind=SOURCE_KIND, source_id=shift_id, at=at)


@transaction.atomic
def announce_incentives(
    *, shift_ids: Sequence[UUID], per_hour_minor: int, cause: str = IncentiveCause.BRAND, by: Actor, at: datetime
) -> list[Incentive]:
    """Announce the same incentive for many shifts, all of them or none.

    Raises:
        As `announce_incentive`.
    """
    return [
        announce_incentive(shift_id=one, per_hour_minor=per_hour_minor, cause=cause, by=by, at=at)
        for one in sorted(set(shift_ids))
    ]


def climb_ladder(*, shift_id: UUID, by: Actor, at: datetime) -> Incentive | None:
    """Take the step of the incentive ladder that a shift short of cover has come to, where the budget allows it.

    Returns None where nothing is due, or the budget is used up: a ladder is no promise.
    """
    due: LadderStep | None = ladder_step(shift_id, at=at)
    if due is None:
        return None
    try:
        return announce_incentive(
            shift_id=shift_id, per_hour_minor=due.per_hour_minor, cause=IncentiveCause.LADDER, by=by, at=at
        )
    except BudgetTooSmall:
        return None
