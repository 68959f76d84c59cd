"""What scheduling asks of payments: money behind a promise, and prices by the formula of the invoice."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from gigcx.kernel.money import Money
from payments.actions.funds import hold_funds, release_funds
from payments.errors import FundsShort
from payments.policies.funds import UNTIL_LOCKED
from payments.pricing import estimate, price_cancellation
from payments.queries.cards import card_of
from payments.queries.rates import exchange_of
from recruiting.models import RateCard
from scheduling.errors import FundsRefused
from scheduling.registries import PriceEstimate, PriceLine


class BrandFundsGate:
    """Holds a brand's money behind published work."""

    def hold(
        self,
        *,
        brand_id: UUID,
        program_id: UUID,
        source_kind: str,
        source_id: UUID,
        amount: Money,
        until: datetime,
        at: datetime,
    ) -> None:
        """This function will hold the amount; the same source again replaces its hold.

        Raises:
            FundsRefused: it is more than the brand may spend; says by how much.
        """
        try:
            hold_funds(
                brand_id=brand_id,
                program_id=program_id,
                source_kind=source_kind,
                source_id=source_id,
                amount=amount,
                until=until + UNTIL_LOCKED,
                ends_at=until,
                at=at,
            )
        except FundsShort as short:
            cause = short.context["cause"]
            raise FundsRefused(
                short.message if cause == "budget" else "",
                shortfall_minor=short.context["shortfall_minor"],
                currency=amount.currency,
                cause=cause,
            ) from short

    def release(self, *, source_kind: str, source_id: UUID, at: datetime) -> None:
        """This function will let the rest of a hold go; nothing held is no error."""
        release_funds(source_kind=source_kind, source_id=source_id, at=at)


class CardPriceBook:
    """Prices planned lines with the steps that earnings and charges take."""

    def estimate(self, rate_card: RateCard, lines: Sequence[PriceLine], tier: str = "") -> PriceEstimate:
        """This function will price the lines for an agent of that tier ("" for the card's plain rate)."""
        card = card_of(rate_card)
        asked = [(str(line.kind), line.seconds, line.quantity or 1) for line in lines]
        pay, bill = estimate(card, asked, tier_bp=card.tier_bp(tier))
        return PriceEstimate(Money(pay, card.pay_currency), Money(bill, card.bill_currency))

    def cancellation(self, rate_card: RateCard, *, seconds: int, share: Fraction, tier: str = "") -> PriceEstimate:
        """This function will price a cancelled shift as its line on the invoice will be."""
        card = card_of(rate_card)
        price = price_cancellation(card, seconds=seconds, share=share, tier_bp=card.tier_bp(tier), tier=tier)
        pay, bill = (price.pay_minor, price.bill_minor) if price else (0, 0)
        return PriceEstimate(Money(pay, card.pay_currency), Money(bill, card.bill_currency))

    def billed(self, rate_card: RateCard, pay: Money, *, at: datetime) -> Money:
        """This function will convert at the rate of the day, as the accrual will at the rate of its own.

        Raises:
            FxRateMissing: no rate is young enough.
        """
        base, quote = rate_card.pay_currency, rate_card.bill_currency
        if base == quote or not pay:
            return Money(pay.amount_minor, quote)
        return Money(exchange_of(base, quote, on=at.date()).convert(pay.amount_minor), quote)
