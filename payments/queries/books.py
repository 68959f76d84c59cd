"""The money board, the trace of any id, and the sweeps that must find nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from gigcx.audit.models import AuditEntry
from gigcx.kernel.money import Money
from payments.ledger import TrialBalance, balance_of, platform_account, trial_balance, verify_books
from payments.ledger.reading import Finding, rules
from payments.models import (
    Earning,
    EarningHold,
    PayoutItem,
    RailSwitch,
)
from payments.queries.unheard import PRICED, unheard_facts
from payments.states import EarningState, ItemState, RailCode
from scheduling.models import Claim
from scheduling.states import ClaimState

_LATE: Final = timedelta(minutes=5)


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
        SweepFinding("learning, bounties, cancellations and floors without one", unheard_facts(at=at)),
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
