"""Every address of one actor replayed as every other actor and as nobody: not found or sign in, no leak, no 5xx."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from gigcx.accounts.models import User
from gigcx.tenancy.models import Brand, Membership
from gigcx.web.registries import agent_id_of
from tests.journeys.addresses import Address, addresses, ids_for

# Only the demo world's owners hold these, so that finding one in an answer is a leak.
CLOSED = {301, 302, 401, 403, 404, 405, 410}


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAULT_ROOT = tmp_path / "vault"
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("GIGCX_LOCAL_DIR", str(tmp_path))
    call_command("demo", verbosity=0)


def signed_in(email: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=email))
    return client


def attempts(client: Client, path: str, address: Address) -> Iterator[tuple[str, Any]]:
    yield "GET", client.get(path)
    yield "POST", client.post(path, "{}", "application/json") if address.is_api else client.post(path, {})


def faults(client: Client, who: str, address: Address, path: str, *, may_look: bool = False) -> list[str]:
    found = []
    for verb, response in attempts(client, path, address):
        status = response.status_code
        allowed = CLOSED | ({200, 400, 409, 422} if may_look else set())
        if status >= 500 or status not in allowed:
            found.append(f"{who} {verb} {path} -> {status}")
        if (
            status in {301, 302}
            and not may_look
            and "/account/" not in response["Location"]
            and "/start/" not in response["Location"]
        ):
            found.append(f"{who} {verb} {path} -> {response['Location']}")
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
            path = address.filled(ids_for(address, brand=alder))
            if path is None:
                continue
            visited += 1
            for client, who in (
                (other_owner, "Northline's owner"),
                (other_agent, "an agent"),
                (nobody, "nobody"),
                (mallory, "Mallory"),
            ):
                found += faults(client, who, address, path)
            if any(name.endswith("_id") for name, _ in address.parts):
                crossed = address.filled({**ids_for(address, brand=alder), "slug": northline.slug})
                assert crossed is not None
                found += faults(other_owner, "Northline's owner at home", address, crossed)
        elif address.is_agent and any(name.endswith("_id") for name, _ in address.parts):
            path = address.filled(ids_for(address, agent_id=ada_id))
            if path is None:
                continue
            visited += 1
            for client, who in (
                (other_agent, "another agent"),
                (nobody, "nobody"),
                (mallory, "Mallory"),
                (other_owner, "a brand's owner"),
            ):
                found += list(faults(client, who, address, path, may_look=_is_shared(address)))
        elif address.is_agent:
            for client, who in ((nobody, "nobody"), (mallory, "Mallory"), (other_owner, "a brand's owner")):
                found += faults(client, who, address, address.filled({}) or "/")
    assert visited > 40, "the walk must reach the product's addresses"
    assert found == []


def _is_shared(address: Address) -> bool:
    """Things on offer to every agent: an open shift, a program, a course on the way to one."""
    return any(name in {"shift_id", "program_id", "course_id"} for name, _ in address.parts)


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
                if response.status_code not in {404, 405}:
                    found.append(f"{verb} {path} -> {response.status_code}")
    assert found == []


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
    assert found == []
