"""Every pair of states moves or is refused, as the tables say."""

import itertools
import re
from pathlib import Path

import pytest

from gigcx.kernel.errors import MoveRefused
from gigcx.kernel.states import MoveTable, require_move
from gigcx.web.timeline import phrases
from vetting import actions, states

TABLES: dict[str, tuple[MoveTable, type]] = {
    "identity": (states.IDENTITY_MOVES, states.IdentityState),
    "check": (states.CHECK_MOVES, states.CheckState),
    "item version": (states.ITEM_VERSION_MOVES, states.VersionState),
    "version": (states.VERSION_MOVES, states.VersionState),
    "attempt": (states.ATTEMPT_MOVES, states.AttemptState),
    "rating": (states.RATING_MOVES, states.RatingState),
    "certificate": (states.CERTIFICATE_MOVES, states.CertificateState),
    "proposal": (states.PROPOSAL_MOVES, states.ProposalState),
}
FINAL = {
    "check": {"rejected", "expired", "canceled"},
    "attempt": {"voided"},
    "certificate": {"superseded", "expired"},
    "proposal": {"approved", "dismissed"},
    "rating": {"done"},
}


@pytest.mark.parametrize("name", TABLES)
def test_every_pair_moves_or_is_refused(name: str) -> None:
    table, known = TABLES[name]
    allowed = 0
    for current, target in itertools.product(known.values, repeat=2):  # type: ignore[attr-defined]  # TextChoices
        if target in table.get(current, frozenset()):
            require_move(table, current, target)
            allowed += 1
        else:
            with pytest.raises(MoveRefused):
                require_move(table, current, target)
    assert allowed == sum(len(targets) for targets in table.values())
    assert set(table) <= set(known.values)  # type: ignore[attr-defined]  # TextChoices


@pytest.mark.parametrize("name", FINAL)
def test_what_is_over_stays_over(name: str) -> None:
    table, _known = TABLES[name]
    assert {state for state, targets in table.items() if not targets} == FINAL[name]


def test_a_live_certificate_is_active_due_or_suspended() -> None:
    assert set(states.LIVE_CERTIFICATES) == {"active", "due_for_renewal", "suspended"}
    assert set(states.COUNTING_CERTIFICATES) < set(states.LIVE_CERTIFICATES)


ACTION = re.compile(r'"(vetting\.[a-z_]+)"')


def recorded_actions() -> set[str]:
    folder = Path(actions.__file__).parent
    return {name for file in folder.glob("*.py") for name in ACTION.findall(file.read_text())}


def test_every_action_that_is_recorded_has_a_phrase_of_its_own() -> None:
    assert len(recorded_actions()) > 40
    assert recorded_actions() - set(phrases()) == set()


def test_no_phrase_outlives_its_action() -> None:
    ours = {name for name in phrases() if name.startswith("vetting.")}
    assert ours - recorded_actions() == set()
