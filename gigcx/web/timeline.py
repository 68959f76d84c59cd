"""History as sentences. Stages register a phrase for each of their actions; the audit trail does the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils.translation import gettext as _

from gigcx.audit.models import AuditEntry
from gigcx.audit.trail import history_of
from gigcx.web.formats import moment_text

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline component."""

    title: str
    text: str
    at: datetime
    when: str
    state: str = "past"


_phrases: dict[str, "str | Promise"] = {}


def phrase(action: str, sentence: "str | Promise") -> None:
    """This function will register how an action reads.

    `{who}` stands for the person, `{reason}` for the reason, `{to_state}` for where the thing went; every key of the
    entry's changes may be named too:
    `phrase("tenancy.change_role", _("{who} made {name} {role}"))`.
    """
    _phrases[action] = sentence


def phrases() -> Mapping[str, "str | Promise"]:
    """This function will return the registered phrases by action."""
    return _phrases


def history_lines(subject: Model) -> list[Line]:
    """This function will return a thing's history, oldest first. Callers check who may see it."""
    return lines(history_of(subject))


def lines(entries: Iterable[AuditEntry]) -> list[Line]:
    """This function will return the entries as lines, in their order."""
    return [Line(sentence_of(entry), entry.reason, entry.at, moment_text(entry.at)) for entry in entries]


def sentence_of(entry: AuditEntry) -> str:
    """This function will say what happened; an action without a phrase is named in plain words."""
    who = entry.actor_label or _("The product")
    known = _phrases.get(entry.action)
    if known is None:
        return f"{who}: {entry.action.rpartition('.')[2].replace('_', ' ')}"
    now = entry.to_state.replace("_", " ")
    return str(known).format_map(_Words({**entry.changes, "who": who, "reason": entry.reason, "to_state": now}))


class _Words(dict[str, object]):
    """A phrase may name what an older entry did not carry yet."""

    def __missing__(self, key: str) -> str:
        return "…"
