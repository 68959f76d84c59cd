"""What each thing that happens to money means in the books."""

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from gigcx.kernel.money import Money
from payments.ledger import (
    AccountRef,
    Leg,
    Posting,
    agent_account,
    brand_account,
    credit,
    debit,
    mirrored,
    platform_account,
)
from payments.models import Charge, Earning, Journal, PayoutItem
from payments.pricing import exchange_in
from payments.states import Cause, EarningKind, JournalKind, RailCode

# Which of the platform's expenses carries its own share of a line.
_EXPENSES: Final = {
    EarningKind.FLOOR: "expense.floor",
    EarningKind.INCENTIVE: "expense.incentive",
    EarningKind.TRAINING: "expense.training",
    EarningKind.CERTIFICATION_BOUNTY: "expense.training",
    EarningKind.GUARANTEE: "expense.guarantee",
    EarningKind.REFERRAL: "expense.referral",
    EarningKind.ESCALATION_CREDIT: "expense.escalation",
    EarningKind.BACK_PAY: "expense.back_pay",
    EarningKind.CLAWBACK: "expense.service_credit",
}


def accrual_key(earning: Earning) -> str:
    """This function will return the posting key of an earning's accrual."""
    return f"earn:{earning.source_kind}:{earning.source_id}:{earning.kind}.{earning.part}:{earning.version}"


def accrual(earning: Earning, *, bill_minor: int, actor: str, at: datetime) -> Posting:
    """This function will state that an agent earned and, where it pays, that the brand owes; or what is taken back."""
    is_clawback = earning.kind == EarningKind.CLAWBACK
    return _posting(
        earning,
        accrual_key(earning),
        JournalKind.CLAWBACK_RECORDED if is_clawback else JournalKind.EARNING_ACCRUED,
        accrual_legs(earning, bill_minor),
        actor=actor,
        at=at,
    )


def accrual_legs(earning: Earning, bill_minor: int) -> tuple[Leg, ...]:
    """This function will return: unbilled and expense in debit, the agent's accrued and our margin in credit.

    A clawback, negative and the platform's, turns them round: the agent's clawback in debit, the expense in credit.
    """
    currency = earning.currency
    account = "clawback" if earning.kind == EarningKind.CLAWBACK else "accrued"
    expense = _EXPENSES.get(EarningKind(earning.kind), "expense.rework")
    if earning.cause == Cause.FEE:
        expense = "revenue.instant_fee"  # a fee given back
    return (
        *_billed(earning, bill_minor),
        debit(platform_account(expense, currency), Money(earning.platform_share_minor, currency)),
        credit(agent_account(earning.agent_id, account, currency), Money(earning.amount_minor, currency)),
    )


def _billed(earning: Earning, bill_minor: int) -> tuple[Leg, ...]:
    """What the brand owes: its part of the pay, and our margin.

    Where the brand is billed in another currency, its part of the pay passes through the pair's account at the rate
    that the line keeps: out of it in the brand's currency, into it in the agent's.
    """
    exchange, share = exchange_in(earning.explanation), Money(earning.brand_share_minor, earning.currency)
    currency = earning.currency if exchange is None else exchange.quote
    cost = share.amount_minor if exchange is None else exchange.convert(share.amount_minor)
    legs = (
        debit(brand_account(earning.brand_id, "unbilled", currency), Money(bill_minor, currency)),
        credit(platform_account("revenue.margin", currency), Money(bill_minor - cost, currency)),
    )
    if exchange is None:
        return legs
    pair = f"fx.{exchange.base}{exchange.quote}".lower()
    return (
        *legs,
        credit(platform_account(pair, currency), Money(cost, currency)),
        debit(platform_account(pair, earning.currency), share),
    )


def credited(charge: Charge, *, minor: int, key: str, actor: str, at: datetime, reason: str) -> Posting:
    """This function will state that a brand owes less for a charge, at the platform's cost; a negative amount takes it back."""
    money = Money(minor, charge.currency)
    legs = (
        debit(platform_account("expense.service_credit", charge.currency), money),
        credit(brand_account(charge.brand_id, "unbilled", charge.currency), money),
    )
    return Posting(key, JournalKind.CHARGE_CREDITED, legs, at, "charge", charge.pk, actor, reason)


def payable(earning: Earning, *, at: datetime) -> Posting:
    """This function will state that an earning's review is over."""
    legs = _move(earning.agent_id, "accrued", "payable", earning.money)
    return _posting(earning, f"payable:{earning.pk}", JournalKind.EARNING_PAYABLE, legs, actor="system", at=at)


