"""Tax data of agents: doors, whom they are missing of, and what was paid by the day it was paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractQuarter, TruncDate

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, OpsActor
from payments.models import Earning, PayoutAllocation, PayoutItem, TaxExport, TaxProfile, TaxThreshold
from payments.policies.taxes import form_of
from payments.states import SETTLED_ITEMS, EarningKind, EarningState, TaxForm
from recruiting.models import Agent

_Key: TypeAlias = tuple[UUID, UUID | None, int, str]
_OWED: Final = (EarningState.ACCRUED, EarningState.HELD, EarningState.PAYABLE)


def tax_profile_on(agent_id: UUID, on: date) -> TaxProfile | None:
    """This function will return the tax data valid on a day, or None."""
    return TaxProfile.objects.across_brands().filter(agent_id=agent_id, valid__contains=on).first()


def tax_exports() -> QuerySet[TaxExport]:
    """This function will list the files that were made, the newest first."""
    return TaxExport.objects.select_related("made_by").order_by("-made_at", "-pk")


def tax_export_for(actor: Actor, export_id: UUID) -> TaxExport:
    """This function will return a file of tax data, to ops alone.

    Raises:
        NotFound: no such file, or not ops.
    """
    found = TaxExport.objects.filter(pk=export_id).first() if isinstance(actor, OpsActor) else None
    if found is None:
        raise NotFound
    return found


def lacking_tax_data(agent_ids: Iterable[UUID], *, on: date) -> set[UUID]:
    """This function will return those of the agents whose country asks for a report and who gave no tax data for the day.

    Their payouts wait, with an end; nothing is forfeited.
    """
    agents = Agent.objects.across_brands().filter(pk__in=set(agent_ids))
    asked = {pk for pk, country in agents.values_list("pk", "country") if form_of(country)}
    given = TaxProfile.objects.across_brands().filter(agent_id__in=asked, valid__contains=on)
    return asked - set(given.values_list("agent_id", flat=True))


def agents_owed_without_tax_data(*, on: date) -> list[Agent]:
    """This function will list agents with earnings that are not paid yet, of whom tax data are missing, by name."""
    earned = Earning.objects.across_brands().filter(agent=OuterRef("pk"), state__in=_OWED)
    rows = Agent.objects.across_brands().filter(Exists(earned)).select_related("user")
    missing = lacking_tax_data(rows.values_list("pk", flat=True), on=on)
    return list(rows.filter(pk__in=missing).order_by("user__full_name", "pk"))


@dataclass(frozen=True, slots=True)
class Income:
    """What one agent was paid under one set of tax data in one currency, by the day of transfer, in minor units.

    `gross_minor` is before the fees that the agent chose, less what was clawed back; `fees_minor` and `withheld_minor` are
    not negative; `transactions` counts the lines paid.
    """

    agent_id: UUID
    profile: TaxProfile | None
    quarter: int
    currency: str
    gross_minor: int
    fees_minor: int
    withheld_minor: int
    transactions: int

    @property
    def net_minor(self) -> int:
        """What reached the agent."""
        return self.gross_minor - self.fees_minor - self.withheld_minor


def period_of(tax_year: int, quarter: int | None = None) -> tuple[datetime, datetime]:
    """This function will return a calendar year or quarter of it (1 to 4), half-open, in UTC."""
    first, last = (1, 12) if quarter is None else (3 * quarter - 2, 3 * quarter)
    ends = datetime(tax_year + (last == 12), last % 12 + 1, 1, tzinfo=UTC)
    return datetime(tax_year, first, 1, tzinfo=UTC), ends


def income_of(tax_year: int, *, quarter: int | None = None, agent_ids: Iterable[UUID] | None = None) -> list[Income]:
    """This function will sum what was paid in the period, by agent, tax data valid on the day, quarter and currency.

    Counted on the day of the transfer (UTC), whenever the work was done. What came back to us does not count.
    """
    paid = (
        PayoutItem.objects.across_brands().filter(_paid_in(period_of(tax_year, quarter), agent_ids)).alias(**_paid_on())
    )
    rows = list(paid.values_list(*_told_apart()).annotate(Sum("amount_minor"), first=Min("transferred_at")))
    lines = _lines_of(_paid_in(period_of(tax_year, quarter), agent_ids, prefix="item__"))
    profiles = TaxProfile.objects.across_brands().in_bulk({row[1] for row in rows if row[1]})
    return [
        _income(row[:4], row[4], lines.get(row[:4], (0, 0, 0)), profiles.get(row[1]))
        for row in sorted(rows, key=lambda row: (row[0], row[5]))
    ]


def _income(key: _Key, net_minor: int, lines: tuple[int, int, int], profile: TaxProfile | None) -> Income:
    agent_id, _profile, quarter, currency = key
    gross, fees, count = lines
    return Income(agent_id, profile, quarter, currency, gross, fees, gross - fees - net_minor, count)


def _paid_in(period: tuple[datetime, datetime], agent_ids: Iterable[UUID] | None, *, prefix: str = "") -> Q:
    starts, ends = period
    wanted = {"state__in": SETTLED_ITEMS, "transferred_at__gte": starts, "transferred_at__lt": ends}
    if agent_ids is not None:
        wanted["agent_id__in"] = list(agent_ids)
    return Q(**{f"{prefix}{name}": value for name, value in wanted.items()})


def _paid_on(prefix: str = "") -> dict[str, TruncDate]:
    return {"paid_on": TruncDate(f"{prefix}transferred_at", tzinfo=UTC)}


def _told_apart(prefix: str = "") -> tuple[Any, ...]:
    """Agent, tax data valid on the day of transfer, quarter of that day (UTC) and currency."""
    quarter = ExtractQuarter(f"{prefix}transferred_at", tzinfo=UTC)
    return F(f"{prefix}agent_id"), _valid_data("pk", prefix=prefix), quarter, F(f"{prefix}currency")


def _valid_data(field: str, *, prefix: str = "") -> Subquery:
    """A field of the tax data valid on the row's `paid_on`; no two are valid on one day (exclusion constraint)."""
    valid = TaxProfile.objects.across_brands().filter(
        agent_id=OuterRef(f"{prefix}agent_id"), valid__contains=OuterRef("paid_on")
    )
    return Subquery(valid.order_by("pk").values(field)[:1])


