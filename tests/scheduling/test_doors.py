"""Doors to the world: forms answer wrong input with the field and keep what was typed; API and admin show and refuse."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor, OpsActor
from recruiting.models import Agent, Program
from scheduling.models import CapacityRequest, Claim, RequestedInterval, Shift
from scheduling.states import ClaimState, ShiftState
from tests.factories import scheduling as plan

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pencil(client: Client, chat: Program, **fields: Any) -> Any:
    form = {"program": chat.pk, "channel": "chat", "week": "2026-11-23", "zoom": 30, "days": ["2026-11-27"]}
    return client.post(reverse("scheduling:capacity-pencil", args=["acme"]), {**form, **fields})


def test_typed_demand_lands_in_quarters(chat: Program, acme_owner: BrandActor) -> None:
    done = pencil(signed_in(acme_owner.user), chat, start="17:00", end="19:00", agents="12")
    assert done.status_code == 302
    assert RequestedInterval.objects.across_brands().filter(agents=12).count() == 8


def test_painted_cells_are_taken_as_they_are(chat: Program, acme_owner: BrandActor) -> None:
    start = int(datetime.fromisoformat("2026-11-27T17:00+00:00").timestamp())
    done = pencil(signed_in(acme_owner.user), chat, spans=f"{start}-{start + 3600}", agents="3")
    assert done.status_code == 302
    assert RequestedInterval.objects.across_brands().count() == 4


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"start": "19:00", "end": "17:00", "agents": "3"}, "The end must come after the start."),
        ({"start": "17:00", "end": "19:00", "agents": "10001"}, "0 to 10,000"),
        ({"start": "17:00", "end": "19:00", "agents": "-1"}, "0 to 10,000"),
        ({"start": "17:00", "end": "19:00", "agents": "'; DROP TABLE"}, "0 to 10,000"),
        ({"start": "17:00", "end": "19:00", "agents": "🙂"}, "0 to 10,000"),
        ({"start": "17:07", "end": "19:00", "agents": "3"}, "quarter of an hour"),
        ({"start": "17:00", "agents": "3"}, "Give a time"),
        ({"days": [], "start": "17:00", "end": "19:00", "agents": "3"}, "Choose at least one day"),
        ({"spans": "x-y", "agents": "3"}, "not understood"),
        ({"spans": "99999999999999999-1", "agents": "3"}, "not understood"),
        ({"start": "17:00", "end": "19:00", "agents": "3", "version": "99"}, "changed"),
    ],
)
def test_wrong_demand_is_answered_in_place_and_changes_nothing(
    chat: Program, acme_owner: BrandActor, fields: dict[str, Any], says: str
) -> None:
    answer = pencil(signed_in(acme_owner.user), chat, **fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    if fields.get("start"):
        assert f'value="{fields["start"]}"' in text
    assert not RequestedInterval.objects.across_brands().exists()


def test_an_hour_that_the_clocks_jump_over_is_explained(chat: Program, acme_owner: BrandActor) -> None:
    Program.objects.across_brands().filter(pk=chat.pk).update(timezone="America/New_York")
    answer = pencil(
        signed_in(acme_owner.user), chat, week="2027-03-08", days=["2027-03-14"], start="02:00", end="05:00", agents="3"
    )
    assert answer.status_code == 422
    assert "02:00 does not exist on Sun 14 Mar" in answer.content.decode()


def test_a_bad_cell_of_a_sheet_is_named_and_the_sheet_is_kept(chat: Program, acme_owner: BrandActor) -> None:
    sheet = "\tFri 27\tSat 28\n17:00\t30\t12\n17:30\tmany\t12\n"
    form = {"program": chat.pk, "channel": "chat", "week": "2026-11-23", "sheet": sheet}
    answer = signed_in(acme_owner.user).post(reverse("scheduling:capacity-paste", args=["acme"]), form)
    assert answer.status_code == 422
    assert "Row 3, column B" in answer.content.decode()
    assert "many" in answer.content.decode()
    assert not RequestedInterval.objects.across_brands().exists()
    good = {**form, "sheet": sheet.replace("many", "34")}
    assert signed_in(acme_owner.user).post(reverse("scheduling:capacity-paste", args=["acme"]), good).status_code == 302
    assert RequestedInterval.objects.across_brands().filter(agents=34).count() == 2


def test_another_brands_program_is_nowhere_to_be_pencilled(
    chat: Program, globex_owner: BrandActor, acme_owner: BrandActor
) -> None:
    client = signed_in(globex_owner.user)
    form = {"program": chat.pk, "channel": "chat", "week": "2026-11-23", "days": ["2026-11-27"]}
    own = reverse("scheduling:capacity-pencil", args=["globex"])
    assert client.post(own, {**form, "start": "17:00", "end": "18:00", "agents": "1"}).status_code == 404
    assert pencil(client, chat, start="17:00", end="18:00", agents="1").status_code == 404
    assert not CapacityRequest.objects.across_brands().exists()


def test_a_claim_without_what_was_seen_is_refused(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + DAY)
    answer = signed_in(ada.user).post(reverse("scheduling:shift-claim", args=[shift.pk]), {"key": "x" * 10_000})
    assert answer.status_code in {400, 409}
    assert not Claim.objects.across_brands().exists()


def test_the_brand_confirms_ticked_hours_once(chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime) -> None:
    claim = plan.make_worked_claim(ada, plan.make_shift(chat, at - DAY, state=ShiftState.ENDED))
    client = signed_in(acme_owner.user)
    for _press in range(2):
        client.post(reverse("scheduling:hours-confirm", args=["acme"]), {"claim": [str(claim.pk), "rubbish"]})
    claim.refresh_from_db()
    assert (claim.state, claim.version) == (ClaimState.VERIFIED, 1)


def test_the_api_shows_a_brand_its_shifts_and_another_brand_nothing(
    chat: Program, ada: Agent, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    claim = plan.make_claim(ada, plan.make_shift(chat, at + DAY))
    client = signed_in(acme_owner.user)
    for address in ("shifts/", f"shifts/{claim.shift_id}/", "claims/", f"claims/{claim.pk}/", "capacity-requests/"):
        assert client.get(f"/api/v1/brands/acme/{address}").status_code == 200, address
        assert signed_in(globex_owner.user).get(f"/api/v1/brands/acme/{address}").status_code == 404
    assert signed_in(globex_owner.user).get(f"/api/v1/brands/globex/claims/{claim.pk}/").status_code == 404


def test_an_agent_claims_and_gives_back_through_the_api(chat: Program, ada: Agent, at: datetime) -> None:
    shift = plan.make_shift(chat, at + 2 * DAY)
    client = signed_in(ada.user)
    seen = client.get("/api/v1/me/open-shifts/").json()["results"][0]
    assert (seen["availability"], seen["pay_per_hour_minor"]) == ("open", 1600)
    made = client.post(f"/api/v1/me/shifts/{shift.pk}/claim/", {}, content_type="application/json")
    assert made.status_code == 201
    address = f"/api/v1/me/claims/{made.json()['id']}"
    cost = client.get(f"{address}/release-cost/").json()
    assert (cost["points"], cost["is_undo"]) == (0, True)
    wrong = client.post(f"{address}/release/", {"accepted_points": -15}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "points_changed")
    assert (
        client.post(f"{address}/release/", {"accepted_points": 0}, content_type="application/json").status_code == 200
    )
    assert Shift.objects.across_brands().get(pk=shift.pk).filled == 0


def test_intervals_through_the_api_name_what_is_wrong(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    client = signed_in(acme_owner.user)
    draft = {"program_id": str(chat.pk), "channel": "chat", "week_starts_on": "2026-11-23"}
    made = client.post("/api/v1/brands/acme/capacity-requests/", draft, content_type="application/json")
    assert made.status_code == 201
    address = f"/api/v1/brands/acme/capacity-requests/{made.json()['id']}/intervals/"
    backwards = {"starts_at": "2026-11-27T18:00Z", "ends_at": "2026-11-27T17:00Z", "agents": 3}
    answer = client.post(address, {"intervals": [backwards]}, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert "after the start" in answer.content.decode()
    assert client.post(address, {"intervals": "x"}, content_type="application/json").status_code < 500


@pytest.mark.parametrize("name", ["shift", "claim", "capacityrequest", "worksession", "agentcalendar", "timesheetlock"])
def test_ops_look_at_every_table(chat: Program, ada: Agent, olu: OpsActor, at: datetime, name: str) -> None:
    claim = plan.make_worked_claim(ada, plan.make_shift(chat, at - DAY, state=ShiftState.ENDED))
    plan.make_calendar(ada)
    client = signed_in(olu.user)
    assert client.get(reverse(f"admin:scheduling_{name}_changelist")).status_code == 200
    if name == "claim":
        assert client.get(reverse("admin:scheduling_claim_change", args=[claim.pk])).status_code == 200
        assert client.get(reverse("admin:scheduling_shift_changelist") + "?short=soon").status_code == 200
