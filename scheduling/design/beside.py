"""The full model solved in a process of its own: a bound for the search, and something that can be ended at once.

HiGHS as SciPy has it runs one model at a time in a process and cannot be interrupted; a child process can. It reads a
pickled problem from its parent and answers with one pickled answer for each step it has finished.
"""

import pickle
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from math import inf
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, Final, Self

from scheduling.design.model import Model, Picked
from scheduling.design.problem import DesignProblem

_ROOT: Final = Path(__file__).parents[2]
_LEAST_SECONDS: Final = 1.0
_EXACT_SHARE: Final = 0.4


class Beside:
    """The child as its parent sees it. Use as a context: leaving it ends the child, whatever it does."""

    def __init__(self, problem: DesignProblem, *, seconds: float) -> None:
        self._until = time.monotonic() + seconds  # counted from boot, the same for parent and child
        self.child = subprocess.Popen(
            [sys.executable, "-m", "scheduling.design.beside"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT
        )
        self._answers: SimpleQueue[Picked] = SimpleQueue()
        self._reader = threading.Thread(target=self._listen, args=(problem,), daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.child.kill()
        self.child.wait()
        self._reader.join()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                with suppress(OSError):  # what the child no longer reads is lost with it
                    pipe.close()

    def answers(self) -> list[Picked]:
        """This function will hand over what the child has answered since it was last asked."""
        return [self._answers.get() for _answer in range(self._answers.qsize())]

    def wait(self, seconds: float) -> None:
        """This function will let the child finish, for at most so long."""
        self._reader.join(max(0.0, seconds))

    def _listen(self, problem: DesignProblem) -> None:
        asked, told = self.child.stdin, self.child.stdout
        if asked is None or told is None:
            return
        try:
            pickle.dump((problem, self._until), asked)
            asked.flush()
            while True:
                self._answers.put(pickle.load(told))  # noqa: S301  # from our own child
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            return


def answer(asked: BinaryIO, told: BinaryIO) -> None:
    """This function will solve what the parent sends: the model without anybody under or over if there is one, then the full.

    The first answer's bound is void, it holds for exact designs alone.
    """
    problem, until = pickle.load(asked)  # noqa: S301  # from our own parent
    model = Model.of(problem)
    model.relax(seconds=max(_LEAST_SECONDS, (until - time.monotonic()) / 2))
    exact = model.exact()
    if exact.relax(seconds=_LEAST_SECONDS, rounds=0) is not None:
        found = _solved(exact, max(_LEAST_SECONDS, _EXACT_SHARE * (until - time.monotonic())))
        _tell(told, replace(found, bound=-inf, is_finished=False))
    _tell(told, _solved(model, max(_LEAST_SECONDS, until - time.monotonic())))


def _solved(model: Model, seconds: float) -> Picked:
    return model.pick(range(len(model.columns.kinds)), seconds=seconds)


def _tell(told: BinaryIO, found: Picked) -> None:
    pickle.dump(found, told)
    told.flush()


if __name__ == "__main__":
    answer(sys.stdin.buffer, sys.stdout.buffer)
