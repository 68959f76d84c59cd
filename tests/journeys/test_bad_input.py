"""Wrong input to every form and endpoint: never a fault of ours, the field is named, what was typed is kept."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from gigcx.accounts.models import User
from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.models import Brand
from gigcx.web.registries import agent_id_of
from tests.journeys.addresses import Address, addresses, ids_for, ops_addresses
from tests.journeys.forms import Form, read, walk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

LONG = "Ten thousand letters " * 480
TYPED = {
    "nothing": "",
    "spaces": "   ",
    "10,000 letters": LONG,
    "emoji": "🦊 ready 👩‍💻",
    "right to left": "\u0645\u0631\u062d\u0628\u0627 \u202e\u05e2\u05d5\u05dc\u05dd",
    "quotes": "'; DROP TABLE x; --",
    "markup": "<script>alert(1)</script>{{ 7*7 }}{% now %}",
    "NUL": "before\x00after",
    "negative": "-1",
    "huge": "9" * 40,
    "not a number": "NaN",
    "infinite": "1e400",
    "far past": "0001-01-01T00:00",
    "far future": "9999-12-31T23:59",
    "no such thing": "00000000-0000-0000-0000-000000000000",
}
TOGETHER = {"10,000 letters", "emoji", "markup", "NUL"}
EVERYWHERE = {"nothing", "huge", "no such thing"}
# These ask the payment rail, which refuses to be asked inside a transaction; so what they do is not rolled back.
ASK_THE_RAIL = ("work/earnings/account/<uuid:account_id>/return/",)
UPLOADS = {
    "words": b"no image at all",
    "nothing": b"",
    "cut short": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "page": b"<svg onload=alert(1)>",
}
SHAPES: dict[str, Any] = {
    "nothing": b"",
    "a list": b"[]",
    "a list of lists": b"[[[{}]]]",
    "words": b'"words"',
    "a number": b"5",
    "null": b"null",
    "NaN": b'{"a": NaN}',
    "deep": b"[" * 50_000,
    "cut short": b'{"a": ',
    "not text": b"\xff\xfe{}",
    "half a letter": b'{"a": "\\ud800"}',
}
VALUES: dict[str, Any] = {
    **TYPED,
    "a list": [],
    "a list of nothing": [None],
    "an object": {},
    "nested": {"a": [{"b": {}}]},
    "null": None,
    "true": True,
    "-1": -1,
    "huge figure": 10**40,
    "fraction": 0.1,
    "half a letter": "\ud800",
}
# Every value meets every field together with the others; alone it meets every third, beginning with another each time.
BY_TURNS = 3


class Caught:
    """What the product raised while it answered, for the reader of a failing test."""

    def __init__(self) -> None:
        self.last = ""
        got_request_exception.connect(self._note)

    def close(self) -> None:
        got_request_exception.disconnect(self._note)

    def take(self) -> str:
        last, self.last = self.last, ""
        return last

    def _note(self, sender: object, request: HttpRequest | None = None, **_more: object) -> None:
        kind, error, trace = sys.exc_info()
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
        self.last = f"{kind.__name__ if kind else ''}: {str(error)[:160]} ({place})"


@pytest.fixture
def caught() -> Iterator[Caught]:
    watching = Caught()
    yield watching
    watching.close()


@pytest.fixture(scope="module")
def people(world: None) -> dict[str, Client]:
    """The owner of a brand and an agent of the demo world."""
    return {who: signed_in(f"{who}@demo.example") for who in ("dana", "ada")}


def signed_in(email: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=email))
    client.get("/account/me/")  # the session notes that it began, which would else be written and undone each time
    return client


def all_addresses(who: str) -> list[tuple[Address, str]]:
    """Every address of the brand's owner, or of the agent, filled with things of theirs."""
    brand = Brand.objects.get(slug="alder-wren")
    agent_id = agent_id_of(User.objects.get(email="ada@demo.example"))
    found = []
    for address in addresses():
        if address.is_brand if who == "dana" else address.is_agent:
            path = address.filled(
                ids_for(address, brand=brand) if who == "dana" else ids_for(address, agent_id=agent_id)
            )
            found += [(address, path)] if path else []
    return found


def forms_of(who: str, client: Client) -> list[Form]:
    """Every form they meet, and a form without fields for every address that no page led to."""
    pages = [(address, path) for address, path in all_addresses(who) if not address.is_api]
    below = "/b/alder-wren/" if who == "dana" else "/work/"
    met = list(walk(client, [path for _address, path in pages], below=below))
    routes = {form.route for form in met if form.method == "post"}
    return met + [Form(path, path, "post") for address, path in pages if address.route not in routes]