def _lines_of(paid: Q) -> dict[_Key, tuple[int, int, int]]:
    """Sum of the lines without chosen fees, those fees, and how many lines earned something."""
    is_fee = Q(earning__kind=EarningKind.INSTANT_FEE)
    rows = PayoutAllocation.objects.across_brands().filter(paid, released_at__isnull=True).alias(**_paid_on("item__"))
    sums = rows.values_list(*_told_apart("item__")).annotate(
        gross=Coalesce(Sum("amount_minor", filter=~is_fee), 0),
        fees=Coalesce(-Sum("amount_minor", filter=is_fee), 0),
        earned=Count("pk", filter=Q(amount_minor__gt=0)),
    )
    return {row[:4]: row[4:] for row in sums}


def threshold_of(form: str, tax_year: int) -> TaxThreshold | None:
    """This function will return from which income a form is due that year, or None where nobody has set it."""
    return TaxThreshold.objects.filter(form=form, tax_year=tax_year).first()


@dataclass(frozen=True, slots=True)
class FormYear:
    """How a form stands in a year, before anybody exports it."""

    form: str
    tax_year: int
    threshold: TaxThreshold | None
    agents: int
    without_data: int


def form_years(*, on: date) -> list[FormYear]:
    """This function will tell for the present and the last year how many agents each form is about."""
    found = []
    for tax_year in (on.year, on.year - 1):
        agents = _agents_by_form(tax_year)
        for form in (TaxForm.NEC_1099, TaxForm.K_1099, TaxForm.DAC7):
            threshold = threshold_of(form, tax_year)
            found.append(FormYear(form, tax_year, threshold, agents.get(form, 0), agents.get(None, 0)))
    return found


def _agents_by_form(tax_year: int) -> dict[str | None, int]:
    paid = PayoutItem.objects.across_brands().filter(_paid_in(period_of(tax_year), None)).alias(**_paid_on())
    by_form = paid.values_list(_valid_data("form")).annotate(agents=Count("agent_id", distinct=True))
    return dict(by_form.order_by())


def missing_tax_data(at: datetime) -> tuple[int, datetime | None]:
    """This function will count agents owed money without tax data, and tell since when the oldest of it is owed."""
    missing = agents_owed_without_tax_data(on=at.date())
    owed = Earning.objects.across_brands().filter(agent__in=missing, state__in=_OWED)
    return len(missing), owed.order_by("accrued_at").values_list("accrued_at", flat=True).first()
