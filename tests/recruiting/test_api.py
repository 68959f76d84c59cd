"""Recruiting through the API."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Engagement
from tests import cast
from tests.factories import recruiting as make


@pytest.fixture
def owner(client: Client, acme_owner: BrandActor, settings: object) -> Client:
    settings.SECOND_FACTOR_REQUIRED = False  # type: ignore[attr-defined]  # tested with accounts
    client.force_login(acme_owner.user)
    return client


@pytest.fixture
def applicant(acme: Brand) -> Engagement:
    program = make.make_program(acme)
    make.make_rate_card(program)
    return make.make_engagement(make.make_agent("Ada Obi"), program, state="applied", fit_score=64)


def test_a_brand_reads_its_programs_prices_and_people(owner: Client, applicant: Engagement) -> None:
    base = "/api/v1/brands/acme"
    program = applicant.program
    (listed,) = owner.get(f"{base}/programs/").json()["results"]
    assert (listed["name"], listed["program_state"]) == ("Holiday Chat", "live")
    assert owner.get(f"{base}/programs/{program.pk}/").json() == listed
    (card,) = owner.get(f"{base}/programs/{program.pk}/rate-cards/").json()["results"]
    lines = {line["kind"]: (line["pay_minor"], line["bill_minor"]) for line in card["lines"]}
    assert lines["productive_hour"] == (1600, 2200)
    (person,) = owner.get(f"{base}/engagements/").json()["results"]
    assert (person["agent"], person["fit_score"]) == (applicant.agent.handle, 64)


def test_an_applicant_is_accepted_once(owner: Client, applicant: Engagement) -> None:
    address = f"/api/v1/brands/acme/engagements/{applicant.pk}/accept/"
    answer = owner.post(address, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["stage"], answer.json()["agent"]) == (200, "accepted", "Ada Obi")
    again = owner.post(address, {}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "move_refused")


@pytest.mark.parametrize(
    "body", [{}, {"code": "skills"}, {"code": "mood", "reason": "No."}, {"code": "skills", "reason": ""}, [1], "text"]
)
def test_a_decline_of_the_wrong_shape_changes_nothing(owner: Client, applicant: Engagement, body: object) -> None:
    address = f"/api/v1/brands/acme/engagements/{applicant.pk}/decline/"
    answer = owner.post(address, body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    applicant.refresh_from_db()
    assert applicant.state == "applied"


def test_another_brand_s_things_are_not_found(owner: Client, globex: Brand) -> None:
    theirs = make.make_engagement(make.make_agent("Bo Lindqvist"), make.make_program(globex), state="applied")
    base = "/api/v1/brands/acme"
    assert owner.get(f"{base}/programs/{theirs.program_id}/").status_code == 404
    assert owner.get(f"{base}/programs/{theirs.program_id}/rate-cards/").status_code == 404
    assert owner.get(f"{base}/engagements/{theirs.pk}/").status_code == 404
    answer = owner.post(f"{base}/engagements/{theirs.pk}/accept/", {}, content_type="application/json")
    assert answer.status_code == 404
    assert owner.get("/api/v1/brands/globex/programs/").status_code == 404
    assert owner.get(f"{base}/engagements/").json()["results"] == []


def test_an_agent_reads_their_own_profile_and_places(client: Client, applicant: Engagement) -> None:
    make.give_language(applicant.agent)
    make.make_engagement(make.make_agent("Bo Lindqvist"), applicant.program, state="certified")
    client.force_login(applicant.agent.user)
    profile = client.get("/api/v1/me/profile/").json()
    assert (profile["handle"], profile["languages"][0]["tag"]) == (applicant.agent.handle, "en")
    (place,) = client.get("/api/v1/me/engagements/").json()["results"]
    assert (place["id"], place["brand"]) == (str(applicant.pk), "Acme")


def test_people_without_the_hat_are_refused(client: Client, applicant: Engagement) -> None:
    assert client.get("/api/v1/me/profile/").status_code in {401, 403}
    client.force_login(cast.make_user("Mallory Nobody"))
    assert client.get("/api/v1/me/profile/").status_code == 404
    assert client.get("/api/v1/brands/acme/programs/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_database_the_same_number_of_times_for_one_and_three(
    owner: Client, acme: Brand, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program = make.make_program(acme)
    for number in range(rows):
        make.make_engagement(make.make_agent(f"Person{number} Name"), program)
        make.make_rate_card(program)
    owner.get("/api/v1/brands/acme/programs/")
    for path, count in (("programs/", 4), ("engagements/", 4), (f"programs/{program.pk}/rate-cards/", 6)):
        with django_assert_num_queries(count):
            owner.get(f"/api/v1/brands/acme/{path}")
