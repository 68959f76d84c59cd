"""The page that says how many agents a week needs, and its machine twin."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from gigcx.tenancy.actors import BrandActor
from recruiting.models import Program
from scheduling import actions
from scheduling.actions.intervals import TypedInterval
from scheduling.models import CapacityRequest, ServiceTarget, StaffingRequirement
from tests import cast
from tests.factories import scheduling as plan
from tests.scheduling.staffing.conftest import AT, PLAIN, TEN, WEEK, Forecaster

pytestmark = pytest.mark.django_db
PAGE = "/b/acme/capacity/requirement/"
TYPED = {
    "model": "erlang_c",
    "definition": "answered_in_t_of_offered",
    "target": "80",
    "threshold": "20",
    "patience": "180",
    "short_abandon": "0",
    "max_occupancy": "85",
    "shrinkage": "30",
    "concurrency": "1",
    "factor": "1",
    "due_hours": "24",
}


@pytest.fixture
def client(planner: BrandActor) -> Client:
    browser = Client()
    browser.force_login(planner.user)
    return browser


def _where(program: Program, **more: Any) -> dict[str, Any]:
    return {"program": str(program.pk), "channel": "voice", "week": WEEK.isoformat(), "day": "2026-11-24", **more}


def test_an_empty_week_says_what_to_do_first(client: Client, program: Program) -> None:
    answer = client.get(PAGE, _where(program))
    assert answer.status_code == 200
    assert b"Type one day of contacts or upload a file" in answer.content


def test_the_page_names_the_model_the_definition_and_why_a_number_is_what_it_is(
    client: Client, program: Program, forecast: Forecaster
) -> None:
    forecast((TEN, 30, 100, 180))
    text = client.get(PAGE, {**_where(program), **TYPED}).content.decode()
    assert "Erlang C: everybody waits until answered" in text
    assert "of all who call are answered within 20" in text
    assert "Nobody is to be busy more than" not in text
    for words in ("14 reach 88.8", "with 13", "14 ÷ 0.70 = 20.0", "10", "Try it"):
        assert words in text, words
    capped = client.get(PAGE, {**_where(program), **TYPED, "max_occupancy": "60"}).content.decode()
    assert "that takes 17" in capped


def test_the_preview_is_a_fragment_that_writes_nothing(client: Client, program: Program, forecast: Forecaster) -> None:
    forecast((TEN, 30, 100, 180))
    answer = client.get(PAGE, {**_where(program), **TYPED, "shrinkage": "0"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "as many as agents" in text
    assert not ServiceTarget.objects.across_brands().exists()
    tried = client.post(f"{PAGE}try/", {**_where(program), **TYPED, "shrinkage": "0"})
    assert tried.status_code == 302
    assert "shrinkage=0" in tried["Location"]
    assert "csrf" not in tried["Location"]


@pytest.mark.parametrize("model", ["erlang_a", "erlang_c", "deferred"])
@pytest.mark.parametrize("zoom", ["15", "30", "60"])
def test_every_model_shows_at_every_zoom(
    client: Client, program: Program, forecast: Forecaster, model: str, zoom: str
) -> None:
    forecast((TEN, 60, 30, 300), (TEN + timedelta(hours=3), 15, 2, 40))
    assert client.get(PAGE, {**_where(program, zoom=zoom), **TYPED, "model": model}).status_code == 200


def test_saving_keeps_the_promise_and_the_week_and_the_next_press_makes_it_demand(
    client: Client, program: Program, forecast: Forecaster
) -> None:
    forecast((TEN, 30, 100, 180))
    with time_machine.travel(AT, tick=False):
        saved = client.post(f"{PAGE}save/", {**_where(program), **TYPED, "version": "0"})
        assert saved.status_code == 302
        kept = StaffingRequirement.objects.across_brands().get()
        page = client.get(saved["Location"]).content.decode()
        assert "This is version 1, as computed and kept." in page
        pencilled = client.post(f"{PAGE}{kept.pk}/pencil/")
    assert pencilled.status_code == 302
    request = CapacityRequest.objects.across_brands().get()
    assert [one.agents for one in request.intervals.all()] == [20, 20]


def test_a_bad_figure_is_named_and_what_was_typed_stays(client: Client, program: Program, forecast: Forecaster) -> None:
    forecast((TEN, 30, 100, 180))
    answer = client.post(f"{PAGE}save/", {**_where(program), **TYPED, "shrinkage": "95", "version": "0"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="95"' in text
    assert "Type a figure within what is possible here." in text
    for wrong in ({"target": "x"}, {"definition": "nothing"}, {"why": "9" * 30}, {"threshold": "1e400"}, {"why": "-5"}):
        assert client.get(PAGE, {**_where(program), **TYPED, **wrong}).status_code in {200, 422}


def test_a_viewer_tries_and_saves_nothing(program: Program, forecast: Forecaster) -> None:
    forecast((TEN, 30, 100, 180))
    viewer, browser = cast.make_member(program.brand, "Vera Viewer", "viewer"), Client()
    browser.force_login(viewer.user)
    assert b"Save and compute" not in browser.get(PAGE, {**_where(program), **TYPED}).content
    assert browser.post(f"{PAGE}save/", {**_where(program), **TYPED}).status_code == 403


def test_a_week_asks_as_much_for_one_quarter_as_for_many(
    client: Client, program: Program, planner: BrandActor, forecast: Forecaster, django_assert_max_num_queries: Any
) -> None:
    actions.save_target(program_id=program.pk, channel="voice", by=planner, at=AT, **PLAIN)
    forecast((TEN, 15, 10, 180))
    with django_assert_max_num_queries(16) as few:
        client.get(PAGE, _where(program))
    forecast((TEN - timedelta(hours=24), 48 * 60, 4_000, 180))
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE, _where(program))


def _calculate(client: Client, **body: Any) -> Any:
    return client.post("/api/v1/brands/acme/staffing/calculate/", body, content_type="application/json")


def test_machines_calculate_arrays_and_wrong_fields_are_named(client: Client, program: Program) -> None:
    found = _calculate(
        client, volume=[100, 0, 50], aht_seconds=[180], model="erlang_c", in_house=[6, 0, 0], interval_seconds=1_800
    )
    assert found.status_code == 200, found.content
    first, nobody, _third = found.json()["intervals"]
    assert (first["agents"], first["seats"], first["to_book"]) == (14, 20, 14)
    assert first["service_level"] == pytest.approx(0.8884, abs=1e-4)
    assert (nobody["agents"], nobody["asa_seconds"]) == (0, 0)
    for field, wrong in (
        ("aht_seconds", {"aht_seconds": [1, 2]}),
        ("aht_seconds", {"aht_seconds": [0]}),
        ("target", {"target": 80}),
        ("volume", {"volume": []}),
        ("definition", {"definition": "fast"}),
        ("model", {"model": "deferred"}),
        ("volume", {"volume": ["many"]}),
        ("volume", {"volume": [-1]}),
        ("volume", {"volume": [1e300]}),
        ("patience_seconds", {"patience_seconds": 1e20}),
        ("concurrency_factor", {"concurrency": 6}),
        ("concurrency_factor", {"concurrency": 2, "concurrency_factor": 2.5}),
    ):
        refused = _calculate(client, **{"volume": [1, 2, 3], "aht_seconds": [180], **wrong})
        assert refused.status_code in {400, 422}, (wrong, refused.content)
        assert field in refused.content.decode(), (wrong, refused.content)


def test_the_largest_questions_that_machines_may_ask_are_answered(client: Client, program: Program) -> None:
    most = {"volume": [10_000_000], "aht_seconds": [604_800], "interval_seconds": 60, "patience_seconds": 10_000_000}
    for definition in ("answered_in_t_of_offered", "excluding_short_abandons"):
        found = _calculate(client, **most, definition=definition, max_occupancy=None)
        assert found.status_code == 200, found.content
        assert found.json()["intervals"][0]["service_level"] >= 0.8


def test_machines_save_compute_read_and_pencil(client: Client, program: Program, forecast: Forecaster) -> None:
    forecast((TEN, 30, 100, 180))
    base, week = "/api/v1/brands/acme/", {"program_id": str(program.pk), "channel": "voice"}
    with time_machine.travel(AT, tick=False):
        target = client.post(f"{base}service-targets/", {**week, **PLAIN}, content_type="application/json")
        assert target.status_code == 201, target.content
        body = {**week, "week_starts_on": WEEK.isoformat()}
        kept = client.post(f"{base}staffing-requirements/", body, content_type="application/json")
        assert kept.status_code == 201, kept.content
        shown = client.get(f"{base}staffing-requirements/{kept.json()['id']}/").json()
        assert [one["to_book"] for one in shown["points"]] == [20, 20]
        assert client.get(f"{base}staffing-requirements/").json()["results"][0]["version"] == 1
        assert client.get(f"{base}service-targets/").json()["results"][0]["model"] == "erlang_c"
        penned = client.post(f"{base}staffing-requirements/{kept.json()['id']}/pencil/")
        assert penned.status_code == 200, penned.content
    assert penned.json()["state"] == "draft"


def test_what_is_published_is_beside_what_is_left_to_book(
    client: Client, program: Program, forecast: Forecaster
) -> None:
    forecast((TEN, 30, 100, 180))
    text = client.get(PAGE, {**_where(program), **TYPED}).content.decode()
    assert "h are published already" not in text
    plan.make_shift(program, TEN, hours=0.5, seats=8, request=plan.make_request(program, TEN, channel="voice"))
    text = client.get(PAGE, {**_where(program), **TYPED}).content.decode()
    assert "4 h are published already" in text
    assert '<td class="num">8</td><td class="num strong">12</td>' in text


def test_typed_agents_are_kept_as_the_requirement_at_the_press_of_a_button(
    client: Client, program: Program, planner: BrandActor
) -> None:
    assert "Typed by hand" not in client.get(PAGE, _where(program)).content.decode()
    asked = actions.draft_request(program_id=program.pk, channel="voice", week_starts_on=WEEK, by=planner, at=AT)
    typed = [TypedInterval(TEN, TEN + timedelta(hours=1), 7)]
    actions.set_intervals(request_id=asked.pk, intervals=typed, by=planner, at=AT)
    assert "asks for agents that somebody typed" in client.get(PAGE, _where(program)).content.decode()
    done = client.post(f"{PAGE}typed/{asked.pk}/", follow=True)
    assert "Kept as typed, as version 1." in done.content.decode()
    kept = StaffingRequirement.objects.across_brands().get()
    assert [point.seats for point in kept.points.all()] == [7] * 4
    stranger = Client()
    stranger.force_login(cast.make_member(cast.make_brand("Globex"), "Gina", "owner").user)
    assert stranger.post(f"/b/globex/capacity/requirement/typed/{asked.pk}/").status_code == 404
