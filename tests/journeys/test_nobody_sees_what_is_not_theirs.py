"""Every address of one actor replayed as every other actor and as nobody: not found or sign in, no leak, no 5xx."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from gigcx.accounts.models import User
from gigcx.tenancy.models import Brand, Membership
from gigcx.web.registries import agent_id_of
from tests.journeys.addresses import Address, addresses, ids_for

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
    return found


@pytest.mark.slow
def test_every_address_of_one_actor_replayed_as_every_other_shows_nothing(world: None) -> None:
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
    visited = 0
    for address in addresses():
        if address.is_brand:
            values = ids_for(address, brand=alder)
            if address.filled(values) is None:
                continue
            visited += 1
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
                continue
            visited += 1
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
    assert visited > 40, "the walk must reach the product's addresses"
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
