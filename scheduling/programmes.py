"""Mixed-integer programmes that begin from a known answer and end when told to. Pure: shift design and auto-fill use it.

SciPy carries HiGHS and its bindings, but its public door (`milp`) takes no answer to begin from and cannot be ended. Both are
worth much here: most searches are of the neighbourhood of a good answer, where nearly all the work is finding that answer
once more. The bindings are private to SciPy, so everything that touches them stands in this file.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize._highspy import _core

Real = NDArray[np.float64]

_LOOK_EVERY: Final = 0.1
_TINY: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Programme:
    """Minimise `costs` over whole and broken numbers, `least <= rows <= most` and `low <= answer <= high`."""

    rows: sparse.csc_matrix
    costs: Real
    least: Real
    most: Real
    low: Real
    high: Real
    is_whole: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The best values found, what they cost, and what no answer can undercut; `values` None where none was found."""

    values: Real | None
    cost: float
    bound: float
    is_finished: bool


def solve(
    programme: Programme,
    *,
    seconds: float,
    nodes: int | None = None,
    start: Real | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Answer:
    """This function will solve a programme from a known answer on, until done, out of time or nodes, or told to stop."""
    solver = _core._Highs()
    for name, value in _options(seconds, nodes).items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(programme))
    if start is not None:
        solver.setSolution(len(start), np.arange(len(start), dtype=np.int32), start)
    ear = _Ear(should_stop)
    if should_stop is not None:
        solver.setCallback(ear.look, None)
        solver.startCallback(_core.cb.HighsCallbackType.kCallbackMipInterrupt)
    solver.run()
    if ear.failure is not None:
        raise ear.failure
    return _answer(solver)


def _options(seconds: float, nodes: int | None) -> dict[str, bool | float | int]:
    options: dict[str, bool | float | int] = {"output_flag": False, "mip_rel_gap": 0.0}
    if np.isfinite(seconds):
        options["time_limit"] = max(0.05, seconds)
    if nodes is not None:
        options["mip_max_nodes"] = nodes
    return options


def _model(programme: Programme) -> Any:
    model, rows = _core.HighsLp(), programme.rows
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = programme.costs, programme.low, programme.high
    model.row_lower_, model.row_upper_ = programme.least, programme.most
    matrix = model.a_matrix_
    matrix.num_row_, matrix.num_col_ = rows.shape
    matrix.format_ = _core.MatrixFormat.kColwise
    matrix.start_, matrix.index_, matrix.value_ = rows.indptr, rows.indices, rows.data
    kinds = (_core.HighsVarType.kContinuous, _core.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(one)] for one in programme.is_whole]
    return model


class _Ear:
    """Asks now and then, while the solver works, whether to go on. What asking raises is kept: the solver cannot pass it on."""

    def __init__(self, should_stop: Callable[[], bool] | None) -> None:
        self.should_stop, self.asked_at = should_stop, time.monotonic()
        self.is_told = False
        self.failure: BaseException | None = None

    def look(self, _kind: int, _message: str, _out: Any, into: Any, _own: Any) -> None:
        """This function will tell the solver to end once it was told to stop."""
        if not self.is_told and time.monotonic() - self.asked_at >= _LOOK_EVERY:
            self.is_told = self._is_to_end()
            self.asked_at = time.monotonic()
        if self.is_told:
            into.user_interrupt = True

    def _is_to_end(self) -> bool:
        try:
            return self.should_stop is not None and self.should_stop()
        except BaseException as failure:
            self.failure = failure
            return True


def _answer(solver: Any) -> Answer:
    found, status = solver.getInfo(), solver.getModelStatus()
    bound = float(found.mip_dual_bound)
    is_finished = status == _core.HighsModelStatus.kOptimal
    if found.primal_solution_status != _core.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, np.inf, bound if np.isfinite(bound) else -np.inf, is_finished=False)
    values = np.asarray(solver.getSolution().col_value, float)
    return Answer(values, float(found.objective_function_value), bound, is_finished)


def is_whole(values: Real) -> bool:
    """This function will tell whether numbers are whole but for rounding."""
    return bool((np.abs(values - np.rint(values)) <= _TINY).all())
