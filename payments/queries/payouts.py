"""Payout accounts, runs, items and statements: doors and lists."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, OpsActor
from payments.models import (
    BankFileLine,
    Earning,
    InstantQuote,
    PayoutAccount,
    PayoutAttempt,
    PayoutItem,
    PayoutRun,
    RailSwitch,
    Statement,
)
from payments.states import (
    BankLineState,
    EarningKind,
    EarningState,
    InstantState,
    ItemState,
    PayoutAccountState,
    RailCode,
    RailState,
    RunState,
)
from recruiting.states import AgentState

_GONE = (PayoutAccountState.REJECTED, PayoutAccountState.REPLACED)


def current_account(agent_id: UUID) -> PayoutAccount | None:
    """This function will return the agent's current account, on whichever rail it is, or None."""
    return accounts_of(agent_id).order_by("-created_at", "-pk").first()


def accounts_of(agent_id: UUID) -> QuerySet[PayoutAccount]:
    """This function will list the agent's accounts that are not closed or replaced, in no order."""
    rows: QuerySet[PayoutAccount] = PayoutAccount.objects.across_brands().filter(agent_id=agent_id)
    return rows.exclude(state__in=_GONE)


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
    return rows.select_related("run", "account", "statement", "instant_quote").order_by("-planned_at", "-pk")


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


def expired_leases(at: datetime, limit: int = 500) -> list[UUID]:
    """This function will return items whose worker did not answer in time; one in a bank's file waits for people."""
    rows = PayoutItem.objects.across_brands().filter(state=ItemState.SENDING, lease_until__lte=at)
    rows = rows.exclude(run__rail=RailCode.MANUAL_BANK_FILE)
    return list(rows.order_by("lease_until", "pk").values_list("pk", flat=True)[:limit])


def due_unknown_items(at: datetime, limit: int = 500) -> list[UUID]:
    """This function will return unknown items whose next step is due."""
    rows = PayoutItem.objects.across_brands().filter(state=ItemState.UNKNOWN, next_try_at__lte=at)
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:limit])


def open_attempt(item_id: UUID) -> PayoutAttempt | None:
    """This function will return the item's present try, or None where all have ended."""
    rows = PayoutAttempt.objects.across_brands().filter(item_id=item_id, finished_at__isnull=True)
    return rows.select_related("item__run", "item__account").order_by("-number").first()


def destination_facts(item: PayoutItem) -> str:
    """This function will say where a payout went without giving the account away."""
    return f"{item.run.get_rail_display()} … {item.account.last4}" if item.account.last4 else str(item.run.rail)


def is_returnable(item_id: UUID) -> bool:
    """This function will tell whether an item left and was not sent back yet."""
    states = [ItemState.TRANSFERRED, ItemState.ARRIVED]
    return PayoutItem.objects.across_brands().filter(pk=item_id, state__in=states).exists()


def is_returned(item_id: UUID) -> bool:
    """This function will tell whether an item's money is known to have been sent back."""
    states = [ItemState.RETURNED, ItemState.CAME_BACK]
    return PayoutItem.objects.across_brands().filter(pk=item_id, state__in=states).exists()


def running_runs() -> list[UUID]:
    """This function will return the runs that still have items for workers to send."""
    rows = PayoutRun.objects.filter(state=RunState.EXECUTING, items__state=ItemState.PLANNED).distinct()
    rows = rows.exclude(rail=RailCode.MANUAL_BANK_FILE)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def next_try_in(run_id: UUID, *, at: datetime) -> timedelta | None:
    """This function will return how long until a run can go on by itself, or None where only time does not help.

    A payout waits for its next try, or the rail for the moment that it was asked to wait for.
    """
    rows = PayoutItem.objects.across_brands().filter(run_id=run_id, state=ItemState.PLANNED)
    rows = rows.filter(run__state=RunState.EXECUTING)
    first = rows.order_by("next_try_at").values_list("next_try_at", "run__rail").first()
    if first is None:
        return None
    moment, rail = first
    switch = RailSwitch.objects.filter(rail=rail).first()
    if switch is not None and switch.state != RailState.OPEN:
        if switch.opens_at is None:
            return None
        moment = max(moment, switch.opens_at)
    return moment - at if moment > at else None


def paused_for_funds(reason: str) -> list[PayoutRun]:
    """This function will return the runs that were paused for this reason, oldest first."""
    return list(PayoutRun.objects.filter(state=RunState.PAUSED, state_reason=reason).order_by("pk"))


def oldest_waiting(run: PayoutRun) -> int:
    """This function will return what the oldest payout that a run has still to send needs, in minor units; zero for none."""
    rows = PayoutItem.objects.across_brands().filter(run=run, state=ItemState.PLANNED)
    return rows.order_by("pk").values_list("amount_minor", flat=True).first() or 0


def leaving_agents(currency: str) -> list[UUID]:
    """This function will return agents who are leaving and have something ready to be paid in a currency."""
    rows = Earning.objects.across_brands().filter(state=EarningState.PAYABLE, currency=currency)
    rows = rows.filter(agent__state=AgentState.CLOSING).exclude(kind=EarningKind.CLAWBACK)
    return list(rows.values_list("agent_id", flat=True).distinct().order_by("agent_id"))


def instant_lines(agent_id: UUID, currency: str) -> list[Earning]:
    """This function will return what an agent has ready in a currency, oldest first, without what is to be taken back."""
    rows = Earning.objects.across_brands().filter(agent_id=agent_id, currency=currency, state=EarningState.PAYABLE)
    return list(rows.exclude(kind=EarningKind.CLAWBACK).order_by("payable_at", "pk"))


def owes_back(agent_id: UUID, currency: str) -> bool:
    """This function will tell whether a clawback of the agent waits to be netted."""
    rows = Earning.objects.across_brands().filter(agent_id=agent_id, currency=currency, state=EarningState.PAYABLE)
    return rows.filter(kind=EarningKind.CLAWBACK).exists()


def quote_for(actor: Actor, quote_id: UUID) -> InstantQuote:
    """This function will return one of the actor's quotes of an instant payout.

    Raises:
        NotFound: no such quote, or somebody else's.
    """
    rows = InstantQuote.objects.for_actor(actor).select_related("account", "item")
    found = rows.filter(pk=quote_id).first()
    if found is None:
        raise NotFound
    return found


def open_instants(at: datetime, limit: int = 200) -> list[UUID]:
    """This function will return instant payouts whose transfer was made and whose second step is due."""
    rows = InstantQuote.objects.across_brands().filter(
        state__in=[InstantState.REQUESTED, InstantState.ORDERED],
        item__state=ItemState.TRANSFERRED,
        next_try_at__lte=at,
    )
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:limit])


def payable_currencies() -> list[str]:
    """This function will return the currencies in which something is ready to pay."""
    rows = Earning.objects.across_brands().filter(state=EarningState.PAYABLE)
    return list(rows.values_list("currency", flat=True).distinct().order_by("currency"))


def oldest_planned_run() -> tuple[int, datetime | None]:
    """This function will count runs that wait for approval or start, and tell since when the oldest waits."""
    rows = PayoutRun.objects.filter(state=RunState.PLANNED)
    return rows.count(), rows.order_by("planned_at").values_list("planned_at", flat=True).first()


def waiting_bank_lines() -> tuple[int, datetime | None]:
    """This function will count lines of bank files that nobody has answered, and tell since when the oldest waits."""
    rows = BankFileLine.objects.filter(state=BankLineState.WAITING)
    return rows.count(), rows.order_by("file__made_at").values_list("file__made_at", flat=True).first()
