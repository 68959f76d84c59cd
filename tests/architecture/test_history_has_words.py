"""Whatever an action writes into the audit trail reads as a sentence in a history."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from django.conf import settings

from gigcx.web.timeline import phrases

ROOT = Path(settings.BASE_DIR)


def recorded() -> Iterator[tuple[str, str]]:
    """Every action that code records under a name written out in it, with the file."""
    for folder in ("gigcx", *settings.STAGES):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and _is_record(node.func) and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield str(first.value), str(path.relative_to(ROOT))


def _is_record(called: ast.expr) -> bool:
    return getattr(called, "attr", getattr(called, "id", "")) == "record"


def test_every_recorded_action_has_a_sentence() -> None:
    found = dict(recorded())
    assert len(found) > 100
    assert {action: path for action, path in found.items() if action not in phrases()} == {}


def test_every_sentence_belongs_to_an_action_that_exists() -> None:
    words = {floor: _words_of(floor) for floor in {action.partition(".")[0] for action in phrases()}}
    stale = [action for action in phrases() if action.rpartition(".")[2] not in words[action.partition(".")[0]]]
    assert stale == []


def _words_of(floor: str) -> set[str]:
    folder = ROOT / floor if floor in settings.STAGES else ROOT / "gigcx" / floor
    files = [path for path in folder.rglob("*.py") if path.stem != "panels" and "migrations" not in path.parts]
    return {word for path in files for word in re.findall(r"[a-z_]+", path.read_text())}


def test_every_sentence_names_what_it_fills_in() -> None:
    for action, sentence in phrases().items():
        names = [name for _text, name, _spec, _conversion in Formatter().parse(str(sentence)) if name is not None]
        assert all(name.isidentifier() for name in names), action
