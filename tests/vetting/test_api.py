"""The API: the agent's own things, and what a brand may read."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Agent, Program
from recruiting.states import EngagementState
from tests.factories import recruiting as recruit
from tests.factories import vetting as make
from vetting.models import Attempt
from vetting.states import AttemptState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def begin(page: Client, program: Program) -> Attempt:
    test = make.make_assessment(program.brand, items=1)
    page.post(f"/work/learn/tests/about/{test.assessment_id}/")
    return Attempt.objects.across_brands().get()


def test_a_sitting_comes_with_the_servers_clock_and_without_seed_seat_or_key(
    ada_page: Client, program: Program, at: datetime
) -> None:
    attempt = begin(ada_page, program)
    body = ada_page.get(f"/api/v1/me/attempts/{attempt.pk}/").json()
    assert datetime.fromisoformat(body["server_now"]) == at
    assert datetime.fromisoformat(body["deadline"]) == attempt.deadline_at
    assert not {"seed", "seat", "key"} & set(body)


def test_an_answer_is_saved_over_the_api_and_a_late_one_is_refused_with_the_state(
    ada_page: Client, program: Program, at: datetime
) -> None:
    attempt = begin(ada_page, program)
    address = f"/api/v1/me/attempts/{attempt.pk}/answers/"
    body = {"position": 1, "client_seq": 4, "seat": attempt.seat, "payload": {"options": ["a"]}}
    saved = ada_page.post(address, body, content_type="application/json")
    assert saved.status_code == 200
    assert saved.json()["client_seq"] == 4
    assert ada_page.post(address, {"position": "x"}, content_type="application/json").status_code == 400
    with time_machine.travel(at + timedelta(hours=3), tick=False):
        late = ada_page.post(address, {**body, "client_seq": 5}, content_type="application/json")
    assert late.status_code == 409
    assert late.json()["context"]["state"] == AttemptState.SUBMITTED


@pytest.mark.parametrize("count", [1, 3])
def test_a_brand_reads_who_may_work_and_of_identity_only_met_or_not(
    count: int, acme_owner: BrandActor, program: Program, at: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        agent = recruit.make_agent(f"Agent{number} Waiting")
        recruit.make_engagement(agent, program, state=EngagementState.ACCEPTED)
    make.make_eligible(recruit.make_agent("Bo Lind"), program, at)
    page = Client()
    page.force_login(acme_owner.user)
    with django_assert_max_num_queries(15):
        rows = page.get(f"/api/v1/brands/acme/programs/{program.pk}/eligibility/").json()
    assert sorted(row["is_eligible"] for row in rows) == [False] * count + [True]
    codes = {reason["code"] for row in rows for reason in row["reasons"]}
    assert "identity_not_met" in codes
    assert not any(code.startswith("identity_") and code != "identity_not_met" for code in codes)


def test_others_get_not_found(
    ada_page: Client, program: Program, bo_acts: Any, globex_owner: BrandActor, at: datetime
) -> None:
    attempt = begin(ada_page, program)
    bo, gus = Client(), Client()
    bo.force_login(bo_acts.user)
    gus.force_login(globex_owner.user)
    assert bo.get(f"/api/v1/me/attempts/{attempt.pk}/").status_code == 404
    assert bo.get("/api/v1/me/attempts/").json()["results"] == []
    assert gus.get(f"/api/v1/brands/globex/programs/{program.pk}/eligibility/").status_code == 404
    assert gus.get("/api/v1/brands/acme/certifications/").status_code == 404
    assert gus.get("/api/v1/brands/globex/certifications/").json() == []


def test_a_brand_reads_its_certifications_and_an_agent_their_certificates(
    ada_page: Client, ada: Agent, acme_owner: BrandActor, program: Program, at: datetime
) -> None:
    certificate = make.make_certificate(ada, program, at=at)
    page = Client()
    page.force_login(acme_owner.user)
    (row,) = page.get("/api/v1/brands/acme/certifications/").json()
    assert row["holders"] == 1
    assert [one["kind"] for one in row["requirements"]] == ["identity", "terms"]
    (mine,) = ada_page.get("/api/v1/me/certificates/").json()["results"]
    assert mine["public_id"] == str(certificate.public_id)
