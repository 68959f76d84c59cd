"""Where later stages plug in: money behind a promise, prices, reliability, open work.

Each has a plain default, so that this stage is whole without them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from gigcx.kernel.intervals import Period
from gigcx.kernel.money import Money, round_minor
from gigcx.tenancy.actors import Actor
from recruiting.models import Agent, Program, RateCard


@dataclass(frozen=True, slots=True)
class PriceLine:
    """So many seconds, or so many times, of one kind of rate-card line."""

    kind: str
    seconds: int = 0
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class PriceEstimate:
    """What the agent gets and what the brand pays."""

    pay: Money
    bill: Money


class FundsGate(Protocol):
    """Holds money behind a promise. Payments fills it."""

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
        """This function will hold the amount or raise `FundsRefused`; the same source again replaces its hold."""

    def release(self, *, source_kind: str, source_id: UUID, at: datetime) -> None:
        """This function will let the rest of the hold go; nothing held is no error."""


class PriceBook(Protocol):
    """Prices lines with the formula that invoices use. Payments fills it."""

    def estimate(self, rate_card: RateCard, lines: Sequence[PriceLine], tier: str = "") -> PriceEstimate:
        """This function will price the lines for an agent of that tier ("" for the card's plain rate)."""

    def cancellation(self, rate_card: RateCard, *, seconds: int, share: Fraction, tier: str = "") -> PriceEstimate:
        """This function will price a seat of so many seconds that the brand cancels, at the share its notice costs."""

    def billed(self, rate_card: RateCard, pay: Money, *, at: datetime) -> Money:
        """This function will turn what agents get into what the brand pays for it where nothing is added: its own currency."""


class ReliabilityPreview(Protocol):
    """What points would do to an agent. Performance fills it."""

    def after(self, agent: Agent, points: int, at: datetime) -> str:
        """This function will say in one sentence what so many points mean, or return nothing."""

    def limits(self, agent: Agent, at: datetime) -> int | None:
        """This function will return how many open claims the agent may hold, or None for no limit."""


class ReliabilityScores(Protocol):
    """How surely agents come. Performance fills it."""

    def scores(self, agent_ids: Sequence[UUID], at: datetime) -> Mapping[UUID, int]:
        """This function will return 0 to 100 for those it knows; who is missing counts as the middle."""


class NestingRules(Protocol):
    """What somebody's first shifts in a program may be. Training fills it."""

    def refusal(self, agent: Agent, program_id: UUID, period: Period, at: datetime) -> str:
        """This function will say in one sentence why the agent may not take work at that time yet, or return nothing."""


class WorkFeed(Protocol):
    """What waits to be done while an agent sits at the desk. Casework fills it."""

    def open_work(self, program: Program, at: datetime) -> int:
        """This function will return how many pieces of work wait."""


class PresenceCheck(Protocol):
    """Whether the person at the desk is the one who claimed. Whoever can tell fills it."""

    def is_due(self, session_id: UUID, at: datetime) -> bool:
        """This function will tell whether somebody has to show now that it is them."""


class MoneyPages(Protocol):
    """Where the money of worked minutes is looked at, and called wrong. Payments fills it."""

    def of_claim(self, claim_id: UUID, actor: Actor) -> str:
        """This function will return the address of the claim's line, the agent's or the brand's, or nothing."""

    def lines_of(self, actor: Actor) -> str:
        """This function will return the address of the actor's lines, or nothing."""


class OpenFunds:
    """Holds nothing and refuses nothing."""

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
        """This function will accept every promise."""

    def release(self, *, source_kind: str, source_id: UUID, at: datetime) -> None:
        """This function will have nothing to let go."""


class PlainPrices:
    """The card's own lines times time, rounded once; tier multipliers in basis points."""

    def estimate(self, rate_card: RateCard, lines: Sequence[PriceLine], tier: str = "") -> PriceEstimate:
        """This function will multiply each line out with the card and round each total once."""
        bonus = Fraction(int((rate_card.tier_multipliers or {}).get(tier, 10_000)), 10_000)
        pay, bill = Fraction(0), Fraction(0)
        for line in lines:
            found = rate_card.line(line.kind)
            if found is None:
                continue
            amount = Fraction(line.seconds, 3600) + line.quantity
            pay += amount * int(found.pay_minor or 0) * bonus
            bill += amount * int(found.bill_minor or 0)
        return PriceEstimate(
            Money(round_minor(pay, rate_card.rounding), rate_card.pay_currency),
            Money(round_minor(bill, rate_card.rounding), rate_card.bill_currency),
        )

    def cancellation(self, rate_card: RateCard, *, seconds: int, share: Fraction, tier: str = "") -> PriceEstimate:
        """This function will take the share of an hour's price for every hour."""
        whole = self.estimate(rate_card, [PriceLine("productive_hour", seconds=seconds)], tier)
        pay, bill = (round_minor(side.amount_minor * share, rate_card.rounding) for side in (whole.pay, whole.bill))
        return PriceEstimate(Money(pay, whole.pay.currency), Money(bill, whole.bill.currency))

    def billed(self, rate_card: RateCard, pay: Money, *, at: datetime) -> Money:
        """This function will take a unit of one currency for one of the other: it knows no rates."""
        return Money(pay.amount_minor, rate_card.bill_currency)


class NoPreview:
    """Knows nothing about reliability."""

    def after(self, agent: Agent, points: int, at: datetime) -> str:
        """This function will say nothing."""
        return ""

    def limits(self, agent: Agent, at: datetime) -> int | None:
        """This function will set no limit."""
        return None


class NoNesting:
    """Lets everybody who is certified take every shift."""

    def refusal(self, agent: Agent, program_id: UUID, period: Period, at: datetime) -> str:
        """This function will have nothing against it."""
        return ""


class NoFeed:
    """Knows of no work."""

    def open_work(self, program: Program, at: datetime) -> int:
        """This function will return zero."""
        return 0


class NoScores:
    """Knows nobody."""

    def scores(self, agent_ids: Sequence[UUID], at: datetime) -> Mapping[UUID, int]:
        """This function will return nothing."""
        return {}


class NoPresenceCheck:
    """Never asks."""

    def is_due(self, session_id: UUID, at: datetime) -> bool:
        """This function will ask nobody."""
        return False


class NoMoneyPages:
    """Shows no money."""

    def of_claim(self, claim_id: UUID, actor: Actor) -> str:
        """This function will know no address."""
        return ""

    def lines_of(self, actor: Actor) -> str:
        """This function will know no address."""
        return ""


_funds: FundsGate = OpenFunds()
_pages: MoneyPages = NoMoneyPages()
_presence: PresenceCheck = NoPresenceCheck()
_prices: PriceBook = PlainPrices()
_reliability: ReliabilityPreview = NoPreview()
_scores: ReliabilityScores = NoScores()
_nesting: NestingRules = NoNesting()
_feed: WorkFeed = NoFeed()


def set_funds_gate(gate: FundsGate) -> None:
    """This function will put the stage that keeps money in charge of holds."""
    global _funds
    _funds = gate


def funds_gate() -> FundsGate:
    """This function will return who holds money."""
    return _funds


def set_price_book(book: PriceBook) -> None:
    """This function will put the stage that prices work in charge of estimates."""
    global _prices
    _prices = book


def price_book() -> PriceBook:
    """This function will return who prices."""
    return _prices


def set_reliability_preview(preview: ReliabilityPreview) -> None:
    """This function will let the stage that keeps scores say what points mean."""
    global _reliability
    _reliability = preview


def reliability_preview() -> ReliabilityPreview:
    """This function will return who knows about reliability."""
    return _reliability


def set_reliability_scores(scores: ReliabilityScores) -> None:
    """This function will let the stage that keeps scores say how surely agents come."""
    global _scores
    _scores = scores


def reliability_scores() -> ReliabilityScores:
    """This function will return who knows how surely agents come."""
    return _scores


def set_nesting_rules(rules: NestingRules) -> None:
    """This function will let the stage that accompanies first shifts say which they may be."""
    global _nesting
    _nesting = rules


def nesting_rules() -> NestingRules:
    """This function will return who knows about first shifts."""
    return _nesting


def set_work_feed(feed: WorkFeed) -> None:
    """This function will let the stage that keeps cases say what waits."""
    global _feed
    _feed = feed


def work_feed() -> WorkFeed:
    """This function will return who knows what waits."""
    return _feed


def set_presence_check(check: PresenceCheck) -> None:
    """This function will let whoever can tell people apart say when a desk has to show who sits there."""
    global _presence
    _presence = check


def presence_check() -> PresenceCheck:
    """This function will return who says when presence is checked."""
    return _presence


def set_money_pages(pages: MoneyPages) -> None:
    """This function will let the stage that keeps money say where it is looked at."""
    global _pages
    _pages = pages


def money_pages() -> MoneyPages:
    """This function will return who knows the pages of money."""
    return _pages
