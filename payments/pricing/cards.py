"""The prices a claim was made under, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CardLine:
    """Minor units per hour, or each; `unit` is hour or each."""

    kind: str
    pay_minor: int
    bill_minor: int
    unit: str = "hour"


@dataclass(frozen=True, slots=True)
class Card:
    """One version of a rate card. `tiers` maps a tier to its multiplier in basis points."""

    version: int
    pay_currency: str
    bill_currency: str
    lines: Mapping[str, CardLine]
    rounding: str = "half_even"
    tiers: Mapping[str, int] = field(default_factory=dict)

    def line(self, kind: str) -> CardLine | None:
        """This function will return the price of a kind, or None."""
        return self.lines.get(kind)

    def tier_bp(self, tier: str) -> int:
        """This function will return the multiplier of a tier; one where the card names none."""
        return int(self.tiers.get(tier, 10_000))
