"""What a brand's own history says about two habits: how long before the start seats are taken, and what pay does to that.

Both start from an assumption and move with the evidence (maximum a posteriori); with little of it the assumption stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduling.quoting.odds import LEAD_SCALE_HOURS, PAY_ELASTICITY, Floats, Ints, lead_factor

ENOUGH_SEATS: Final = 400
ENOUGH_CLAIMS: Final = 100
LEAST_SPREAD: Final = 0.02
_LEADS: Final = np.geomspace(4.0, 336.0, 400)
_LEAD_SPREAD: Final = 0.5
_ELASTICITIES: Final = np.linspace(0.0, 4.0, 401)
_ELASTICITY_SPREAD: Final = 0.75


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that was open to whoever came first, from `open_hours` before its start.

    `taken_hours` are the hours before the start at which its seats went, `is_full` whether all did. `group` names what is
    alike but for pay: the program and the part of the week; `pay_ratio` is against the usual pay of the program.
    """

    group: int
    seats: int
    open_hours: float
    taken_hours: tuple[float, ...]
    is_full: bool
    pay_ratio: float

    @property
    def closed_hours(self) -> float:
        """Hours before the start at which it stopped taking claims."""
        return min(self.taken_hours) if self.is_full and self.taken_hours else 0.0

    @property
    def free(self) -> tuple[float, ...]:
        """The claims less the one that closed it: given when that came, the others lie as they would have anyway."""
        return tuple(sorted(self.taken_hours)[1:]) if self.is_full else self.taken_hours


@dataclass(frozen=True, slots=True)
class Habits:
    """The two habits, whether history says so or the assumption, and how many released seats were looked at."""

    lead_scale_hours: float = LEAD_SCALE_HOURS
    is_lead_learned: bool = False
    pay_elasticity: float = PAY_ELASTICITY
    is_pay_learned: bool = False
    seats: int = 0


ASSUMED: Final = Habits()


def learned_habits(past: Sequence[OpenShift]) -> Habits:
    """This function will learn both from shifts that were released; each stays assumed where they say too little of it."""
    seats = sum(one.seats for one in past)
    claims = sum(len(one.free) for one in past)
    if seats < ENOUGH_SEATS or claims < ENOUGH_CLAIMS:
        return Habits(seats=seats)
    lead = _lead_scale(past)
    elasticity = _elasticity(past, lead)
    return Habits(lead, True, PAY_ELASTICITY if elasticity is None else elasticity, elasticity is not None, seats)


def _lead_scale(past: Sequence[OpenShift]) -> float:
    """Hours before the start are exponential, seen between opening and close only: a truncated sample's likelihood."""
    known = [(hours, one.closed_hours, one.open_hours) for one in past for hours in one.free]
    taken, closed, opened = (np.array(column) for column in zip(*known, strict=True))
    inside = opened > closed
    taken, closed, opened = taken[inside], closed[inside], opened[inside]
    score = np.array([_lead_score(scale, taken - closed, opened - closed) for scale in _LEADS])
    prior = -((np.log(_LEADS / LEAD_SCALE_HOURS) / _LEAD_SPREAD) ** 2) / 2
    return round(float(_LEADS[np.argmax(score + prior)]), 1)


def _lead_score(scale: float, waited: Floats, window: Floats) -> float:
    return float(np.sum(-np.log(scale) - waited / scale - np.log(-np.expm1(-window / scale))))


def _elasticity(past: Sequence[OpenShift], lead_scale_hours: float) -> float | None:
    """Within a group only pay and exposure differ: of its claims each shift gets the share that those two give it.

    The conditional likelihood of Poisson counts given their sum (Cameron & Trivedi 2013, 9.3); None where pay hardly differed.
    """
    _names, group = np.unique([one.group for one in past], return_inverse=True)
    claims = np.array([len(one.free) for one in past], dtype=np.float64)
    pay = np.log([max(one.pay_ratio, 1e-6) for one in past])
    exposure = np.array([_seen(one, lead_scale_hours) for one in past])
    total = np.asarray(np.bincount(group, claims), dtype=np.float64)
    usual = np.bincount(group, claims * pay) / np.maximum(total, 1)
    spread = np.sqrt(np.sum(claims * (pay - usual[group]) ** 2) / claims.sum())
    if spread < LEAST_SPREAD:
        return None
    score = np.array([_pay_score(one, group, claims, pay, exposure, total) for one in _ELASTICITIES])
    prior = -(((_ELASTICITIES - PAY_ELASTICITY) / _ELASTICITY_SPREAD) ** 2) / 2
    return round(float(_ELASTICITIES[np.argmax(score + prior)]), 2)


def _pay_score(elasticity: float, group: Ints, claims: Floats, pay: Floats, exposure: Floats, total: Floats) -> float:  # noqa: PLR0917  arrays of one sum
    weights = np.bincount(group, exposure * np.exp(elasticity * pay))
    held = total > 0
    return float(elasticity * np.sum(claims * pay) - np.sum(total[held] * np.log(weights[held])))


def _seen(one: OpenShift, lead_scale_hours: float) -> float:
    opened = lead_factor(one.open_hours, lead_scale_hours)
    return max(opened - lead_factor(one.closed_hours, lead_scale_hours), 1e-9)
