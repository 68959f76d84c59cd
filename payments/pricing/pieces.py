"""Everything that is not time on a shift: single pieces, hours at lines of their own, and estimates before the work."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from gigcx.kernel.money import round_minor
from payments.pricing.cards import Card, CardLine
from payments.pricing.exchange import Exchange
from payments.pricing.factors import Factors, finished, steps_of
from payments.pricing.steps import WHOLE, Price

# A card's line for an hour cancelled late is the price at the shortest notice: half of a planned hour.
_SHORTEST: Final = Fraction(1, 2)
_HOURS: Final = ("productive_hour", "available_hour", "floor")
_TWO_HOURS: Final = 2 * 3600
# Standby is paid a part of the working hour where the card has no line for it.
_STANDBY_SHARE_BP: Final = 3_000


def price_training(card: Card, *, seconds: int) -> Price | None:
    """This function will price paid training time; None where the card does not pay it. No tier applies."""
    return _priced(card, "training", seconds=seconds, quantity=1, factors=Factors())


def price_bounty(card: Card) -> Price | None:
    """This function will price a certification's bounty; None where the card has none."""
    return _each(card, "certification_bounty")


def price_interaction(card: Card, *, quantity: int = 1, tier_bp: int = WHOLE, **factors: Any) -> Price | None:
    """This function will price contacts paid by the piece; None where the card does not pay them."""
    return _each(card, "interaction", quantity=quantity, tier_bp=tier_bp, **factors)


def price_review_fee(card: Card, *, quantity: int = 1) -> Price | None:
    """This function will price peer reviews; None where the card does not pay them. No tier applies."""
    return _each(card, "review_fee", quantity=quantity)


def price_escalation(card: Card, *, tier_bp: int = WHOLE, tier: str = "") -> Price | None:
    """This function will price a justified escalation; None where the card does not pay it."""
    return _each(card, "escalation_credit", tier_bp=tier_bp, tier=tier)


def price_royalty(card: Card, *, confirmed: int) -> Price | None:
    """This function will price an article's confirmed answers; None where the card does not pay them. No tier applies."""
    return _each(card, "royalty", quantity=confirmed)


def price_referral(card: Card) -> Price | None:
    """This function will price a referral that came good; None where the card has none."""
    return _each(card, "referral")


def price_standby(card: Card, *, seconds: int, tier_bp: int, tier: str = "") -> Price | None:
    """This function will price time spent ready to be called: by its own line, else three tenths of a working hour."""
    factors = Factors(tier=tier, tier_bp=tier_bp)
    if card.line("standby") is not None:
        return _priced(card, "standby", seconds=seconds, quantity=1, factors=factors)
    return _part_of_an_hour(card, "standby", seconds=seconds, share_bp=_STANDBY_SHARE_BP, factors=factors)


def price_vto(card: Card, *, seconds: int, tier_bp: int, tier: str = "") -> Price | None:
    """This function will price the part of the rest that is paid to somebody who left by choice; None where nothing is.

    By the card's line for an hour of it, else by a working hour.
    """
    return _rest(card, "vto", seconds=seconds, factors=Factors(tier=tier, tier_bp=tier_bp))


def price_sent_home(card: Card, *, seconds: int, tier_bp: int, tier: str = "") -> Price | None:
    """This function will price what is paid beyond the work to somebody whose shift the brand ended early.

    `seconds` are those of `sent_home_seconds`. By the card's line for such an hour, else by a working hour.
    """
    return _rest(card, "sent_home", seconds=seconds, factors=Factors(tier=tier, tier_bp=tier_bp))


