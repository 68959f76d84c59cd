"""Background work of this stage, by noun. Bodies fetch what is due and call one action each."""

from scheduling.tasks.autofill import grant_auto_fill, solve_auto_fill, sweep_auto_fill
from scheduling.tasks.core import (
    lock_timesheets,
    prove_all_counters,
    prove_counters,
    sweep_sessions,
    sweep_shifts,
)
from scheduling.tasks.day import count_offered_minutes, sweep_day, sweep_intraday
from scheduling.tasks.designs import make_designed_shifts, sweep_designs
from scheduling.tasks.exchange import accept_for_waiting, sweep_exchange
from scheduling.tasks.quotes import quote_request, sweep_quotes
from scheduling.tasks.release import sweep_ladder, sweep_release
from scheduling.tasks.reminders import sweep_reminders
from scheduling.tasks.templates import materialize_templates
from scheduling.tasks.uploads import sweep_uploads, work_on_upload

__all__ = [
    "accept_for_waiting",
    "count_offered_minutes",
    "grant_auto_fill",
    "lock_timesheets",
    "make_designed_shifts",
    "materialize_templates",
    "prove_all_counters",
    "prove_counters",
    "quote_request",
    "solve_auto_fill",
    "sweep_auto_fill",
    "sweep_day",
    "sweep_designs",
    "sweep_exchange",
    "sweep_intraday",
    "sweep_ladder",
    "sweep_quotes",
    "sweep_release",
    "sweep_reminders",
    "sweep_sessions",
    "sweep_shifts",
    "sweep_uploads",
    "work_on_upload",
]
