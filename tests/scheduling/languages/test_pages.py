"""A planner chooses a language once and every page of the week keeps to it; programs of one language show no choice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Agent, Program
from scheduling import actions
from scheduling.actions.forecasts import TypedVolume
from scheduling.models import CapacityRequest, DemandTemplate, Forecast, InHouseCoverage, ServiceTarget
from scheduling.states import DemandSource
from tests.factories import scheduling as plan
from tests.scheduling.conftest import made_program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]

MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAGES = ("capacity", "forecast", "actuals", "own-staff", "requirement", "uploads", "capacity-paste")


def url(name: str, **kwargs: object) -> str:
    return reverse(f"scheduling:{name}", kwargs={"slug": "acme", **kwargs})


def week_of(page: str, program: Program, language: str = "") -> str:
    return f"{url(page)}?program={program.pk}&channel=chat&week=2026-11-23&language={language}"


def posted(program: Program, language: str, **fields: object) -> dict[str, object]:
    known = {"program": str(program.pk), "channel": "chat", "language": language, "week": "2026-11-23", "zoom": "30"}
    return {**known, **fields}


def expect(program: Program, by: BrandActor, at: datetime, language: str) -> Forecast:
    volume = TypedVolume(NINE, NINE + timedelta(hours=1), Decimal(60), Decimal(240))
    made = actions.save_forecast(
        program_id=program.pk,
        channel="chat",
        week_starts_on=MONDAY,
        volumes=[volume],
        source=DemandSource.TYPED,
        language=language,
        by=by,
        at=at,
    )
    return actions.publish_forecast(forecast_id=made.pk, by=by, at=at)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_week_is_of_the_language_in_its_address(machine: Client, chat: Program, page: str) -> None:
    shown = machine.get(week_of(page, chat, "de")).content.decode()
    assert "German" in shown
    if page not in {"actuals", "requirement"}:  # the one has no form, the other's is asserted by what it saves
        assert '<input type="hidden" name="language" value="de"' in shown
    assert machine.get(week_of(page, chat, "klingon")).status_code == 200


def test_a_program_of_one_language_shows_no_choice_of_languages(machine: Client, acme: Brand) -> None:
    plain = made_program(acme, "Plain Chat")
    assert "Any language" not in machine.get(week_of("capacity", plain)).content.decode()
    assert "Language" not in machine.get(url("template-new")).content.decode()


def test_what_is_pencilled_typed_and_staffed_is_kept_in_its_language(machine: Client, chat: Program) -> None:
    pencilled = posted(chat, "de", days=["2026-11-24"], start="09:00", end="10:00", agents="3")
    answer = machine.post(url("capacity-pencil"), pencilled)
    assert "language=de" in answer.headers["Location"]
    cell = f"c{int(NINE.timestamp())}"
    machine.post(
        url("forecast-save"), posted(chat, "de", layer="volume", version="0", usual_aht="4:00", **{cell: "12"})
    )
    machine.post(url("own-staff"), posted(chat, "de", layer="heads", **{cell: "2"}))
    kept = [model.objects.across_brands().values_list("language", flat=True).distinct() for model in _KEPT]
    assert [list(one) for one in kept] == [["de"]] * 3
    assert machine.get(week_of("capacity", chat, "de")).context["grid"].pencilled_quarters == 12
    assert machine.get(week_of("capacity", chat, "en")).context["grid"].pencilled_quarters == 0


_KEPT = (CapacityRequest, Forecast, InHouseCoverage)


def test_a_foreign_language_in_a_form_is_refused_in_words_and_what_was_typed_stays(
    machine: Client, chat: Program
) -> None:
    answer = machine.post(
        url("capacity-pencil"), posted(chat, "fr", days=["2026-11-24"], start="09:00", end="10:00", agents="37")
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "does not serve customers in fr" in shown
    assert 'value="37"' in shown


def test_the_requirement_says_whose_promise_holds_and_saves_one_for_the_language_alone(
    machine: Client, chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    expect(chat, acme_owner, at, "de")
    page = machine.get(week_of("requirement", chat, "de"))
    assert "Neither German nor the channel has a saved promise" in page.content.decode()
    channel = actions.save_target(program_id=chat.pk, channel="chat", by=acme_owner, at=at, threshold_seconds=30)
    page = machine.get(week_of("requirement", chat, "de"))
    assert "German has no promise of its own" in page.content.decode()
    hidden, form = dict(page.context["hidden"]), page.context["form"]
    typed = {**hidden, **form.initial, "threshold": "90"}
    saved = machine.post(url("requirement-save"), {name: value for name, value in typed.items() if value is not None})
    assert saved.status_code == 302, saved.context["form"].errors
    own = ServiceTarget.objects.across_brands().get(language="de")
    assert (own.threshold_seconds, own.version, channel.version) == (90, 1, 1)
    after = machine.get(saved.headers["Location"]).content.decode()
    assert "The promise of German, version 1" in after
    assert "It holds for every language without its own" in machine.get(week_of("requirement", chat)).content.decode()


def test_a_template_is_written_down_for_a_language(machine: Client, chat: Program) -> None:
    rows = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-weekdays": ["1"]}
    rows |= {"rows-0-start": "09:00", "rows-0-end": "17:00", "rows-0-agents": "3"}
    given = {"program": str(chat.pk), "channel": "chat", "language": "de", "name": "Days", "anchor_on": "2026-11-23"}
    answer = machine.post(url("template-new"), {**given, "every_weeks": "1", **rows})
    assert answer.status_code == 302
    assert DemandTemplate.objects.across_brands().get().language == "de"
    assert "Holiday Chat · German" in machine.get(url("templates")).content.decode()


def test_requests_and_shifts_name_their_language_to_brand_and_agent(
    machine: Client, chat: Program, german: Agent, at: datetime
) -> None:
    request = plan.make_request(chat, at + timedelta(days=2), language="de")
    shift = plan.make_shift(chat, at + timedelta(days=2), request=request)
    pages = [url("requests"), url("request", request_id=request.pk), url("shift", shift_id=shift.pk)]
    for page in pages:
        assert "Holiday Chat · German" in machine.get(page).content.decode()
    agent = Client()
    agent.force_login(german.user)
    assert "Holiday Chat · German" in agent.get(reverse("scheduling:find")).content.decode()


def test_machines_plan_and_read_by_language(machine: Client, chat: Program, acme_owner: BrandActor) -> None:
    base = "/api/v1/brands/acme"
    asked = {"program_id": str(chat.pk), "channel": "chat", "week_starts_on": "2026-11-23", "language": "de"}
    made = machine.post(f"{base}/capacity-requests/", asked, content_type="application/json")
    assert (made.status_code, made.json()["language"]) == (201, "de")
    refused = machine.post(f"{base}/capacity-requests/", {**asked, "language": "fr"}, content_type="application/json")
    assert refused.status_code in {400, 422}
    assert "language" in refused.content.decode()