def sent_home_seconds(*, shift_seconds: int, worked_seconds: int) -> int:
    """This function will return the seconds owed beyond the work: max(worked, half the shift, 2 h), up to the shift."""
    owed = min(shift_seconds, max(worked_seconds, shift_seconds // 2, _TWO_HOURS))
    return max(0, owed - worked_seconds)


def price_incentive(card: Card, *, seconds: int, per_hour_minor: int, exchange: Exchange | None = None) -> Price | None:
    """This function will price what a shift pays on top of the card for the time worked; None where nothing comes of it.

    The brand pays what the agent gets, at the day's rate where its currency is another: no margin, no tier. What was
    announced is paid: the card's highest incentive bounds what may be announced, not what was.
    """
    if per_hour_minor <= 0 or seconds <= 0:
        return None
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    pay.hours("incentive", seconds=seconds, rate_minor=per_hour_minor)
    if exchange is None:
        bill.hours("incentive", seconds=seconds, rate_minor=per_hour_minor)
    else:
        owed = exchange.convert(round_minor(pay.total, card.rounding), rounding=card.rounding)
        bill.each("incentive", quantity=1, amount_minor=owed)
    return _paid(finished(pay, bill, Factors()))


def price_guarantee(card: Card, *, seconds: int) -> Price | None:
    """This function will price hours that were promised and not offered; None where the card promises none.

    The platform pays; the bill side is what the card says and is not charged.
    """
    if card.line("guarantee") is None:
        return None
    return _priced(card, "guarantee", seconds=seconds, quantity=1, factors=Factors())


def price_cancellation(card: Card, *, seconds: int, share: Fraction, tier_bp: int, tier: str = "") -> Price | None:
    """This function will price a shift the brand cancelled: `share` of each planned hour, by how late it came.

    The card's own line for an hour cancelled late is what the shortest notice costs, and longer notice its part of it; a
    card without that line takes the share of a planned hour's price. None where nothing is owed.
    """
    line, owed = _late_hour(card, share)
    if line is None or not line.pay_minor or not share:
        return None
    notice = "less than 4 hours' notice" if share >= _SHORTEST else "less than 24 hours' notice"
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    for steps, rate in ((pay, line.pay_minor), (bill, line.bill_minor)):
        steps.hours("cancellation", seconds=seconds, rate_minor=rate)
        steps.factor("notice", name=notice, factor_bp=int(owed * WHOLE))
    return _paid(finished(pay, bill, Factors(tier=tier, tier_bp=tier_bp)))


def _late_hour(card: Card, share: Fraction) -> tuple[CardLine | None, Fraction]:
    own = card.line("cancellation")
    if own is not None:
        return own, share / _SHORTEST
    return _working_hour(card), share


def _working_hour(card: Card) -> CardLine | None:
    return next((line for line in map(card.line, _HOURS) if line is not None), None)


def estimate(card: Card, lines: Iterable[tuple[str, int, int]], *, tier_bp: int) -> tuple[int, int]:
    """This function will add up pay and bill, in minor units, of planned (kind, seconds, quantity) lines.

    The same steps as the real price: each line is rounded once.
    """
    priced = [_planned(card, kind, seconds, count, tier_bp) for kind, seconds, count in lines]
    known = [price for price in priced if price is not None]
    return sum(price.pay_minor for price in known), sum(price.bill_minor for price in known)


def _planned(card: Card, kind: str, seconds: int, quantity: int, tier_bp: int) -> Price | None:
    if kind == "standby":
        return price_standby(card, seconds=seconds * quantity, tier_bp=tier_bp)
    return _priced(card, kind, seconds=seconds, quantity=quantity, factors=Factors(tier_bp=tier_bp))


def _rest(card: Card, kind: str, *, seconds: int, factors: Factors) -> Price | None:
    if card.line(kind) is not None:
        return _priced(card, kind, seconds=seconds, quantity=1, factors=factors)
    return _part_of_an_hour(card, kind, seconds=seconds, share_bp=WHOLE, factors=factors)


def _part_of_an_hour(card: Card, rule: str, *, seconds: int, share_bp: int, factors: Factors) -> Price | None:
    line = _working_hour(card)
    if line is None or seconds <= 0:
        return None
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    for steps, rate in ((pay, line.pay_minor), (bill, line.bill_minor)):
        steps.hours(rule, seconds=seconds, rate_minor=rate)
        if share_bp != WHOLE:
            steps.factor(rule, name="standby", factor_bp=share_bp)
    return _paid(finished(pay, bill, factors))


def _each(card: Card, kind: str, *, quantity: int = 1, **factors: Any) -> Price | None:
    return _priced(card, kind, seconds=0, quantity=quantity, factors=Factors(**factors))


def _priced(card: Card, kind: str, *, seconds: int, quantity: int, factors: Factors) -> Price | None:
    line = card.line(kind)
    if line is None or not line.pay_minor:
        return None
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    for steps, rate in ((pay, line.pay_minor), (bill, line.bill_minor)):
        if line.unit == "hour":
            steps.hours(kind, seconds=seconds * quantity, rate_minor=rate)
        else:
            steps.each(kind, quantity=quantity, amount_minor=rate)
    return _paid(finished(pay, bill, factors))


def _paid(price: Price) -> Price | None:
    return price if price.pay_minor > 0 else None