def ways(form: Form) -> Iterator[tuple[str, dict[str, Any]]]:
    """All typed fields at once, all fields at once, then each field by turns, among what the page would send."""
    typed, names = {one.name for one in form.fields.values() if one.is_typed}, list(form.fields)
    for turn, (what, value) in enumerate(TYPED.items()):
        if len(typed) > 1 and what in TOGETHER:
            yield f"{what} in every typed field", form.filled(value, into=typed)
        if len(names) > 1 and what in EVERYWHERE:
            yield f"{what} in every field", form.filled(value, into=set(names))
        if names:
            yield f"{what} in {names[turn % len(names)]}", form.filled(value, into={names[turn % len(names)]})
    yield "no field at all", {}
    for name in form.uploads:
        for what, content in UPLOADS.items():
            yield f"{what} as {name}", {**form.filled(), name: SimpleUploadedFile("front.png", content, "image/png")}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens to the database in here did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(client: Client, form: Form, sent: dict[str, Any]) -> Any:
    return client.post(form.action, sent) if form.method == "post" else client.get(form.action, sent)


def faults_of(form: Form, sent: dict[str, Any], answer: Any, before: int) -> Iterator[str]:
    """What is wrong with the answer to wrong input."""
    text = answer.content.decode(errors="replace") if not answer.streaming else ""
    if answer.status_code >= 500:
        yield f"{answer.status_code}"
        return
    if "Traceback (most recent" in text:
        yield "shows a traceback"
    if "<script>alert(1)" in text:
        yield "repeats markup as it came"
    if answer.status_code >= 400 and OutboxEvent.objects.count() != before:
        yield f"{answer.status_code}, and something happened all the same"
    if answer.status_code == 422:
        yield from forgotten(form, sent, text)


def forgotten(form: Form, sent: dict[str, Any], text: str) -> Iterator[str]:
    """Typed fields whose words are gone from the page that refuses them."""
    same = [one for one in read(form.action, text)[1] if one.route == form.route]
    shown = [one for one in same if one.action == form.action] or same  # a page may show the form once a chapter
    kept = {name: one for again in shown for name, one in again.fields.items()}
    for name, one in form.fields.items():
        value = sent.get(name)
        if one.kind in {"text", "textarea"} and isinstance(value, str) and name in kept and value.strip():
            said = "".join(kept[name].values).replace("\r", "").strip()
            if said != value.strip() and "\x00" not in value:
                yield f"422, and {name} reads {said[:30]!r} instead of {value[:30]!r}"


# Pages outside of a brand and of an agent's work: who meets them.
ELSEWHERE = {
    "nobody": ("/account/signup/", "/account/login/", "/account/password/reset/", "/join/member/no-such-token/"),
    "dana": ("/brands/new/", "/account/me/", "/notifications/settings/", "/account/email/"),
    "olu": ("/admin/",),
}


def forms_elsewhere(who: str, client: Client) -> list[Form]:
    """The forms of those pages; for ops those of the first rows of every table that takes decisions."""
    if who != "olu":
        return [form for path in ELSEWHERE[who] for form in read(path, client.get(path).content.decode())[1]]
    met: dict[Any, Form] = {}
    for path, route in ops_addresses():
        if route.endswith(("/change/", "/board/", "/trace/")) or "/documents/" in route:
            for form in read(path, client.get(path).content.decode(errors="replace"))[1]:
                met.setdefault(form.identity, form)
    decisions = [Form(path, path, "post") for path, route in ops_addresses() if route.endswith("/decide/<slug:name>/")]
    return [
        form for form in [*met.values(), *decisions] if not form.action.startswith(("/account/logout", "/admin/logout"))
    ]


@pytest.mark.parametrize("who", sorted(ELSEWHERE))
def test_every_form_elsewhere_takes_wrong_input_and_says_so(world: None, who: str, caught: Caught) -> None:
    client = Client(raise_request_exception=False) if who == "nobody" else signed_in(f"{who}@demo.example")
    found, routes = [], set()
    for form in forms_elsewhere(who, client):
        routes.add(form.route)
        for what, sent in ways(form):
            cache.clear()  # sign-in counts tries, which is tested where signing in is
            with undone():
                before = OutboxEvent.objects.count()
                answer = send(client, form, sent)
                found += [
                    f"{form.method} {form.action}: {what}: {one} {caught.take()}"
                    for one in faults_of(form, sent, answer, before)
                ]
    assert len(routes) >= {"nobody": 3, "dana": 4, "olu": 12}[who], routes
    assert not found, f"{len(found)} faults\n" + "\n".join(found[:60])


@pytest.mark.parametrize("who", ["dana", "ada"])
def test_every_form_takes_wrong_input_and_says_so(people: dict[str, Client], who: str, caught: Caught) -> None:
    client = people[who]
    forms = forms_of(who, client)
    found, posted = [], set()
    for form in forms:
        posted.add(form.route)
        for what, sent in ways(form):
            with nullcontext() if form.route in ASK_THE_RAIL else undone():
                before = OutboxEvent.objects.count()
                answer = send(client, form, sent)
                if answer.status_code >= 500:
                    found.append(f"{form.method} {form.action}: {what} -> {answer.status_code} {caught.take()}")
                else:
                    found += [
                        f"{form.method} {form.action}: {what}: {one}" for one in faults_of(form, sent, answer, before)
                    ]
    assert len(posted) > 20, "the walk must reach the product's forms"
    assert not found, f"{len(found)} faults\n" + "\n".join(found)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Route, method and properties of every operation of the API that takes a body."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for route, methods in schema["paths"].items():
        for method, operation in methods.items():
            if method in {"post", "put", "patch"}:
                body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                name = body.get("$ref", "").rpartition("/")[2]
                yield route, method, schema["components"]["schemas"].get(name, body).get("properties", {})


