"""Prices in words: the whole sum in one line, and each step with what it added."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from gigcx.kernel.money import Money, exponent_of, round_minor

_HOME: Final = "en"


def sentence(explanation: Mapping[str, Any], locale: str = _HOME, *, say: Callable[[str], str] = str) -> str:
    """This function will say the whole sum in one line: "184 min × 14.00 an hour × 1.15 = 49.37 USD".

    `say` translates the fixed words; `locale` is how figures are written ("de": "49,37"), English where it is not known.
    """
    speech = _Speech(str(explanation["currency"]), _known(locale), say)
    spoken = [words for words in (speech.of(step) for step in explanation["steps"]) if words]
    return f"{_joined(spoken)} = {speech.amount(explanation['amount_minor'])} {explanation['currency']}"


@dataclass(frozen=True, slots=True)
class SpokenStep:
    """One step in words, with what it added. The amounts of all steps sum to the rounded total.

    `at` is when the interval began that a step is about, in ISO 8601; empty where a step is about all of the work.
    """

    rule: str
    words: str
    added_minor: int
    at: str = ""


def spoken_steps(
    explanation: Mapping[str, Any], locale: str = _HOME, *, say: Callable[[str], str] = str
) -> list[SpokenStep]:
    """This function will say each step with the amount it added, rounded so that nothing is lost between them."""
    speech = _Speech(str(explanation["currency"]), _known(locale), say)
    found: list[SpokenStep] = []
    before = 0
    for step in explanation["steps"]:
        after = round_minor(Fraction(step["total"]), explanation["rounding"])
        words = speech.of(step)
        if words:
            found.append(SpokenStep(str(step.get("rule", "")), words, after - before, str(step.get("at", ""))))
            before = after
    return found


def figure_text(minor: int, currency: str, locale: str = _HOME) -> str:
    """This function will write minor units as a figure in the currency's own decimals: 1,140.00."""
    return _Speech(currency, _known(locale), str).amount(minor)


def _joined(spoken: Sequence[str]) -> str:
    text = ""
    for words in spoken:
        follows = words.startswith(("×", ","))
        joint = "" if words.startswith(",") else " " if follows else " + "
        if words.startswith("×") and " + " in text and not text.startswith("("):
            text = f"({text})"  # what follows multiplies the whole sum
        text = f"{text}{joint}{words}" if text else words
    return text


def _known(locale: str) -> Locale:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_HOME)


@dataclass(frozen=True, slots=True)
class _Speech:
    """How one explanation's steps are said in one language."""

    currency: str
    locale: Locale
    say: Callable[[str], str]

    def of(self, step: Mapping[str, Any]) -> str:
        match step["code"]:
            case "hours":
                return self.say("{time} × {rate} an hour").format(
                    time=self.time(step["seconds"]), rate=self.amount(step["rate_minor"])
                )
            case "each" if step["amount_minor"]:
                return self.say("{quantity} × {amount}").format(
                    quantity=step["quantity"], amount=self.amount(step["amount_minor"])
                )
            case "factor" if step["factor_bp"] != 10_000:
                return self.say("× {factor} for {name}").format(
                    factor=self.factor(step["factor_bp"]), name=self.say(step["name"])
                )
            case "share":
                return self.say("× {part} of {whole} for the part done").format(part=step["part"], whole=step["of"])
            case "floor":
                return self._floor(step)
        return self._bound(step)

    def _floor(self, step: Mapping[str, Any]) -> str:
        tiered = round_minor(Fraction(step["rate_minor"] * step["factor_bp"], 10_000))
        return self.say("floor of {rate} an hour for {time}, of which {earned} was earned").format(
            rate=self.amount(tiered),
            time=self.time(step["seconds"]),
            earned=self.amount(round_minor(Fraction(step["earned"]))),
        )

    def _bound(self, step: Mapping[str, Any]) -> str:
        match step["code"]:
            case "at_least":
                return self.say("at least what the agent gets")
            case "at_most" if step.get("bites"):
                return self.say(", at most {most}").format(most=self.amount(round_minor(Fraction(step["most"]))))
            case "margin" if step["factor_bp"] != 10_000:
                return self.say(", margin × {factor} for {name}").format(
                    factor=self.factor(step["factor_bp"]), name=self.say(step["name"])
                )
        return ""

    def amount(self, minor: int) -> str:
        places = exponent_of(self.currency)
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return format_decimal(Money(int(minor), self.currency).major, format=pattern, locale=self.locale)

    def factor(self, factor_bp: int) -> str:
        return format_decimal(Decimal(factor_bp).scaleb(-4), format="0.####", locale=self.locale)

    def time(self, seconds: int) -> str:
        minutes, rest = divmod(seconds, 60)
        if rest:
            return self.say("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
        return self.say("{minutes} min").format(minutes=minutes)
