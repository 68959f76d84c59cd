"""From scored items to a result that can be rebuilt byte for byte."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """One item with its points. `weight` multiplies them; `skill` is what they speak for."""

    position: int
    item_version_id: str
    key_id: str
    skill: str
    grader: str
    points: Decimal
    max_points: Decimal
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Summary:
    """The sum: points and per cent to 0.0001, pass or fail against the unrounded cut, per cent by skill."""

    points: Decimal
    max_points: Decimal
    percent: Decimal
    is_passed: bool
    skills: dict[str, str]


def summarize(items: Iterable[ScoredItem], *, cut_percent: Decimal) -> Summary:
    """This function will add up an attempt and compare it with the cut.

    The per cent is kept at four decimals and compared as it stands: 69.5 against 70 fails. An attempt without items has 0 %.
    """
    scored = list(items)
    points, most = _sums(scored)
    percent = _percent(points, most)
    return Summary(points, most, percent, percent >= cut_percent, _skills(scored))


def result_checksum(items: Iterable[ScoredItem], *, summary: Summary, cut_percent: Decimal) -> str:
    """This function will return the SHA-256, in hex, of the result as canonical JSON (sorted keys, no spaces, text numbers)."""
    body = {
        "items": [_plain(asdict(item)) for item in sorted(items, key=lambda one: one.position)],
        "cut_percent": _fixed(cut_percent),
        "percent": _fixed(summary.percent),
        "is_passed": summary.is_passed,
        "skills": summary.skills,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _sums(items: Iterable[ScoredItem]) -> tuple[Decimal, Decimal]:
    pairs = [(item.points * item.weight, item.max_points * item.weight) for item in items]
    return sum((got for got, _ in pairs), Decimal(0)), sum((most for _, most in pairs), Decimal(0))


def _percent(points: Decimal, most: Decimal) -> Decimal:
    if not most:
        return Decimal("0.0000")
    return (points * 100 / most).quantize(_PLACES, rounding=ROUND_HALF_EVEN)


def _skills(items: list[ScoredItem]) -> dict[str, str]:
    by_skill: dict[str, list[ScoredItem]] = {}
    for item in items:
        by_skill.setdefault(item.skill, []).append(item)
    return {skill: _fixed(_percent(*_sums(group))) for skill, group in sorted(by_skill.items()) if skill}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _fixed(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def _fixed(value: Decimal) -> str:
    return str(value.quantize(_PLACES))
