"""Time off, sending home, disputed minutes, budgets and an incident's scope for machines, as the pages do them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Claim, Incident, Shift, VtoOffer
from scheduling.states import ClaimState, RequestState, ShiftState, VtoState
from tests import cast
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(at: datetime) -> Iterator[None]:
    """The wall clock stands an hour into the shift."""
    with time_machine.travel(at + HOUR, tick=False):
        yield


@pytest.fixture
def shift(chat: Program, at: datetime) -> Shift:
    """Three seats, running from noon for four hours."""
    return plan.make_shift(chat, at, state=ShiftState.STARTED)


def post(machine: Client, path: str, body: dict[str, Any], **headers: str) -> tuple[int, Any]:
    answer = machine.post(f"/api/v1/brands/acme/{path}", body, "application/json", headers=headers or None)
    return answer.status_code, answer.json()


def test_time_off_is_offered_once_and_closed_over_the_api(machine: Client, shift: Shift) -> None:
    asked, path = {"places": 2, "pay_bp": 2500}, f"shifts/{shift.pk}/offer-vto/"
    assert post(machine, f"shifts/{shift.pk}/close-vto/", {})[1]["code"] == "vto_closed"
    status, made = post(machine, path, asked, **{"Idempotency-Key": "one"})
    assert (status, made["places"], made["pay_bp"], made["state"]) == (201, 2, 2500, VtoState.OPEN)
    assert post(machine, path, asked, **{"Idempotency-Key": "one"}) == (status, made)
    assert post(machine, path, asked)[1]["code"] == "vto_closed"
    assert post(machine, path, {**asked, "places": 0})[1]["problems"].keys() == {"places"}
    assert machine.get("/api/v1/brands/acme/vto-offers/").json()["results"] == [made]
    status, closed = post(machine, f"shifts/{shift.pk}/close-vto/", {})
    assert (status, closed["id"], closed["state"]) == (200, made["id"], VtoState.CLOSED)


def test_offers_are_listed_with_the_same_questions_for_one_and_for_three(
    machine: Client, chat: Program, voice: Program, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def offered(program: Program) -> None:
        shift = plan.make_shift(program, at, state=ShiftState.STARTED)
        given = {"places": 1, "created_at": at, "expires_at": at + MINUTE}
        VtoOffer.objects.create(brand_id=program.brand_id, shift=shift, **given)

    offered(voice)
    for count in (1, 3):
        while VtoOffer.objects.for_brand(chat.brand_id).count() < count:
            offered(chat)
        machine.get("/api/v1/brands/acme/vto-offers/")
        with django_assert_num_queries(4):
            found = machine.get("/api/v1/brands/acme/vto-offers/").json()
        assert len(found["results"]) == count


def test_people_are_sent_home_over_the_api_only_after_time_off_was_offered(
    machine: Client, shift: Shift, ada: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    claim = plan.make_claim(ada, shift)
    actions.check_in(claim_id=claim.pk, device="laptop", by=recruit.agent_actor(ada), at=at)
    path = f"shifts/{shift.pk}/send-home/"
    assert "Offer time off first" in post(machine, path, {"people": 1})[1]["title"]
    offer = actions.offer_vto(shift_id=shift.pk, places=1, by=acme_owner, at=at + MINUTE)
    actions.close_vto(offer_id=offer.pk, by=acme_owner, at=at + MINUTE)
    status, sent = post(machine, path, {"people": 1})
    assert (status, [(one["id"], one["state"]) for one in sent]) == (200, [(str(claim.pk), ClaimState.WORKED)])


@pytest.fixture
def worked(shift: Shift, ada: Agent, at: datetime) -> Claim:
    """Ada worked a minute of it."""
    claim = plan.make_claim(ada, shift)
    actions.check_in(claim_id=claim.pk, device="laptop", by=recruit.agent_actor(ada), at=at)
    session = claim.sessions.across_brands().get()
    actions.check_out(session_id=session.pk, device="laptop", by=recruit.agent_actor(ada), at=at + MINUTE)
    return claim


def test_minutes_are_held_over_the_api_with_a_reason_and_not_by_a_viewer(
    machine: Client, worked: Claim, acme_owner: BrandActor
) -> None:
    path = f"claims/{worked.pk}/hold-minutes/"
    assert post(machine, path, {"seconds": 30, "reason": " "})[0] == 400
    assert post(machine, path, {"seconds": 61, "reason": "Calls dropped."})[1]["field"] == "seconds"
    machine.force_login(cast.make_member(acme_owner.brand, "Vic Viewer", role="viewer").user)
    assert post(machine, path, {"seconds": 30, "reason": "Calls dropped."})[0] == 403
    machine.force_login(acme_owner.user)
    status, held = post(machine, path, {"seconds": 30, "reason": "Calls dropped."})
    assert (status, held["state"]) == (200, ClaimState.DISPUTED)


def test_an_incident_is_rescoped_over_the_api_and_what_is_left_out_stays(
    machine: Client, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    incident = actions.declare_incident(
        brand_id=chat.brand_id, cause_owner="brand", title="Tools down", scope={}, starts_at=at, by=acme_owner, at=at
    )
    path = f"incidents/{incident.pk}/rescope/"
    status, told = post(machine, path, {"program_ids": [str(chat.pk)]})
    assert (status, told["scope"]["program_ids"], told["version"]) == (200, [str(chat.pk)], 2)
    ends_at = (at + 30 * MINUTE).isoformat()
    assert post(machine, path, {"ends_at": ends_at})[0] == 200
    incident = Incident.objects.across_brands().get(pk=incident.pk)
    assert (incident.scope["program_ids"], incident.starts_at, incident.ends_at) == (
        [str(chat.pk)],
        at,
        at + 30 * MINUTE,
    )


def test_budgets_are_read_and_set_over_the_api_and_refused_past_the_limit(
    machine: Client, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    request = plan.make_request(chat, at, state=RequestState.DRAFT)
    path = f"capacity-requests/{request.pk}"
    given = {"work_minor": None, "incentive_minor": 100, "remedy_minor": 200}
    status, told = post(machine, f"{path}/budgets/", given)
    figures = (told["work_budget_minor"], told["incentive_budget_minor"], told["remedy_budget_minor"])
    assert (status, figures) == (200, (None, 100, 200))
    assert machine.get(f"/api/v1/brands/acme/{path}/budgets/").json() == told
    assert post(machine, f"{path}/budgets/", {**given, "work_minor": 10**13})[1]["problems"].keys() == {"work_minor"}
    assert post(machine, f"{path}/incentive-budget/", {"budget_minor": 300})[1]["incentive_budget_minor"] == 300
    plan.make_rules(chat, approval_above_minor=0)
    plan.make_shift(chat, at, request=request)
    type(request).objects.across_brands().update(state=RequestState.PUBLISHED, accepted_by=acme_owner.user.pk)
    assert post(machine, f"{path}/remedy-budget/", {"budget_minor": 300})[1]["code"] == "above_limit"
    assert post(machine, f"{path}/remedy-budget/", {"budget_minor": 150})[1]["remedy_budget_minor"] == 150
    assert post(machine, f"{path}/budgets/", given)[1]["code"] == "request_not_editable"
