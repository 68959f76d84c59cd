"""A brand's money set aside for published work."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from gigcx.audit import outbox, trail
from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor, SystemActor
from payments import ledger
from payments.errors import FundsShort
from payments.events import FundsLow
from payments.ledger import Posting, brand_account, credit, debit
from payments.models import BrandFunds, BrandHold
from payments.policies import DEFAULT_CREDIT_LIMIT_MAJOR, minor_of
from payments.queries.charges import spendable
from payments.states import BrandHoldState, FundsMode, JournalKind

_GATE = SystemActor("funds gate")
_LOW_SHARE = 5  # a fifth of the limit


@transaction.atomic
def hold_funds(
    *,
    brand_id: UUID,
    program_id: UUID,
    source_kind: str,
    source_id: UUID,
    amount: Money,
    until: datetime,
    at: datetime,
) -> BrandHold:
    """This function will set money aside for one source; the same source again replaces its hold.

    The brand's funds row is locked, so that of two requests racing for the last of it one is refused.

    Raises:
        FundsShort: the amount is more than the brand may still spend; `shortfall_minor` says by how much.
    """
    funds = _locked_funds(brand_id, amount.currency, at)
    release_funds(source_kind=source_kind, source_id=source_id, at=at)
    free = spendable(brand_id, amount.currency).free.amount_minor
    if amount.amount_minor > free:
        short = amount.amount_minor - max(free, 0)
        raise FundsShort(
            context={"shortfall_minor": short, "currency": amount.currency, "cause": "wallet", "mode": funds.mode}
        )
    hold = BrandHold.objects.create(
        id=uuid7(),
        brand_id=brand_id,
        program_id=program_id,
        source_kind=source_kind,
        source_id=source_id,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        held_at=at,
        expires_at=until,
    )
    if funds.mode == FundsMode.PREPAID and amount:
        ledger.post([_wallet_to_hold(hold, amount, at)])
    if (free - amount.amount_minor) * _LOW_SHARE < funds.credit_limit_minor:
        outbox.publish(FundsLow(brand_id=brand_id, currency=amount.currency), at=at, brand_id=brand_id)
    return hold


def _locked_funds(brand_id: UUID, currency: str, at: datetime) -> BrandFunds:
    """The row is made on first use, with the default terms; the unique constraint settles a race."""
    fresh = BrandFunds(
        brand_id=brand_id,
        currency=currency,
        credit_limit_minor=minor_of(DEFAULT_CREDIT_LIMIT_MAJOR, currency),
        created_at=at,
    )
    BrandFunds.objects.bulk_create([fresh], ignore_conflicts=True)
    return BrandFunds.objects.for_brand(brand_id).select_for_update(of=("self",)).get(currency=currency)


@transaction.atomic
def release_funds(*, source_kind: str, source_id: UUID, at: datetime) -> bool:
    """This function will give back what a source's hold still covers, and tell whether there was one."""
    rows = BrandHold.objects.across_brands().filter(
        source_kind=source_kind, source_id=source_id, state=BrandHoldState.ACTIVE
    )
    hold = rows.select_for_update(of=("self",)).first()
    if hold is None:
        return False
    _end(hold, BrandHoldState.SETTLED if hold.consumed_minor else BrandHoldState.RELEASED, at)
    return True


def expire_holds(*, at: datetime, limit: int = 500) -> int:
    """This function will end holds whose time is over and return how many."""
    with transaction.atomic():
        due = BrandHold.objects.across_brands().filter(state=BrandHoldState.ACTIVE, expires_at__lte=at)
        rows = list(due.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit])
        for hold in rows:
            _end(hold, BrandHoldState.EXPIRED, at)
    return len(rows)


def _end(hold: BrandHold, state: str, at: datetime) -> None:
    hold.state, hold.ended_at = state, at
    hold.save(update_fields=["state", "ended_at"])
    rest = Money(hold.amount_minor - hold.consumed_minor, hold.currency)
    funds = BrandFunds.objects.for_brand(hold.brand_id).filter(currency=hold.currency).first()
    if funds is not None and funds.mode == FundsMode.PREPAID and rest:
        ledger.post([_hold_to_wallet(hold, rest, at)])


def consume_holds(uses: Sequence[tuple[Sequence[tuple[str, UUID]], int]]) -> None:
    """This function will take what work really cost from the holds made for it, never more than they hold.

    Each use names the sources the hold may stand under, and an amount in minor units.
    """
    for sources, amount in uses:
        for kind, source_id in sources:
            rows = BrandHold.objects.across_brands().filter(
                source_kind=kind, source_id=source_id, state=BrandHoldState.ACTIVE
            )
            if rows.update(consumed_minor=Least(F("consumed_minor") + amount, F("amount_minor"))):
                break


@transaction.atomic
def set_terms(
    *, brand_id: UUID, currency: str, credit_limit_minor: int, days_until_due: int, by: Actor, at: datetime
) -> BrandFunds:
    """This function will set a brand's credit limit and due days in one currency."""
    funds = _locked_funds(brand_id, currency, at)
    before = funds.credit_limit_minor
    funds.credit_limit_minor, funds.days_until_due = credit_limit_minor, days_until_due
    funds.save(update_fields=["credit_limit_minor", "days_until_due"])
    trail.record(
        "payments.set_terms", funds, by=by, at=at, changes={"credit_limit_minor": [before, credit_limit_minor]}
    )
    return funds


def _wallet_to_hold(hold: BrandHold, money: Money, at: datetime) -> Posting:
    legs = (
        debit(brand_account(hold.brand_id, "wallet", money.currency), money),
        credit(brand_account(hold.brand_id, "hold", money.currency), money),
    )
    return Posting(f"hold:{hold.pk}", JournalKind.BRAND_HOLD, legs, at, "brand_hold", hold.pk, _GATE.label)


def _hold_to_wallet(hold: BrandHold, money: Money, at: datetime) -> Posting:
    legs = (
        debit(brand_account(hold.brand_id, "hold", money.currency), money),
        credit(brand_account(hold.brand_id, "wallet", money.currency), money),
    )
    return Posting(f"unhold:{hold.pk}", JournalKind.BRAND_UNHOLD, legs, at, "brand_hold", hold.pk, _GATE.label)
