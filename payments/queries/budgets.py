"""What of a month's budget is used: work done in it, and what holds still set aside for it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import day_of
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.models import Brand
from payments.models import BrandHold, Budget, Charge
from payments.policies.funds import next_month
from payments.states import BrandHoldState, ChargeState


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """One budget and what counts against it: `worked` is charged, `held` set aside for coming work."""

    budget: Budget
    worked_minor: int
    held_minor: int

    @property
    def used_minor(self) -> int:
        """Both together, in minor units."""
        return self.worked_minor + self.held_minor

    @property
    def left(self) -> Money:
        """What new work may still cost; zero once the hard limit is passed."""
        return Money(max(0, self.budget.hard_minor - self.used_minor), self.budget.currency)

    @property
    def share_percent(self) -> int:
        """How much of the soft limit is used, in whole percent."""
        return self.used_minor * 100 // self.budget.soft_minor if self.budget.soft_minor else 100


def budgets_for(actor: Actor, *, month: date | None = None) -> QuerySet[Budget]:
    """This function will list a brand's budgets, newest month first, the brand's own before its programs'."""
    rows: QuerySet[Budget] = Budget.objects.for_actor(actor).select_related("program", "brand")
    rows = rows.filter(month=month) if month else rows
    return rows.order_by("-month", F("program__name").asc(nulls_first=True), "currency", "pk")


def budget_for(actor: Actor, budget_id: UUID) -> Budget:
    """This function will return one budget of the actor's brand.

    Raises:
        NotFound: no such budget, or another brand's.
    """
    found = budgets_for(actor).filter(pk=budget_id).first()
    if found is None:
        raise NotFound
    return found


def standing_budgets(brand_id: UUID, *, program_id: UUID | None, currency: str, month: date) -> list[Budget]:
    """This function will find the budgets that a program's spending of a month counts against, in locking order.

    A month without a row of its own takes the limits of the latest month before it: those rows are returned as they are.
    A budget that was lifted is left out.
    """
    rows = Budget.objects.for_brand(brand_id).filter(currency=currency, month__lte=month)
    rows = rows.filter(Q(program__isnull=True) | Q(program_id=program_id))
    latest = rows.order_by("program_id", "-month", "pk").distinct("program_id")
    return sorted((one for one in latest if not one.is_lifted), key=lambda one: one.pk)


def use_of(budget: Budget, *, timezone: str) -> BudgetUse:
    """This function will sum what counts against a budget. Two queries."""
    return BudgetUse(budget, _worked(budget, ZoneInfo(timezone)), _held(budget))


def uses_of(brand: Brand, budgets: list[Budget], *, month: date) -> list[BudgetUse]:
    """This function will sum what counts against several budgets in one month: two queries, however many budgets."""
    if not budgets:
        return []
    worked = _sums(_charges(brand.pk, month, ZoneInfo(brand.timezone)), F("net_minor") - F("credited_minor"))
    held = _sums(_holds(brand.pk, month), F("amount_minor") - F("consumed_minor"))
    return [BudgetUse(one, _of(worked, one), _of(held, one)) for one in budgets]


def present_uses(brand: Brand, *, month: date) -> list[BudgetUse]:
    """This function will return the budgets that stand in a month with what counts against them, the brand's own first.

    Three queries. Budgets carried over from an earlier month are judged by this month's use.
    """
    rows = Budget.objects.for_brand(brand.pk).filter(month__lte=month).select_related("program")
    latest = rows.order_by("program_id", "currency", "-month", "pk").distinct("program_id", "currency")
    standing = [one for one in latest if not one.is_lifted]
    standing.sort(key=lambda one: (one.program is not None, one.program.name if one.program else "", one.currency))
    return uses_of(brand, standing, month=month)


def budget_scopes() -> list[tuple[UUID, UUID | None, str, str]]:
    """This function will list what has ever had a budget: brand, program or None, currency, the brand's time zone."""
    rows = Budget.objects.across_brands().order_by("brand_id", "program_id", "currency")
    columns = ("brand_id", "program_id", "currency", "brand__timezone")
    return list(rows.distinct("brand_id", "program_id", "currency").values_list(*columns))


def _worked(budget: Budget, zone: ZoneInfo) -> int:
    rows = _charges(budget.brand_id, budget.month, zone).filter(currency=budget.currency)
    rows = rows.filter(program_id=budget.program_id) if budget.program_id else rows
    return int(rows.aggregate(total=Sum(F("net_minor") - F("credited_minor")))["total"] or 0)


def _held(budget: Budget) -> int:
    rows = _holds(budget.brand_id, budget.month).filter(currency=budget.currency)
    rows = rows.filter(program_id=budget.program_id) if budget.program_id else rows
    return int(rows.aggregate(total=Sum(F("amount_minor") - F("consumed_minor")))["total"] or 0)


def _charges(brand_id: UUID, month: date, zone: ZoneInfo) -> QuerySet[Charge]:
    """Work counts in the month in which it ended, in the brand's zone."""
    starts, ends = day_of(month, zone).starts_at, day_of(next_month(month), zone).starts_at
    rows: QuerySet[Charge] = Charge.objects.for_brand(brand_id).exclude(state=ChargeState.REVERSED)
    return rows.filter(earning__worked_to__gt=starts, earning__worked_to__lte=ends)


def _holds(brand_id: UUID, month: date) -> QuerySet[BrandHold]:
    rows: QuerySet[BrandHold] = BrandHold.objects.for_brand(brand_id).filter(state=BrandHoldState.ACTIVE)
    return rows.filter(counts_on__gte=month, counts_on__lt=next_month(month))


def _sums(rows: "QuerySet[Charge] | QuerySet[BrandHold]", amount: Combinable) -> dict[tuple[UUID, str], int]:
    grouped = rows.values_list("program_id", "currency").annotate(total=Sum(amount)).order_by("program_id")
    return {(program, currency): int(total) for program, currency, total in grouped}


def _of(sums: dict[tuple[UUID, str], int], budget: Budget) -> int:
    return sum(
        total
        for (program, currency), total in sums.items()
        if currency == budget.currency and budget.program_id in (None, program)
    )
