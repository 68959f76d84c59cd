"""The net-hour truth label: what an hour of a program's work really came to, and what an advert may say about it.

Per agent: net pay of the period over elapsed hours, waiting, wrap and training included. Agents with fewer than five
hours are left out. Quartiles across agents by linear interpolation (Hyndman & Fan 1996, type 7), rounded once.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from gigcx.kernel.money import round_minor

FORMULA_VERSION: Final = 1
FEWEST_AGENTS: Final = 30
FEWEST_WEEKS: Final = 4
FEWEST_SECONDS: Final = 5 * 3600


@dataclass(frozen=True, slots=True, order=True)
class Sample:
    """One agent's period: net pay in minor units and elapsed seconds. Whose it was is not kept."""

    net_minor: int
    elapsed_seconds: int

    @property
    def an_hour(self) -> Fraction:
        """Net minor units an elapsed hour, exact."""
        return Fraction(self.net_minor * 3600, self.elapsed_seconds)


@dataclass(frozen=True, slots=True)
class NetHour:
    """Net pay an elapsed hour across agents, in minor units; empty figures where there is not enough to speak of."""

    n_agents: int
    n_weeks: int
    q1_minor: int | None = None
    median_minor: int | None = None
    q3_minor: int | None = None

    @property
    def is_known(self) -> bool:
        """Are there enough agents and weeks for figures?"""
        return self.median_minor is not None


def pay_label(samples: Iterable[Sample], *, weeks: int) -> NetHour:
    """This function will return the quartiles across agents with at least five hours, or only how many there were.

    `weeks` is how many of the period's full weeks had any work. Under 30 agents or 4 weeks no figure is given.
    """
    rates = sorted(one.an_hour for one in samples if one.elapsed_seconds >= FEWEST_SECONDS)
    if len(rates) < FEWEST_AGENTS or weeks < FEWEST_WEEKS:
        return NetHour(len(rates), weeks)
    q1, median, q3 = (round_minor(_quantile(rates, Fraction(part, 4))) for part in (1, 2, 3))
    return NetHour(len(rates), weeks, q1, median, q3)


def _quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def supports(label: NetHour, stated_minor: int, *, is_most: bool) -> bool:
    """This function will tell whether an advert may state a figure: a typical one up to the median, an "up to" one up to
    the third quartile. Nothing is supported where there is not enough data.
    """
    bound = label.q3_minor if is_most else label.median_minor
    return bound is not None and stated_minor <= bound


def inputs_of(samples: Iterable[Sample], *, weeks: int) -> tuple[dict[str, Any], str]:
    """This function will return everything the label is computed from, without names, and its SHA-256."""
    given: dict[str, Any] = {
        "formula_version": FORMULA_VERSION,
        "samples": [[one.net_minor, one.elapsed_seconds] for one in sorted(samples)],
        "weeks": weeks,
    }
    return given, hashlib.sha256(_canonical(given)).hexdigest()


def run_again(inputs: Mapping[str, Any]) -> tuple[NetHour, str]:
    """This function will compute a label anew from what was kept of it, with the hash of what was kept."""
    samples = [Sample(net, seconds) for net, seconds in inputs["samples"]]
    again, found = inputs_of(samples, weeks=inputs["weeks"])
    return pay_label(samples, weeks=again["weeks"]), found


def _canonical(given: Mapping[str, Any]) -> bytes:
    return json.dumps(given, sort_keys=True, separators=(",", ":")).encode()
