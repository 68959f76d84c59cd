"""Giving free seats to willing people. Pure: arrays in, picks, an honest bound and reasons out. docs/algorithms/auto-fill.md."""

from scheduling.allocation.auto_fill.problem import Clock, Pairs, People, Plan, Problem, Shifts, Taken, week_clock
from scheduling.allocation.auto_fill.search import auto_fill

__all__ = ["Clock", "Pairs", "People", "Plan", "Problem", "Shifts", "Taken", "auto_fill", "week_clock"]
