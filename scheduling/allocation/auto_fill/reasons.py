"""Why seats stay empty: each person is counted once a shift, by what stands in the way."""

from collections.abc import Mapping

import numpy as np

from scheduling.allocation.auto_fill.exchange import Draft
from scheduling.allocation.auto_fill.problem import REASONS, Ints, Problem
from scheduling.allocation.auto_fill.schedules import FREE, HOURS, REST, TAKEN

_NAMES = {TAKEN: "taken", HOURS: "hours", REST: "rest"}


def reasons_of(problem: Problem, draft: Draft, before: Ints) -> Mapping[int, Mapping[str, int]]:
    """This function will count, for every shift with an empty seat, who is not in it and why.

    `before` is the verdict on each pair before anybody was picked. Somebody whom the plan itself keeps busy then is taken.
    """
    empty = draft.left > 0
    pairs = problem.pairs
    mine = empty[pairs.shift]
    agent, shift = pairs.agent[mine], pairs.shift[mine]
    verdict = np.where(before[mine] == FREE, draft.time.verdict(agent, shift), before[mine])
    inside = set(map(tuple, draft.time.picks().tolist()))
    counts: dict[int, dict[str, int]] = {int(one): dict.fromkeys(REASONS, 0) for one in np.flatnonzero(empty)}
    for one, where, why in zip(agent.tolist(), shift.tolist(), verdict.tolist(), strict=True):
        if why != FREE and (one, where) not in inside:
            counts[where][_NAMES[why]] += 1
    for reason, more in problem.excluded.items():
        for where, count in counts.items():
            count[reason] = count.get(reason, 0) + int(more[where])
    return {where: {name: n for name, n in count.items() if n} for where, count in counts.items()}
