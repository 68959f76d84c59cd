"""The shape of a certification: needs, groups of needs, and the order they open in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

GROUP_RULES: Final = ("all", "any", "n_of")


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement. `after` names the needs that open it; `group` is "" for one that always counts."""

    key: str
    kind: str
    after: tuple[str, ...] = ()
    group: str = ""
    is_waivable: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Needs of which all, any or `count` must be met."""

    key: str
    rule: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Graph:
    """A version of a certification, as far as its logic goes."""

    needs: tuple[Need, ...]
    groups: tuple[Group, ...] = ()

    def members(self, group: str) -> tuple[Need, ...]:
        """This function will return the needs of a group."""
        return tuple(need for need in self.needs if need.group == group)


@dataclass(frozen=True, slots=True)
class GraphProblem:
    """One thing wrong with a graph: where, a code, and a sentence."""

    key: str
    code: str
    sentence: str


def validate(graph: Graph) -> tuple[GraphProblem, ...]:
    """This function will return everything that would keep the graph from being met; nothing when it is sound.

    Checked: at least one need, unique keys, `after` that names known needs and has no circle, groups that have enough members,
    and that no need waits for a choice that another way round would leave out.
    """
    return (*_key_problems(graph), *_order_problems(graph), *_group_problems(graph))


def _key_problems(graph: Graph) -> Iterator[GraphProblem]:
    if not graph.needs:
        yield GraphProblem("", "empty", "A certification asks for at least one thing.")
    keys = [need.key for need in graph.needs]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield GraphProblem(key, "doubled_key", f"Two requirements are called {key}.")


def _order_problems(graph: Graph) -> Iterator[GraphProblem]:
    known = {need.key for need in graph.needs}
    for need in graph.needs:
        for missing in sorted(set(need.after) - known):
            yield GraphProblem(need.key, "unknown_after", f"{need.key} waits for {missing}, which is not asked for.")
    for key in sorted(_in_circle(graph)):
        yield GraphProblem(key, "circle", f"{key} waits for itself.")


def _in_circle(graph: Graph) -> set[str]:
    """Take away what waits for nothing, again and again (Kahn 1962); what is left waits in a circle."""
    waiting = {need.key: set(need.after) & {other.key for other in graph.needs} for need in graph.needs}
    while free := {key for key, after in waiting.items() if not after}:
        waiting = {key: after - free for key, after in waiting.items() if key not in free}
    return set(waiting)


def _group_problems(graph: Graph) -> Iterator[GraphProblem]:
    known = {group.key for group in graph.groups}
    for need in graph.needs:
        if need.group and need.group not in known:
            yield GraphProblem(need.key, "unknown_group", f"{need.key} belongs to a group that does not exist.")
    for group in graph.groups:
        yield from _problems_of(group, len(graph.members(group.key)))


def _problems_of(group: Group, size: int) -> Iterator[GraphProblem]:
    if group.rule not in GROUP_RULES:
        yield GraphProblem(group.key, "unknown_rule", f"{group.key} has no rule that is known.")
    elif size == 0:
        yield GraphProblem(group.key, "empty_group", f"{group.key} has nothing to choose from.")
    elif group.rule == "n_of" and not 1 <= group.count <= size:
        yield GraphProblem(group.key, "too_many", f"{group.key} asks for {group.count} of {size}.")
