"""How many agents an interval needs: queueing mathematics over arrays.

Every function broadcasts. Load is in erlangs (contacts a second times seconds to handle one); all times share one unit, by
custom seconds; shares run from 0 to 1. Nothing here knows a program, a page or a clock.
"""

from scheduling.staffing.deferred import DeferredPlan, deferred_agents
from scheduling.staffing.erlang import erlang_b, erlang_c, queue_c
from scheduling.staffing.figures import Definition, QueueFigures, ShortAbandons, excluding_short_abandons
from scheduling.staffing.forward import Reforecast, baseline, reforecast
from scheduling.staffing.palm import queue_a
from scheduling.staffing.search import agents_a, agents_c
from scheduling.staffing.seats import (
    CONCURRENCY_FACTORS,
    effective_aht,
    load_of,
    seats_for,
    seats_for_show_rate,
    slot_aht,
)
from scheduling.staffing.week import Promise, Staffed, StaffedLater, figures_at, staff, staff_later, staffed

__all__ = [
    "CONCURRENCY_FACTORS",
    "DeferredPlan",
    "Definition",
    "Promise",
    "QueueFigures",
    "Reforecast",
    "ShortAbandons",
    "Staffed",
    "StaffedLater",
    "agents_a",
    "agents_c",
    "baseline",
    "deferred_agents",
    "effective_aht",
    "erlang_b",
    "erlang_c",
    "excluding_short_abandons",
    "figures_at",
    "load_of",
    "queue_a",
    "queue_c",
    "reforecast",
    "seats_for",
    "seats_for_show_rate",
    "slot_aht",
    "staff",
    "staff_later",
    "staffed",
]
