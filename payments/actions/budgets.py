"""What a brand lets itself spend in a month: setting it, holding new work to it, telling when it is nearly used."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor, SystemActor, require
from gigcx.tenancy.models import Brand
from gigcx.tenancy.roles import Permission
from payments.errors import BudgetLimits, FundsShort
from payments.events import BudgetThresholdReached
from payments.models import Budget, BudgetAlert
from payments.policies.funds import is_budget_month, local_day, month_of, reached
from payments.queries.budgets import BudgetUse, budget_scopes, standing_budgets, use_of
from payments.states import BudgetScope
from recruiting.models import Program

_KEEPER = SystemActor("budget")


@transaction.atomic
def set_budget(
    *,
    brand_id: UUID,
    program_id: UUID | None,
    currency: str,
    month: date,
    soft_minor: int,
    hard_minor: int,
    by: Actor,
    at: datetime,
) -> Budget:
    """This function will set the limits of a month and of those after it that have none of their own.

    At the hard limit new work stops; what was promised before is still paid.

    Raises:
        NotAllowed: the role does not cover it.
        NotFound: the program is not the brand's.
        BudgetLimits: a limit below zero or of zero, the hard one below the soft one, or a month that is over or too far.
    """
    require(by, Permission.MANAGE_BILLING, brand_id=brand_id)
    if not is_budget_month(month, today=local_day(at, _zone(brand_id))):
        raise BudgetLimits(_("Choose this month or one of the next two years."), field="month")
    if soft_minor <= 0 or hard_minor <= 0:
        raise BudgetLimits(_("Set more than nothing. To do without a budget, lift it."), field="soft")
    if hard_minor < soft_minor:
        raise BudgetLimits(_("New work cannot stop below the planned amount. Raise it."), field="hard")
    limits = (soft_minor, hard_minor)
    return _write(brand_id, program_id, currency, month_of(month), limits, by=by, at=at)


@transaction.atomic
def lift_budget(*, budget_id: UUID, month: date, by: Actor, at: datetime) -> Budget:
    """This function will do without a budget from a month on.

    Raises:
        NotFound: no such budget of the actor's brand.
        NotAllowed: the role does not cover it.
    """
    found = Budget.objects.for_actor(by).filter(pk=budget_id).first()
    if found is None:
        raise NotFound
    require(by, Permission.MANAGE_BILLING, brand_id=found.brand_id)
    first = max(month_of(month), found.month)
    return _write(found.brand_id, found.program_id, found.currency, first, (0, 0), by=by, at=at)


def _write(
    brand_id: UUID,
    program_id: UUID | None,
    currency: str,
    month: date,
    limits: tuple[int, int],
    *,
    by: Actor,
    at: datetime,
) -> Budget:
    _require_own_program(brand_id, program_id)
    _carry(brand_id, program_id, currency, month, at)
    found = _rows(brand_id, program_id, currency, month).select_for_update(of=("self",)).get()
    before = [found.soft_minor, found.hard_minor]
    found.soft_minor, found.hard_minor = limits
    found.set_at, found.set_by = at, by.label or by.kind
    found.save(update_fields=["soft_minor", "hard_minor", "set_at", "set_by"])
    action = "payments.set_budget" if any(limits) else "payments.lift_budget"
    changes = {"limits_minor": [before, [*limits]], "month": f"{month:%Y-%m}"}
    trail.record(action, found, by=by, at=at, changes=changes)
    tell_thresholds([found], timezone=_zone(brand_id), at=at)
    return found


def _require_own_program(brand_id: UUID, program_id: UUID | None) -> None:
    if program_id and not Program.objects.for_brand(brand_id).filter(pk=program_id).exists():
        raise NotFound


def _zone(brand_id: UUID) -> str:
    return Brand.objects.values_list("timezone", flat=True).get(pk=brand_id)


def _rows(brand_id: UUID, program_id: UUID | None, currency: str, month: date) -> QuerySet[Budget]:
    rows: QuerySet[Budget] = Budget.objects.for_brand(brand_id).filter(currency=currency, month=month)
    return rows.filter(program_id=program_id) if program_id else rows.filter(program__isnull=True)


def _carry(brand_id: UUID, program_id: UUID | None, currency: str, month: date, at: datetime) -> None:
    """The month's row, with the limits that stand; the unique constraint settles a race."""
    standing = standing_budgets(brand_id, program_id=program_id, currency=currency, month=month)
    own = next((one for one in standing if one.program_id == program_id), None)
    fresh = Budget(
        id=uuid7(),
        brand_id=brand_id,
        scope=BudgetScope.PROGRAM if program_id else BudgetScope.BRAND,
        program_id=program_id,
        currency=currency,
        month=month,
        soft_minor=own.soft_minor if own else 0,
        hard_minor=own.hard_minor if own else 0,
        set_at=at,
        set_by=own.set_by if own else _KEEPER.label,
    )
    Budget.objects.bulk_create([fresh], ignore_conflicts=True)


