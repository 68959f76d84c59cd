"""One function that turns an answer into points."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any, Final

from vetting.grading.items import MULTI_CHOICE, SHORT_TEXT, SINGLE_CHOICE, fold

_PLACES: Final = Decimal("0.0001")
_NOTHING: Final = Fraction(0)
_EVERYTHING: Final = Fraction(1)


class NeedsRater(Exception):
    """The machine cannot settle this answer; a person has to."""


def score(
    kind: str,
    payload: Mapping[str, Any],
    key: Mapping[str, Any],
    response: Mapping[str, Any] | None,
    max_points: Decimal,
) -> Decimal:
    """This function will return the points of one answer, from 0 to `max_points`, rounded half to even at 0.0001.

    No answer, or an empty one, scores nothing. Single choice: the keyed option. Multiple choice: all or nothing, or
    max(0, hits / keyed - false / unkeyed), so that ticking everything scores nothing. Short text: compared after NFKC and
    case folding, exactly, or with one edit where the word has five letters or more.

    Raises:
        NeedsRater: a short text that is not empty and fits no accepted answer.
        KeyError: unknown kind, or a key that does not fit it.
    """
    share = _SCORERS[kind](payload, key, response or {})
    exact = Fraction(max_points) * share
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_PLACES, rounding=ROUND_HALF_EVEN)


def _single(payload: Mapping[str, Any], key: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
    return _EVERYTHING if response.get("options") and response["options"] == key["options"] else _NOTHING


def _multi(payload: Mapping[str, Any], key: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
    chosen, keyed = set(response.get("options", [])), set(key["options"])
    if key["rule"] == "all_or_nothing":
        return _EVERYTHING if chosen == keyed else _NOTHING
    unkeyed = {option["id"] for option in payload["options"]} - keyed
    gained = Fraction(len(chosen & keyed), len(keyed))
    lost = Fraction(len(chosen & unkeyed), len(unkeyed))
    return max(_NOTHING, gained - lost)


def _short_text(payload: Mapping[str, Any], key: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
    given = fold(response.get("text", ""))
    if not given:
        return _NOTHING
    if any(_fits(given, answer) for answer in key["answers"]):
        return _EVERYTHING
    raise NeedsRater


def _fits(given: str, answer: Mapping[str, str]) -> bool:
    accepted = fold(answer["text"])
    if given == accepted:
        return True
    if answer["match"] != "close":
        return False
    words, wanted = given.split(" "), accepted.split(" ")
    return len(words) == len(wanted) and all(map(_same_word, words, wanted))


def _same_word(given: str, wanted: str) -> bool:
    return given == wanted or (len(wanted) >= 5 and is_one_edit(given, wanted))


def is_one_edit(given: str, wanted: str) -> bool:
    """This function will tell whether one insertion, deletion or replacement turns one word into the other."""
    if abs(len(given) - len(wanted)) > 1 or given == wanted:
        return False
    shorter, longer = sorted((given, wanted), key=len)
    start = next((at for at, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), len(shorter))
    rest = longer[start + 1 :]
    return rest == (shorter[start + 1 :] if len(shorter) == len(longer) else shorter[start:])


_Scorer = Callable[[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]], Fraction]
_SCORERS: Final[dict[str, _Scorer]] = {SINGLE_CHOICE: _single, MULTI_CHOICE: _multi, SHORT_TEXT: _short_text}
