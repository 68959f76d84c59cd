"""Reconciliations, open differences, and whether a rail is clean enough to be opened again."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from payments.ledger import balance_of, platform_account
from payments.models import Account, Difference, PayoutAccount, PayoutItem, Reconciliation
from payments.states import (
    OPEN_DIFFERENCES,
    SETTLED_ITEMS,
    DifferenceKind,
    ItemState,
    PayoutAccountState,
    RailCode,
    ReconciliationScope,
)

_CLEAN_FOR: Final = timedelta(hours=24)
_BATCH: Final = 1000


def open_differences(rail: str = "") -> QuerySet[Difference]:
    """This function will list what nobody has dealt with, oldest first."""
    rows = Difference.objects.filter(state__in=OPEN_DIFFERENCES)
    return (rows.filter(rail=rail) if rail else rows).order_by("found_at", "pk")


def unmatched(at: datetime) -> tuple[int, datetime | None]:
    """This function will count open differences and tell since when the oldest waits."""
    rows = open_differences()
    return rows.count(), rows.values_list("found_at", flat=True).first()


def last_reconciliation(rail: str, *, scope: str = "") -> Reconciliation | None:
    """This function will return the last comparison that came to its end without an error."""
    rows = Reconciliation.objects.filter(rail=rail, finished_at__isnull=False, error="")
    return (rows.filter(scope=scope) if scope else rows).order_by("-started_at").first()


def is_reconciled(rail: str, *, since: datetime, at: datetime) -> bool:
    """This function will tell whether the whole of a rail was compared since a moment, and every payment fits.

    Another balance does not count: money on its way between bank and rail makes one.
    """
    last = last_reconciliation(rail, scope=ReconciliationScope.FULL)
    is_recent = last is not None and last.started_at >= max(since, at - _CLEAN_FOR)
    return is_recent and not open_differences(rail).exclude(kind=DifferenceKind.BALANCE).exists()


def items_in_batches(ids: Collection[UUID], refs: Collection[str]) -> Iterator[PayoutItem]:
    """This function will yield the payouts that payments name, by their id or by the other side's."""
    wanted, names = list(ids), list(refs)
    for start in range(0, max(len(wanted), len(names)), _BATCH):
        part, named = wanted[start : start + _BATCH], names[start : start + _BATCH]
        yield from PayoutItem.objects.across_brands().filter(Q(pk__in=part) | Q(transfer_ref__in=named))


def paid_items(rail: str, *, since: datetime | None, before: datetime) -> QuerySet[PayoutItem]:
    """This function will list the payouts that our books say left a rail in a time and have not come back."""
    rows = PayoutItem.objects.across_brands().filter(run__rail=rail, state__in=SETTLED_ITEMS)
    rows = rows.filter(transferred_at__lt=before)
    return (rows.filter(transferred_at__gte=since) if since else rows).order_by("pk")


def rail_currencies(rail: str) -> list[str]:
    """This function will return the currencies in which a rail has an account in the books."""
    rows = Account.objects.filter(code=f"rail.{rail}.available").order_by("currency")
    return list(rows.values_list("currency", flat=True))


def rail_in_books(rail: str, currency: str) -> tuple[int, int]:
    """This function will return what our books have available and pending on a rail, in minor units."""
    available, pending = (
        balance_of(platform_account(f"rail.{rail}.{part}", currency)) for part in ("available", "pending")
    )
    return available, pending


def has_payouts_in_flight(rail: str, currency: str) -> bool:
    """This function will tell whether a payout is on its way, so that the two balances may differ for a moment."""
    states = [ItemState.SENDING, ItemState.UNKNOWN]
    rows = PayoutItem.objects.across_brands().filter(run__rail=rail, currency=currency, state__in=states)
    return rows.exists()


def accounts_to_ask_about(limit: int = 100) -> list[PayoutAccount]:
    """This function will return accounts on Stripe that are incomplete or restricted: their webhook may have been lost.

    The one asked longest ago comes first, so that each has its turn however many there are.
    """
    states = [PayoutAccountState.ONBOARDING, PayoutAccountState.RESTRICTED]
    rows = PayoutAccount.objects.across_brands().filter(rail=RailCode.STRIPE_CONNECT, state__in=states)
    return list(rows.exclude(remote_ref="").order_by(F("asked_at").asc(nulls_first=True), "pk")[:limit])
