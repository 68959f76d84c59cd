"""Every page of the ground floor opens, says the right thing to the right person, and asks the database little."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from gigcx.accounts.models import User
from gigcx.tenancy.actors import BrandActor, OpsActor, PersonActor
from gigcx.tenancy.models import Brand, Membership
from tests import cast

pytestmark = pytest.mark.django_db

PERSON_PAGES = ["/start/", "/brands/new/", "/account/me/", "/notifications/", "/notifications/settings/"]
BRAND_PAGES = [
    "/b/acme/",
    "/b/acme/account/",
    "/b/acme/settings/",
    "/b/acme/settings/members/",
    "/b/acme/settings/security/",
]
OPEN_PAGES = ["/", "/healthz", "/readyz", "/robots.txt", "/api/v1/docs/", "/api/v1/schema/"]


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_a_visitor_opens(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [*PERSON_PAGES, *BRAND_PAGES])
def test_a_visitor_is_asked_to_sign_in(client: Client, acme: Brand, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/")


@pytest.mark.parametrize("path", PERSON_PAGES)
def test_somebody_signed_in_opens(client: Client, mallory: PersonActor, path: str) -> None:
    client.force_login(mallory.user)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", BRAND_PAGES)
def test_an_owner_opens(client: Client, acme_owner: BrandActor, path: str) -> None:
    client.force_login(acme_owner.user)
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Acme" in answer.content.decode()


@pytest.mark.parametrize("path", BRAND_PAGES)
def test_another_brands_owner_and_an_outsider_find_nothing(
    client: Client, acme_owner: BrandActor, globex_owner: BrandActor, mallory: PersonActor, path: str
) -> None:
    for user in (globex_owner.user, mallory.user):
        client.force_login(user)
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Acme" not in answer.content.decode()


@pytest.mark.parametrize("role", ["planner", "trainer", "finance", "viewer"])
def test_the_settings_are_read_only_without_the_permission(client: Client, acme: Brand, role: str) -> None:
    client.force_login(cast.make_member(acme, "Vic Viewer", role).user)
    assert client.get("/b/acme/settings/").status_code == 200
    assert client.post("/b/acme/settings/members/invite/", {"email": "x@example.test"}).status_code == 403
    assert client.get("/b/acme/settings/keys/").status_code == 403


def test_the_ops_home_is_for_ops_alone(client: Client, olu: OpsActor, acme_owner: BrandActor) -> None:
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/account/login/?next=/admin/"
    client.force_login(acme_owner.user)
    assert client.get("/admin/", follow=True).status_code == 404
    client.force_login(olu.user)
    assert client.get("/admin/").status_code == 200


def test_ops_without_a_second_factor_are_led_to_set_one_up(client: Client, olu: OpsActor, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(olu.user)
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/2fa/"
    assert client.get("/admin/tenancy/brand/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "audit/auditentry/", "audit/outboxevent/", "audit/delivery/", "audit/periodicrun/", "tenancy/brand/",
        "tenancy/memberinvitation/", "tenancy/apikey/", "accounts/user/", "notify/letter/",
    ],
)  # fmt: skip
def test_ops_open_every_screen(client: Client, olu: OpsActor, acme: Brand, path: str) -> None:
    client.force_login(olu.user)
    assert client.get(f"/admin/{path}").status_code == 200


def test_an_owner_without_a_second_factor_is_led_to_set_one_up(
    client: Client, acme_owner: BrandActor, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(acme_owner.user)
    assert client.get("/b/acme/")["Location"] == "/account/2fa/"
    client.force_login(cast.make_member(acme_owner.brand, "Pia Planner", "planner").user)
    assert client.get("/b/acme/").status_code == 200


@pytest.mark.parametrize("path", [*BRAND_PAGES, "/notifications/", "/account/me/"])
def test_a_page_asks_as_little_for_three_members_as_for_one(
    client: Client, acme_owner: BrandActor, path: str, at: datetime
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(acme_owner.user)
    client.get(path)
    with CaptureQueriesContext(connection) as with_one:
        client.get(path)
    for name in ("Ben", "Cem"):
        cast.make_member(acme_owner.brand, f"{name} Acme", "viewer")
    with CaptureQueriesContext(connection) as with_three:
        client.get(path)
    most = 20 if path == "/b/acme/" else 12  # a home is made of every stage's panels
    assert len(with_one) == len(with_three) <= most, [query["sql"][:120] for query in with_three.captured_queries]


@pytest.mark.parametrize(
    "path", ["mfa/authenticator/", "usersessions/usersession/", "account/emailaddress/", "auth/group/"]
)
def test_secrets_and_rights_of_other_packages_have_no_screen(client: Client, olu: OpsActor, path: str) -> None:
    client.force_login(olu.user)
    assert client.get(f"/admin/{path}").status_code == 404


def test_the_schema_of_every_stage_is_valid_without_a_warning() -> None:
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "/api/v1/me/" in out.getvalue()


def test_somebody_of_two_brands_is_led_back_to_the_last_one(
    client: Client, acme_owner: BrandActor, globex: Brand
) -> None:
    Membership.objects.create(brand=globex, user=acme_owner.user, role="viewer", created_at=cast.MONDAY_NOON)
    client.force_login(acme_owner.user)
    page = client.get("/start/").content.decode()
    assert "Acme" in page
    assert "Globex" in page
    client.get("/b/globex/")
    assert client.get("/start/")["Location"] == "/b/globex/"


def test_the_ops_home_has_one_headline_one_place_for_people_and_no_foreign_tables(
    client: Client, olu: OpsActor
) -> None:
    client.force_login(olu.user)
    page = client.get("/admin/").content.decode()
    sections = re.findall(r"<h3>(.*?)</h3>", page)
    assert page.count("<h1") == 1
    assert [section for section in sections if "People" in section] == ["People and brands"]
    assert page.count('href="/admin/accounts/user/">People</a>') == 2  # in the menu and on the page
    assert len(sections) == len(set(sections))
    shown = {words.strip() for words in re.findall(r">([^<>]+)</", page)}
    assert not {"Groups", "Email addresses", "Authenticators"} & shown
    assert "Accounts" not in sections


def test_ops_read_times_in_24_hours(client: Client, olu: OpsActor) -> None:
    User.objects.filter(pk=olu.user.pk).update(date_joined=datetime(2026, 11, 21, 22, 31, tzinfo=UTC), timezone="UTC")
    client.force_login(olu.user)
    page = client.get("/admin/accounts/user/").content.decode()
    assert "21 Nov 2026, 22:31" in page
    assert "p.m." not in page


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/b/acme/", "Today"),
        ("/b/acme/account/", "Settings"),
        ("/b/acme/settings/members/", "Settings"),
        ("/account/me/", None),
        ("/notifications/", None),
        ("/trust/", "Trust"),
    ],
)
def test_the_menu_marks_where_one_is_and_nothing_else(
    client: Client, acme_owner: BrandActor, path: str, label: str | None
) -> None:
    client.force_login(acme_owner.user)
    page = client.get(path).content.decode()
    (menu,) = re.findall(r'(?s)<nav class="nav".*?</nav>', page)
    marked = set(re.findall(r'aria-current="page"[^>]*>([A-Z][a-z]+)', menu))
    assert marked == ({label} if label else set())


@pytest.mark.parametrize(
    "typed", ["-1", "NaN", "//evil.example", "0001-01-01T00:00", "web:home", "https://testserver/b/"]
)
def test_choosing_colours_leads_only_to_a_path_of_ours(client: Client, db: None, typed: str) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": typed})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
