"""The steps behind a price: written while it is made, replayed to prove it, spoken to explain it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gigcx.kernel.money import Money, exponent_of, round_minor

Step = dict[str, Any]
Explanation = dict[str, Any]


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
    """Adds steps to a running total and keeps what each one did. Totals are exact; text keeps them so ("14812/3")."""

    def __init__(self, *, currency: str, card_version: int, rounding: str) -> None:
        self.currency = currency
        self.card_version = card_version
        self.rounding = rounding
        self.total = Fraction(0)
        self.steps: list[Step] = []

    def add(self, **step: Any) -> "Steps":
        """This function will apply one step and keep it with the total after it."""
        self.total = applied(self.total, step, rounding=self.rounding)
        self.steps.append({**step, "total": str(self.total)})
        return self

    def explanation(self) -> Explanation:
        """This function will round, once, and return the finished explanation."""
        self.add(code="round", rule=self.rounding)
        return {
            "version": 1,
            "currency": self.currency,
            "card_version": self.card_version,
            "rounding": self.rounding,
            "steps": self.steps,
            "amount_minor": int(self.total),
        }


def applied(total: Fraction, step: Mapping[str, Any], *, rounding: str) -> Fraction:
    """This function will return the total after one step."""
    match step["code"]:
        case "hours":
            return total + Fraction(step["rate_minor"] * step["seconds"], 3600)
        case "each":
            return total + Fraction(step["amount_minor"] * step["quantity"])
        case "factor":
            return total * Fraction(step["factor_bp"], 10_000)
        case "floor":
            promised = Fraction(step["rate_minor"] * step["seconds"] * step["factor_bp"], 3600 * 10_000)
            return total + max(Fraction(0), promised - Fraction(step["earned"]))
        case "at_least":
            return max(total, Fraction(step["least"]))
        case "round":
            return Fraction(round_minor(total, rounding))
    raise ValueError(f"unknown step {step['code']!r}")


def recompute(explanation: Mapping[str, Any]) -> int:
    """This function will replay the steps from their inputs alone and return the amount in minor units."""
    total = Fraction(0)
    for step in explanation["steps"]:
        total = applied(total, step, rounding=explanation["rounding"])
    return int(total)


def sentence(explanation: Mapping[str, Any], say: Callable[[str], str] = str) -> str:
    """This function will say the whole sum in one line: "184 min × 14.00 an hour × 1.15 = 49.37 USD".

    `say` translates the fixed words.
    """
    spoken = [words for words in (_spoken(step, explanation, say) for step in explanation["steps"]) if words]
    sums = _joined(spoken)
    return f"{sums} = {_amount(explanation['amount_minor'], explanation['currency'])} {explanation['currency']}"


@dataclass(frozen=True, slots=True)
class SpokenStep:
    """One step in words, with what it added. The amounts of all steps sum to the rounded total.

    `at` is when the interval began that a step is about, in ISO 8601; empty where a step is about all of the work.
    """

    rule: str
    words: str
    added_minor: int
    at: str = ""


def spoken_steps(explanation: Mapping[str, Any], say: Callable[[str], str] = str) -> list[SpokenStep]:
    """This function will say each step with the amount it added, rounded so that nothing is lost between them."""
    found: list[SpokenStep] = []
    before = 0
    for step in explanation["steps"]:
        after = round_minor(Fraction(step["total"]), explanation["rounding"])
        words = _spoken(step, explanation, say)
        if words:
            found.append(SpokenStep(str(step.get("rule", "")), words, after - before, str(step.get("at", ""))))
            before = after
    return found


def _joined(spoken: Sequence[str]) -> str:
    text = ""
    for words in spoken:
        text = f"{text} {words}" if text and words.startswith("×") else f"{text} + {words}" if text else words
    return text


def _spoken(step: Mapping[str, Any], explanation: Mapping[str, Any], say: Callable[[str], str]) -> str:
    currency = explanation["currency"]
    match step["code"]:
        case "factor" if step["factor_bp"] == 10_000:
            return ""
        case "hours":
            return say("{time} × {rate} an hour").format(
                time=_time(step["seconds"], say), rate=_amount(step["rate_minor"], currency)
            )
        case "each":
            return say("{quantity} × {amount}").format(
                quantity=step["quantity"], amount=_amount(step["amount_minor"], currency)
            )
        case "factor":
            return say("× {factor} for {name}").format(factor=_factor(step["factor_bp"]), name=say(step["name"]))
        case "floor":
            return say("floor of {rate} an hour for {time}, of which {earned} was earned").format(
                rate=_amount(_tiered(step), currency),
                time=_time(step["seconds"], say),
                earned=_amount(round_minor(Fraction(step["earned"])), currency),
            )
    return say("at least what the agent gets") if step["code"] == "at_least" else ""


def _tiered(step: Mapping[str, Any]) -> int:
    return round_minor(Fraction(step["rate_minor"] * step["factor_bp"], 10_000))


def _amount(minor: int, currency: str) -> str:
    return f"{Money(int(minor), currency).major:,.{exponent_of(currency)}f}"


def _factor(factor_bp: int) -> str:
    whole, rest = divmod(factor_bp, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def _time(seconds: int, say: Callable[[str], str]) -> str:
    minutes, rest = divmod(seconds, 60)
    if rest:
        return say("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return say("{minutes} min").format(minutes=minutes)
