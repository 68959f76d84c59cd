"""A brand's money set aside for published work, and the terms it pays by."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, SystemActor
from gigcx.tenancy.models import Brand
from gigcx.tenancy.policies import require_ops
from payments import ledger
from payments.actions import journals
from payments.actions.budgets import locked_budgets, require_room, tell_thresholds
from payments.errors import FundsShort
from payments.events import FundsLow
from payments.models import Balance, BrandFunds, BrandHold
from payments.policies import DEFAULT_CREDIT_LIMIT_MAJOR, minor_of
from payments.policies.funds import local_day, month_of
from payments.queries.funds import Spendable, low_line, spendable
from payments.states import BRAND_HOLD_MOVES, BrandHoldState, FundsMode, OwnerKind

_GATE = SystemActor("funds gate")


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
    ends_at: datetime | None = None,
) -> BrandHold:
    """This function will set money aside for one source; the same source again replaces its hold, larger or smaller.

    Budgets, then the brand's funds row are locked, so that of two requests racing for the last of either one is refused.
    `ends_at` is when the work ends (by default when the hold does): it counts against the budgets of that month.

    Raises:
        FundsShort: more than the brand may still spend (cause "wallet") or than a budget's hard limit has room for (cause
            "budget"); `shortfall_minor` says by how much.
    """
    zone = Brand.objects.values_list("timezone", flat=True).get(pk=brand_id)
    counts_on = local_day(ends_at or until, zone)
    budgets = locked_budgets(
        brand_id=brand_id, program_id=program_id, currency=amount.currency, month=month_of(counts_on), at=at
    )
    funds = locked_funds(brand_id, amount.currency, at)
    before = spendable(brand_id, amount.currency)
    free = before.free.amount_minor + _given_back(source_kind, source_id, at)
    require_room(budgets, amount, timezone=zone)
    _require_money(funds, amount, free)
    hold = BrandHold.objects.create(
        id=uuid7(),
        brand_id=brand_id,
        program_id=program_id,
        source_kind=source_kind,
        source_id=source_id,
        counts_on=counts_on,
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        held_at=at,
        expires_at=until,
    )
    if funds.mode == FundsMode.PREPAID and amount:
        ledger.post([journals.held(hold, amount, at=at)])
    tell_thresholds(budgets, timezone=zone, at=at)
    _tell_when_low(funds, before, free - amount.amount_minor, at)
    return hold


def _given_back(source_kind: str, source_id: UUID, at: datetime) -> int:
    """What the source's present hold covered becomes free again, in either mode."""
    rows = BrandHold.objects.across_brands().filter(
        source_kind=source_kind, source_id=source_id, state=BrandHoldState.ACTIVE
    )
    rest = sum(one.amount_minor - one.consumed_minor for one in rows.select_for_update(of=("self",)))
    release_funds(source_kind=source_kind, source_id=source_id, at=at)
    return rest


def _require_money(funds: BrandFunds, amount: Money, free: int) -> None:
    if amount.amount_minor > free:
        short = amount.amount_minor - max(free, 0)
        raise FundsShort(
            context={"shortfall_minor": short, "currency": amount.currency, "cause": "wallet", "mode": funds.mode}
        )


def _tell_when_low(funds: BrandFunds, before: Spendable, free: int, at: datetime) -> None:
    """Told when the line is crossed, not again below it."""
    line = low_line(before, funds)
    if free < line <= before.free.amount_minor:
        fact = FundsLow(brand_id=funds.brand_id, currency=funds.currency)
        outbox.publish(fact, at=at, brand_id=funds.brand_id)


def locked_funds(brand_id: UUID, currency: str, at: datetime) -> BrandFunds:
    """This function will lock a brand's funds in one currency; all that spends its wallet does so first.

    The row is made on first use, with the default terms; the unique constraint settles a race.
    """
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


@transaction.atomic
def release_hold(*, hold_id: UUID, reason: str, by: Actor, at: datetime) -> BrandHold:
    """This function will let one hold go by hand: ops only, with a reason.

    Raises:
        NotFound: somebody other than ops asks.
        MoveRefused: it has ended already.
    """
    require_ops(by)
    hold = BrandHold.objects.across_brands().select_for_update(of=("self",)).get(pk=hold_id)
    _end(hold, BrandHoldState.SETTLED if hold.consumed_minor else BrandHoldState.RELEASED, at)
    trail.record("payments.release_hold", hold, by=by, at=at, to_state=hold.state, reason=reason)
    return hold


def expire_holds(*, at: datetime, limit: int = 500) -> int:
    """This function will end holds whose time is over and return how many."""
    with transaction.atomic():
        due = BrandHold.objects.across_brands().filter(state=BrandHoldState.ACTIVE, expires_at__lte=at)
        rows = list(due.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit])
        for hold in rows:
            _end(hold, BrandHoldState.EXPIRED, at)
    return len(rows)


def _end(hold: BrandHold, state: str, at: datetime) -> None:
    require_move(BRAND_HOLD_MOVES, hold.state, state)
    hold.state, hold.ended_at = state, at
    hold.save(update_fields=["state", "ended_at"])
    rest = Money(hold.amount_minor - hold.consumed_minor, hold.currency)
    funds = BrandFunds.objects.for_brand(hold.brand_id).filter(currency=hold.currency).first()
    if funds is not None and funds.mode == FundsMode.PREPAID and rest:
        ledger.post([journals.unheld(hold, rest, at=at)])


