"""Whatever people read from code is marked for translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from gigcx.kernel.errors import DomainError

ROOT = Path(settings.BASE_DIR)
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "format_lazy"}
# These know no framework: what they say is said by whoever calls them.
PURE = tuple(
    ROOT / room for room in ("gigcx/kernel", "scheduling/design", "scheduling/allocation", "scheduling/staffing")
)
MESSAGES = {"error", "warning", "success", "info"}


def refusals(root: type[DomainError] = DomainError) -> set[str]:
    """The names of all refusals."""
    return {root.__name__}.union(*(refusals(one) for one in root.__subclasses__()))


def unmarked(tree: ast.AST, *, names: set[str]) -> Iterator[int]:
    """The lines of messages with words that no mark surrounds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (message := _message_of(node, names)) is not None and _has_words(message):
            yield node.lineno
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _has_words(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(target, "id", "") == "default_message" for target in targets):
                yield node.lineno


def _message_of(call: ast.Call, names: set[str]) -> ast.expr | None:
    """The words that a call says to people, where it is one that says something."""
    called = getattr(call.func, "attr", getattr(call.func, "id", ""))
    owner = getattr(getattr(call.func, "value", None), "id", "")
    place = 1 if called == "add_error" or (owner == "messages" and called in MESSAGES) else 0
    is_said = place == 1 or called in names or called == "ValidationError"
    named = next((one.value for one in call.keywords if one.arg == "message"), None)
    return (call.args[place] if len(call.args) > place else named) if is_said else None


def _has_words(node: ast.expr) -> bool:
    """Whether literal words stand there outside of a mark."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in MARKS:
        return False
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and re.search("[A-Za-z]{2}", node.value) is not None
    if isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp | ast.BoolOp):
        parts = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
        return any(_has_words(part) for part in parts)
    return False


def test_whatever_refuses_or_tells_is_marked_for_translation() -> None:
    names, guilty = refusals(), []
    for folder in ("gigcx", *settings.STAGES):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and not any(path.is_relative_to(pure) for pure in PURE):
                lines = unmarked(ast.parse(path.read_text()), names=names)
                guilty += [f"{path.relative_to(ROOT)}:{line}" for line in lines]
    assert guilty == []


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [
        ('raise Invalid("Say why.", field="reason")', True),
        ('raise Invalid(_("Say why."), field="reason")', False),
        ('raise Invalid(f"There is no {name}.")', True),
        ('raise Invalid("Say %s." % name)', True),
        ('raise Invalid(_("Say %s.") % name)', False),
        ('messages.error(request, "No.")', True),
        ('messages.error(request, f"{one} {other}")', False),
        ('form.add_error(None, "No.")', True),
        ('default_message = "No."', True),
        ('default_message = _("No.")', False),
        ("raise Invalid(message=words)", False),
    ],
)
def test_the_check_knows_a_mark_from_bare_words(code: str, is_refused: bool) -> None:
    assert bool(list(unmarked(ast.parse(code), names=refusals()))) is is_refused
