"""Every pair of every table moves or is refused, exactly as the lifecycle says."""

from itertools import product

import pytest

from gigcx.kernel.errors import MoveRefused
from gigcx.kernel.states import MoveTable, require_move
from recruiting.states import (
    AGENT_MOVES,
    ENGAGEMENT_MOVES,
    HOUR_KINDS,
    PROGRAM_MOVES,
    VERSION_MOVES,
    AgentState,
    EngagementState,
    LineKind,
    LineUnit,
    ProgramState,
    VersionState,
    unit_of,
)

ALLOWED = {
    "agent": """registered>profile_complete profile_complete>active active>paused paused>active closing>closed
        registered>closing profile_complete>closing active>closing paused>closing""",
    "program": """draft>content_review draft>archived content_review>recruiting content_review>draft recruiting>ready
        recruiting>sunset ready>live ready>sunset live>paused live>sunset paused>live paused>sunset sunset>archived""",
    "engagement": """applied>accepted applied>declined applied>ended declined>applied waitlisted>applied waitlisted>ended
        accepted>certified accepted>ended certified>productive certified>lapsed certified>ended productive>lapsed
        productive>ended lapsed>certified lapsed>ended""",
    "version": "draft>active active>superseded",
}
TABLES = {
    "agent": (AGENT_MOVES, AgentState.values),
    "program": (PROGRAM_MOVES, ProgramState.values),
    "engagement": (ENGAGEMENT_MOVES, EngagementState.values),
    "version": (VERSION_MOVES, VersionState.values),
}
PAIRS = [(name, *pair) for name, (_table, states) in TABLES.items() for pair in product(states, repeat=2)]


@pytest.mark.parametrize(("name", "current", "target"), PAIRS)
def test_a_pair_of_states_moves_or_is_refused(name: str, current: str, target: str) -> None:
    table: MoveTable = TABLES[name][0]
    if f"{current}>{target}" in ALLOWED[name].split():
        require_move(table, current, target)
        return
    with pytest.raises(MoveRefused) as refusal:
        require_move(table, current, target)
    assert refusal.value.context == {"current": current, "target": target}


def test_hours_are_priced_by_the_hour_and_everything_else_each() -> None:
    by_hour = {kind for kind in LineKind if unit_of(kind) == LineUnit.HOUR}
    assert by_hour == HOUR_KINDS
    assert unit_of(LineKind.CERTIFICATION_BOUNTY) == LineUnit.EACH
