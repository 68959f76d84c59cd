"""Every address of one actor replayed as every other actor and as nobody: not found or sign in, no leak, no 5xx."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.test import Client

from gigcx.accounts.models import User
from gigcx.audit.models import AuditEntry
from gigcx.tenancy.models import Brand, Membership
from gigcx.web.registries import agent_id_of
from tests.journeys.addresses import Address, addresses, ids_for, ops_addresses

MARKER = "Kestrel7Q"
# Told to agents and to the public on purpose: what a brand offers, and what somebody learns on the way to it.
SHOWN_TO_OTHERS = {
    "recruiting": {"program", "termsversion", "ratecard", "screeningquestion"},
    "training": {"course", "courseversion", "module", "page"},
    "vetting": {"certification", "certificationversion", "assessment", "assessmentversion"},
}
# Routes that name a thing of which the demo world has none, each with why that is so.
WITHOUT_A_THING: dict[str, str] = {}
# Whoever is signed in may become an agent here, and ask who they are.
OPEN_TO_ALL = {"api/v1/me/", "work/welcome/", "work/welcome/<slug:step>/"}


def signed_in(email: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=email))
    return client


def attempts(client: Client, path: str, address: Address) -> Iterator[tuple[str, Any]]:
    yield "GET", client.get(path)
    yield "POST", client.post(path, "{}", "application/json") if address.is_api else client.post(path, {})


def faults(client: Client, who: str, address: Address, values: dict[str, Any]) -> list[str]:
    """What the visitor learns. A foreign thing must answer exactly as one that does not exist, and never openly."""
    path = address.filled(values) or ""
    absent = address.filled({name: uuid4() if name.endswith("_id") else value for name, value in values.items()}) or ""
    found = []
    for (verb, real), (_verb, nothing) in zip(
        attempts(client, path, address), attempts(client, absent, address), strict=True
    ):
        if real.status_code != nothing.status_code and not _is_shared(address):
            found.append(f"{who} {verb} {path} -> {real.status_code}, an absent one -> {nothing.status_code}")
        if real.status_code >= 500 or (real.status_code == 200 and not _is_shared(address)):
            found.append(f"{who} {verb} {path} -> {real.status_code}")
        if MARKER.encode() in body_of(real):
            found.append(f"{who} {verb} {path} -> reads another brand's words")
    return found


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def plant(brand: Brand) -> int:
    """Write the marker into every free text of that brand's own rows; return how many columns took it."""
    planted = 0
    for stage in settings.STAGES:
        for model in apps.get_app_config(stage).get_models():
            path = getattr(model, "brand_path", "")
            if not path or "__" in path or model._meta.model_name in SHOWN_TO_OTHERS.get(stage, set()):
                continue
            for field in model._meta.get_fields():
                if isinstance(field, models.CharField | models.TextField) and not (field.unique or field.choices):
                    planted += _planted(model, field.name, path, brand)
    return planted


def _planted(model: Any, name: str, path: str, brand: Brand) -> int:
    """Rows that nothing may change, and columns with a rule about their words, are left alone."""
    try:
        with transaction.atomic():
            return int(model.objects.across_brands().filter(**{path: brand.pk}).update(**{name: MARKER}) > 0)
    except DatabaseError:
        return 0


