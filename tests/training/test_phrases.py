"""Everything training writes into the history reads as a sentence."""

import re
from pathlib import Path

import training
from gigcx.web.timeline import phrases

SOURCES = sorted(Path(training.__file__).parent.glob("actions/*.py"))
RECORDED = {name for source in SOURCES for name in re.findall(r'"(training\.[a-z_]+)"', source.read_text())}


def test_every_recorded_action_has_its_sentence() -> None:
    assert len(RECORDED) > 20
    assert {action for action in RECORDED if action not in phrases()} == set()


def test_no_sentence_is_left_over() -> None:
    known = {action for action in phrases() if action.startswith("training.")}
    assert known == RECORDED
