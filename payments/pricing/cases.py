"""Prices of cases: made and frozen where a case is offered, proven here before anything is paid for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gigcx.kernel.money import allocate
from payments.pricing.cards import Card
from payments.pricing.factors import Factors, finished, steps_of
from payments.pricing.steps import Price, Steps, recompute


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part of a case: `part` of `of`, before the factor of their own tier."""

    agent_key: str
    part: int
    of: int
    tier: str = ""
    tier_bp: int = 10_000


def price_resolution(card: Card, *, tier_bp: int = 10_000, tier: str = "", **factors: Any) -> Price | None:
    """This function will price a solved case at its complexity; None where the card does not pay cases."""
    line = card.line("resolution")
    if line is None or not line.pay_minor:
        return None
    pay, bill = steps_of(card, "pay"), steps_of(card, "bill")
    pay.each("resolution", quantity=1, amount_minor=line.pay_minor)
    bill.each("resolution", quantity=1, amount_minor=line.bill_minor)
    price = finished(pay, bill, Factors(tier=tier, tier_bp=tier_bp, **factors))
    return price if price.pay_minor > 0 else None


def check_case_price(*, pay_minor: int, bill_minor: int, steps: Mapping[str, Any]) -> bool:
    """This function will tell whether frozen steps, `{"pay": explanation, "bill": explanation}`, give the frozen amounts."""
    return recompute(steps["pay"]) == pay_minor and recompute(steps["bill"]) == bill_minor


def price_shares(frozen: Price, shares: Sequence[Share]) -> list[Price]:
    """This function will split a case's frozen price over those who solved it and return one price each, in their order.

    The pot, which is the price before tiers, is split by largest remainder, so that the parts sum to it exactly; each
    part is then multiplied by its owner's tier, as a step of its own. Ties go to the smaller agent key.
    """
    if not shares:
        return []
    order = sorted(range(len(shares)), key=lambda place: shares[place].agent_key)
    pays = _split(frozen.pay_minor, shares, order)
    bills = _split(frozen.bill_minor, shares, order)
    return [_share_of(frozen, one, pay, bill) for one, pay, bill in zip(shares, pays, bills, strict=True)]


def _split(total: int, shares: Sequence[Share], order: Sequence[int]) -> list[int]:
    whole = shares[0].of
    weights = [shares[place].part for place in order]
    missing = max(0, whole - sum(weights))  # nobody's part stays with nobody
    parts = allocate(total, [*weights, missing]) if missing else allocate(total, weights)
    found = [0] * len(shares)
    for place, part in zip(order, parts, strict=False):
        found[place] = part
    return found


def _share_of(frozen: Price, share: Share, pay_minor: int, bill_minor: int) -> Price:
    pay = _part(frozen.explanation, pay_minor, share)
    bill = _part(frozen.bill_explanation, bill_minor, share)
    return finished(pay, bill, Factors(tier=share.tier, tier_bp=share.tier_bp))


def _part(frozen: Mapping[str, Any], amount_minor: int, share: Share) -> Steps:
    """A fresh sum that begins with the share of the pot; the pot's own steps stay on the offer."""
    steps = Steps(currency=frozen["currency"], card_version=frozen["card_version"], rounding=frozen["rounding"])
    exact = amount_minor * share.of == frozen["amount_minor"] * share.part
    if not exact:  # the split to the cent decides, and says so
        return steps.each("share", quantity=1, amount_minor=amount_minor)
    steps.each("resolution", quantity=1, amount_minor=frozen["amount_minor"])
    return steps.add(code="share", rule="share", part=share.part, of=share.of)
