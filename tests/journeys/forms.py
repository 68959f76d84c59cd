"""The forms of the product as a browser meets them: read from the pages, filled in and sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve

# What an empty required field of each kind would reasonably hold.
PLAUSIBLE = {
    "date": "2027-03-01",
    "time": "09:00",
    "datetime-local": "2027-03-01T09:00",
    "number": "1",
    "email": "someone@example.test",
    "url": "https://example.test/",
}
TYPED = {"text", "textarea", "search", "email", "url", "tel", "number", "date", "time", "datetime-local"}
EXAMPLES_OF_AN_ADDRESS = 2


@dataclass
class Field:
    """One control of a form."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED

    def rendered(self) -> list[str]:
        """What the browser would send, with something reasonable where the page shows an empty field."""
        if any(self.values):
            return self.values
        if self.choices:
            return [next((choice for choice in self.choices if choice), "")]
        return [PLAUSIBLE.get(self.kind, "Words")] if self.is_typed else self.values


@dataclass
class Form:
    """A form of a page: where it goes and what it sends."""

    page: str
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def route(self) -> str:
        return route_of(self.action)

    @property
    def identity(self) -> tuple[str, str, frozenset[str]]:
        return self.method, self.route, frozenset(self.fields)

    @property
    def uploads(self) -> list[str]:
        return [one.name for one in self.fields.values() if one.kind == "file"]

    def filled(self, value: str | None = None, *, into: set[str] | None = None) -> dict[str, Any]:
        """What the page would send, with `value` typed into the named fields."""
        sent: dict[str, Any] = {}
        for one in self.fields.values():
            if into and one.name in into and value is not None:
                sent[one.name] = SimpleUploadedFile("front.png", value.encode()) if one.kind == "file" else value
            elif one.kind != "file" and (rendered := one.rendered()):
                sent[one.name] = rendered
        return sent


class _Reader(HTMLParser):
    """Collects links and forms."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._field: Field | None = None
        self._by_id: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.page, given["href"]).split("#")[0])
        elif tag == "form":
            action = urljoin(self.page, given.get("action") or given.get("hx-post") or self.page)
            self._form = Form(self.page, action, given.get("method", "get").lower())
            self._by_id[given.get("id", "")] = self._form
            self.forms.append(self._form)
        elif tag == "option" and self._field is not None:
            self._field.choices.append(given.get("value", ""))
            self._field.values += [given.get("value", "")] if "selected" in given else []
        elif tag in {"input", "select", "textarea", "button"}:
            self._control(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in {"select", "textarea"}:
            self._field = None

    def handle_data(self, data: str) -> None:
        if self._field is not None and self._field.kind == "textarea":
            self._field.values = ["".join([*self._field.values, data])]

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given["form"]) if given.get("form") else self._form
        name = given.get("name", "")
        if form is None or not name or name == "csrfmiddlewaretoken" or "disabled" in given:
            return
        kind = given.get("type", "text") if tag == "input" else tag
        one = form.fields.setdefault(name, Field(name, kind))
        if tag in {"select", "textarea"}:
            self._field = one
        elif kind in {"radio", "checkbox"}:
            one.choices.append(given.get("value", "on"))
            one.values += [given.get("value", "on")] if "checked" in given else []
        elif kind != "file":
            one.values.append(given.get("value", ""))


def read(page: str, text: str) -> tuple[list[str], list[Form]]:
    """Links and forms of a page."""
    reader = _Reader(page)
    reader.feed(text)
    return reader.links, reader.forms


def route_of(path: str) -> str:
    """The pattern that answers a path, or nothing."""
    try:
        return resolve(urlsplit(path).path).route
    except Resolver404:
        return ""


def walk(client: Client, starts: list[str], *, below: str) -> Iterator[Form]:
    """Every form, of either method, that the visitor meets on their way from the starts, each kind once."""
    waiting, seen, shown = list(starts), set(starts), set()
    visits: dict[str, int] = {}
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
            continue
        links, forms = read(path, answer.content.decode())
        for form in forms:
            if form.identity not in shown and form.action.startswith(below):
                shown.add(form.identity)
                yield form
        for link in links:
            route = route_of(link)
            if link in seen or not link.startswith(below) or visits.get(route, 0) >= EXAMPLES_OF_AN_ADDRESS:
                continue
            visits[route] = visits.get(route, 0) + 1
            seen.add(link)
            waiting.append(link)