@pytest.fixture
def undone(world: None) -> Iterator[None]:
    """What a test writes into the world is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
def test_every_address_of_one_actor_replayed_as_every_other_shows_nothing(undone: None) -> None:
    alder = Brand.objects.get(slug="alder-wren")
    northline = Brand.objects.get(slug="northline")
    ada_id = agent_id_of(User.objects.get(email="ada@demo.example"))
    other_owner, other_agent, nobody = (
        signed_in("nils@demo.example"),
        signed_in("bo@demo.example"),
        Client(raise_request_exception=False),
    )
    mallory = Client(raise_request_exception=False)
    mallory.force_login(User.objects.create_user("mallory@example.test", "x", full_name="Mallory"))
    found: list[str] = []
    unfilled: set[str] = set()
    every = addresses()
    assert plant(alder) > 20, "the marker must reach the brand's rows"
    for address in every:
        if address.is_brand:
            values = ids_for(address, brand=alder)
            if address.filled(values) is None:
                unfilled.add(address.route)
                continue
            for client, who in (
                (other_owner, "Northline's owner"),
                (other_agent, "an agent"),
                (nobody, "nobody"),
                (mallory, "Mallory"),
            ):
                found += faults(client, who, address, values)
            if any(name.endswith("_id") for name, _ in address.parts):
                found += faults(other_owner, "Northline's owner at home", address, {**values, "slug": northline.slug})
        elif address.is_agent and any(name.endswith("_id") for name, _ in address.parts):
            values = ids_for(address, agent_id=ada_id)
            if address.filled(values) is None:
                unfilled.add(address.route)
                continue
            for client, who in (
                (other_agent, "another agent"),
                (nobody, "nobody"),
                (mallory, "Mallory"),
                (other_owner, "a brand's owner"),
            ):
                found += faults(client, who, address, values)
        elif address.is_agent and address.route not in OPEN_TO_ALL:
            for client, who in ((nobody, "nobody"), (mallory, "Mallory"), (other_owner, "a brand's owner")):
                found += faults(client, who, address, {})
    assert unfilled == set(WITHOUT_A_THING), "an address that cannot be filled is named with its reason"
    assert not found, "\n".join(found)


def _is_shared(address: Address) -> bool:
    """Things on offer to every agent: an open shift, a program, a course or a test on the way to one."""
    on_offer = {"shift_id", "program_id", "course_id", "assessment_id", "terms_version_id", "terms_id"}
    return address.is_agent and any(name in on_offer for name, _ in address.parts)


@pytest.mark.slow
def test_a_member_of_two_brands_never_sees_one_under_the_other(world: None) -> None:
    alder, northline = Brand.objects.get(slug="alder-wren"), Brand.objects.get(slug="northline")
    dana = User.objects.get(email="dana@demo.example")
    Membership.objects.create(brand=northline, user=dana, role="owner", created_at=alder.created_at)
    client = signed_in("dana@demo.example")
    found = []
    for address in addresses():
        if address.is_brand and any(name.endswith("_id") for name, _ in address.parts):
            values = ids_for(address, brand=alder)
            path = address.filled({**values, "slug": northline.slug})
            if path is None:
                continue
            for verb, response in attempts(client, path, address):
                if response.status_code not in {302, 400, 404, 405}:
                    found.append(f"{verb} {path} -> {response.status_code}")
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_every_page_of_the_demo_world_answers_its_owner_without_a_fault(world: None) -> None:
    alder = Brand.objects.get(slug="alder-wren")
    ada_id = agent_id_of(User.objects.get(email="ada@demo.example"))
    owner, ada = signed_in("dana@demo.example"), signed_in("ada@demo.example")
    found = []
    for address in addresses():
        is_brand = address.is_brand
        if not (is_brand or address.is_agent):
            continue
        path = address.filled(ids_for(address, brand=alder) if is_brand else ids_for(address, agent_id=ada_id))
        if path is None:
            found.append(f"no thing to show at {address.route}")
            continue
        for verb, response in attempts(owner if is_brand else ada, path, address):
            if response.status_code >= 500:
                found.append(f"{verb} {path} -> {response.status_code}")
    assert not found, "\n".join(found)


# What is sent here is a question: it is computed, and nothing is kept.
ASKED = {"capacity/requirement/try/", "staffing/calculate/"}


@pytest.mark.slow
def test_a_member_who_may_only_look_is_refused_before_what_they_send_is_looked_at(undone: None) -> None:
    alder = Brand.objects.get(slug="alder-wren")
    vera = User.objects.create_user("vera@example.test", "x", full_name="Vera Viewer")
    Membership.objects.create(brand=alder, user=vera, role="viewer", created_at=alder.created_at)
    client, before, sent, found = signed_in(vera.email), AuditEntry.objects.count(), 0, []
    for address in addresses():
        path = address.filled(ids_for(address, brand=alder)) if address.is_brand else None
        if path is None or address.route.endswith(tuple(ASKED)):
            continue
        answer = client.post(path, "{}", "application/json") if address.is_api else client.post(path, {})
        if answer.status_code == 200 == client.get(path).status_code:
            continue  # a page or a file that is the same, whatever is sent
        sent += 1
        if answer.status_code not in {403, 404, 405}:
            found.append(f"POST {path} -> {answer.status_code}")
    assert sent > 150, "the walk must reach the doors that change something"
    assert AuditEntry.objects.count() == before
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_nobody_but_ops_reaches_the_ops_site(world: None) -> None:
    """To sign in, or nothing there; a decision is neither shown nor taken."""
    visitors = {
        "nobody": Client(raise_request_exception=False),
        "a brand's owner": signed_in("dana@demo.example"),
        "an agent": signed_in("ada@demo.example"),
    }
    found, every, before = [], ops_addresses(), AuditEntry.objects.count()
    for path, route in every:
        for who, client in visitors.items():
            for verb, answer in (("GET", client.get(path)), ("POST", client.post(path, {"reason": "Because"}))):
                to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(
                    ("/admin/login/", "/account/login/")
                )
                # Signing out is open to whoever is signed in.
                if not to_sign_in and answer.status_code != 404 and route not in {"admin/logout/", "admin/jsi18n/"}:
                    found.append(f"{who} {verb} {path} -> {answer.status_code}")
    decided = {path for path, route in every if route.endswith("/decide/<slug:name>/")}
    assert len(decided) > 20, "the walk must reach the decisions"
    assert not any("<" in path for path, _route in every), "every part is filled in"
    assert AuditEntry.objects.count() == before
    assert not found, "\n".join(found)
