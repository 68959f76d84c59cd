"""What happens to a brand's wallet and holds, in the books."""

from datetime import datetime
from uuid import UUID

from gigcx.kernel.money import Money
from payments.ledger import AccountRef, Leg, Posting, brand_account, credit, debit, mirrored, platform_account
from payments.models import BrandFunds, BrandHold, TopUp
from payments.states import JournalKind

_GATE = "funds gate"


def held(hold: BrandHold, money: Money, *, at: datetime, word: str = "hold") -> Posting:
    """This function will state that money of the wallet now stands behind a promise."""
    key = f"{word}:{hold.pk}"
    legs = _wallet_to_hold(hold.brand_id, money)
    return Posting(key, JournalKind.BRAND_HOLD, legs, at, "brand_hold", hold.pk, _GATE)


def unheld(hold: BrandHold, money: Money, *, at: datetime, word: str = "unhold") -> Posting:
    """This function will state that a promise no longer needs its money."""
    key = f"{word}:{hold.pk}"
    legs = mirrored(_wallet_to_hold(hold.brand_id, money))
    return Posting(key, JournalKind.BRAND_UNHOLD, legs, at, "brand_hold", hold.pk, _GATE)


def idle_returned(funds: BrandFunds, money: Money, *, version: int, at: datetime) -> Posting:
    """This function will state that held money nobody needs any more went back; `version` is that of the hold account."""
    legs = mirrored(_wallet_to_hold(funds.brand_id, money))
    key = f"unhold:idle:{funds.pk}:{version}"
    return Posting(key, JournalKind.BRAND_UNHOLD, legs, at, "brand_funds", funds.pk, _GATE)


def top_up_settled(top_up: TopUp, *, actor: str, at: datetime) -> Posting:
    """This function will state that a brand's money arrived at the provider and is in its wallet."""
    legs = (debit(rail_pending(top_up.rail, top_up.currency), top_up.money), _to_wallet(top_up, top_up.money))
    return Posting(f"topup:{top_up.pk}", JournalKind.TOP_UP_SETTLED, legs, at, "top_up", top_up.pk, actor)


def top_up_available(top_up: TopUp, *, actor: str, at: datetime) -> Posting:
    """This function will state that the provider lets us use a top-up's money."""
    legs = rail_settled_legs(top_up.rail, top_up.money)
    return Posting(f"available:{top_up.pk}", JournalKind.RAIL_SETTLED, legs, at, "top_up", top_up.pk, actor)


def rail_settled_legs(rail: str, money: Money) -> tuple[Leg, ...]:
    """This function will return the legs of a provider's money becoming available."""
    available = platform_account(f"rail.{rail}.available", money.currency)
    return (debit(available, money), credit(rail_pending(rail, money.currency), money))


def refunded(top_up: TopUp, money: Money, *, actor: str, at: datetime) -> Posting:
    """This function will state that a top-up goes back the way it came."""
    available = platform_account(f"rail.{top_up.rail}.available", money.currency)
    legs = (debit(brand_account(top_up.brand_id, "wallet", money.currency), money), credit(available, money))
    return Posting(f"refund:{top_up.pk}", JournalKind.TOP_UP_REFUNDED, legs, at, "top_up", top_up.pk, actor)


def refund_undone(top_up: TopUp, money: Money, *, reverses_id: UUID, actor: str, at: datetime, reason: str) -> Posting:
    """This function will state that the provider refused a refund: the money is in the wallet again."""
    legs = mirrored(refunded(top_up, money, actor=actor, at=at).legs)
    return Posting(
        posting_key=f"unrefund:{top_up.pk}",
        kind=JournalKind.TOP_UP_REFUNDED,
        legs=legs,
        effective_at=at,
        source_kind="top_up",
        source_id=top_up.pk,
        actor=actor,
        reason=reason,
        reverses_id=reverses_id,
    )


def card_disputed(top_up: TopUp, *, dispute_ref: str, wallet: Money, owed: Money, actor: str, at: datetime) -> Posting:
    """This function will state that a card's bank took money back: from the wallet as far as it goes, else the brand owes it."""
    legs = (
        debit(brand_account(top_up.brand_id, "wallet", wallet.currency), wallet),
        debit(brand_account(top_up.brand_id, "receivable", owed.currency), owed),
        credit(rail_disputed(top_up.rail, wallet.currency), wallet + owed),
    )
    key = f"dispute:{dispute_ref}"
    return Posting(key, JournalKind.CARD_DISPUTE, legs, at, "top_up", top_up.pk, actor, dispute_ref)


def dispute_won(top_up: TopUp, *, dispute_ref: str, owed: Money, rest: Money, actor: str, at: datetime) -> Posting:
    """This function will state that disputed money came back: it pays what the brand still owed for it, then the wallet."""
    legs = (
        debit(rail_disputed(top_up.rail, owed.currency), owed + rest),
        credit(brand_account(top_up.brand_id, "receivable", owed.currency), owed),
        credit(brand_account(top_up.brand_id, "wallet", rest.currency), rest),
    )
    key = f"dispute-won:{dispute_ref}"
    return Posting(key, JournalKind.CARD_DISPUTE, legs, at, "top_up", top_up.pk, actor, dispute_ref)


def debt_paid(funds: BrandFunds, money: Money, *, left: Money, actor: str, at: datetime) -> Posting:
    """This function will state that the wallet paid what disputed cards left owing; `left` of it remains."""
    legs = (
        debit(brand_account(funds.brand_id, "wallet", money.currency), money),
        credit(brand_account(funds.brand_id, "receivable", money.currency), money),
    )
    key = f"dispute-paid:{funds.pk}:{at:%Y%m%dT%H%M%S%f}:{left.amount_minor}"
    return Posting(key, JournalKind.CARD_DISPUTE, legs, at, "brand_funds", funds.pk, actor)


def dispute_lost(top_up: TopUp, money: Money, *, dispute_ref: str, actor: str, at: datetime) -> Posting:
    """This function will state that disputed money is gone for good from what the provider holds for us."""
    legs = (
        debit(rail_disputed(top_up.rail, money.currency), money),
        credit(platform_account(f"rail.{top_up.rail}.available", money.currency), money),
    )
    key = f"dispute-lost:{dispute_ref}"
    return Posting(key, JournalKind.CARD_DISPUTE, legs, at, "top_up", top_up.pk, actor, dispute_ref)


def rail_pending(rail: str, currency: str) -> AccountRef:
    """This function will name what a provider has and does not let us use yet."""
    return platform_account(f"rail.{rail}.pending", currency)


def rail_disputed(rail: str, currency: str) -> AccountRef:
    """This function will name what a card's bank took back while a dispute is open: a credit balance."""
    return platform_account(f"rail.{rail}.disputed", currency)


def _to_wallet(top_up: TopUp, money: Money) -> Leg:
    return credit(brand_account(top_up.brand_id, "wallet", money.currency), money)


def _wallet_to_hold(brand_id: UUID, money: Money) -> tuple[Leg, ...]:
    return (
        debit(brand_account(brand_id, "wallet", money.currency), money),
        credit(brand_account(brand_id, "hold", money.currency), money),
    )