def locked_budgets(*, brand_id: UUID, program_id: UUID, currency: str, month: date, at: datetime) -> list[Budget]:
    """This function will lock, in order, the budgets that a program's spending of a month counts against.

    Budgets are the first money rows locked: before the brand's funds, before any balance.
    """
    standing = standing_budgets(brand_id, program_id=program_id, currency=currency, month=month)
    for one in standing:
        if one.month != month:
            _carry(brand_id, one.program_id, currency, month, at)
    if not standing:
        return []
    programs = [one.program_id for one in standing]
    rows = Budget.objects.for_brand(brand_id).filter(currency=currency, month=month, hard_minor__gt=0)
    locked = rows.select_for_update(of=("self",)).order_by("pk")
    return [one for one in locked if one.program_id in programs]


def require_room(budgets: Sequence[Budget], amount: Money, *, timezone: str) -> None:
    """This function will refuse an amount that a locked budget's hard limit has no room for.

    Raises:
        FundsShort: cause "budget"; carries the shortfall and the budget's scope and month.
    """
    for budget in budgets:
        used = use_of(budget, timezone=timezone).used_minor
        short = used + amount.amount_minor - budget.hard_minor
        if amount and short > 0:
            raise FundsShort(
                _("This is above the budget of %(month)s.") % {"month": f"{budget.month:%B %Y}"},
                context={
                    "shortfall_minor": min(short, amount.amount_minor),
                    "currency": budget.currency,
                    "cause": "budget",
                    "scope": budget.scope,
                    "month": f"{budget.month:%Y-%m}",
                },
            )


def tell_thresholds(budgets: Sequence[Budget], *, timezone: str, at: datetime) -> int:
    """This function will state each threshold that was reached and not told before, and return how many."""
    return sum(_tell(use_of(one, timezone=timezone), at) for one in budgets if not one.is_lifted)


def _tell(use: BudgetUse, at: datetime) -> int:
    budget = use.budget
    asked = reached(use.used_minor, budget.soft_minor)
    known = set(BudgetAlert.objects.for_brand(budget.brand_id).filter(budget=budget).values_list("threshold_percent"))
    wanted = [one for one in asked if (one,) not in known]
    rows = [
        BudgetAlert(id=uuid7(), budget=budget, threshold_percent=one, used_minor=use.used_minor, reached_at=at)
        for one in wanted
    ]
    BudgetAlert.objects.bulk_create(rows, ignore_conflicts=True)
    ids = BudgetAlert.objects.for_brand(budget.brand_id).filter(pk__in=[one.pk for one in rows])
    told = sorted(ids.values_list("threshold_percent", flat=True))
    for percent in told[-1:]:  # reached together, the highest says it all
        fact = BudgetThresholdReached(budget_id=budget.pk, brand_id=budget.brand_id, threshold_percent=percent)
        outbox.publish(fact, at=at, brand_id=budget.brand_id)
    return len(told)


def check_budgets(*, at: datetime) -> int:
    """This function will look at the present month of every budget and return how many thresholds it told."""
    return sum(_check(*scope, at=at) for scope in budget_scopes())


@transaction.atomic
def _check(brand_id: UUID, program_id: UUID | None, currency: str, timezone: str, *, at: datetime) -> int:
    month = month_of(local_day(at, timezone))
    standing = standing_budgets(brand_id, program_id=program_id, currency=currency, month=month)
    own = next((one for one in standing if one.program_id == program_id), None)
    if own is None:
        return 0
    if own.month != month:
        _carry(brand_id, program_id, currency, month, at)
    rows = _rows(brand_id, program_id, currency, month).select_for_update(of=("self",))
    return tell_thresholds(list(rows), timezone=timezone, at=at)
