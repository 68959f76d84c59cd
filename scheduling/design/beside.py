"""A second process that searches the same problem: another seed, the whole where it is small, and the bound.

HiGHS runs one model at a time in a process. The child reads a pickled problem from its parent, then the parent's better
designs, and answers with one pickled answer for each thing it has found. It can be ended at once, whatever it does.
"""

import pickle
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Final, Self

from scheduling.design.model import Picked
from scheduling.design.problem import Design, DesignProblem, Number

_ROOT: Final = Path(__file__).parents[2]


class Beside:
    """The child as its parent sees it. Use as a context: leaving it ends the child."""

    def __init__(self, problem: DesignProblem, *, seconds: float, seed: int = 0) -> None:
        self._until = time.monotonic() + seconds  # counted from boot, the same for parent and child
        self._seed = seed
        self.child = subprocess.Popen(
            [sys.executable, "-m", "scheduling.design.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT
        )
        self._answers: SimpleQueue[Picked] = SimpleQueue()
        self._news: SimpleQueue[Design | None] = SimpleQueue()
        self._told: Number | None = None
        self._threads = (
            threading.Thread(target=self._listen, daemon=True),
            threading.Thread(target=self._talk, args=(problem,), daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.child.kill()
        self.child.wait()
        self._news.put(None)
        for thread in self._threads:
            thread.join()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                with suppress(OSError):  # what the child no longer reads is lost with it
                    pipe.close()

    def answers(self) -> list[Picked]:
        """This function will hand over what the child has answered since it was last asked."""
        return [self._answers.get() for _answer in range(self._answers.qsize())]

    def tell(self, design: Design) -> None:
        """This function will send the child a design, if it is better than the last one sent."""
        if design.shifts and (self._told is None or design.objective < self._told):
            self._told = design.objective
            self._news.put(design)

    def wait(self, seconds: float) -> None:
        """This function will let the child finish, for at most so long."""
        self._threads[0].join(max(0.0, seconds))

    def _talk(self, problem: DesignProblem) -> None:
        pipe = self.child.stdin
        news: object = (problem, self._until, self._seed)
        with suppress(OSError, ValueError):  # the child has ended
            while pipe is not None and news is not None:
                pickle.dump(news, pipe)
                pipe.flush()
                news = self._news.get()

    def _listen(self) -> None:
        pipe = self.child.stdout
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while pipe is not None:
                self._answers.put(pickle.load(pipe))  # noqa: S301  # from our own child
