"""The best way to give every agent at most one more shift: a cheapest flow, exact and in whole numbers.

Source -> agent -> shift -> sink. New agents hang behind a hub whose first `new_left` units earn the share's points.
"""

import numpy as np

from scheduling.allocation.auto_fill.problem import Bools, Ints


def best_additions(
    agent: Ints, shift: Ints, gain: Ints, left: Ints, *, is_new: Bools, new_points: int, new_left: int
) -> Bools:
    """This function will mark the pairs to take: at most one an agent and `left` a shift, for the most points.

    `gain` is above zero. Exact: costs are whole numbers (Goldberg 1997, cost scaling).
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    people, agent_node = np.unique(agent, return_inverse=True)
    places, shift_node = np.unique(shift, return_inverse=True)
    hub, source, sink = (len(people) + len(places) + more for more in range(3))
    flow = SimpleMinCostFlow()
    one = np.ones(len(agent), np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(agent_node, len(people) + shift_node, one, -gain)
    feed = np.where(is_new[people] & (new_points > 0), hub, source)
    flow.add_arcs_with_capacity_and_unit_cost(
        feed, np.arange(len(people)), np.ones(len(people), np.int64), np.zeros(len(people), np.int64)
    )
    nodes = len(people) + np.arange(len(places))
    flow.add_arcs_with_capacity_and_unit_cost(
        nodes, np.full(len(places), sink), left[places], np.zeros(len(places), np.int64)
    )
    if new_points > 0 and new_left > 0:
        flow.add_arc_with_capacity_and_unit_cost(source, hub, new_left, -new_points)
    flow.add_arc_with_capacity_and_unit_cost(source, hub, len(people), 0)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, len(people), 0)
    flow.set_node_supply(source, len(people))
    flow.set_node_supply(sink, -len(people))
    if flow.solve() != SimpleMinCostFlow.OPTIMAL:
        return np.zeros(len(agent), np.bool_)
    return np.asarray(flow.flows(arcs) > 0, np.bool_)
