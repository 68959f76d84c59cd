"""What the process beside a search does: `python -m scheduling.design.child`, spoken to through pipes by `Beside`.

It looks around the best design known to either, with other dice than its parent. Meanwhile, from that design on, it searches
two models as a whole: the one that leaves nobody under or over, where there is such a design, for it is tight; and the full
one where it is small enough to be searched to its end, for the bound.
"""

import os
import pickle
import random
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from math import inf
from queue import SimpleQueue
from typing import BinaryIO, Final

from scheduling.design.model import Picked
from scheduling.design.problem import Design, judged
from scheduling.design.search import MIDDLE, Clock, Search

_LEAST_SECONDS: Final = 1.0
_EXACT_SHARE: Final = 0.3
_SMALL: Final = 60
_OTHER_DICE: Final = 1_000_003


class Child:
    """The search with its parent's ear: both hear of what the other finds."""

    def __init__(self, asked: BinaryIO, told: BinaryIO) -> None:
        self.asked, self.told = asked, told
        problem, until, seed = pickle.load(asked)  # noqa: S301  # from our own parent
        clock = Clock(max(_LEAST_SECONDS, until - time.monotonic()), None, None)
        self.search = Search(problem, clock, random.Random(seed + _OTHER_DICE), None)  # noqa: S311
        self.news: SimpleQueue[Design] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def run(self) -> None:
        """This function will search until time is up or the best is proven, and tell of everything it finds."""
        search = self.search
        search.relax()
        search.first_designs()
        self.tell()
        kinds, seconds = len(search.model.columns.kinds), search.clock.left()
        if len(search.arenas) > 1:
            search.first_pool(search.arenas[-1], share=_EXACT_SHARE)
            self.tell()
            self.improve(until=inf if kinds <= _SMALL else (1 - 1.5 * _EXACT_SHARE) * seconds)
            self.whole_exactly()
        if kinds <= MIDDLE:
            self.improve(until=inf if kinds <= _SMALL else seconds / 2)
            self.whole()
        self.improve(until=0.0)

    def improve(self, *, until: float) -> None:
        """This function will look around the best design until so many seconds are left."""
        while not self.search.is_done() and self.search.clock.left() > until:
            self.hear()
            self.search.improve()
            self.tell()

    def whole(self) -> None:
        """This function will search the full model from the best design on."""
        self.hear()
        if not self.search.is_done():
            _say(self.told, self.search.solve_full(seconds=max(_LEAST_SECONDS, self.search.clock.left())))

    def hear(self) -> None:
        """This function will take over what the parent found."""
        for _design in range(self.news.qsize()):
            design = self.news.get()
            if design.objective < self.search.best.objective:
                self.search.best = judged(self.search.problem, design.shifts, bound=self.search.bound)

    def tell(self) -> None:
        """This function will send the parent the best design and the bound."""
        best = self.search.best
        heads = self.search.model.heads_of(best)
        _say(self.told, Picked(float(best.objective), heads, float(self.search.bound), is_finished=best.is_proven))

    def whole_exactly(self) -> None:
        """This function will search all designs that leave nobody under or over; its bound says nothing about others."""
        self.hear()
        search, arena = self.search, self.search.arenas[0]
        kinds, seconds = range(len(arena.model.columns.kinds)), search.clock.share(_EXACT_SHARE)
        found = replace(search.pick(arena, kinds, seconds=seconds), bound=-inf, is_finished=False)
        search.take(found)
        _say(self.told, found)
        self.tell()

    def _listen(self) -> None:
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while True:
                self.news.put(pickle.load(self.asked))  # noqa: S301  # from our own parent


def _say(told: BinaryIO, found: Picked) -> None:
    pickle.dump(found, told)
    told.flush()


def main() -> None:
    """This function will search for the parent; what the solver itself prints stays out of the parent's pipe."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Child(sys.stdin.buffer, told).run()
    os._exit(0)  # the thread that listens still reads


if __name__ == "__main__":
    main()
