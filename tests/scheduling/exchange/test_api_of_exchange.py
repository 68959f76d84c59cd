"""Lines, standby, confirmations and swaps for machines: the same actions and refusals as on the pages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.models import Claim, Shift, SwapOffer, WaitlistEntry
from tests.factories import recruiting as recruit
from tests.factories import scheduling as plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(at: datetime) -> Any:
    """The wall clock stands at the story's noon."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def post(client: Client, path: str, body: dict[str, object] | None = None) -> tuple[int, Any]:
    answer = client.post(f"/api/v1/{path}", body or {}, "application/json")
    return answer.status_code, answer.json()


@pytest.fixture
def full(chat: Program, ada: Agent, at: datetime) -> Shift:
    """A shift in two days whose only seat is Ada's."""
    shift = plan.make_shift(chat, at + 2 * DAY, seats=1, standby_seats=1)
    plan.make_claim(ada, shift, at=at - DAY)
    return shift


def test_a_machine_claims_or_waits_and_answers_its_invitation(full: Shift, ada: Agent, bo: Agent, at: datetime) -> None:
    mine = signed_in(bo.user)
    status, answer = post(mine, f"me/shifts/{full.pk}/claim-or-wait/")
    assert (status, answer["claim"], answer["wait"]["place"]) == (202, None, 1)
    assert post(mine, f"me/shifts/{full.pk}/wait/", {"auto_accept": True})[1]["id"] == answer["wait"]["id"]
    held = Claim.objects.across_brands().get()
    actions.release_claim(claim_id=held.pk, accepted_points=0, by=recruit.agent_actor(ada), at=at)
    listed = mine.get("/api/v1/me/waits/").json()["results"]
    assert [(one["state"], one["place"]) for one in listed] == [("invited", 1)]
    assert post(mine, f"me/waits/{listed[0]['id']}/accept/")[1]["source"] == "waitlist"
    status, gone = post(signed_in(ada.user), f"me/waits/{listed[0]['id']}/accept/")
    assert (status, gone["code"]) == (404, "not_found")


def test_a_machine_confirms_declines_leaves_and_stands_by(
    full: Shift, ada: Agent, bo: Agent, cy: Agent, noon: Any
) -> None:
    held, mine = Claim.objects.across_brands().get(), signed_in(bo.user)
    status, early = post(signed_in(ada.user), f"me/claims/{held.pk}/confirm/")
    assert (status, early["code"]) == (409, "not_confirmable")
    assert post(signed_in(cy.user), f"me/shifts/{full.pk}/standby/")[1]["kind"] == "standby"
    entry = post(mine, f"me/shifts/{full.pk}/wait/")[1]["id"]
    assert post(mine, f"me/waits/{entry}/take/")[1]["code"] == "shift_full"
    assert post(mine, f"me/waits/{entry}/decline/")[0] == 409
    assert post(mine, f"me/waits/{entry}/leave/")[1]["state"] == "left"
    noon.move_to(full.starts_at - DAY)
    assert post(signed_in(ada.user), f"me/claims/{held.pk}/confirm/")[1]["state"] == "confirmed"


def test_a_machine_swaps_trades_and_decides(
    chat: Program, full: Shift, ada: Agent, bo: Agent, acme_owner: BrandActor, at: datetime
) -> None:
    plan.make_rules(chat, is_swap_approved=True)
    held, giver, taker = Claim.objects.across_brands().get(), signed_in(ada.user), signed_in(bo.user)
    own = plan.make_claim(bo, plan.make_shift(chat, at + 4 * DAY, seats=1), at=at - DAY)
    offered = post(giver, f"me/claims/{held.pk}/offer/")[1]
    assert [one["id"] for one in taker.get("/api/v1/me/swaps/").json()["results"]] == [offered["id"]]
    trade = post(taker, f"me/swaps/{offered['id']}/trade/", {"claim_id": str(own.pk)})[1]
    assert trade["for_claim_id"] == str(held.pk)
    assert post(taker, f"me/swaps/{trade['id']}/withdraw/")[1]["state"] == "withdrawn"
    assert post(taker, f"me/swaps/{offered['id']}/take/")[1]["state"] == "pending_approval"
    planner = signed_in(acme_owner.user)
    assert len(planner.get("/api/v1/brands/acme/swaps/").json()["results"]) == 2
    mute = post(planner, f"brands/acme/swaps/{offered['id']}/refuse/", {"reason": ""})
    assert (mute[0], mute[1]["code"]) == (400, "invalid")
    assert post(planner, f"brands/acme/swaps/{offered['id']}/refuse/", {"reason": "No."})[1]["state"] == "open"
    post(taker, f"me/swaps/{offered['id']}/take/")
    assert post(planner, f"brands/acme/swaps/{offered['id']}/approve/")[1]["state"] == "taken"
    assert SwapOffer.objects.across_brands().get(pk=offered["id"]).new_claim is not None


def test_a_brand_reads_its_lines_without_names(full: Shift, bo: Agent, acme_owner: BrandActor, at: datetime) -> None:
    actions.join_waitlist(shift_id=full.pk, agent=bo, by=recruit.agent_actor(bo), at=at)
    text = signed_in(acme_owner.user).get("/api/v1/brands/acme/waitlist/").content.decode()
    entry = WaitlistEntry.objects.across_brands().get()
    assert str(entry.pk) in text
    assert str(bo.pk) not in text
