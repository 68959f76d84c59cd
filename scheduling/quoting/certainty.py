"""The price of certainty: what five more points of filled seat time would cost as higher pay."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from scheduling.quoting.odds import Bench, Seats, fill_probability

POINTS: Final = 0.05
_HIGHEST: Final = 0.5
_STEP: Final = 0.01


@dataclass(frozen=True, slots=True)
class Certainty:
    """The smallest raise that adds the points, as a share of pay, and the share filled with it.

    `is_enough` is false where no raise up to the cap adds them: the pool is what is missing, not the pay.
    """

    raise_share: float
    share_before: float
    share_after: float
    is_enough: bool

    @property
    def points(self) -> float:
        """How many points it adds, as a share."""
        return self.share_after - self.share_before


def price_of_certainty(
    bench: Bench, seats: Sequence[Seats], *, draws: int, seed: int, highest: float = _HIGHEST
) -> Certainty:
    """This function will find the smallest flat raise, in whole per cent, that fills five points more, or all there is.

    Every raise meets the same arrivals as far as it can (one seed), so that the difference is the raise and not luck.
    """
    before = _share(bench, seats, 0.0, draws=draws, seed=seed)
    target = min(before + POINTS, 0.999)
    if before >= target:
        return Certainty(0.0, before, before, is_enough=True)
    most = _share(bench, seats, highest, draws=draws, seed=seed)
    if most < target:
        return Certainty(highest, before, most, is_enough=False)
    low, high, after = 0, round(highest / _STEP), most
    while high - low > 1:
        middle = (low + high) // 2
        share = _share(bench, seats, middle * _STEP, draws=draws, seed=seed)
        if share >= target:
            high, after = middle, share
        else:
            low = middle
    return Certainty(high * _STEP, before, after, is_enough=True)


def _share(bench: Bench, seats: Sequence[Seats], raised: float, *, draws: int, seed: int) -> float:
    offered = [replace(one, pay_ratio=one.pay_ratio * (1 + raised)) for one in seats]
    return fill_probability(bench, offered, draws=draws, seed=seed).share


def certainty_to_json(found: Certainty) -> dict[str, Any]:
    """This function will return the finding as JSON values."""
    return {
        "raise": round(found.raise_share, 4),
        "before": round(found.share_before, 4),
        "after": round(found.share_after, 4),
        "is_enough": found.is_enough,
    }
