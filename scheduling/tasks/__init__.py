"""Background work of this stage, by noun. Bodies fetch what is due and call one action each."""

from scheduling.tasks.core import (
    lock_timesheets,
    make_designed_shifts,
    prove_counters,
    sweep_designs,
    sweep_sessions,
    sweep_shifts,
)

__all__ = [
    "lock_timesheets",
    "make_designed_shifts",
    "prove_counters",
    "sweep_designs",
    "sweep_sessions",
    "sweep_shifts",
]
