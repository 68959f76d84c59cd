"""Which weeks are billed when, and what is ready for them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Min, QuerySet, Sum

from gigcx.kernel.intervals import week_start
from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand
from payments.models import Charge, Invoice
from payments.policies.invoices import ISSUE_HOUR, ISSUE_WEEKDAY
from payments.states import ChargeState, InvoiceState

_WEEK = timedelta(days=7)


def ready_charges(brand_id: UUID, currency: str, *, until: date) -> QuerySet[Charge]:
    """This function will list what may be invoiced: reviewed lines of billing weeks that began before a day.

    A disputed or held line is not among them and waits for the next invoice.
    """
    rows: QuerySet[Charge] = Charge.objects.for_brand(brand_id).filter(
        currency=currency, state=ChargeState.READY, invoice__isnull=True, billing_week__lt=until
    )
    return rows


def last_full_week(brand: Brand, at: datetime) -> date:
    """This function will return the Monday of the last billing week that is over in the brand's zone."""
    today = at.astimezone(ZoneInfo(brand.timezone)).date()
    return week_start(today) - timedelta(days=7)


def issues_at(brand: Brand, period_from: date) -> datetime:
    """This function will return when the invoice of a billing week is issued: the Tuesday after it, in the morning."""
    tuesday = period_from + timedelta(days=7 + ISSUE_WEEKDAY)
    moment = datetime(tuesday.year, tuesday.month, tuesday.day, ISSUE_HOUR, tzinfo=ZoneInfo(brand.timezone))
    return moment.astimezone(UTC)


def brands_to_draft(*, at: datetime) -> list[tuple[UUID, str, date]]:
    """This function will find brands and currencies with ready lines of past weeks and no invoice of the last week.

    Whatever missed the lock's fact is found here; a week is drafted once, and what comes later waits for the next.
    """
    rows = Charge.objects.across_brands().filter(state=ChargeState.READY, invoice__isnull=True)
    firsts = (
        rows.values_list("brand_id", "currency").annotate(first=Min("billing_week")).order_by("brand_id", "currency")
    )
    brands = {brand.pk: brand for brand in Brand.objects.filter(pk__in={brand_id for brand_id, _c, _f in firsts})}
    found = []
    for brand_id, currency, first in firsts:
        period = last_full_week(brands[brand_id], at)
        if first <= period and not has_invoice(brand_id, currency, period):
            found.append((brand_id, currency, period))
    return found


def currencies_of(brand_id: UUID, week: date) -> list[str]:
    """This function will list the currencies of what is not invoiced yet of a billing week and those before it."""
    rows = Charge.objects.for_brand(brand_id).filter(invoice__isnull=True, billing_week__lte=week)
    open_rows = rows.exclude(state=ChargeState.REVERSED)
    return list(open_rows.order_by("currency").values_list("currency", flat=True).distinct())


def has_invoice(brand_id: UUID, currency: str, period_from: date) -> bool:
    """This function will tell whether a week was drafted, issued or discarded already."""
    rows = Invoice.objects.for_brand(brand_id).filter(currency=currency, period_from=period_from)
    return bool(rows.exists())


def drafts_to_issue(*, at: datetime) -> list[UUID]:
    """This function will list drafts whose Tuesday morning has come, oldest period first."""
    rows = Invoice.objects.across_brands().filter(state=InvoiceState.DRAFT).select_related("brand")
    drafts = rows.order_by("period_from", "pk")
    return [draft.pk for draft in drafts if issues_at(draft.brand, draft.period_from) <= at]


@dataclass(frozen=True, slots=True)
class NextInvoice:
    """The invoice to come: when it is issued and what is ready for it so far, before tax."""

    issues_at: datetime
    net: Money


def ready_minor(brand_id: UUID, currency: str, period_from: date) -> int:
    """This function will sum what is ready for the invoice of a week, earlier weeks' late lines included."""
    rows = ready_charges(brand_id, currency, until=period_from + _WEEK)
    return int(rows.aggregate(total=Sum(F("net_minor") - F("credited_minor")))["total"] or 0)


def next_invoice(brand: Brand, *, at: datetime) -> NextInvoice:
    """This function will tell about a brand's next invoice in its own currency."""
    period = last_full_week(brand, at)
    issued = Invoice.objects.for_brand(brand.pk).filter(currency=brand.currency, period_from=period)
    if issues_at(brand, period) <= at or issued.exclude(state=InvoiceState.DRAFT).exists():
        period += _WEEK
    net = ready_minor(brand.pk, brand.currency, period)
    return NextInvoice(issues_at(brand, period), Money(net, brand.currency))
