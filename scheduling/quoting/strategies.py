"""What the same demand costs with fixed staff and on demand. Pure; hours are people-hours of one week, money minor units.

Every way is charged by its own logic: fixed staff are paid for their contract, present or absent, needed or not; on demand
is paid for the seats that are filled. Hours nobody covers lose contacts as a fluid does: what comes beyond the capacity goes
(Whitt 2006, "Fluid models for multiserver queues with abandonments").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from gigcx.kernel.money import round_minor
from scheduling.quoting.rota import PER_WEEK, SHIFT_HOURS, Rota

PEAK: Final = "peak"
AVERAGE: Final = "average"
ROTA: Final = "rota"
ON_DEMAND: Final = "on_demand"
NEARLY_ALL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Costs:
    """What an hour costs either way. All are assumptions and are shown with the result.

    `fixed_hour_minor` is one paid hour of own staff with everything on top; `absence_bp` the share of paid hours away
    (leave, sickness, training); `on_demand_hour_minor` what a filled seat hour is billed; `fill_bp` the share of seats
    that fill; `contacts_per_hour` what one agent handles; `lost_contact_minor` what a lost contact is worth, 0 to only count.
    """

    fixed_hour_minor: int
    on_demand_hour_minor: int
    absence_bp: int = 1_000
    fill_bp: int = 10_000
    contacts_per_hour: float = 10.0
    lost_contact_minor: int = 0


@dataclass(frozen=True, slots=True)
class OnDemand:
    """Seat hours of the shifts on demand, and the needed hours they leave uncovered by design."""

    seat_hours: float
    uncovered_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Strategy:
    """One way to staff the week. `heads` are people on a contract; on demand has none."""

    kind: str
    heads: int
    paid_hours: float
    idle_hours: float
    uncovered_hours: float
    abandoned: int
    wages_minor: int
    cost_minor: int

    @property
    def covers(self) -> bool:
        """Whether nobody needed is missing, but for a rounding of seats."""
        return self.uncovered_hours < 0.01


@dataclass(frozen=True, slots=True)
class Comparison:
    """The four ways side by side and which of them is cheapest; `is_fixed_cheaper` says it plainly."""

    required_hours: float
    peak: int
    average: float
    strategies: tuple[Strategy, ...]
    best: str

    def of(self, kind: str) -> Strategy:
        """This function will return one way by its kind."""
        return next(one for one in self.strategies if one.kind == kind)

    @property
    def is_fixed_cheaper(self) -> bool:
        """Whether the best fixed way beats on demand."""
        return self.best != ON_DEMAND


def compare_strategies(
    required: Sequence[int],
    costs: Costs,
    *,
    slot_minutes: int,
    rota: Rota,
    on_demand: OnDemand,
) -> Comparison:
    """This function will price fixed staff at the peak, at the average, in their cheapest rota, and the shifts on demand.

    `required` are agents slot after slot over one week. `rota` is the cheapest fixed rota of 8-hour shifts for it. The best
    is the cheapest of those that cover what is needed; one that does not may only win where lost contacts have a price.
    """
    hours = slot_minutes / 60
    needed = sum(required) * hours
    runs = [agents for agents in required if agents]
    average = sum(runs) / len(runs) if runs else 0.0
    peak = max(required, default=0)
    strategies = (
        _fixed_team(PEAK, peak, runs, hours=hours, costs=costs),
        _fixed_team(AVERAGE, round(average), runs, hours=hours, costs=costs),
        _in_rota(rota, needed, costs),
        _on_demand(on_demand, needed, costs),
    )
    return Comparison(needed, peak, average, strategies, _best(strategies, costs, needed))


def _fixed_team(kind: str, size: int, runs: Sequence[int], *, hours: float, costs: Costs) -> Strategy:
    present = size * len(runs) * hours
    idle = sum(max(0, size - agents) for agents in runs) * hours
    short = sum(max(0, agents - size) for agents in runs) * hours
    heads = -(-round(present * 100) // (SHIFT_HOURS * PER_WEEK * 100)) if present else 0
    spent = _Spent(_paid(present, costs), idle, short, costs.fixed_hour_minor)
    return _strategy(kind, heads, spent, costs)


def _in_rota(rota: Rota, needed: float, costs: Costs) -> Strategy:
    present = float(rota.heads * PER_WEEK * SHIFT_HOURS)
    spent = _Spent(_paid(present, costs), max(0.0, present - needed), 0.0, costs.fixed_hour_minor)
    return _strategy(ROTA, rota.heads, spent, costs)


def _on_demand(offer: OnDemand, needed: float, costs: Costs) -> Strategy:
    share = costs.fill_bp / 10_000
    paid = offer.seat_hours * share
    covered = max(0.0, needed - offer.uncovered_hours) * share
    spent = _Spent(paid, max(0.0, paid - covered), max(0.0, needed - covered), costs.on_demand_hour_minor)
    return _strategy(ON_DEMAND, 0, spent, costs)


@dataclass(frozen=True, slots=True)
class _Spent:
    """Hours paid, idle and uncovered, and what a paid one costs."""

    paid: float
    idle: float
    uncovered: float
    hour_minor: int


def _paid(present: float, costs: Costs) -> float:
    """Hours on the payroll behind so many hours present."""
    return present / (1 - min(costs.absence_bp, 9_000) / 10_000)


def _strategy(kind: str, heads: int, spent: _Spent, costs: Costs) -> Strategy:
    abandoned = round(spent.uncovered * costs.contacts_per_hour)
    wages = round_minor(Fraction(spent.paid).limit_denominator(10_000) * spent.hour_minor)
    cost = wages + abandoned * costs.lost_contact_minor
    return Strategy(kind, heads, spent.paid, spent.idle, spent.uncovered, abandoned, wages, cost)


def _best(strategies: Sequence[Strategy], costs: Costs, needed: float) -> str:
    fair = [one for one in strategies if costs.lost_contact_minor or is_fair(one, needed)]
    return min(fair, key=lambda one: (one.cost_minor, one.kind == ON_DEMAND)).kind


def is_fair(one: Strategy, needed: float) -> bool:
    """This function will tell whether a way may be called cheapest: fixed staff cover all, on demand nearly all.

    Seats on demand fill with a chance; below 95 % of the needed hours cheaper would only mean worse.
    """
    return one.covers or (one.kind == ON_DEMAND and one.uncovered_hours <= (1 - NEARLY_ALL) * needed)


def comparison_to_json(found: Comparison) -> dict[str, Any]:
    """This function will return the comparison as JSON values."""
    return {
        "required_hours": round(found.required_hours, 2),
        "peak": found.peak,
        "average": round(found.average, 2),
        "best": found.best,
        "strategies": [
            {
                "kind": one.kind,
                "heads": one.heads,
                "paid_hours": round(one.paid_hours, 2),
                "idle_hours": round(one.idle_hours, 2),
                "uncovered_hours": round(one.uncovered_hours, 2),
                "abandoned": one.abandoned,
                "wages_minor": one.wages_minor,
                "cost_minor": one.cost_minor,
            }
            for one in found.strategies
        ],
    }
