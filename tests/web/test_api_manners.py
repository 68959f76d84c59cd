"""The API's manners: who gets in, what a refusal looks like, how often one may ask, and asking twice under one key."""

import io
import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.exceptions import ParseError

from gigcx.tenancy import keys
from gigcx.tenancy.actions.keys import make_api_key, revoke_api_key
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import ApiKey, Membership
from gigcx.web.api.problems import HouseJSONParser

pytestmark = pytest.mark.django_db


def key_of(actor: BrandActor, at: datetime, **more: Any) -> str:
    return make_api_key(name="Planner", scopes=["view"], by=actor, at=at, **more)[1]


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_a_key_opens_its_own_brand(client: Client, acme_owner: BrandActor, at: datetime) -> None:
    answer = client.get("/api/v1/brands/acme/", headers=bearer(key_of(acme_owner, at)))
    assert answer.status_code == 200
    assert answer.json()["name"] == "Acme"
    assert answer.json()["permissions"] == ["view"]


def test_a_key_does_not_open_another_brand(
    client: Client, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    answer = client.get("/api/v1/brands/globex/", headers=bearer(key_of(acme_owner, at)))
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert "Globex" not in answer.content.decode()


def test_a_foreign_brand_and_a_missing_one_look_the_same(
    client: Client, acme_owner: BrandActor, globex_owner: BrandActor
) -> None:
    client.force_login(acme_owner.user)
    foreign, missing = client.get("/api/v1/brands/globex/"), client.get("/api/v1/brands/nothing/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()


@pytest.mark.parametrize("text", ["", "gigcx", "gigcx_aaaaaaaaaa_short", "Bearer", "x" * 4000])
def test_a_malformed_key_is_refused_without_a_query(
    client: Client, text: str, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/api/v1/me/", headers=bearer(text))
    assert answer.status_code == 401
    assert answer.json()["code"] == "key_refused"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_key_with_one_letter_changed_is_refused(client: Client, acme_owner: BrandActor, at: datetime) -> None:
    text = key_of(acme_owner, at)
    changed = text[:30] + ("A" if text[30] != "A" else "B") + text[31:]
    assert keys.prefix_of(changed) == ""
    assert client.get("/api/v1/me/", headers=bearer(changed)).status_code == 401


def test_a_revoked_key_is_refused_at_the_next_request(client: Client, acme_owner: BrandActor, at: datetime) -> None:
    key, text = make_api_key(name="Planner", scopes=["view"], by=acme_owner, at=at)
    assert client.get("/api/v1/me/", headers=bearer(text)).status_code == 200
    revoke_api_key(api_key_id=key.pk, by=acme_owner, at=at)
    assert client.get("/api/v1/me/", headers=bearer(text)).status_code == 401


def test_an_expired_key_is_refused(client: Client, acme_owner: BrandActor, at: datetime) -> None:
    text = key_of(acme_owner, at)
    ApiKey.objects.for_actor(acme_owner).update(expires_at=at.replace(year=2020))
    assert client.get("/api/v1/me/", headers=bearer(text)).status_code == 401


def test_a_key_is_refused_from_an_address_it_does_not_list(
    client: Client, acme_owner: BrandActor, at: datetime
) -> None:
    text = key_of(acme_owner, at, allowed_ips=["203.0.113.0/24"])
    assert client.get("/api/v1/me/", headers=bearer(text)).status_code == 401
    assert client.get("/api/v1/me/", headers=bearer(text), REMOTE_ADDR="203.0.113.9").status_code == 200


def test_a_key_dies_with_its_makers_membership(client: Client, acme_owner: BrandActor, at: datetime) -> None:
    text = key_of(acme_owner, at)
    Membership.objects.filter(user=acme_owner.user).delete()
    assert client.get("/api/v1/me/", headers=bearer(text)).status_code == 401


def test_the_use_of_a_key_is_noted_once_a_minute(client: Client, acme_owner: BrandActor, at: datetime) -> None:
    text = key_of(acme_owner, at)
    client.get("/api/v1/me/", headers=bearer(text))
    first = ApiKey.objects.for_actor(acme_owner).get().last_used_at
    client.get("/api/v1/me/", headers=bearer(text))
    assert first is not None
    assert ApiKey.objects.for_actor(acme_owner).get().last_used_at == first


def test_the_text_of_a_key_is_kept_nowhere(acme_owner: BrandActor, at: datetime) -> None:
    key, text = make_api_key(name="Planner", scopes=["view"], by=acme_owner, at=at)
    row = ApiKey.objects.for_actor(acme_owner).filter(pk=key.pk).values_list()[0]
    assert text not in str(row)
    assert text.split("_")[2][:40] not in str(row)


def test_nobody_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_an_unknown_address_of_the_api_is_a_problem_too(client: Client) -> None:
    answer = client.get("/api/v1/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_method_that_is_not_offered_is_405(client: Client, acme_owner: BrandActor) -> None:
    client.force_login(acme_owner.user)
    answer = client.delete("/api/v1/brands/acme/")
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"code": "\\ud800"}', "half a character"),
        (b"[" * 50_000, "too deeply"),
        (b'{"code": NaN}', "JSON parse error"),
    ],
)
def test_json_that_no_answer_could_repeat_is_refused_as_such(body: bytes, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        HouseJSONParser().parse(io.BytesIO(body))


def test_every_answer_says_what_is_left_of_the_limit(
    client: Client, acme_owner: BrandActor, at: datetime, settings: Settings
) -> None:
    settings.API_RATES = {"ip": 1000, "actor": 1000, "key": 2}
    headers = bearer(key_of(acme_owner, at))
    answers = [client.get("/api/v1/me/", headers=headers) for _turn in range(3)]
    if len({answer["RateLimit-Remaining"] for answer in answers[:2]}) == 1:  # the minute turned between two requests
        answers = [client.get("/api/v1/me/", headers=headers) for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Limit"] == "2"
    assert int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["code"] == "too_many_requests"


def test_without_a_cache_everybody_may_ask(client: Client, acme_owner: BrandActor, settings: Settings) -> None:
    settings.API_RATES = {"ip": 1, "actor": 1, "key": 1}
    settings.CACHES = {
        "default": {
            "BACKEND": "gigcx.web.cache.ForgivingRedisCache",
            "LOCATION": "unix:///nowhere/valkey.sock",
        }
    }
    client.force_login(acme_owner.user)
    assert [client.get("/api/v1/me/").status_code for _turn in range(3)] == [200, 200, 200]


def test_the_schema_is_served_and_complete(client: Client) -> None:
    answer = client.get(reverse("api-schema"), headers={"Accept": "application/vnd.oai.openapi+json"})
    paths = json.loads(answer.content)["paths"]
    assert "/api/v1/brands/{slug}/" in paths
    assert "application/problem+json" in json.dumps(paths["/api/v1/me/"]["get"]["responses"]["401"])


def test_the_schema_tells_lists_in_pages_from_single_things_and_what_a_problem_holds(
    client: Client, acme_owner: BrandActor, at: datetime
) -> None:
    answer = client.get(reverse("api-schema"), headers={"Accept": "application/vnd.oai.openapi+json"})
    schema = json.loads(answer.content)

    def told(path: str) -> set[str]:
        content = schema["paths"][f"/api/v1/brands/{{slug}}/{path}"]["get"]["responses"]["200"]["content"]
        name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        return set(schema["components"]["schemas"][name]["properties"])

    key = bearer(key_of(acme_owner, at))
    given = client.get("/api/v1/brands/acme/shifts/", headers=key).json()
    wrong = client.get("/api/v1/brands/acme/actuals/?program_id=none", headers=key)
    assert set(given) == told("shifts/")
    assert "starts_at" in told("shifts/{shift_id}/")
    budgets = schema["paths"]["/api/v1/brands/{slug}/budgets/"]["get"]["responses"]["200"]["content"]
    assert budgets["application/json"]["schema"]["type"] == "array"
    assert str(wrong.status_code) in schema["paths"]["/api/v1/brands/{slug}/actuals/"]["get"]["responses"]
    assert set(wrong.json()) <= set(schema["components"]["schemas"]["Problem"]["properties"])


def test_the_docs_page_loads_only_our_own_files(client: Client) -> None:
    answer = client.get(reverse("api-docs"))
    assert answer.status_code == 200
    assert "://" not in "".join(line for line in answer.content.decode().splitlines() if "src=" in line)
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_the_docs_page_belongs_to_the_site_and_leads_back(client: Client) -> None:
    page = client.get(reverse("api-docs")).content.decode()
    assert page.count("<h1") == 1
    assert 'href="/"' in page
    assert "pages/api-docs.css" in page
