"""Covering a requirement with intervals is a flow: exact, and fast without a solver.

Take the coverage equations slot by slot and subtract each from the next. Every shift then appears once at its start and
once, negated, after its end: an arc. The change of the requirement from slot to slot is the supply. Being under is an arc
one slot forwards, being over one slot back (Veinott & Wagner 1962; consecutive ones, Ahuja, Magnanti & Orlin 1993, 4.6).
The cheapest flow is therefore the least cost of minutes under and over for the allowed shifts, in whole numbers.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Arc = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Covering:
    """The least cost of slots under and over, and how often each arc (first slot, slot after the last) is used."""

    cost: int
    used: Mapping[Arc, int]


class _Network:
    """Arcs with a residual twin at index ^ 1."""

    def __init__(self, nodes: int) -> None:
        self.out: list[list[int]] = [[] for _node in range(nodes)]
        self.head: list[int] = []
        self.room: list[int] = []
        self.cost: list[int] = []

    def add(self, tail: int, head: int, room: int, cost: int) -> int:
        self.out[tail].append(len(self.head))
        self.out[head].append(len(self.head) + 1)
        self.head += [head, tail]
        self.room += [room, 0]
        self.cost += [cost, -cost]
        return len(self.head) - 2


def cover(required: Sequence[int], arcs: Sequence[Arc], *, under: int, over: int) -> Covering:
    """This function will choose how often to use each arc so that slots under and over cost least.

    `arcs` are half-open slot ranges `(first, after)`; `under` and `over` are the costs of one slot, above zero. Stretches
    that no arc connects are solved apart.
    """
    cost = 0
    used: dict[Arc, int] = {}
    for first, after in stretches(len(required), arcs):
        own = [(start - first, end - first) for start, end in arcs if first <= start and end <= after]
        part = _cover_stretch(required[first:after], own, under=under, over=over)
        cost += part.cost
        used |= {(start + first, end + first): count for (start, end), count in part.used.items()}
    return Covering(cost, used)


def stretches(slots: int, arcs: Sequence[Arc]) -> list[Arc]:
    """This function will cut `[0, slots)` where no arc passes; what is left out is covered by none."""
    found: list[Arc] = []
    for first, after in sorted(arcs):
        if found and first < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], after))
        else:
            found.append((first, after))
    edges = [0, *(edge for stretch in found for edge in stretch), slots]
    return [(first, after) for first, after in pairwise(edges) if first < after]


def _cover_stretch(required: Sequence[int], arcs: Sequence[Arc], *, under: int, over: int) -> Covering:
    if not arcs or not any(required):
        return Covering(sum(required) * under, {})
    slots = len(required)
    network = _Network(slots + 3)
    source, sink, plenty = slots + 1, slots + 2, sum(required) + 1
    handles = {arc: network.add(arc[0], arc[1], plenty, 0) for arc in arcs}
    for slot in range(slots):
        network.add(slot, slot + 1, plenty, under)
        network.add(slot + 1, slot, plenty, over)
    wanted = 0
    for node, (before, now) in enumerate(zip((0, *required), (*required, 0), strict=True)):
        change = now - before
        if change > 0:
            network.add(source, node, change, 0)
            wanted += change
        elif change < 0:
            network.add(node, sink, -change, 0)
    cost = _cheapest(network, source, sink, wanted)
    return Covering(cost, {arc: network.room[at ^ 1] for arc, at in handles.items() if network.room[at ^ 1]})


def _cheapest(network: _Network, source: int, sink: int, wanted: int) -> int:
    """Successive shortest paths with potentials (Edmonds & Karp 1972): costs start at zero or more."""
    height, total = [0] * len(network.out), 0
    while wanted > 0:
        distance, came_by = _distances(network, source, height)
        for node, far in enumerate(distance):
            height[node] += min(far, distance[sink])
        pushed = _bottleneck(network, came_by, source, sink, wanted)
        node = sink
        while node != source:
            arc = came_by[node]
            network.room[arc] -= pushed
            network.room[arc ^ 1] += pushed
            total += pushed * network.cost[arc]
            node = network.head[arc ^ 1]
        wanted -= pushed
    return total


def _distances(network: _Network, source: int, height: Sequence[int]) -> tuple[list[int], list[int]]:
    far = 1 << 60
    distance, came_by = [far] * len(network.out), [-1] * len(network.out)
    distance[source] = 0
    queue = [(0, source)]
    head, room, cost = network.head, network.room, network.cost
    while queue:
        reached, node = heapq.heappop(queue)
        if reached > distance[node]:
            continue
        base = reached + height[node]
        for arc in network.out[node]:
            if room[arc] and base + cost[arc] - height[head[arc]] < distance[head[arc]]:
                distance[head[arc]] = base + cost[arc] - height[head[arc]]
                came_by[head[arc]] = arc
                heapq.heappush(queue, (distance[head[arc]], head[arc]))
    return distance, came_by


def _bottleneck(network: _Network, came_by: Sequence[int], source: int, sink: int, wanted: int) -> int:
    least, node = wanted, sink
    while node != source:
        least = min(least, network.room[came_by[node]])
        node = network.head[came_by[node] ^ 1]
    return least
