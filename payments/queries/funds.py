"""A brand's money: wallet, holds, what is owed, and what new work may still set aside."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor
from payments.ledger import balances_of_owner
from payments.models import BrandFunds, BrandHold, Invoice, TopUp
from payments.policies import DEFAULT_CREDIT_LIMIT_MAJOR, minor_of
from payments.pricing.tax import tax_of
from payments.queries.expected_tax import expected_rate_bp
from payments.queries.pages import Page, page_of
from payments.states import OWING_INVOICES, BrandHoldState, FundsMode, InvoiceState, OwnerKind, TopUpState

_OPEN = (TopUpState.STARTED, TopUpState.PROCESSING)
_LONGEST_AGO = F("looked_up_at").asc(nulls_first=True)


@dataclass(frozen=True, slots=True)
class Spendable:
    """A brand's money in one currency. `free` is what new work may still set aside.

    `held` is what holds still cover. `covered` is money in the hold account for work already done: it pays the invoice.
    `unbilled` is net, `unbilled_tax` the tax expected on it, `receivable` what was invoiced and is not paid.
    """

    currency: str
    mode: str
    wallet: Money
    credit_limit: Money
    held: Money
    unbilled: Money
    receivable: Money
    free: Money
    unbilled_tax: Money
    covered: Money

    @property
    def is_prepaid(self) -> bool:
        """Does the brand pay before work?"""
        return self.mode == FundsMode.PREPAID


def spendable(brand_id: UUID, currency: str, *, tax_rate_bp: int | None = None) -> Spendable:
    """This function will return what new work may set aside, and what it is made of.

    Wallet + credit limit - memo holds - (unbilled with tax, and receivable, not covered by money held for them). A memo
    hold is one without money behind it: terms mode. A hold shrinks as its work accrues, so nothing is counted twice. A
    caller who knows the expected rate of tax passes it.
    """
    funds = BrandFunds.objects.for_brand(brand_id).filter(currency=currency).annotate(held=_held_by()).first()
    mode = funds.mode if funds else FundsMode.TERMS
    books = balances_of_owner(OwnerKind.BRAND, brand_id).get(currency, {})
    wallet, unbilled, receivable = (books.get(code, 0) for code in ("wallet", "unbilled", "receivable"))
    held = int(funds.held or 0) if funds else 0
    limit = 0 if mode == FundsMode.PREPAID else _limit(funds, currency)
    covered = max(0, books.get("hold", 0) - (held if mode == FundsMode.PREPAID else 0))
    tax = tax_of(unbilled, _rate(brand_id, tax_rate_bp)) if unbilled else 0
    memo = 0 if mode == FundsMode.PREPAID else held
    free = wallet + limit - memo - max(0, unbilled + tax + receivable - covered)
    figures = (wallet, limit, held, unbilled, receivable, free, tax, covered)
    return Spendable(currency, str(mode), *(Money(figure, currency) for figure in figures))


def _limit(funds: BrandFunds | None, currency: str) -> int:
    return funds.credit_limit_minor if funds else minor_of(DEFAULT_CREDIT_LIMIT_MAJOR, currency)


def _rate(brand_id: UUID, known_bp: int | None) -> int:
    return expected_rate_bp(brand_id) if known_bp is None else known_bp


def _held_by() -> Subquery:
    """What active holds still cover; the first hold makes the funds row, so none is missed."""
    rows = BrandHold.objects.across_brands().filter(
        brand_id=OuterRef("brand_id"), currency=OuterRef("currency"), state=BrandHoldState.ACTIVE
    )
    summed = rows.order_by().values("brand_id").annotate(rest=Sum(F("amount_minor") - F("consumed_minor")))
    return Subquery(summed.values("rest"))


def low_line(money: Spendable, funds: BrandFunds | None) -> int:
    """This function will return where funds begin to be low, in minor units.

    What the brand chose for its automatic top-up; else a fifth of the credit limit; else, prepaid, a fifth of what it has.
    """
    if funds is not None and funds.auto_top_up_below_minor is not None:
        return funds.auto_top_up_below_minor
    if not money.is_prepaid:
        return money.credit_limit.amount_minor // 5
    return (money.wallet.amount_minor + money.held.amount_minor) // 5


@dataclass(frozen=True, slots=True)
class Due:
    """What a brand has to pay: all of it, what is late, the next day something is due, and the oldest late invoice's day."""

    receivable: Money
    late: Money
    next_due_on: date | None
    late_since: date | None