def plausible(schema: dict[str, Any]) -> Any:
    """A value the schema would take."""
    kinds = {"integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    if "enum" in schema:
        return schema["enum"][0]
    formats = {
        "date-time": "2027-03-01T09:00:00Z",
        "date": "2027-03-01",
        "uuid": "00000000-0000-0000-0000-000000000000",
    }
    return kinds.get(schema.get("type", ""), formats.get(schema.get("format", ""), "Words"))


def bodies(properties: dict[str, Any]) -> Iterator[tuple[str, str, bytes]]:
    """What, content type and body of every wrong request."""
    for what, raw in SHAPES.items():
        yield what, "application/json", raw
    yield "a form", "application/x-www-form-urlencoded", b"a=1"
    yield "a form of parts", "multipart/form-data; boundary=x", b"--x--"
    yield "no type", "", b"{}"
    good = {name: plausible(schema) for name, schema in properties.items()}
    for turn, (what, value) in enumerate(VALUES.items()):
        yield f"{what} everywhere", "application/json", json.dumps(dict.fromkeys(properties, value)).encode()
        for name in list(properties)[turn % BY_TURNS :: BY_TURNS]:
            yield f"{what} as {name}", "application/json", json.dumps({**good, name: value}).encode()


def paths_of_api() -> dict[str, tuple[str, str]]:
    """Route as the schema writes it -> who may ask, and the path filled with things of theirs."""
    found = {}
    for who in ("dana", "ada"):
        for address, path in all_addresses(who):
            if address.is_api:
                plain = "/" + address.route
                for name, converter in address.parts:
                    plain = plain.replace(f"<{converter}:{name}>", f"{{{name}}}")
                found[plain] = (who, path)
    return found


def api_faults(answer: Any, properties: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the API's answer to wrong input."""
    if answer.status_code < 400:
        return
    if answer.headers.get("Content-Type") != "application/problem+json":
        yield f"{answer.status_code} is no problem+json but {answer.headers.get('Content-Type')}"
        return
    said = answer.json()
    if not {"type", "title", "status", "code"} <= set(said):
        yield f"{answer.status_code} lacks members: {sorted(said)}"
    if said.get("code") == "invalid" and properties:
        named = {name.split(".")[0] for name in said.get("problems", {})}
        if not named or not named <= {*properties, "body"}:
            yield f"{answer.status_code} names {sorted(named)}, the schema {sorted(properties)}"


def test_every_endpoint_takes_wrong_input_and_names_the_field(people: dict[str, Client], caught: Caught) -> None:
    paths, found, visited = paths_of_api(), [], 0
    for route, method, properties in operations():
        if route not in paths:
            found.append(f"nothing to show at {route}")
            continue
        who, path = paths[route]
        visited += 1
        for what, kind, body in bodies(properties):
            with undone():
                before = OutboxEvent.objects.count()
                answer = people[who].generic(method.upper(), path, body, kind)
                if answer.status_code >= 500:
                    found.append(f"{method} {path}: {what} -> {answer.status_code} {caught.take()}")
                else:
                    if answer.status_code >= 400 and OutboxEvent.objects.count() != before:
                        found.append(
                            f"{method} {path}: {what} -> {answer.status_code}, and something happened all the same"
                        )
                    found += [f"{method} {path}: {what}: {one}" for one in api_faults(answer, properties)]
    assert visited > 10, "the walk must reach the product's endpoints"
    assert not found, f"{len(found)} faults\n" + "\n".join(found)


def test_every_list_takes_wrong_filters(people: dict[str, Client], caught: Caught) -> None:
    """Addresses that read the query: pages, filters and cursors that nobody could have clicked."""
    wrong = ["\x00", "-1", "9" * 40, "NaN", "'; DROP", "[]", "2026-02-30", "9999-12-31"]
    names = [
        *("cursor", "page", "page_size", "before", "after", "week", "day", "q", "state", "stage", "program", "show"),
        *("zoom", "to", "channel", "starter", "kind", "id", "hours", "claimed", "change", "next"),
    ]
    found = []
    for who, client in people.items():
        for _address, path in all_addresses(who):
            for turn in range(0, len(wrong), 3):
                asked = {name: wrong[(place + turn) % len(wrong)] for place, name in enumerate(names)}
                answer = client.get(path, asked)
                if answer.status_code >= 500:
                    found.append(f"{path}: {asked} -> {answer.status_code} {caught.take()}")
    assert not found, f"{len(found)} faults\n" + "\n".join(found)
