"""One model with its relaxation, and the pools of kinds worth choosing among."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from scheduling.design.columns import Real, Whole
from scheduling.design.model import Model, Relaxed
from scheduling.design.problem import Kind

POOL: Final = 32
SORTS: Final = 3
_ROOM_AT_FIRST: Final = 40
_LEAST_ROOM: Final = 16
_THIN: Final = 0.15
_FREED: Final = 5
_ROUNDS: Final = 4
_NARROW_ROOM: Final = 8
_NARROW_FREED: Final = 3


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Kinds to choose among; `kept` of them are bought anyway."""

    kinds: frozenset[int]
    kept: frozenset[int]


@dataclass(slots=True)
class Arena:
    """Where pools are drawn from. `rooms`: how many kinds beside the best design's own fit a search of moments, by sort."""

    model: Model
    relaxed: Relaxed
    rooms: list[int] = field(default_factory=lambda: [_ROOM_AT_FIRST] * SORTS)
    freed: int = _FREED
    places: dict[Kind, int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {kind: at for at, kind in enumerate(self.model.columns.kinds)}

    def narrow(self) -> None:
        """This function will keep searches so small that their number alone bounds the work."""
        self.rooms, self.freed = [_NARROW_ROOM] * SORTS, _NARROW_FREED

    def adapt(self, turn: int, *, is_finished: bool, was_quick: bool) -> None:
        """This function will widen pools that were searched quickly and narrow those that were not finished."""
        factor = 1.3 if is_finished and was_quick else 1.0 if is_finished else 0.75
        room = round(self.rooms[turn % SORTS] * factor)
        self.rooms[turn % SORTS] = max(_LEAST_ROOM, min(room, len(self.places)))

    def first_pool(self, *, seconds: float) -> Whole:
        """This function will thin the kinds the relaxation buys to a pool, pricing each at 1/x of how much was bought."""
        kinds, bought = np.arange(len(self.relaxed.bought)), self.relaxed.bought
        for _round in range(_ROUNDS):
            kinds, bought = kinds[bought > 1e-6], bought[bought > 1e-6]
            if len(kinds) <= 2 * POOL:
                break
            again = self.model.reweighted(kinds, self._prices(bought), seconds=seconds / _ROUNDS)
            if again is None:
                break
            bought = again.bought
        few = kinds[np.argsort(-bought, kind="stable")][: 2 * POOL]
        return np.union1d(few, self.cheapest(POOL - len(few)))

    def thinnest(self, *, seconds: float) -> Whole:
        """This function will thin the kinds further, to about as many as a good design has."""
        kinds, bought = np.arange(len(self.relaxed.bought)), self.relaxed.bought
        for _round in range(_ROUNDS):
            kinds, bought = kinds[bought > 1e-6], bought[bought > 1e-6]
            again = self.model.reweighted(kinds, self._prices(bought), seconds=seconds / _ROUNDS)
            if again is None:
                break
            bought = again.bought
        return kinds[bought > 1e-6]

    def cheapest(self, count: int) -> Whole:
        """This function will return the kinds with the lowest reduced costs."""
        return np.argsort(self.relaxed.reduced, kind="stable")[: max(0, count)]

    def _prices(self, bought: Real) -> Real:
        return self.model.columns.distinct / (bought + _THIN)

    def neighbourhood(self, own: Sequence[Kind], turn: int, rng: random.Random) -> "Neighbourhood":
        """This function will return the kinds of a design and others worth trying, of another sort each turn.

        Two sorts of three keep most of the design and look closely at the rest; one lets all of it go.
        """
        known = [kind for kind in own if kind in self.places]
        sort, room = turn % SORTS, self.rooms[turn % SORTS]
        if not known or (sort == 1 and self.freed >= _FREED):
            freed, others = known, self._likely(rng, room)
        elif sort == 0:
            freed = self._near(rng.choice(known), known) if known else []
            others = self._around(freed, reach=3)
        else:
            freed = rng.sample(known, min(len(known), self.freed))
            others = sorted({*self._around(freed, reach=2), *self._likely(rng, room)})
        chosen = others if len(others) <= room else rng.sample(others, room)
        kept = frozenset(self.places[kind] for kind in known if kind not in freed)
        return Neighbourhood(frozenset({*(self.places[kind] for kind in known), *chosen}), kept)

    def _near(self, middle: Kind, kinds: Sequence[Kind]) -> list[Kind]:
        """The kinds that start closest to one of them."""
        return sorted(kinds, key=lambda kind: (abs(kind.start - middle.start), kind))[: self.freed]

    def _around(self, kinds: Iterable[Kind], *, reach: int) -> list[int]:
        steps = range(-reach, reach + 1)
        near = {Kind(kind.start + start, kind.length + length) for kind in kinds for start in steps for length in steps}
        return sorted(self.places[kind] for kind in near if kind in self.places)

    def _likely(self, rng: random.Random, room: int) -> list[int]:
        """Half of the kinds with low reduced costs, topped up by chance."""
        everybody = range(len(self.places))
        low = [int(at) for at in self.cheapest(2 * room)]
        by_chance = rng.sample(everybody, min(len(everybody), room // 3))
        return sorted({*rng.sample(low, len(low) // 2), *by_chance})
