"""Every pair of states of every table moves or is refused, as the tables of the design say."""

import pytest

from gigcx.kernel.errors import MoveRefused
from gigcx.kernel.states import MoveTable, require_move
from scheduling.states import (
    CLAIM_MOVES,
    REQUEST_MOVES,
    SESSION_MOVES,
    SHIFT_MOVES,
    ClaimState,
    RequestState,
    SessionState,
    ShiftState,
)

ALLOWED = {
    "request": """draft>quoted draft>cancelled quoted>draft quoted>expired quoted>published quoted>awaiting_approval
        expired>draft awaiting_approval>published awaiting_approval>draft published>live published>cancelled
        live>completed live>cancelled completed>reconciled""",
    "shift": """draft>announced draft>cancelled announced>collecting announced>open announced>cancelled collecting>open
        collecting>cancelled open>started open>cancelled started>ended started>cancelled""",
    "claim": """claimed>confirmed claimed>undone claimed>released claimed>swapped claimed>checked_in claimed>no_show
        claimed>brand_cancelled confirmed>undone confirmed>released confirmed>swapped confirmed>checked_in
        confirmed>no_show confirmed>brand_cancelled checked_in>worked worked>disputed worked>verified disputed>worked
        no_show>checked_in no_show>excused released>excused""",
    "session": """challenge>ready challenge>ended
        ready>on_contact ready>wrap ready>aux ready>challenge ready>lost ready>ended
        on_contact>ready on_contact>wrap on_contact>aux on_contact>challenge on_contact>lost on_contact>ended
        wrap>ready wrap>on_contact wrap>aux wrap>challenge wrap>lost wrap>ended
        aux>ready aux>on_contact aux>wrap aux>challenge aux>lost aux>ended lost>ready lost>ended""",
}
TABLES: dict[str, tuple[MoveTable, list[str]]] = {
    "request": (REQUEST_MOVES, RequestState.values),
    "shift": (SHIFT_MOVES, ShiftState.values),
    "claim": (CLAIM_MOVES, ClaimState.values),
    "session": (SESSION_MOVES, SessionState.values),
}
PAIRS = [(name, one, two) for name, (_table, states) in TABLES.items() for one in states for two in states]


@pytest.mark.parametrize(("name", "current", "target"), PAIRS)
def test_a_state_follows_another_only_where_the_table_says_so(name: str, current: str, target: str) -> None:
    table = TABLES[name][0]
    if f"{current}>{target}" in ALLOWED[name].split():
        require_move(table, current, target)
        return
    with pytest.raises(MoveRefused):
        require_move(table, current, target)
