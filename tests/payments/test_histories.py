"""Every action of money that is recorded reads as a sentence."""

import ast
from pathlib import Path

from gigcx.web.timeline import phrases
from payments.panels import SENTENCES
from payments.queries.unheard import PRICED

ROOT = Path(__file__).parents[2]


def recorded() -> set[str]:
    """The actions named in every call of `record`; one is named by a constant."""
    found: set[str] = set()
    for path in (ROOT / "payments").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                first = node.args[0]
                found.add(str(first.value) if isinstance(first, ast.Constant) else PRICED)
    return found


def test_every_recorded_action_has_a_phrase_and_no_phrase_is_left_over() -> None:
    actions = recorded()
    assert len(actions) > 10
    assert actions == set(SENTENCES)
    assert actions <= set(phrases())
