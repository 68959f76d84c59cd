"""The money board, the trace of any id, and the sweeps that must find nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from gigcx.audit.models import AuditEntry
from gigcx.kernel.money import Money
from payments.ledger import TrialBalance, balance_of, platform_account, trial_balance, verify_books
from payments.ledger.reading import Finding, rules
from payments.models import (
    Charge,
    Earning,
    EarningHold,
    Journal,
    PayoutAllocation,
    PayoutAttempt,
    PayoutItem,
    PayoutRun,
    RailSwitch,
    Statement,
)
from payments.states import EarningState, ItemState, RailCode
from scheduling.models import Claim
from scheduling.states import ClaimState

_LATE: Final = timedelta(minutes=5)
PRICED: Final = "payments.price_claim"


@dataclass(frozen=True, slots=True)
class Identity:
    """One rule of the books and what breaks it."""

    rule: str
    findings: tuple[Finding, ...]

    @property
    def is_ok(self) -> bool:
        """Does nothing break it?"""
        return not self.findings


@dataclass(frozen=True, slots=True)
class SweepFinding:
    """What a sweep would have to repair: zero when every fact was heard in time."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class RailLine:
    """One rail in one currency: what it holds by our books against what is promised on it."""

    rail: str
    label: str
    available: Money
    reserved: Money
    switch: RailSwitch | None


@dataclass(frozen=True, slots=True)
class MoneyBoard:
    """Everything ops look at first."""

    books: TrialBalance
    identities: list[Identity]
    sweeps: list[SweepFinding]
    rails: list[RailLine]
    unknown_items: list[PayoutItem]
    held_items: list[PayoutItem]


def money_board(*, at: datetime) -> MoneyBoard:
    """This function will gather trial balance, rules, sweep findings, rails and exceptions."""
    items = PayoutItem.objects.across_brands().select_related("run", "agent")
    return MoneyBoard(
        books=trial_balance(),
        identities=_identities(),
        sweeps=sweep_findings(at=at),
        rails=_rails(),
        unknown_items=list(items.filter(state=ItemState.UNKNOWN).order_by("planned_at", "pk")[:50]),
        held_items=list(items.filter(state=ItemState.HELD).order_by("hold_until", "pk")[:50]),
    )


def _identities() -> list[Identity]:
    found = verify_books()
    return [Identity(rule, tuple(one for one in found if one.rule == rule)) for rule in rules()]


def sweep_findings(*, at: datetime) -> list[SweepFinding]:
    """This function will count what no fact has moved in time."""
    earnings, items = Earning.objects.across_brands(), PayoutItem.objects.across_brands()
    open_hold = EarningHold.objects.across_brands().filter(earning=OuterRef("pk"), lifted_at__isnull=True)
    late = at - _LATE
    return [
        SweepFinding("verified work without an earning", claims_without_earning(at=at).count()),
        SweepFinding(
            "review over, not ready to pay", earnings.due_for_release(late).filter(~Exists(open_hold)).count()
        ),
        SweepFinding(
            "holds past their end",
            EarningHold.objects.across_brands().filter(lifted_at__isnull=True, until__lte=late).count(),
        ),
        SweepFinding("leases ended", items.filter(state=ItemState.SENDING, lease_until__lte=late).count()),
        SweepFinding(
            "unknown for a day", items.filter(state=ItemState.UNKNOWN, planned_at__lte=at - timedelta(days=1)).count()
        ),
    ]


def claims_without_earning(*, at: datetime) -> QuerySet[Claim]:
    """This function will find claims verified over five minutes ago whose present version nobody has priced."""
    priced = AuditEntry.objects.annotate(priced_version=Cast(KeyTextTransform("version", "changes"), IntegerField()))
    heard = priced.filter(
        action=PRICED,
        subject_type="scheduling.claim",
        subject_id=OuterRef("pk"),
        priced_version__gte=OuterRef("version"),
    )
    rows = Claim.objects.across_brands().filter(state=ClaimState.VERIFIED, verified_at__lte=at - _LATE)
    return rows.filter(~Exists(heard)).order_by("verified_at", "pk")


