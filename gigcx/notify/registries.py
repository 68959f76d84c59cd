"""Who hears what, and how a letter gets its words. Stages fill both in `AppConfig.ready`; this package knows none of them.

kind(Kind("shift_soon", _("Your shift starts soon"), is_urgent=True, stale_after=timedelta(minutes=30)))
tell(ShiftSoon, "shift_soon", lambda fact, delivered: [Message(user_id, title, text, url, label)])
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from gigcx.audit.outbox import Delivered, listen
from gigcx.kernel.events import Event
from gigcx.tenancy.roles import Permission

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Reach(StrEnum):
    """Whom a kind of notification is for, where it is not for the members of a brand who hold a permission."""

    AGENTS = "agents"
    OPS = "ops"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notification that people may switch on and off by channel.

    `reaches` says who can ever be told: people whom it cannot reach do not see it on their settings page. An urgent one
    passes quiet hours. After `stale_after` it is no longer sent. A mandatory one cannot be switched off.
    """

    code: str
    label: "str | Promise"
    is_urgent: bool = False
    is_mandatory: bool = False
    by_email: bool = True
    stale_after: timedelta = timedelta(days=3)
    reaches: Reach | Permission = Reach.AGENTS


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told. Lazy texts come out in that person's language; `url` is a path of ours."""

    user_id: UUID
    title: "str | Promise"
    text: "str | Promise" = ""
    url: str = ""
    label: "str | Promise" = ""
    brand_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LetterText:
    """The words of an e-mail, ready to send."""

    to: str
    subject: str
    text: str
    html: str


Build = Callable[[Any, Delivered], Iterable[Message]]
LetterBuilder = Callable[[UUID, datetime], LetterText | None]

_kinds: dict[str, Kind] = {}
_letters: dict[str, LetterBuilder] = {}
_stamps: list[tuple[tuple[str, ...], Callable[[], str]]] = []


def kind(one: Kind) -> None:
    """This function will register a kind; people find it on their settings page."""
    _kinds[one.code] = one


def kinds() -> Mapping[str, Kind]:
    """This function will return the kinds by code."""
    return _kinds


def tell(event: type[Event], kind_code: str, build: Build) -> None:
    """This function will register that a fact is told: `build` returns whom, and in which words.

    The listener is named "notify.<kind>", so that one fact may be told in several kinds.
    """

    def handler(fact: Event, delivered: Delivered) -> None:
        from gigcx.notify.actions import notify_all
        from gigcx.notify.tasks import hint_sending

        notify_all(
            build(fact, delivered),
            kind_code=kind_code,
            event_id=delivered.event_id,
            occurred_at=delivered.occurred_at,
            at=delivered.at,
        )
        transaction.on_commit(hint_sending, robust=True)

    listen(event, f"notify.{kind_code}", handler)


def stamp(places: tuple[str, ...], text: Callable[[], str]) -> None:
    """This function will put a mark before the subject of e-mails that lead to one of these places.

    `places` are parts of our own paths; `text` returns the mark, or nothing.
    """
    _stamps.append((places, text))


def stamp_of(url: str) -> str:
    """This function will return what stands before the subject of an e-mail that leads to `url`, mostly nothing."""
    found = (text() for places, text in _stamps if any(place in url for place in places))
    return next((mark for mark in found if mark), "")


def letter(name: str, builder: LetterBuilder) -> None:
    """This function will register how letters of a kind get their words; None means that it is no longer worth sending."""
    _letters[name] = builder


def letter_builder(name: str) -> LetterBuilder:
    """This function will return a letter's builder. Raises KeyError for an unknown kind."""
    return _letters[name]