def reversals(
    earnings: Iterable[Earning],
    *,
    bills: dict[UUID, int],
    actor: str,
    at: datetime,
    reason: str,
    invoiced: Container[UUID] = (),
) -> list[Posting]:
    """This function will mirror the accruals of earnings and, of those already payable, that step too.

    The bill of an earning in `invoiced` is on an invoice: a credit note takes it off there at our expense, and the mirror
    gives that expense back.
    """
    listed = list(earnings)
    keys = [accrual_key(one) for one in listed] + [f"payable:{one.pk}" for one in listed]
    known = dict(Journal.objects.filter(posting_key__in=keys).values_list("posting_key", "pk"))
    found: list[Posting] = []
    for one in listed:
        steps: tuple[tuple[str, str, tuple[Leg, ...]], ...] = (
            (accrual_key(one), "reverse", _undone(one, bills.get(one.pk, 0), is_invoiced=one.pk in invoiced)),
        )
        if f"payable:{one.pk}" in known:
            steps = ((f"payable:{one.pk}", "unpayable", _move(one.agent_id, "accrued", "payable", one.money)), *steps)
        found += [
            Posting(
                posting_key=f"{word}:{one.pk}",
                kind=JournalKind.EARNING_REVERSED,
                legs=mirrored(legs),
                effective_at=at,
                source_kind="earning",
                source_id=one.pk,
                actor=actor,
                reason=reason,
                reverses_id=known[key],
            )
            for key, word, legs in steps
        ]
    return found


def _undone(earning: Earning, bill_minor: int, *, is_invoiced: bool) -> tuple[Leg, ...]:
    legs = accrual_legs(earning, bill_minor)
    if not is_invoiced:
        return legs
    return tuple(
        Leg(platform_account("expense.service_credit", leg.account.currency), leg.amount_minor)
        if leg.account.code == "unbilled"
        else leg
        for leg in legs
    )


def reserved(item: PayoutItem, *, actor: str, at: datetime) -> Posting:
    """This function will state that a payout was planned."""
    legs = _move(item.agent_id, "payable", "in_transit", item.money)
    return _item_posting(item, f"reserve:{item.pk}", JournalKind.PAYOUT_RESERVED, legs, actor=actor, at=at)


def unreserved(item: PayoutItem, *, actor: str, at: datetime, reason: str) -> Posting:
    """This function will state that a planned payout was called off."""
    legs = _move(item.agent_id, "in_transit", "payable", item.money)
    return _item_posting(
        item, f"unreserve:{item.pk}", JournalKind.RESERVATION_UNDONE, legs, actor=actor, at=at, reason=reason
    )


def transferred(item: PayoutItem, *, rail: str, actor: str, at: datetime) -> Posting:
    """This function will state that the money left us."""
    legs = (
        debit(agent_account(item.agent_id, "in_transit", item.currency), item.money),
        credit(rail_available(rail, item.currency), item.money),
    )
    return _item_posting(item, f"paid:{item.pk}", JournalKind.PAYOUT_TRANSFERRED, legs, actor=actor, at=at)


def came_back(item: PayoutItem, *, rail: str, actor: str, at: datetime, reason: str) -> Posting:
    """This function will state that the money is ours again and still owed."""
    legs = (
        debit(rail_available(rail, item.currency), item.money),
        credit(agent_account(item.agent_id, "payable", item.currency), item.money),
    )
    return _item_posting(
        item, f"came_back:{item.pk}", JournalKind.PAYOUT_CAME_BACK, legs, actor=actor, at=at, reason=reason
    )


def rail_funded(rail: str, money: Money, *, funding_id: UUID, actor: str, at: datetime) -> Posting:
    """This function will state that money went from our bank to a rail."""
    return Posting(
        posting_key=f"fund:{rail}:{funding_id}",
        kind=JournalKind.RAIL_FUNDED,
        legs=(
            debit(rail_available(rail, money.currency), money),
            credit(platform_account("bank", money.currency), money),
        ),
        effective_at=at,
        source_kind="rail",
        source_id=funding_id,
        actor=actor,
    )


def rail_available(rail: str, currency: str) -> AccountRef:
    """This function will name what a rail holds ready to send; files are paid from our own bank account."""
    if rail == RailCode.MANUAL_BANK_FILE:
        return platform_account("bank", currency)
    return platform_account(f"rail.{rail}.available", currency)


def platform_pays(cause: str) -> bool:
    """This function will tell whether the platform, not the brand, pays for a cause."""
    return cause in {Cause.PLATFORM, Cause.PROVIDER, Cause.REGION}


def _move(agent_id: UUID, source: str, target: str, money: Money) -> tuple[Leg, ...]:
    return (
        debit(agent_account(agent_id, source, money.currency), money),
        credit(agent_account(agent_id, target, money.currency), money),
    )


def _posting(earning: Earning, key: str, kind: str, legs: tuple[Leg, ...], *, actor: str, at: datetime) -> Posting:
    return Posting(key, kind, legs, at, "earning", earning.pk, actor)


def _item_posting(
    item: PayoutItem, key: str, kind: str, legs: tuple[Leg, ...], *, actor: str, at: datetime, reason: str = ""
) -> Posting:
    return Posting(key, kind, legs, at, "payout_item", item.pk, actor, reason)
