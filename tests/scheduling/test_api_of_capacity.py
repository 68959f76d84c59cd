"""Coverage and cancelling for machines: what the pages show and refuse, in the same figures."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Agent, Program
from scheduling.models import Shift, WaitlistEntry
from scheduling.states import RequestState, ShiftState
from tests import cast
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(at: datetime) -> Iterator[None]:
    """The wall clock stands at the story's noon."""
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def soon(chat: Program, ada: Agent, at: datetime) -> Shift:
    """Ada's shift in three hours, one of three seats."""
    shift = plan.make_shift(chat, at + 3 * HOUR)
    plan.ask_for(shift.request, shift.starts_at, hours=4, agents=3)
    plan.make_claim(ada, shift)
    return shift


def post(machine: Client, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    answer = machine.post(f"/api/v1/brands/acme/{path}", body, "application/json")
    return answer.status_code, answer.json()


def test_a_machine_reads_the_coverage_of_the_next_day_and_never_another_brands(
    machine: Client, soon: Shift, voice: Program, at: datetime
) -> None:
    plan.ask_for(plan.make_request(voice, at), at, hours=4, agents=9)
    found = machine.get("/api/v1/brands/acme/coverage/").json()
    short = [(one["required"], one["filled"], one["short"]) for one in found["steps"] if one["short"]]
    assert (len(found["steps"]), short) == (48, [(3, 1, 2)] * 8)
    assert (found["required_now"], found["present_now"]) == (0, 0)
    assert machine.get("/api/v1/brands/globex/coverage/").status_code == 404


def test_a_machine_cancels_at_the_fee_that_it_was_shown(machine: Client, soon: Shift) -> None:
    path = f"capacity-requests/{soon.request_id}/cancel/"
    shown = machine.get(f"/api/v1/brands/acme/{path}").json()
    assert (shown["seats"], shown["holders"], shown["fee"]["currency"]) == (3, 1, "USD")
    assert post(machine, path, {"reason": "No stock."})[1]["code"] == "fee_changed"
    wrong = {"reason": "No stock.", "accepted_fee": {"amount_minor": 1, "currency": "usd"}}
    assert list(post(machine, path, wrong)[1]["problems"]) == ["accepted_fee.currency"]
    assert post(machine, path, {"accepted_fee": shown["fee"]})[1]["field"] == "reason"
    status, done = post(machine, path, {"reason": "No stock.", "accepted_fee": shown["fee"]})
    soon.refresh_from_db()
    assert (status, done["state"], soon.state) == (200, RequestState.CANCELLED, ShiftState.CANCELLED)


def test_who_only_looks_reads_what_cancelling_costs_and_cannot_do_it(
    client: Client, acme_owner: BrandActor, soon: Shift
) -> None:
    viewer = cast.make_member(acme_owner.brand, "Vera Viewer", "viewer")
    client.force_login(viewer.user)
    path = f"/api/v1/brands/acme/capacity-requests/{soon.request_id}/cancel/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": "Mine."}, "application/json").status_code == 403


@pytest.mark.parametrize("currency", ["usd", "€€€", "  $", "ÅÄÖ"])
def test_a_fee_in_no_currency_is_no_fee_that_was_seen(machine: Client, soon: Shift, currency: str) -> None:
    page = f"/b/acme/capacity/requests/{soon.request_id}/cancel/"
    answer = machine.post(page, {"reason": "No stock.", "fee_minor": "5", "fee_currency": currency})
    soon.refresh_from_db()
    assert (answer.status_code, soon.state) == (422, ShiftState.OPEN)


def test_a_brand_reads_its_lines_without_places(machine: Client, soon: Shift, bo: Agent, at: datetime) -> None:
    WaitlistEntry.objects.create(brand_id=soon.brand_id, shift=soon, agent=bo, position=1, joined_at=at)
    row = machine.get("/api/v1/brands/acme/waitlist/").json()["results"][0]
    assert "place" not in row
    assert row["state"] == "waiting"
