"""What every layout needs: menu, hats, bell, theme, banner."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import Actor, AgentActor, BrandActor
from gigcx.web import registries
from gigcx.web.access import actor_of


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line of the menu, ready to print."""

    label: str
    url: str
    icon: str
    is_current: bool
    badge: int
    is_primary: bool
    prefixes: tuple[str, ...] = ()

    def matched_by(self, path: str, *, home: str) -> int:
        """This function will tell how much of the path this line explains; a home explains itself alone."""
        if self.url == home:
            return len(home) if path == home else 0
        below = (self.url, *(home + prefix for prefix in self.prefixes))
        return max((len(one) for one in below if path.startswith(one)), default=0)


def shell(request: HttpRequest) -> dict[str, Any]:
    """This function will return the context of the layouts; it makes no query of its own unless a template asks."""
    actor = actor_of(request)
    theme = request.COOKIES.get("theme", "")
    return {
        "actor": actor,
        "brand": actor.brand if isinstance(actor, BrandActor) else None,
        "menu": _menu(request, actor),
        "hats": lambda: _hats(request),
        "unread_count": lambda: _unread(request),
        "theme": theme if theme in {"light", "dark"} else "",
        "money_banner": _banner(request),
    }


def _menu(request: HttpRequest, actor: Actor) -> list[MenuLine]:
    name = {"brand": "brand", "agent": "agent"}.get(actor.kind, "public")
    kwargs = {"slug": actor.brand.slug} if isinstance(actor, BrandActor) else {}
    lines = [_line(entry, request, actor, kwargs) for entry in registries.entries(name)]
    shown = [line for line in lines if line is not None]
    home = _home_of(shown)
    best = max(shown, key=lambda line: line.matched_by(request.path, home=home), default=None)
    return [replace(line, is_current=line is best and line.matched_by(request.path, home=home) > 0) for line in shown]


def _home_of(lines: list[MenuLine]) -> str:
    """The address that all others lie below; visitors have theirs outside the menu."""
    first = lines[0].url if lines else "/"
    return first if len(lines) > 1 and all(line.url.startswith(first) for line in lines) else "/"


def _line(entry: registries.Entry, request: HttpRequest, actor: Actor, kwargs: dict[str, str]) -> MenuLine | None:
    if entry.permission is not None and not actor.can(entry.permission):
        return None
    try:
        url = reverse(entry.url_name, kwargs=kwargs)
    except NoReverseMatch:
        return None
    badge = entry.badge(actor, clock.now()) if entry.badge and isinstance(actor, AgentActor | BrandActor) else 0
    return MenuLine(str(entry.label), url, entry.icon, False, badge, entry.is_primary, entry.prefixes)


def _hats(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.is_authenticated:
        return []
    pairs = [pair for hat in registries.hats() for pair in hat.of(request.user)]
    return [{"label": label, "url": url, "is_current": request.path.startswith(url)} for label, url in pairs]


def _unread(request: HttpRequest) -> int:
    from gigcx.notify.queries import unread_count

    return unread_count(request.user) if request.user.is_authenticated else 0


def _banner(request: HttpRequest) -> str:
    for banner in registries.banners():
        if any(part in request.path for part in banner.prefixes):
            return banner.text()
    return ""
