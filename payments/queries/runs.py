"""What is looked at before a run is approved, who may not approve it, and whose payout waits for tax data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum

from gigcx.audit.models import AuditEntry
from gigcx.kernel.money import Money
from payments.ledger import balance_of, platform_account, trial_balance
from payments.models import PayoutAccount, PayoutAllocation, PayoutItem, PayoutRun, RailSwitch, TaxThreshold
from payments.policies import NEW_DETAILS_FOR, approvals_needed, must_wait_for_tax_data
from payments.policies.taxes import form_of
from payments.queries.taxes import lacking_tax_data
from payments.states import SETTLED_ITEMS, ItemState, PayoutAccountState, RailCode, RailState, TaxForm
from recruiting.models import Agent

_GONE: Final = (PayoutAccountState.REJECTED, PayoutAccountState.REPLACED)
_TOUCHES: Final = ("payments.cancel_item", "payments.hold_item", "payments.move_item")
_TO_SEND: Final = (ItemState.PLANNED, ItemState.HELD)
_CHANGES: Final = "payments.change_bank_details"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at before a run is approved. A blocking one stops it; one that needs a look asks for an approval."""

    code: str
    is_ok: bool
    is_blocking: bool
    detail: str
    needs_look: bool = False

    def as_row(self) -> dict[str, Any]:
        """This function will return the check as stored with the run."""
        return asdict(self)


def run_checks(run: PayoutRun, *, at: datetime) -> list[Check]:
    """This function will look at books, totals, limits, new bank details, duplicates, funds and the switch."""
    items = PayoutItem.objects.across_brands().filter(run=run).exclude(state=ItemState.CANCELLED)
    books, reserved = trial_balance(), _reserved(run)
    off = ", ".join(f"{currency} {amount}" for currency, amount in books.off_by.items() if amount)
    changed, shared = _recently_changed(items, at), _shared_destinations(items)
    found = [
        Check("books", books.is_zero, True, off or "zero in every currency"),
        Check("reserved", reserved == run.total_minor, True, f"{_major(run, reserved)} of {_total(run)} reserved"),
        Check("new_details", not changed, False, f"{changed} accounts changed in the last 7 days", needs_look=True),
        Check("duplicates", not shared, False, f"{shared} bank accounts serve more than one agent", needs_look=True),
        _funds(run),
        _switch(run),
    ]
    needed = approvals_needed(run)
    return [*found, Check("limits", True, False, f"{needed} approvals by size")]


def items_by_state(run: PayoutRun) -> dict[str, tuple[int, int]]:
    """This function will count a run's payouts and add up their minor units, by state."""
    rows = PayoutItem.objects.across_brands().filter(run=run).values_list("state")
    return {state: (count, minor) for state, count, minor in rows.annotate(Count("pk"), Sum("amount_minor"))}


def _major(run: PayoutRun, minor: int) -> str:
    return f"{Money(minor, run.currency).major:,}"


def _total(run: PayoutRun) -> str:
    return _major(run, run.total_minor)


def _funds(run: PayoutRun) -> Check:
    if run.rail == RailCode.MANUAL_BANK_FILE:
        return Check("funds", True, False, "your bank account pays these files; look at its balance")
    has = balance_of(platform_account(f"rail.{run.rail}.available", run.currency))
    left = sum(minor for state, (_count, minor) in items_by_state(run).items() if state in _TO_SEND)
    return Check("funds", has >= left, False, f"{_major(run, has)} available for {_major(run, left)} to send")


def _switch(run: PayoutRun) -> Check:
    switch = RailSwitch.objects.filter(rail=run.rail).first()
    if switch is None or switch.state == RailState.OPEN:
        return Check("switch", True, False, "open")
    return Check("switch", False, False, f"{switch.state} {switch.reason}".strip())


def _reserved(run: PayoutRun) -> int:
    rows = PayoutAllocation.objects.across_brands().filter(item__run=run, released_at__isnull=True)
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)


def _recently_changed(items: QuerySet[PayoutItem], at: datetime) -> int:
    since = at - NEW_DETAILS_FOR
    replaced = PayoutAccount.objects.across_brands().filter(state=PayoutAccountState.REPLACED, replaced_at__gte=since)
    changed = AuditEntry.objects.filter(action=_CHANGES, subject_type="payments.payoutaccount", at__gte=since)
    is_new = Q(agent_id__in=replaced.values("agent_id")) | Q(account_id__in=changed.values("subject_id"))
    return items.filter(is_new).count()


def _shared_destinations(items: QuerySet[PayoutItem]) -> int:
    prints = items.exclude(account__fingerprint="").values("account__fingerprint")
    shared = (
        PayoutAccount.objects.across_brands()
        .filter(fingerprint__in=prints)
        .exclude(state__in=_GONE)
        .values("fingerprint")
        .annotate(agents=Count("agent_id", distinct=True))
        .filter(agents__gt=1)
    )
    return shared.count()


def who_touched(run: PayoutRun) -> set[UUID]:
    """This function will return the people who held, called off or moved one of the run's payouts."""
    items = PayoutItem.objects.across_brands().filter(run=run).values("pk")
    rows = AuditEntry.objects.filter(action__in=_TOUCHES, subject_type="payments.payoutitem", subject_id__in=items)
    return {who for who in rows.values_list("actor_id", flat=True) if who is not None}


def waiting_for_tax_data(items: Sequence[PayoutItem], *, at: datetime) -> set[UUID]:
    """This function will return the agents whose payouts wait because their tax data is missing.

    Few queries for any number of items; these items count into the year's sum.
    """
    lacking = lacking_tax_data([item.agent_id for item in items], on=at.date())
    if not lacking:
        return set()
    countries = dict(Agent.objects.across_brands().filter(pk__in=lacking).values_list("pk", "country"))
    paid, first = _paid_before(lacking, at)
    limit = TaxThreshold.objects.filter(form=TaxForm.NEC_1099, tax_year=at.year).first()
    return {
        item.agent_id
        for item in items
        if item.agent_id in lacking
        and must_wait_for_tax_data(
            form=form_of(countries[item.agent_id]),
            year_minor=item.amount_minor + paid.get((item.agent_id, item.currency), 0),
            threshold_minor=limit.amount_minor if limit and limit.currency == item.currency else None,
            first_paid_at=first.get(item.agent_id),
            at=at,
        )
    }


def _paid_before(agents: set[UUID], at: datetime) -> tuple[dict[tuple[UUID, str], int], dict[UUID, datetime]]:
    rows = PayoutItem.objects.across_brands().filter(agent_id__in=agents, state__in=SETTLED_ITEMS)
    year = rows.filter(transferred_at__gte=datetime(at.year, 1, 1, tzinfo=UTC)).values_list("agent_id", "currency")
    sums = year.annotate(total=Sum("amount_minor")).order_by("agent_id", "currency")
    firsts = rows.values_list("agent_id").annotate(first=Min("transferred_at")).order_by("agent_id")
    return {(agent, currency): int(total) for agent, currency, total in sums}, dict(firsts)
