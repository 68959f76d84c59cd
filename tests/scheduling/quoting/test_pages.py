"""The pages round a quote: what they say, what they refuse without losing what was typed, and the public calculator."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor
from recruiting.models import Agent, Program
from scheduling.models import CapacityRequest, Quote, ReleaseWave, Shift
from scheduling.queries.rules import rules_of
from scheduling.states import RequestState, WaveMode
from scheduling.views.curves import Mark, core_problem
from tests import cast
from tests.scheduling.quoting.test_quotes import accepted, limit, priced

pytestmark = pytest.mark.django_db
CALCULATOR = "/calculator/"


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def quote(chat: Program, ada: Agent, acme_owner: BrandActor, at: datetime) -> Quote:
    return priced(chat, acme_owner, at)


def browser(of: BrandActor) -> Client:
    client = Client()
    client.force_login(of.user)
    return client


def url(name: str, **kwargs: object) -> str:
    return reverse(f"scheduling:{name}", kwargs={"slug": "acme", **kwargs})


def test_a_priced_request_shows_price_odds_ways_and_one_way_to_publish(quote: Quote, acme_owner: BrandActor) -> None:
    text = browser(acme_owner).get(url("request", request_id=quote.request_id)).content.decode()
    for words in (
        "Chance of filling",
        "is assumed until you have released more seats",
        "What fixed staff would cost",
        "Cheapest fixed rota",
        "Where seats may stay open",
    ):
        assert words in text
    assert text.count("btn-primary") == 1
    assert 'value="draw" required' not in text
    assert "Sealed draw first" in text


def test_the_publish_form_lets_seats_out_as_chosen(quote: Quote, acme_owner: BrandActor) -> None:
    given = {"quote": str(quote.pk), "release": "first_come", "publish_at_0": "", "publish_at_1": ""}
    answer = browser(acme_owner).post(url("request-publish", request_id=quote.request_id), given)
    assert answer.status_code == 302
    waves = ReleaseWave.objects.for_brand(quote.brand_id).filter(request_id=quote.request_id)
    assert [wave.mode for wave in waves] == [WaveMode.FIRST_COME]


def test_a_second_person_finds_approves_and_the_first_cannot(
    quote: Quote, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    planner = cast.make_member(acme_owner.brand, "Pia Planner", role="planner")
    limit(chat, 1, acme_owner, at)
    page = browser(planner).post(
        url("request-publish", request_id=quote.request_id),
        {"quote": str(quote.pk), "release": "first_come"},
        follow=True,
    )
    assert "A second person has been asked" in page.content.decode()
    assert "You accepted it: somebody else has to approve." in browser(planner).get(url("approvals")).content.decode()
    assert browser(planner).post(url("request-approve", request_id=quote.request_id)).status_code in {302, 409}
    request = CapacityRequest.objects.across_brands().get(pk=quote.request_id)
    assert request.state == RequestState.AWAITING_APPROVAL
    owner = browser(acme_owner)
    assert request.number in owner.get(url("approvals")).content.decode()
    refused = owner.post(url("request-refuse", request_id=quote.request_id), {"reason": ""})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    owner.post(url("request-approve", request_id=quote.request_id))
    request.refresh_from_db()
    assert request.state == RequestState.PUBLISHED


def test_typed_budgets_stay_when_one_is_wrong(quote: Quote, acme_owner: BrandActor) -> None:
    client, address = browser(acme_owner), url("request-budgets", request_id=quote.request_id)
    wrong = client.post(address, {"work": "lots", "incentive": "12.50", "remedy": ""})
    assert wrong.status_code == 422
    assert 'value="lots"' in wrong.content.decode()
    client.post(address, {"work": "9000", "incentive": "12.50", "remedy": ""})
    request = CapacityRequest.objects.across_brands().get(pk=quote.request_id)
    assert (request.work_budget_minor, request.incentive_budget_minor) == (900_000, 1_250)


def test_seats_change_on_the_page_of_a_published_shift(quote: Quote, acme_owner: BrandActor, at: datetime) -> None:
    accepted(quote, acme_owner, at)
    shift = Shift.objects.for_brand(quote.brand_id)[0]
    client = browser(acme_owner)
    text = client.get(url("shift", shift_id=shift.pk)).content.decode()
    each = text.split('name="each_minor" value="')[1].split('"')[0]
    client.post(url("shift-add-seats", shift_id=shift.pk), {"seats": "3", "each_minor": each})
    client.post(url("shift-reduce-seats", shift_id=shift.pk), {"seats": "1"})
    assert Shift.objects.across_brands().get(pk=shift.pk).seats == shift.seats + 2
    wrong = client.post(url("shift-reduce-seats", shift_id=shift.pk), {"seats": "x"})
    assert (wrong.status_code, "Type how many seats" in wrong.content.decode()) == (422, True)


def test_rules_are_explained_saved_and_their_changes_listed(chat: Program, acme_owner: BrandActor) -> None:
    client, address = browser(acme_owner), url("rules", program_id=chat.pk)
    text = client.get(address).content.decode()
    assert "Nobody has changed them yet" in text
    given = {
        "version": "0", "is_draw_first": "on", "favorites_share": "20", "draw_hours": "48", "first_come_below_hours": "12",
        "hot_below_hours": "2", "draw_week_hours": "12", "open_week_hours": "24", "approval_above": "500",
        "standby_coverage": "95", "show_confidence": "90", "incentive_step": "10", "incentive_cap": "50",
    }  # fmt: skip
    wrong = client.post(address, {**given, "hot_below_hours": "30"})
    assert (wrong.status_code, "Hot begins later" in wrong.content.decode()) == (422, True)
    page = client.post(address, given, follow=True).content.decode()
    rules = rules_of(chat)
    assert (rules.draw_hours, rules.favorites_share_bp, rules.approval_above_minor) == (48, 2_000, 50_000)
    assert "24 → 48" in page


def test_a_viewer_reads_the_rules_and_changes_none(chat: Program, acme_owner: BrandActor) -> None:
    viewer = browser(cast.make_member(acme_owner.brand, "Vic Viewer", role="viewer"))
    assert "Your role can read these rules" in viewer.get(url("rules", program_id=chat.pk)).content.decode()
    assert viewer.post(url("rules", program_id=chat.pk), {"version": "0"}).status_code in {403, 404, 422}
    assert rules_of(chat).version == 0


def test_the_lists_ask_as_much_for_three_requests_as_for_one(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    limit(chat, 1, acme_owner, at)
    client, counts = browser(acme_owner), []
    client.get(url("approvals"))
    for week in range(3):
        monday = (at + timedelta(days=7 * (week + 1))).date()
        accepted(priced(chat, acme_owner, at, monday=monday), acme_owner, at)
        if week != 1:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url("approvals")).status_code == 200
            counts.append(len(seen))
    assert counts[0] == counts[1]


# the calculator


def test_the_calculator_answers_anybody_and_says_when_fixed_is_cheaper(db: None) -> None:
    peaked = Client().get(CALCULATOR, {"curve": "friday"}).content.decode()
    flat = Client().get(CALCULATOR, {"curve": "flat"}).content.decode()
    assert "On demand is cheaper here" in peaked
    assert "Fixed is cheaper here" in flat


def test_the_curve_has_a_picture_for_a_phone_in_which_nothing_is_cut() -> None:
    drawn = core_problem([0, 3, 5, 2], [0, 4, 5, 2], average=2.5, marks=[Mark(0, "00"), Mark(3, "03")])
    assert drawn is not None
    for picture, right in ((drawn, 880.0), (drawn["small"], 360.0)):
        ends = [float(one) for one in re.findall(r"H([0-9.]+)", picture["required"] + picture["seats_area"])]
        assert (max(ends), picture["right"]) == (right, f"{right:.0f}")
        assert float(picture["marks"][-1]["x"]) < right
    page = Client().get(CALCULATOR).content.decode()
    assert [page.count(f'class="ch {css}"') for css in ("ch-wide", "ch-small")] == [1, 1]


def test_a_typed_row_is_worked_out_and_shared_by_its_link(db: None) -> None:
    row = " ".join(["0"] * 9 + ["5"] * 6 + ["0"] * 9)
    given = {"curve": "typed", "hours": row, "days": "1", "fill": "100"}
    text = Client().get(CALCULATOR, given).content.decode()
    assert "30 hours of people needed a week" in text
    link = text.split('href="/calculator/?')[1].split('"')[0].replace("&amp;", "&")
    assert "30 hours of people needed a week" in Client().get(f"{CALCULATOR}?{link}").content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"curve": "typed", "hours": "1 2 3"}, "Type 24 numbers, one for each hour; there are 3."),
        ({"curve": "typed", "hours": " ".join(["1"] * 5 + ["-2"] + ["1"] * 18)}, "Hour 05: type a whole number"),
        ({"curve": "typed", "hours": " ".join(["\N{ARABIC-INDIC DIGIT TWO}"] * 24)}, "Hour 00: type a whole number"),
        ({"curve": "spiral"}, "Select a valid choice"),
        ({"own": "NaN"}, "Enter a number"),
        ({"days": "9"}, "less than or equal to 7"),
        ({"handling": "0"}, "A contact takes some time"),
        ({"demand": "9" * 40}, "less than or equal to 1000"),
    ],
)
def test_an_address_that_makes_no_sense_names_what_is_wrong(db: None, given: dict[str, str], words: str) -> None:
    answer = Client().get(CALCULATOR, given)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_live_update_brings_only_the_result(db: None) -> None:
    answer = Client().get(CALCULATOR, {"curve": "typed", "hours": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().startswith('<div id="result"')


def test_nobody_needed_is_worked_out_too(db: None) -> None:
    given = {"curve": "typed", "hours": " ".join(["0"] * 24)}
    assert "Nobody is needed: nothing to compare." in Client().get(CALCULATOR, given).content.decode()
