"""What a request costs, how likely it fills, and what fixed staff would have cost. Pure: no tables, no clock."""

from scheduling.quoting.certainty import Certainty, certainty_to_json, price_of_certainty
from scheduling.quoting.habits import Habits, OpenShift, learned_habits
from scheduling.quoting.learning import (
    PastShift,
    PastWeek,
    Rates,
    learned_activity,
    learned_rates,
    learned_show,
    slot_of,
    tuned,
)
from scheduling.quoting.odds import Bench, FillOdds, SeatOdds, Seats, fill_probability, odds_to_json
from scheduling.quoting.rota import Rota, cheapest_rota, daily_rota, least_shifts
from scheduling.quoting.steps import Steps, on_demand_steps
from scheduling.quoting.strategies import (
    Comparison,
    Costs,
    OnDemand,
    Strategy,
    compare_strategies,
    comparison_to_json,
)

__all__ = [
    "Bench",
    "Certainty",
    "Comparison",
    "Costs",
    "FillOdds",
    "Habits",
    "OnDemand",
    "OpenShift",
    "PastShift",
    "PastWeek",
    "Rates",
    "Rota",
    "SeatOdds",
    "Seats",
    "Steps",
    "Strategy",
    "certainty_to_json",
    "cheapest_rota",
    "compare_strategies",
    "comparison_to_json",
    "daily_rota",
    "fill_probability",
    "learned_activity",
    "learned_habits",
    "learned_rates",
    "learned_show",
    "least_shifts",
    "odds_to_json",
    "on_demand_steps",
    "price_of_certainty",
    "slot_of",
    "tuned",
]
