"""Transition tables: which state may follow which."""

from collections.abc import Iterable, Mapping

from gigcx.kernel.errors import MoveRefused

MoveTable = Mapping[str, frozenset[str]]


def moves(table: Mapping[str, Iterable[str]]) -> MoveTable:
    """This function will freeze a mapping of state to the states that may follow it.

    States that only occur as targets are added with nothing after them.
    """
    frozen = {str(source): frozenset(str(target) for target in targets) for source, targets in table.items()}
    for target in {name for targets in frozen.values() for name in targets}:
        frozen.setdefault(target, frozenset())
    return frozen


def may_move(table: MoveTable, current: str, target: str) -> bool:
    """This function will tell whether the table lets `target` follow `current`."""
    return target in table.get(current, frozenset())


def require_move(table: MoveTable, current: str, target: str) -> None:
    """This function will raise MoveRefused unless the table lets `target` follow `current`."""
    if not may_move(table, current, target):
        raise MoveRefused(
            f"This is {_spoken(current)} and cannot become {_spoken(target)}.",
            context={"current": str(current), "target": str(target)},
        )


def _spoken(state: str) -> str:
    return str(state).replace("_", " ")
