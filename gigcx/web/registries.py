"""What stages bring to shared pages. Everything here is filled in `AppConfig.ready` and read by views."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from gigcx.tenancy.actors import Actor
from gigcx.tenancy.roles import Permission

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from gigcx.accounts.models import User


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a menu. `menu` is brand, agent or public; `url_name` is reversed with the brand's slug where needed.

    The first line of a menu is its home. `prefixes` are addresses below the home, besides the line's own, that belong to
    this line. `badge` may count what waits there; it runs at most one query.
    """

    menu: str
    order: int
    label: "str | Promise"
    url_name: str
    icon: str
    permission: Permission | None = None
    prefixes: tuple[str, ...] = ()
    badge: Callable[[Actor, datetime], int] | None = None
    is_primary: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of a shared page.

    `build(request, actor, subject, at)` returns the template's context, or None to stay away. `subject` is what the page
    is about (a program on an opportunity page), or None on home pages. Slots in use: brand.today, agent.home,
    public.opportunity, agent.learn, brand.program, agent.profile; the one panel of brand.lead brings Today's h1.
    """

    slot: str
    order: int
    template: str
    build: Callable[[HttpRequest, Actor, Any, datetime], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Hat:
    """A way to be here. `of(user)` returns (label, url) pairs."""

    order: int
    kind: str
    of: Callable[["User"], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Queue:
    """A pile of work for ops: how many, how old the oldest, and how old it may get."""

    order: int
    label: "str | Promise"
    url: Callable[[], str]
    measure: Callable[[datetime], tuple[int, datetime | None]]
    sla: timedelta


@dataclass(frozen=True, slots=True)
class OpsGroup:
    """A group of tables in the menu of ops. `members` are stages ("audit") or single tables ("tenancy.brand")."""

    order: int
    label: "str | Promise"
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One stage's part of the demo world. `tell(world)` uses the stage's own actions; `order` follows the lifecycle.

    One that `goes_first` is told before the facts of the chapter before it are handed over: it does in bulk what its
    stage's listeners would do one by one.
    """

    order: int
    name: str
    tell: Callable[[Any], None]
    goes_first: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence above every page under a path prefix, such as the sandbox stripe on money pages."""

    prefixes: tuple[str, ...]
    text: Callable[[], str]


_entries: list[Entry] = []
_panels: list[Panel] = []
_hats: list[Hat] = []
_queues: list[Queue] = []
_ops_groups: list[OpsGroup] = []
_chapters: list[Chapter] = []
_banners: list[Banner] = []
_agent_finders: list[Callable[["User"], Any]] = []


def add(thing: Entry | Panel | Hat | Queue | OpsGroup | Chapter | Banner) -> None:
    """This function will register one thing on the shelf of its kind, keeping each shelf in order."""
    shelves: dict[type, list[Any]] = {
        Entry: _entries,
        Panel: _panels,
        Hat: _hats,
        Queue: _queues,
        OpsGroup: _ops_groups,
        Chapter: _chapters,
        Banner: _banners,
    }
    shelf = shelves[type(thing)]
    shelf.append(thing)
    shelf.sort(key=lambda one: getattr(one, "order", 0))


def entries(menu: str) -> list[Entry]:
    """This function will return a menu's lines in order."""
    return [entry for entry in _entries if entry.menu == menu]


def panels(slot: str) -> list[Panel]:
    """This function will return a slot's panels in order."""
    return [panel for panel in _panels if panel.slot == slot]


def hats() -> list[Hat]:
    """This function will return the kinds of hats."""
    return list(_hats)


def queues() -> list[Queue]:
    """This function will return the work queues of ops."""
    return list(_queues)


def ops_groups() -> list[OpsGroup]:
    """This function will return the groups of the menu of ops in order."""
    return list(_ops_groups)


def chapters() -> list[Chapter]:
    """This function will return the demo chapters in lifecycle order."""
    return list(_chapters)


def banners() -> list[Banner]:
    """This function will return the banners."""
    return list(_banners)


def find_agent_with(finder: Callable[["User"], Any]) -> None:
    """This function will register how to find a person's agent id (recruiting does)."""
    _agent_finders.append(finder)


def agent_id_of(user: "User") -> Any:
    """This function will return the id of the person's agent profile, or None."""
    return next((found for finder in _agent_finders if (found := finder(user)) is not None), None)


def render_panels(slot: str, request: HttpRequest, actor: Actor, *, subject: Any = None, at: datetime) -> list[str]:
    """This function will render a slot's panels to safe HTML; a panel that has nothing to say stays away."""
    from django.template.loader import render_to_string

    built = [(panel, panel.build(request, actor, subject, at)) for panel in panels(slot)]
    return [
        render_to_string(panel.template, dict(context), request=request)
        for panel, context in built
        if context is not None
    ]
