"""Giving free seats to willing people. Pure: arrays in, picks, an honest bound and reasons out. docs/algorithms/auto-fill.md.

The search itself is imported from `.search` by whoever runs it: the solver library behind it costs web processes a second.
"""

from scheduling.allocation.auto_fill.problem import Clock, Pairs, People, Plan, Problem, Shifts, Taken, week_clock

__all__ = ["Clock", "Pairs", "People", "Plan", "Problem", "Shifts", "Taken", "week_clock"]
