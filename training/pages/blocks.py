"""The named blocks: what opens and closes each of them, and what can be wrong with one."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from markdown_it.token import Token

DIRECTIVES: Final = ("check", "callout", "steps", "compare", "reveal")
CALLOUTS: Final = ("note", "tip", "warning", "rule")
LABELS: Final[Mapping[str, str]] = {
    "note": "Note",
    "tip": "Tip",
    "warning": "Careful",
    "rule": "Rule",
    "bad": "Instead of",
    "good": "Better",
}
OPEN: Final = "container_directive_open"
CLOSE: Final = "container_directive_close"
_KEY = re.compile(r"^[a-z0-9][a-z0-9-]{0,49}$")


def name_of(token: Token) -> str:
    """This function will return the block's name: the first word after the colons."""
    return (token.info.split() or [""])[0].lower()


def words_of(token: Token) -> str:
    """This function will return what stands after the block's name, as typed."""
    return token.info.strip()[len(name_of(token)) :].strip()


def key_of(token: Token) -> str:
    """This function will return the question's key, or "" where none of the right form is given."""
    words = words_of(token)
    return words if _KEY.match(words) else ""


def opening(token: Token, labels: Mapping[str, str]) -> str:
    """This function will return the HTML that opens a block; an unknown one opens nothing."""
    name, words = name_of(token), words_of(token)
    if name == "callout":
        return _callout(words, labels)
    if name == "steps":
        return '<div class="lesson-steps">'
    if name == "compare":
        return f'<div class="compare">{_side("bad", _side_title(words, 0, labels["bad"]))}'
    if name == "reveal":
        return f'<details class="reveal"><summary>{escape(words)}</summary><div class="reveal-b">'
    return ""


def dividing(words: str, labels: Mapping[str, str]) -> str:
    """This function will return the HTML between the two sides of a comparison."""
    return f"</div>{_side('good', _side_title(words, 1, labels['good']))}"


def closing(name: str) -> str:
    """This function will return the HTML that closes a block."""
    return {
        "callout": "</div>",
        "steps": "</div>",
        "compare": "</div></div>",
        "reveal": "</div></details>",
    }.get(name, "")


def problem_of(opener: Token, inside: Sequence[Token]) -> str:
    """This function will return the code of what is wrong with a block, or ""."""
    name, words = name_of(opener), words_of(opener)
    wrong = {
        "check": ("check_without_key", not key_of(opener)),
        "callout": ("unknown_callout", bool(words) and words.split()[0].lower() not in CALLOUTS),
        "reveal": ("reveal_without_title", not words),
        "steps": ("steps_without_list", not any(token.type == "ordered_list_open" for token in inside)),
        "compare": ("compare_sides", len(dividers(opener, inside)) != 1),
    }
    code, is_wrong = wrong.get(name, ("unknown_directive", True))
    return code if is_wrong else ""


def dividers(opener: Token, inside: Sequence[Token]) -> list[Token]:
    """This function will return the rules that stand directly inside a block."""
    return [token for token in inside if token.type == "hr" and token.level == opener.level + 1]


def _callout(words: str, labels: Mapping[str, str]) -> str:
    first, _, rest = words.partition(" ")
    kind = first.lower() if first.lower() in CALLOUTS else "note"
    title = f"{labels[kind]}: {rest.strip()}" if rest.strip() else labels[kind]
    return f'<div class="callout callout-{kind}" role="note"><p class="callout-t">{escape(title)}</p>'


def _side(kind: str, title: str) -> str:
    return f'<div class="compare-side compare-{kind}"><p class="compare-t">{escape(title)}</p>'


def _side_title(words: str, index: int, fallback: str) -> str:
    titles = [part.strip() for part in words.split("|")]
    return titles[index] if index < len(titles) and titles[index] else fallback