def due_of(brand_id: UUID, money: Spendable) -> Due:
    """This function will return what a brand owes on invoices and disputed payments, and since when."""
    if not money.receivable:
        return Due(money.receivable, money.receivable, None, None)
    rows = Invoice.objects.for_brand(brand_id).filter(currency=money.currency, state__in=OWING_INVOICES)
    rest = F("gross_minor") - F("paid_minor") - F("credited_minor")
    is_late = Q(state=InvoiceState.OVERDUE)
    found = rows.aggregate(
        late=Sum(rest, filter=is_late), since=Min("due_on", filter=is_late), next=Min("due_on", filter=~is_late)
    )
    late = Money(int(found["late"] or 0), money.currency)
    return Due(money.receivable, late, found["next"], found["since"])


def uninvoiced_debt(brand_id: UUID, money: Spendable) -> Money:
    """This function will return what a brand owes beyond its open invoices: what disputed card payments left."""
    rows = Invoice.objects.for_brand(brand_id).filter(currency=money.currency, state__in=OWING_INVOICES)
    open_minor = rows.aggregate(total=Sum(F("gross_minor") - F("paid_minor") - F("credited_minor")))["total"] or 0
    return Money(max(0, money.receivable.amount_minor - int(open_minor)), money.currency)


def funds_of(brand_id: UUID, currency: str) -> BrandFunds | None:
    """This function will return a brand's terms in one currency, or None before their first use."""
    return BrandFunds.objects.for_brand(brand_id).filter(currency=currency).first()


def top_ups_for(actor: Actor) -> QuerySet[TopUp]:
    """This function will list a brand's top-ups, newest first."""
    return TopUp.objects.for_actor(actor).select_related("brand").order_by("-started_at", "-pk")


def page_of_top_ups(actor: Actor, *, after: str, size: int) -> Page[TopUp]:
    """This function will return one page of a brand's top-ups, newest first."""
    return page_of(top_ups_for(actor), by="started_at", after=after, size=size)


def top_up_for(actor: Actor, top_up_id: UUID) -> TopUp:
    """This function will return one top-up of the actor's brand.

    Raises:
        NotFound: no such top-up, or another brand's.
    """
    found = TopUp.objects.for_actor(actor).select_related("brand").filter(pk=top_up_id).first()
    if found is None:
        raise NotFound
    return found


def top_up_of(*, checkout_ref: str = "", payment_ref: str = "", top_up_id: UUID | None = None) -> TopUp | None:
    """This function will find the top-up that a provider's object belongs to, by any of its names; None for none of ours."""
    asked = Q()
    for name, value in (("checkout_ref", checkout_ref), ("payment_ref", payment_ref), ("pk", top_up_id)):
        asked |= Q(**{name: value}) if value else Q()
    if not asked:
        return None
    return TopUp.objects.across_brands().filter(asked).order_by("pk").first()


def open_top_ups(at: datetime, *, limit: int = 200) -> list[UUID]:
    """This function will list top-ups to look up: not settled, the one asked longest ago first."""
    rows = TopUp.objects.across_brands().filter(state__in=_OPEN, started_at__lte=at)
    return list(rows.order_by(_LONGEST_AGO, "pk").values_list("pk", flat=True)[:limit])


def unconfirmed_refunds(*, limit: int = 200) -> list[UUID]:
    """This function will list refunds that were decided and whose answer is not known, the one asked longest ago first."""
    rows = TopUp.objects.across_brands().filter(state=TopUpState.REFUNDED, ended_at__isnull=True)
    return list(rows.order_by(_LONGEST_AGO, "pk").values_list("pk", flat=True)[:limit])


def brands_to_top_up() -> list[BrandFunds]:
    """This function will list terms with an automatic top-up whose spendable money fell below its line.

    All are looked at: those whose card was declined today keep nobody else waiting.
    """
    rows = BrandFunds.objects.across_brands().filter(auto_top_up_below_minor__isnull=False).exclude(method_ref="")
    return [one for one in rows.select_related("brand").order_by("pk") if is_below_line(one)]


def is_below_line(funds: BrandFunds) -> bool:
    """This function will tell whether spendable money is below the line of the automatic top-up, or below zero without one."""
    free = spendable(funds.brand_id, funds.currency).free.amount_minor
    return free < (funds.auto_top_up_below_minor or 0)