def _rails() -> list[RailLine]:
    switches = {one.rail: one for one in RailSwitch.objects.all()}
    reserved = {
        (rail, currency): int(total)
        for rail, currency, total in PayoutItem.objects.across_brands()
        .filter(state__in=[ItemState.PLANNED, ItemState.SENDING, ItemState.UNKNOWN, ItemState.HELD])
        .values_list("run__rail", "currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("run__rail", "currency")
    }
    pairs = sorted({*reserved, *((rail, "USD") for rail in RailCode.values)})
    return [
        RailLine(
            rail=rail,
            label=str(RailCode(rail).label),
            available=Money(balance_of(platform_account(f"rail.{rail}.available", currency)), currency),
            reserved=Money(reserved.get((rail, currency), 0), currency),
            switch=switches.get(rail),
        )
        for rail, currency in pairs
    ]


def is_priced(claim_id: UUID, version: int) -> bool:
    """This function will tell whether this version of a claim's minutes, or a later one, was priced."""
    marks = AuditEntry.objects.filter(action=PRICED, subject_type="scheduling.claim", subject_id=claim_id)
    return any(int(mark.get("version", 0)) >= version for mark in marks.values_list("changes", flat=True))


def rail_reserved(rail: str, currency: str) -> int:
    """This function will return what is promised on a rail and not sent for certain, in minor units."""
    states = [ItemState.SENDING, ItemState.UNKNOWN]
    rows = PayoutItem.objects.across_brands().filter(run__rail=rail, currency=currency, state__in=states)
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that hangs together with one id: from the minute to the bank, both ways."""

    earnings: list[Earning]
    charges: list[Charge]
    items: list[PayoutItem]
    attempts: list[PayoutAttempt]
    runs: list[PayoutRun]
    statements: list[Statement]
    journals: list[Journal]

    @property
    def is_empty(self) -> bool:
        """Is there nothing under this id?"""
        return not (self.earnings or self.items or self.runs or self.journals)


def trace(identifier: UUID) -> Trace:
    """This function will follow the id of a claim, earning, charge, item, run, attempt, statement, agent or journal."""
    earnings = _earnings_of(identifier)
    items = _items_of(identifier, earnings)
    earnings = earnings or _earnings_in(items)
    keys = [one.pk for one in earnings] + [one.pk for one in items]
    journals = Journal.objects.filter(Q(source_id__in=keys) | Q(pk=identifier) | Q(source_id=identifier))
    return Trace(
        earnings=earnings,
        charges=list(Charge.objects.across_brands().filter(earning__in=earnings).order_by("pk")),
        items=items,
        attempts=list(PayoutAttempt.objects.across_brands().filter(item__in=items).order_by("pk")),
        runs=list(PayoutRun.objects.filter(pk__in={one.run_id for one in items} | {identifier}).order_by("pk")),
        statements=list(Statement.objects.across_brands().filter(item__in=items).order_by("pk")),
        journals=list(journals.prefetch_related("entries__account").order_by("recorded_at", "pk")[:200]),
    )


def _earnings_of(identifier: UUID) -> list[Earning]:
    found = Q(pk=identifier) | Q(source_id=identifier) | Q(charge=identifier)
    journal = Journal.objects.filter(pk=identifier, source_kind="earning").values("source_id")
    rows = Earning.objects.across_brands().filter(found | Q(pk__in=journal)).select_related("program", "agent")
    return list(rows.order_by("pk")[:200])


def _items_of(identifier: UUID, earnings: list[Earning]) -> list[PayoutItem]:
    allocated = PayoutAllocation.objects.across_brands().filter(earning__in=earnings).values("item_id")
    attempted = PayoutAttempt.objects.across_brands().filter(pk=identifier).values("item_id")
    journal = Journal.objects.filter(pk=identifier, source_kind="payout_item").values("source_id")
    direct = Q(pk=identifier) | Q(run_id=identifier) | Q(statement=identifier) | Q(agent_id=identifier)
    linked = Q(pk__in=allocated) | Q(pk__in=attempted) | Q(pk__in=journal)
    rows = PayoutItem.objects.across_brands().filter(direct | linked).select_related("run", "agent")
    return list(rows.order_by("pk")[:200])


def _earnings_in(items: list[PayoutItem]) -> list[Earning]:
    ids = PayoutAllocation.objects.across_brands().filter(item__in=items).values("earning_id")
    rows = Earning.objects.across_brands().filter(pk__in=ids).select_related("program", "agent")
    return list(rows.order_by("pk")[:200])


def oldest(state: str) -> tuple[int, datetime | None]:
    """This function will count payout items in a state and tell since when the oldest waits."""
    rows = PayoutItem.objects.across_brands().filter(state=state)
    return rows.count(), rows.order_by("planned_at").values_list("planned_at", flat=True).first()


def held_earnings() -> tuple[int, datetime | None]:
    """This function will count held lines and tell when the first of them was held."""
    rows = Earning.objects.across_brands().filter(state=EarningState.HELD)
    return rows.count(), rows.order_by("held_at").values_list("held_at", flat=True).first()


def troubles(at: datetime) -> tuple[int, datetime | None]:
    """This function will count currencies that do not balance and what sweeps should have done; zero on a good day."""
    broken = sum(1 for off in trial_balance().off_by.values() if off)
    found = broken + sum(one.count for one in sweep_findings(at=at))
    return found, at if found else None
