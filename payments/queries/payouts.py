"""Payout accounts, runs, items and statements: doors, lists and checks."""

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor, OpsActor
from payments.ledger import balance_of, platform_account, trial_balance
from payments.models import (
    Earning,
    PayoutAccount,
    PayoutAllocation,
    PayoutAttempt,
    PayoutItem,
    PayoutRun,
    RailSwitch,
    Statement,
)
from payments.policies import approvals_needed
from payments.states import (
    EarningState,
    ItemState,
    PayoutAccountState,
    RailCode,
    RailState,
    RunState,
)

_GONE = (PayoutAccountState.REJECTED, PayoutAccountState.REPLACED)


def current_account(agent_id: UUID, rail: str = RailCode.SANDBOX) -> PayoutAccount | None:
    """This function will return the agent's current account on a rail, or None."""
    rows = PayoutAccount.objects.across_brands().filter(agent_id=agent_id, rail=rail).exclude(state__in=_GONE)
    return rows.order_by("-created_at").first()


def payout_account_for(actor: Actor, account_id: UUID) -> PayoutAccount:
    """This function will return the agent's own account.

    Raises:
        NotFound: no such account, or somebody else's.
    """
    found = PayoutAccount.objects.for_actor(actor).filter(pk=account_id).first()
    if found is None:
        raise NotFound
    return found


def payouts_for(actor: Actor) -> QuerySet[PayoutItem]:
    """This function will list an agent's payouts, newest first, without those that were called off before sending."""
    rows = PayoutItem.objects.for_actor(actor).exclude(state=ItemState.CANCELLED)
    return rows.select_related("run", "account", "statement").order_by("-planned_at", "-pk")


def payout_for(actor: Actor, payout_id: UUID) -> PayoutItem:
    """This function will return one of the actor's payouts.

    Raises:
        NotFound: no such payout, or somebody else's.
    """
    rows = PayoutItem.objects.for_actor(actor).select_related("run", "account", "statement")
    found = rows.filter(pk=payout_id).first()
    if found is None:
        raise NotFound
    return found


def statement_for(actor: Actor, statement_id: UUID) -> Statement:
    """This function will return one of the actor's statements.

    Raises:
        NotFound: no such statement, or somebody else's.
    """
    found = Statement.objects.for_actor(actor).select_related("item").filter(pk=statement_id).first()
    if found is None:
        raise NotFound
    return found


def statements_for(actor: Actor) -> QuerySet[Statement]:
    """This function will list the actor's statements, without an order of its own."""
    return Statement.objects.for_actor(actor)


def run_for(actor: Actor, run_id: UUID) -> PayoutRun:
    """This function will return a run, to ops only.

    Raises:
        NotFound: no such run, or not ops.
    """
    found = PayoutRun.objects.filter(pk=run_id).first() if isinstance(actor, OpsActor) else None
    if found is None:
        raise NotFound
    return found


def next_payout_at(at: datetime) -> datetime:
    """This function will return the next weekly payout: Tuesday 12:00 UTC."""
    days = (1 - at.weekday()) % 7
    noon = datetime.combine((at + timedelta(days=days)).date(), time(12), at.tzinfo)
    return noon if noon > at else noon + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at before a run is approved. Only a blocking one stops it."""

    code: str
    is_ok: bool
    is_blocking: bool
    detail: str

    def as_row(self) -> dict[str, Any]:
        """This function will return the check as stored with the run."""
        return asdict(self)


def run_checks(run: PayoutRun, *, at: datetime) -> list[Check]:
    """This function will look at books, totals, new bank details, duplicates, funds and the switch."""
    items = PayoutItem.objects.across_brands().filter(run=run).exclude(state=ItemState.CANCELLED)
    books = trial_balance()
    off = ", ".join(f"{currency} {amount}" for currency, amount in books.off_by.items() if amount)
    reserved = _reserved(run)
    changed = _recently_changed(items, at)
    shared = _shared_destinations(items)
    has = balance_of(platform_account(f"rail.{run.rail}.available", run.currency))
    switch = RailSwitch.objects.filter(rail=run.rail).first()
    is_open = switch is None or switch.state == RailState.OPEN

    def major(minor: int) -> Decimal:
        return Money(minor, run.currency).major

    return [
        Check("books", books.is_zero, True, off or "zero in every currency"),
        Check(
            "reserved", reserved == run.total_minor, True, f"{major(reserved):,} of {major(run.total_minor):,} reserved"
        ),
        Check("limits", True, False, f"{approvals_needed(run)} approvals needed"),
        Check("new_details", not changed, False, f"{changed} accounts changed in the last 7 days"),
        Check("duplicates", not shared, False, f"{shared} bank accounts serve more than one agent"),
        Check("funds", has >= run.total_minor, False, f"{major(has):,} available for {major(run.total_minor):,}"),
        Check("switch", is_open, False, "open" if switch is None else f"{switch.state} {switch.reason}".strip()),
    ]


def _reserved(run: PayoutRun) -> int:
    rows = PayoutAllocation.objects.across_brands().filter(item__run=run, released_at__isnull=True)
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)


def _recently_changed(items: QuerySet[PayoutItem], at: datetime) -> int:
    replaced = PayoutAccount.objects.across_brands().filter(
        state=PayoutAccountState.REPLACED, replaced_at__gte=at - timedelta(days=7)
    )
    return items.filter(agent_id__in=replaced.values("agent_id")).count()


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


def expired_leases(at: datetime, limit: int = 500) -> list[UUID]:
    """This function will return items whose worker did not answer in time."""
    rows = PayoutItem.objects.across_brands().filter(state=ItemState.SENDING, lease_until__lte=at)
    return list(rows.order_by("lease_until", "pk").values_list("pk", flat=True)[:limit])


def due_unknown_items(at: datetime, limit: int = 500) -> list[UUID]:
    """This function will return unknown items whose next step is due."""
    rows = PayoutItem.objects.across_brands().filter(state=ItemState.UNKNOWN, next_try_at__lte=at)
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:limit])


def open_attempt(item_id: UUID) -> PayoutAttempt:
    """This function will return the item's present try."""
    rows = PayoutAttempt.objects.across_brands().filter(item_id=item_id, finished_at__isnull=True)
    return rows.select_related("item__run", "item__account").order_by("-number").get()


def destination_facts(item: PayoutItem) -> str:
    """This function will say where a payout went without giving the account away."""
    return f"{item.run.get_rail_display()} … {item.account.last4}" if item.account.last4 else str(item.run.rail)


def is_returnable(item_id: UUID) -> bool:
    """This function will tell whether an item left and was not sent back yet."""
    states = [ItemState.TRANSFERRED, ItemState.ARRIVED]
    return PayoutItem.objects.across_brands().filter(pk=item_id, state__in=states).exists()


def running_runs() -> list[UUID]:
    """This function will return the runs that still have items to send."""
    states = [RunState.EXECUTING]
    rows = PayoutRun.objects.filter(state__in=states, items__state=ItemState.PLANNED).distinct()
    return list(rows.order_by("pk").values_list("pk", flat=True))


def payable_currencies() -> list[str]:
    """This function will return the currencies in which something is ready to pay."""
    rows = Earning.objects.across_brands().filter(state=EarningState.PAYABLE)
    return list(rows.values_list("currency", flat=True).distinct().order_by("currency"))


def oldest_planned_run() -> tuple[int, datetime | None]:
    """This function will count runs that wait for approval or start, and tell since when the oldest waits."""
    rows = PayoutRun.objects.filter(state=RunState.PLANNED)
    return rows.count(), rows.order_by("planned_at").values_list("planned_at", flat=True).first()
