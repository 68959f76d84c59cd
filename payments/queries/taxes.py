"""Tax data of agents: doors, whom they are missing of, and what was paid by the day it was paid."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, OpsActor
from payments.models import Earning, PayoutAllocation, PayoutItem, TaxExport, TaxProfile, TaxThreshold
from payments.policies.taxes import form_of
from payments.states import SETTLED_ITEMS, EarningKind, EarningState, TaxForm
from recruiting.models import Agent

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
    starts, ends = period_of(tax_year, quarter)
    items = PayoutItem.objects.across_brands().filter(
        state__in=SETTLED_ITEMS, transferred_at__gte=starts, transferred_at__lt=ends
    )
    if agent_ids is not None:
        items = items.filter(agent_id__in=list(agent_ids))
    return _summed(list(items.order_by("agent_id", "transferred_at", "pk")))


def _summed(items: list[PayoutItem]) -> list[Income]:
    lines, profiles = _lines_of(items), _profiles_of({one.agent_id for one in items})
    sums: dict[tuple[UUID, UUID | None, int, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    known: dict[UUID | None, TaxProfile | None] = {None: None}
    for item in items:
        profile = _valid_on(profiles[item.agent_id], _day_of(item))
        key = (item.agent_id, profile.pk if profile else None, (_day_of(item).month + 2) // 3, item.currency)
        known[key[1]] = profile
        parts = lines[item.pk]
        sums[key] = [a + b for a, b in zip(sums[key], [*parts, parts[0] - parts[1] - item.amount_minor], strict=True)]
    return [
        Income(agent, known[profile], quarter, currency, gross, fees, withheld, count)
        for (agent, profile, quarter, currency), (gross, fees, count, withheld) in sums.items()
    ]


def _day_of(item: PayoutItem) -> date:
    return cast(datetime, item.transferred_at).astimezone(UTC).date()  # settled items carry it (check constraint)


def _lines_of(items: list[PayoutItem]) -> dict[UUID, tuple[int, int, int]]:
    """By item: sum of the lines without chosen fees, those fees, and how many lines earned something."""
    found: dict[UUID, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    rows = PayoutAllocation.objects.across_brands().filter(item__in=items, released_at__isnull=True)
    for item_id, kind, minor in rows.values_list("item_id", "earning__kind", "amount_minor"):
        gross, fees, count = found[item_id]
        is_fee = kind == EarningKind.INSTANT_FEE
        found[item_id] = (gross + (0 if is_fee else minor), fees - (minor if is_fee else 0), count + (minor > 0))
    return found


def _profiles_of(agent_ids: set[UUID]) -> dict[UUID, list[TaxProfile]]:
    found: dict[UUID, list[TaxProfile]] = defaultdict(list)
    rows = TaxProfile.objects.across_brands().filter(agent_id__in=agent_ids, valid__isempty=False)
    for one in rows.order_by("valid", "pk"):
        found[one.agent_id].append(one)
    return found


def _valid_on(profiles: list[TaxProfile], on: date) -> TaxProfile | None:
    return next((one for one in profiles if on in one.valid), None)


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
        income = income_of(tax_year)
        missing = len({one.agent_id for one in income if one.profile is None})
        for form in (TaxForm.NEC_1099, TaxForm.K_1099, TaxForm.DAC7):
            agents = {one.agent_id for one in income if one.profile is not None and one.profile.form == form}
            found.append(FormYear(form, tax_year, threshold_of(form, tax_year), len(agents), missing))
    return found


def missing_tax_data(at: datetime) -> tuple[int, datetime | None]:
    """This function will count agents owed money without tax data, and tell since when the oldest of it is owed."""
    missing = agents_owed_without_tax_data(on=at.date())
    owed = Earning.objects.across_brands().filter(agent__in=missing, state__in=_OWED)
    return len(missing), owed.order_by("accrued_at").values_list("accrued_at", flat=True).first()
