"""The steps behind a price: written while it is made, and replayed to prove it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any, Final

from gigcx.kernel.money import round_minor

Step = dict[str, Any]
Explanation = dict[str, Any]
HOUR: Final = 3600
WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Price:
    """What the agent gets and what the brand pays for it, each with its explanation."""

    pay_minor: int
    bill_minor: int
    explanation: Explanation
    bill_explanation: Explanation

    @property
    def margin_minor(self) -> int:
        """What stays with the platform."""
        return self.bill_minor - self.pay_minor


class Steps:
    """Adds steps to a running total and keeps what each one did. Totals are exact; text keeps them so ("14812/3").

    The total is held as two whole numbers that are brought to lowest terms when written: a shift has many steps and a
    `Fraction` would reduce at each of them twice.
    """

    __slots__ = ("_over", "_under", "card_version", "currency", "rounding", "steps")

    def __init__(self, *, currency: str, card_version: int, rounding: str) -> None:
        self.currency = currency
        self.card_version = card_version
        self.rounding = rounding
        self.steps: list[Step] = []
        self._over, self._under = 0, 1

    @property
    def total(self) -> Fraction:
        """The exact total so far, in minor units."""
        return Fraction(self._over, self._under)

    def hours(self, rule: str, *, seconds: int, rate_minor: int) -> "Steps":
        """This function will add seconds at a rate an hour."""
        return self._plus(
            {"code": "hours", "rule": rule, "seconds": seconds, "rate_minor": rate_minor}, rate_minor * seconds, HOUR
        )

    def each(self, rule: str, *, quantity: int, amount_minor: int) -> "Steps":
        """This function will add an amount so many times."""
        return self._plus(
            {"code": "each", "rule": rule, "quantity": quantity, "amount_minor": amount_minor},
            amount_minor * quantity,
            1,
        )

    def factor(self, rule: str, *, name: str, factor_bp: int) -> "Steps":
        """This function will multiply the total, in basis points."""
        self._over *= factor_bp
        self._under *= WHOLE
        return self._kept({"code": "factor", "rule": rule, "name": name, "factor_bp": factor_bp})

    def add(self, **step: Any) -> "Steps":
        """This function will apply any step and keep it with the total after it."""
        total = applied(self.total, step, rounding=self.rounding)
        self._over, self._under = total.numerator, total.denominator
        return self._kept(step)

    def explanation(self) -> Explanation:
        """This function will round, once, and return the finished explanation."""
        amount = round_minor(self.total, self.rounding)
        self._over, self._under = amount, 1
        self.steps.append({"code": "round", "rule": self.rounding, "total": str(amount)})
        return {
            "version": 1,
            "currency": self.currency,
            "card_version": self.card_version,
            "rounding": self.rounding,
            "steps": self.steps,
            "amount_minor": amount,
        }

    def _plus(self, step: Step, over: int, under: int) -> "Steps":
        if self._under == under:
            self._over += over
        else:
            self._over = self._over * under + over * self._under
            self._under *= under
        return self._kept(step)

    def _kept(self, step: Step) -> "Steps":
        over, under = self._over, self._under
        if under != 1:
            common = gcd(over, under)
            self._over, self._under = over, under = over // common, under // common
        step["total"] = str(over) if under == 1 else f"{over}/{under}"
        self.steps.append(step)
        return self


def applied(total: Fraction, step: Mapping[str, Any], *, rounding: str) -> Fraction:
    """This function will return the total after one step."""
    match step["code"]:
        case "hours" | "each" | "floor":
            after = total + _added(step)
        case "factor":
            after = total * Fraction(step["factor_bp"], WHOLE)
        case "share":
            after = total * Fraction(step["part"], step["of"])
        case "round":
            after = Fraction(round_minor(total, rounding))
        case _:
            after = _bounded(total, step)
    return after


def _added(step: Mapping[str, Any]) -> Fraction:
    if step["code"] == "hours":
        return Fraction(step["rate_minor"] * step["seconds"], HOUR)
    if step["code"] == "each":
        return Fraction(step["amount_minor"] * step["quantity"])
    promised = Fraction(step["rate_minor"] * step["seconds"] * step["factor_bp"], HOUR * WHOLE)
    return max(Fraction(0), promised - Fraction(step["earned"]))


def _bounded(total: Fraction, step: Mapping[str, Any]) -> Fraction:
    match step["code"]:
        case "at_least":
            return max(total, Fraction(step["least"]))
        case "at_most":
            return min(total, Fraction(step["most"]))
        case "margin":
            pay = Fraction(step["pay"])
            return pay + (total - pay) * Fraction(step["factor_bp"], WHOLE)
    raise ValueError(f"unknown step {step['code']!r}")


def recompute(explanation: Mapping[str, Any]) -> int:
    """This function will replay the steps from their inputs alone and return the amount in minor units."""
    total = Fraction(0)
    for step in explanation["steps"]:
        total = applied(total, step, rounding=explanation["rounding"])
    return int(total)