def consume_holds(uses: Sequence[tuple[Sequence[tuple[str, UUID]], int]]) -> None:
    """This function will take what work really cost from the holds made for it, never more than they hold.

    Each use names the sources the hold may stand under, and an amount in minor units.
    """
    wanted = {source for sources, _amount in uses for source in sources}
    kinds, ids = {kind for kind, _id in wanted}, {source_id for _kind, source_id in wanted}
    rows = BrandHold.objects.across_brands().filter(
        source_kind__in=kinds, source_id__in=ids, state=BrandHoldState.ACTIVE
    )
    # Locked in one order, whatever the lines': two batches of one request's work would else wait for each other.
    held = {(one.source_kind, one.source_id): one for one in rows.select_for_update(of=("self",)).order_by("pk")}
    for sources, amount in uses:
        hold = next((held[source] for source in sources if source in held), None)
        if hold is not None:
            hold.consumed_minor = min(hold.consumed_minor + amount, hold.amount_minor)
    BrandHold.objects.bulk_update(held.values(), ["consumed_minor"])


def return_idle_holds(*, at: datetime) -> int:
    """This function will give back held money that no promise, charge or invoice needs any more, and return how many did.

    It is left where work cost less than was taken from its hold: a corrected or withdrawn line.
    """
    held = Balance.objects.filter(account__code="hold", account__owner_kind=OwnerKind.BRAND).exclude(amount_minor=0)
    owners = list(held.order_by("pk").values_list("account__owner_id", "account__currency"))
    return sum(_return_idle(brand_id, currency, at=at) for brand_id, currency in owners)


@transaction.atomic
def _return_idle(brand_id: UUID, currency: str, *, at: datetime) -> int:
    funds = locked_funds(brand_id, currency, at)
    money = spendable(brand_id, currency)
    owed = money.unbilled + money.unbilled_tax + money.receivable
    idle = money.covered - owed
    if idle.amount_minor <= 0:
        return 0
    account = Balance.objects.get(
        account__code="hold",
        account__owner_kind=OwnerKind.BRAND,
        account__owner_id=brand_id,
        account__currency=currency,
    )
    ledger.post([journals.idle_returned(funds, idle, version=account.version, at=at)])
    return 1


@transaction.atomic
def set_terms(
    *,
    brand_id: UUID,
    currency: str,
    credit_limit_minor: int,
    days_until_due: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> BrandFunds:
    """This function will set a brand's credit limit and due days in one currency. Ops only.

    A limit below what is promised already takes nothing back: no more is published until there is room again.

    Raises:
        NotFound: somebody other than ops asks.
    """
    require_ops(by)
    funds = locked_funds(brand_id, currency, at)
    before = (funds.credit_limit_minor, funds.days_until_due)
    funds.credit_limit_minor, funds.days_until_due = credit_limit_minor, days_until_due
    funds.save(update_fields=["credit_limit_minor", "days_until_due"])
    changes = {
        "credit_limit_minor": [before[0], credit_limit_minor],
        "days_until_due": [before[1], days_until_due],
    }
    trail.record("payments.set_terms", funds, by=by, at=at, reason=reason, changes=changes)
    return funds


@transaction.atomic
def set_funds_mode(*, brand_id: UUID, currency: str, mode: str, by: Actor, at: datetime) -> BrandFunds:
    """This function will let a brand pay before work (prepaid) or by invoice (terms). Ops only.

    What its holds still cover moves into the hold account, or out of it. Prepaid counts no credit.

    Raises:
        NotFound: somebody other than ops asks.
        FundsShort: the wallet does not cover what is held already.
    """
    require_ops(by)
    funds = locked_funds(brand_id, currency, at)
    if funds.mode == mode:
        return funds
    holds = BrandHold.objects.for_brand(brand_id).filter(currency=currency, state=BrandHoldState.ACTIVE)
    active = list(holds.select_for_update(of=("self",)).order_by("pk"))
    if mode == FundsMode.PREPAID:
        _require_wallet(brand_id, active, currency)
    before, funds.mode = funds.mode, mode
    funds.save(update_fields=["mode"])
    ledger.post(_moved(active, mode, at))
    trail.record("payments.set_funds_mode", funds, by=by, at=at, changes={"mode": [before, mode]})
    return funds


def _require_wallet(brand_id: UUID, active: Sequence[BrandHold], currency: str) -> None:
    needed = sum(one.amount_minor - one.consumed_minor for one in active)
    has = spendable(brand_id, currency).wallet.amount_minor
    if needed > has:
        context = {"shortfall_minor": needed - has, "currency": currency, "cause": "wallet", "mode": FundsMode.PREPAID}
        raise FundsShort(context=context)


def _moved(active: Sequence[BrandHold], mode: str, at: datetime) -> list[ledger.Posting]:
    move = journals.held if mode == FundsMode.PREPAID else journals.unheld
    stamp = f"{at:%Y%m%dT%H%M%S%f}"
    return [
        move(one, Money(rest, one.currency), at=at, word=f"{mode}:{stamp}")
        for one in active
        if (rest := one.amount_minor - one.consumed_minor)
    ]
