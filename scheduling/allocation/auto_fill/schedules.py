"""Everybody's taken time while a plan is made, asked and changed for many agents at once."""

from copy import copy
from typing import Final

import numpy as np

from scheduling.allocation.auto_fill.problem import DAY, Bools, Clock, Ints, Problem

FREE, TAKEN, HOURS, REST = 0, 1, 2, 3
_FAR: Final = 1 << 40
_RUNS: Final = 6


class Parts:
    """For each clock and shift: the first local day and week it touches, and its minutes in it and in the next."""

    def __init__(self, problem: Problem, starts: Ints, ends: Ints) -> None:
        found = [_parts(clock, starts, ends) for clock in problem.clocks]
        self.day, self.day_first, self.day_next, self.week, self.week_first, self.week_next = (
            np.stack([part[place] for part in found]) for place in range(6)
        )


def _parts(clock: Clock, starts: Ints, ends: Ints) -> tuple[Ints, ...]:
    return (*_split(clock.days, starts, ends), *_split(clock.weeks, starts, ends))


def _split(bounds: Ints, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    place = np.searchsorted(bounds, starts, side="right") - 1
    place = np.clip(place, 0, len(bounds) - 2)
    first = np.minimum(ends, bounds[place + 1]) - starts
    return place, first, ends - starts - first


class Schedules:
    """Taken time in padded rows, one an agent, with the minutes used of each local day and week."""

    def __init__(self, problem: Problem) -> None:
        self.people, self.shifts = problem.people, problem.shifts
        self.parts = Parts(problem, problem.shifts.starts, problem.shifts.ends)
        agents = len(problem.people.clock)
        self.count = np.zeros(agents, np.int64)
        most = np.bincount(problem.taken.agent, minlength=1).max() if len(problem.taken.agent) else 0
        shape = (agents, int(most) + 4)
        self.starts = np.full(shape, _FAR, np.int64)
        self.ends = np.full(shape, -_FAR, np.int64)
        self.frees = np.full(shape, -_FAR, np.int64)
        self.shift = np.full(shape, -1, np.int64)
        self.day_used = np.zeros((agents, max(len(clock.days) for clock in problem.clocks)), np.int64)
        self.week_used = np.zeros((agents, max(len(clock.weeks) for clock in problem.clocks)), np.int64)
        self._hold(problem)

    def copy(self) -> "Schedules":
        """This function will return the same taken time, to be changed apart."""
        twin = copy(self)
        for name in ("count", "starts", "ends", "frees", "shift", "day_used", "week_used"):
            setattr(twin, name, getattr(self, name).copy())
        return twin

    def _hold(self, problem: Problem) -> None:
        taken = problem.taken
        if not len(taken.agent):
            return
        order = np.lexsort((taken.starts, taken.agent))
        agent = taken.agent[order]
        place = np.arange(len(agent)) - np.searchsorted(agent, agent)
        self.starts[agent, place], self.ends[agent, place] = taken.starts[order], taken.ends[order]
        self.frees[agent, place] = taken.frees[order]
        np.add.at(self.count, agent, 1)
        parts = Parts(problem, taken.starts[order], taken.ends[order])
        self._use(agent, np.arange(len(agent)), parts, 1)

    def _use(self, agent: Ints, what: Ints, parts: Parts, sign: int) -> None:
        clock = self.people.clock[agent]
        day, week = parts.day[clock, what], parts.week[clock, what]
        np.add.at(self.day_used, (agent, day), sign * parts.day_first[clock, what])
        np.add.at(self.day_used, (agent, day + 1), sign * parts.day_next[clock, what])
        np.add.at(self.week_used, (agent, week), sign * parts.week_first[clock, what])
        np.add.at(self.week_used, (agent, week + 1), sign * parts.week_next[clock, what])

    def verdict(self, agent: Ints, shift: Ints) -> Ints:
        """This function will say of each pair whether it fits now: FREE, or the first of TAKEN, HOURS, REST in the way."""
        found = np.full(len(agent), FREE, np.int64)
        step = 1 << 17
        for first in range(0, len(agent), step):
            part = slice(first, first + step)
            found[part] = self._verdict(agent[part], shift[part])
        return found

    def _verdict(self, agent: Ints, shift: Ints) -> Ints:
        starts, ends = self.shifts.starts[shift], self.shifts.ends[shift]
        found = np.full(len(agent), FREE, np.int64)
        fits_rest = self._is_rested(agent, starts, ends)
        found[~fits_rest] = REST
        found[~self._has_hours(agent, shift)] = HOURS
        frees = ends + self.people.turnaround_minutes[agent]
        clash = np.zeros(len(agent), np.bool_)
        for place in range(int(self.count.max(initial=0))):
            clash |= (starts < self.frees[agent, place]) & (self.starts[agent, place] < frees)
        found[clash] = TAKEN
        return found

    def _has_hours(self, agent: Ints, shift: Ints) -> Bools:
        clock, parts = self.people.clock[agent], self.parts
        day, week = parts.day[clock, shift], parts.week[clock, shift]
        most_day, most_week = self.people.day_minutes[agent], self.people.week_minutes[agent]
        first, after = parts.day_first[clock, shift], parts.day_next[clock, shift]
        fits = (self.day_used[agent, day] + first <= most_day) | (first == 0)
        fits &= (self.day_used[agent, day + 1] + after <= most_day) | (after == 0)
        first, after = parts.week_first[clock, shift], parts.week_next[clock, shift]
        fits &= (self.week_used[agent, week] + first <= most_week) | (first == 0)
        fits &= (self.week_used[agent, week + 1] + after <= most_week) | (after == 0)
        return np.asarray(fits, np.bool_)

    def _is_rested(self, agent: Ints, starts: Ints, ends: Ints) -> Bools:
        """A run of work, broken by no full rest, leaves that rest in the day after it began."""
        rest = self.people.rest_minutes[agent]
        first, last = starts.copy(), ends.copy()
        places = int(self.count.max(initial=0))
        for _round in range(min(places, _RUNS)):
            before, after = first.copy(), last.copy()
            for place in range(places):
                begin, end = self.starts[agent, place], self.ends[agent, place]
                joins = (begin < starts) & (first - end < rest)
                first = np.where(joins, np.minimum(first, begin), first)
                joins = (begin >= starts) & (begin < _FAR) & (begin - last < rest)
                last = np.where(joins, np.maximum(last, end), last)
            if (first == before).all() and (last == after).all():
                break
        return np.asarray(last - first <= DAY - rest, np.bool_) | (places == 0)

    def add(self, agent: Ints, shift: Ints) -> None:
        """This function will give each agent one shift; no agent may be named twice."""
        place = self.count[agent]
        if len(place) and place.max() >= self.starts.shape[1]:
            self._widen()
        self.starts[agent, place], self.ends[agent, place] = self.shifts.starts[shift], self.shifts.ends[shift]
        self.frees[agent, place] = self.shifts.ends[shift] + self.people.turnaround_minutes[agent]
        self.shift[agent, place] = shift
        self.count[agent] += 1
        self._use(agent, shift, self.parts, 1)

    def add_all(self, agent: Ints, shift: Ints) -> None:
        """This function will give many shifts, several to an agent too."""
        order = np.argsort(agent, kind="stable")
        agent, shift = agent[order], shift[order]
        turn = np.arange(len(agent)) - np.searchsorted(agent, agent)
        for now in range(int(turn.max(initial=-1)) + 1):
            self.add(agent[turn == now], shift[turn == now])

    def drop(self, agent: Ints, place: Ints) -> Ints:
        """This function will take what is at each agent's place away and return those shifts; no agent may be named twice."""
        shift = self.shift[agent, place]
        last = self.count[agent] - 1
        for rows, empty in ((self.starts, _FAR), (self.ends, -_FAR), (self.frees, -_FAR), (self.shift, -1)):
            rows[agent, place] = rows[agent, last]
            rows[agent, last] = empty
        self.count[agent] = last
        self._use(agent, shift, self.parts, -1)
        return shift

    def picks(self) -> Ints:
        """This function will return the rows (agent, shift) picked, in order."""
        agent, place = np.nonzero(self.shift >= 0)
        rows = np.stack([agent, self.shift[agent, place]], axis=1).astype(np.int64)
        return rows[np.lexsort((rows[:, 0], rows[:, 1]))]

    def _widen(self) -> None:
        more = 4
        for name, empty in (("starts", _FAR), ("ends", -_FAR), ("frees", -_FAR), ("shift", -1)):
            rows = getattr(self, name)
            extra = np.full((len(rows), more), empty, np.int64)
            setattr(self, name, np.concatenate([rows, extra], axis=1))
