"""Every action of money that is recorded reads as a sentence."""

import ast
import re
from pathlib import Path

from gigcx.web.timeline import phrases
from payments.panels import SENTENCES
from payments.queries.unheard import PRICED

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"payments\.[a-z_]+")


def recorded() -> set[str]:
    """Every name of a recorded action that the actions write, wherever it stands."""
    found = {PRICED}
    for path in (ROOT / "payments" / "actions").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAMED.fullmatch(node.value):
                found.add(node.value)
    return found


def test_every_recorded_action_has_a_phrase_and_no_phrase_is_left_over() -> None:
    actions = recorded()
    assert len(actions) > 10
    assert actions == set(SENTENCES)
    assert actions <= set(phrases())
