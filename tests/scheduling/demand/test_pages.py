"""The pages of demand answer, keep what was typed, and ask the database a fixed number of questions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Program
from scheduling.models import DemandTemplate, Forecast, InHouseCoverage, UploadBatch
from scheduling.states import ForecastState, UploadState
from tests import cast
from tests.factories import scheduling as plan
from tests.scheduling.conftest import made_program

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


@pytest.fixture
def client(acme_owner: BrandActor) -> Client:
    return signed_in(acme_owner)


def signed_in(actor: BrandActor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def url(name: str, **kwargs: object) -> str:
    return reverse(f"scheduling:{name}", kwargs={"slug": "acme", **kwargs})


def at_week(page: str, program: Program, **more: str) -> str:
    query = {"program": str(program.pk), "channel": "chat", "week": "2026-11-23", **more}
    return url(page) + "?" + "&".join(f"{name}={value}" for name, value in query.items())


def posted(program: Program, **fields: object) -> dict[str, object]:
    return {"program": str(program.pk), "channel": "chat", "week": "2026-11-23", "zoom": "30", **fields}


def cell(start: datetime) -> str:
    return f"c{int(start.timestamp())}"


@pytest.mark.parametrize("page", ["forecast", "own-staff"])
def test_an_empty_grid_says_type_one_day_or_upload_a_file(client: Client, chat: Program, page: str) -> None:
    assert "Type one day or upload a file" in client.get(at_week(page, chat)).content.decode()


def test_every_page_of_demand_answers(client: Client, chat: Program) -> None:
    for page in ("forecast", "own-staff", "actuals", "uploads", "capacity-all", "templates", "template-new"):
        for more in ({}, {"zoom": "15", "hours": "all", "layer": "aht"}):
            assert client.get(at_week(page, chat, **more)).status_code == 200, page


def test_typed_contacts_become_a_version_and_publishing_is_one_press(client: Client, chat: Program) -> None:
    sent = posted(chat, layer="volume", version=0, usual_aht="4:30", **{cell(NINE): "12.5"})
    assert client.post(url("forecast-save"), sent).status_code == 302
    draft = Forecast.objects.across_brands().get()
    assert draft.state == ForecastState.DRAFT
    page = client.get(at_week("forecast", chat)).content.decode()
    assert 'value="12.5"' in page
    assert "Publish version 1" in page
    client.post(url("forecast-publish", forecast_id=draft.pk))
    draft.refresh_from_db()
    assert draft.state == ForecastState.PUBLISHED


def test_cells_that_were_not_typed_over_keep_their_quarters(client: Client, chat: Program) -> None:
    first = posted(
        chat,
        zoom="15",
        layer="volume",
        version=0,
        usual_aht="180",
        **{cell(NINE): "10", cell(NINE + timedelta(hours=1)): "3"},
    )
    client.post(url("forecast-save"), first)
    parent = Forecast.objects.across_brands().get()
    ten = cell(NINE + timedelta(hours=1))
    client.post(
        url("forecast-save"),
        posted(
            chat, layer="volume", version=1, parent=str(parent.pk), usual_aht="9:00", **{cell(NINE): "10", ten: "8"}
        ),
    )
    points = Forecast.objects.across_brands().get(version=2).points.order_by("starts_at")
    assert [(one.starts_at.hour, int(one.volume), int(one.aht_seconds)) for one in points] == [
        (9, 10, 180),
        (10, 4, 180),
        (10, 4, 540),
    ]


def test_a_bad_cell_is_named_and_everything_typed_stays(client: Client, chat: Program) -> None:
    sent = posted(
        chat, layer="volume", version=0, usual_aht="4:30", **{cell(NINE): "lots", cell(NINE + timedelta(hours=1)): "7"}
    )
    answer = client.post(url("forecast-save"), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Mon 23 Nov 09:00: This is no number." in text
    assert 'value="lots"' in text
    assert 'value="7"' in text
    assert not Forecast.objects.across_brands().exists()


def test_handling_times_are_typed_in_minutes_and_seconds(client: Client, chat: Program) -> None:
    client.post(url("forecast-save"), posted(chat, layer="volume", version=0, usual_aht="180", **{cell(NINE): "4"}))
    parent = Forecast.objects.across_brands().get()
    client.post(
        url("forecast-save"),
        posted(chat, layer="aht", version=1, parent=str(parent.pk), **{cell(NINE): "5:10"}),
    )
    assert {int(one.aht_seconds) for one in Forecast.objects.across_brands().get(version=2).points.all()} == {310}


def test_own_staff_is_typed_and_emptied(client: Client, chat: Program) -> None:
    client.post(url("own-staff"), posted(chat, layer="heads", **{cell(NINE): "3"}))
    assert [one.heads for one in InHouseCoverage.objects.across_brands()] == [3, 3]
    client.post(url("own-staff"), posted(chat, layer="heads", **{cell(NINE): ""}))
    assert not InHouseCoverage.objects.across_brands().exists()


def test_a_planners_week_by_file_with_three_bad_rows_then_fixed(client: Client, chat: Program) -> None:
    starts = [NINE.replace(hour=0) + timedelta(minutes=30 * step) for step in range(336)]
    lines = [f"{one:%d.%m.%Y %H:%M};{10 + one.hour};4:30" for one in starts]
    bad = list(lines)
    bad[3], bad[50], bad[300] = "23.11.2026 01:30;viele;4:30", "24.11.2026 01:00;5;", "29.11.2026 06:07;5;4:30"
    page = _upload(client, chat, bad)
    for words in ("3 faults.", "B · Anrufe", "Type digits only", "Download the rows with faults"):
        assert words in page
    batch = UploadBatch.objects.across_brands().get()
    assert not Forecast.objects.across_brands().exists()
    faults = client.get(url("upload-faults", upload_batch_id=batch.pk)).content.decode()
    assert faults.count("\r\n") == 4
    refused = client.post(url("upload-apply", upload_batch_id=batch.pk))
    assert refused.status_code in {302, 400, 409}
    assert not Forecast.objects.across_brands().exists()
    assert "336 rows are ready" in _upload(client, chat, lines)
    ready = UploadBatch.objects.across_brands().get(state=UploadState.PREVIEWED)
    for _press in range(2):
        client.post(url("upload-apply", upload_batch_id=ready.pk))
    client.post(url("upload-publish", upload_batch_id=ready.pk))
    assert Forecast.objects.across_brands().get().state == ForecastState.PUBLISHED


def _upload(client: Client, program: Program, lines: list[str]) -> str:
    content = "\n".join(["Zeit;Anrufe;AHT", *lines]).encode("utf-8-sig")
    file = SimpleUploadedFile("week48.csv", content)
    return client.post(url("uploads"), posted(program, kind="forecast", file=file), follow=True).content.decode()


def test_a_file_that_is_no_table_is_refused_on_the_form(client: Client, chat: Program) -> None:
    answer = client.post(
        url("uploads"), posted(chat, kind="forecast", file=SimpleUploadedFile("x.xls", b"\xd0\xcf\x11\xe0"))
    )
    assert answer.status_code == 422
    assert "Save it as XLSX without a password" in answer.content.decode()


def test_columns_are_named_on_the_page(client: Client, chat: Program) -> None:
    content = b"Alpha,Beta,Gamma\n2026-11-24 09:00,60,7\n2026-11-24 09:30,60,8\n"
    client.post(url("uploads"), posted(chat, kind="forecast", file=SimpleUploadedFile("a.csv", content)))
    batch = UploadBatch.objects.across_brands().get()
    sent = {"column_start": "0", "column_volume": "2", "column_aht": "1", "date_order": "ymd", "decimal": "."}
    client.post(url("upload", upload_batch_id=batch.pk), sent)
    batch.refresh_from_db()
    assert batch.mapping["columns"] == {"start": 0, "volume": 2, "aht": 1}
    assert client.post(url("upload", upload_batch_id=batch.pk), {**sent, "column_aht": "2"}).status_code == 422


def test_a_template_is_written_shown_and_filled(client: Client, chat: Program) -> None:
    rows = {
        "rows-TOTAL_FORMS": "2",
        "rows-INITIAL_FORMS": "0",
        "rows-0-weekdays": ["1", "2"],
        "rows-0-start": "22:00",
        "rows-0-end": "06:00",
        "rows-0-agents": "4",
    }
    base = {"program": str(chat.pk), "channel": "chat", "name": "Nights", "anchor_on": "2026-11-23", "every_weeks": "1"}
    assert client.post(url("template-new"), {**base, **rows}).status_code == 302
    made = DemandTemplate.objects.across_brands().get()
    page = client.get(url("template", demand_template_id=made.pk)).content.decode()
    assert "64 h" in page
    client.post(url("template-fill", demand_template_id=made.pk))
    assert made.weeks.count() == 4
    assert "Nights" in client.get(url("templates")).content.decode()
    assert client.post(url("template-new"), {**base, **rows}).status_code == 422
    for press in ("pause", "resume", "end"):
        assert client.post(url(f"template-{press}", demand_template_id=made.pk)).status_code == 302


def test_a_viewer_sees_sheets_and_cannot_save(chat: Program, acme: Brand) -> None:
    viewer = signed_in(cast.make_member(acme, "Vera Viewer", role="viewer"))
    assert '<input name="c' not in viewer.get(at_week("forecast", chat)).content.decode()
    assert viewer.post(
        url("forecast-save"), posted(chat, layer="volume", version=0, **{cell(NINE): "5"})
    ).status_code in {302, 403}
    assert viewer.post(url("own-staff"), posted(chat, layer="heads", **{cell(NINE): "5"})).status_code in {302, 403}
    assert not Forecast.objects.across_brands().exists()
    assert not InHouseCoverage.objects.across_brands().exists()


def test_one_program_and_twenty_ask_the_database_the_same_number_of_questions(
    client: Client, acme: Brand, chat: Program, at: datetime
) -> None:
    start = at + timedelta(days=7)
    address = url("capacity-all") + "?week=2026-11-23"
    counts = []
    for number in range(20):
        program = chat if number == 0 else made_program(acme, f"Program {number:02}")
        request = plan.make_request(program, start)
        plan.ask_for(request, start, hours=3, agents=2 + number)
        plan.make_shift(program, start, hours=2, seats=4, filled=2, request=request)
        if number in {0, 19}:
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                page = client.get(address)
            assert page.content.decode().count('class="strip"') == 7 * (number + 1)
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_overview_counts_what_is_short(client: Client, chat: Program, at: datetime) -> None:
    start = at + timedelta(days=7)
    request = plan.make_request(chat, start)
    plan.ask_for(request, start, hours=3, agents=5)
    shift = plan.make_shift(chat, start, hours=2, seats=5, request=request)
    shift.filled = 3
    shift.save()
    text = client.get(url("capacity-all") + "?week=2026-11-23").content.decode()
    assert "15 h required, 9 h short" in text


def test_the_pages_of_demand_ask_a_fixed_number_of_questions(client: Client, chat: Program) -> None:
    client.post(url("forecast-save"), posted(chat, layer="volume", version=0, usual_aht="180", **{cell(NINE): "4"}))
    client.get(at_week("forecast", chat))
    counts = []
    for version in (1, 2, 3):
        with CaptureQueriesContext(connection) as asked:
            client.get(at_week("forecast", chat))
        counts.append(len(asked))
        sent = posted(chat, layer="volume", version=version, usual_aht="180", **{cell(NINE): str(version)})
        client.post(url("forecast-save"), sent)
        client.get(at_week("forecast", chat))
    assert len(set(counts)) == 1
