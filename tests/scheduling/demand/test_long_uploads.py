"""Long files are worked on in the background, and sheets with days across are read like any other."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gigcx.kernel import clock
from gigcx.kernel.errors import MoveRefused, NotFound
from gigcx.tenancy.actors import BrandActor, SystemActor
from recruiting.models import Program
from scheduling import actions
from scheduling.actions import long_uploads, upload_writes, uploads
from scheduling.formats.columns import ColumnMap
from scheduling.models import Forecast, RequestedInterval, UploadBatch
from scheduling.queries.uploads import faulty_rows_csv, told_faults, uploads_to_work_on
from scheduling.states import UploadKind, UploadState, UploadWork
from tests.scheduling.demand.test_uploads import csv, half_hours, received

pytestmark = pytest.mark.django_db
READER = SystemActor("file reader")
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _everything_is_long(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "across" not in request.node.name:
        monkeypatch.setattr(uploads, "LONG_TEXT", 100)
        monkeypatch.setattr(long_uploads, "LONG_ROWS", 100)


def work(batch: UploadBatch, at: datetime) -> UploadBatch:
    actions.work_on_upload(batch_id=batch.pk, by=READER, at=at)
    batch.refresh_from_db()
    return batch


def test_a_long_file_is_only_kept_until_a_worker_has_read_it(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    batch = received(chat, acme_owner, at, csv(half_hours()))
    assert (batch.state, batch.asked, batch.row_count) == (UploadState.RECEIVED, UploadWork.READ, 0)
    with pytest.raises(MoveRefused):
        actions.ask_upload(batch_id=batch.pk, by=acme_owner, at=at)
    assert uploads_to_work_on(at=at + timedelta(minutes=2)) == [batch.pk]
    work(batch, at)
    assert (batch.state, batch.asked, batch.row_count) == (UploadState.PREVIEWED, "", 336)
    assert uploads_to_work_on(at=at + timedelta(minutes=2)) == []


def test_a_worker_tells_how_far_it_is(
    chat: Program, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = received(chat, acme_owner, at, csv(half_hours()))
    seen: list[dict[str, Any]] = []
    real = long_uploads._telling

    def spied(of: UploadBatch) -> object:
        tell = real(of)

        def both(done: int) -> None:
            tell(done)
            seen.append(UploadBatch.objects.across_brands().values_list("progress", flat=True).get(pk=batch.pk))

        return both

    monkeypatch.setattr("scheduling.formats.readings._TOLD_EVERY", 100)
    monkeypatch.setattr(long_uploads, "_telling", spied)
    work(batch, at)
    begun = {"begun": 1, "version": 0, "beat_at": at.isoformat()}
    assert seen == [{"done": done, "of": 336, **begun} for done in (0, 100, 200, 300)]
    assert batch.progress == {}


def test_a_long_file_is_applied_once_by_a_worker_whoever_is_killed(
    chat: Program,
    acme_owner: BrandActor,
    globex_owner: BrandActor,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = work(received(chat, acme_owner, at, csv(half_hours())), at)
    with pytest.raises(NotFound):
        actions.ask_upload(batch_id=batch.pk, by=globex_owner, at=at)
    actions.ask_upload(batch_id=batch.pk, by=acme_owner, at=at)

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(upload_writes.WRITERS, UploadKind.FORECAST, killed)
        with pytest.raises(KeyboardInterrupt):
            work(batch, at)
    batch.refresh_from_db()
    assert (batch.state, batch.asked) == (UploadState.PREVIEWED, UploadWork.APPLY)
    for _twice in range(2):
        work(batch, at)
    assert (batch.state, batch.asked) == (UploadState.APPLIED, "")
    assert Forecast.objects.across_brands().get().provenance["who"] == acme_owner.label


def test_a_long_file_that_is_no_table_or_has_faults_is_rejected_in_words(
    client: Client, chat: Program, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    client.force_login(acme_owner.user)

    def page(batch: UploadBatch) -> str:
        there = {"slug": acme_owner.brand.slug, "upload_batch_id": batch.pk}
        return client.get(reverse("scheduling:upload", kwargs=there)).content.decode()

    nothing = received(chat, acme_owner, at, b"x\n" * 200)
    assert "Reading the file" in page(nothing)
    assert work(nothing, at).state == UploadState.REJECTED
    assert "This is no table" in page(nothing)
    lines = half_hours()
    lines[3] = "2026-11-23 01:30,lots,4:30"
    faulty = work(received(chat, acme_owner, at, csv(lines)), at)
    assert faulty.state == UploadState.REJECTED
    assert [(one.row, one.column) for one in told_faults(faulty.row_errors)] == [(5, "B")]


def test_the_page_asks_and_the_machine_is_told_to_come_back(
    client: Client, chat: Program, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    batch = work(received(chat, acme_owner, at, csv(half_hours())), at)
    client.force_login(acme_owner.user)
    there = {"slug": acme_owner.brand.slug, "upload_batch_id": batch.pk}
    asked = client.post(reverse("scheduling:upload-apply", kwargs=there), follow=True).content.decode()
    assert "Writing the file" in asked
    state = reverse("scheduling:upload-state", kwargs=there)
    assert b"Writing the file" in client.get(state).content
    work(batch, at)
    done = client.get(state)
    assert (done.status_code, done["HX-Refresh"]) == (204, "true")
    again = work(received(chat, acme_owner, at, csv(half_hours(336))), at)
    answer = client.post(
        reverse("api-upload-apply", kwargs={"slug": acme_owner.brand.slug, "upload_batch_id": again.pk}),
        content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )
    assert (answer.status_code, answer.json()["asked"]) == (202, "apply")
    work(again, at)
    assert again.progress == {"first": str(batch.pk)}


def test_other_columns_of_a_long_file_are_read_by_a_worker_too(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    batch = work(received(chat, acme_owner, at, csv(half_hours())), at)
    mapped = ColumnMap({"start": 0, "volume": 1}, "ymd", ".", 300)
    actions.ask_upload(batch_id=batch.pk, by=acme_owner, at=at, mapped=mapped)
    work(batch, at)
    assert (batch.state, batch.mapping["columns"]) == (UploadState.PREVIEWED, {"start": 0, "volume": 1})


def across(*rows: str) -> bytes:
    days = (MONDAY + timedelta(days=day) for day in range(3))
    return "\n".join([",".join(["Time", *(f"{day:%d.%m.%Y}" for day in days)]), *rows, ""]).encode()


def test_days_across_are_read_as_rows_and_blanks_ask_for_nothing(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    content = across("09:00,4,5,", "09:30,6,,7")
    batch = received(chat, acme_owner, at, content, kind="agents")
    assert (batch.state, batch.headings, batch.row_count) == (UploadState.PREVIEWED, ["Day", "Time", "Number"], 4)
    actions.apply_upload(batch_id=batch.pk, by=acme_owner, at=at)
    nine = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
    found = dict(RequestedInterval.objects.across_brands().values_list("starts_at", "agents"))
    half, day, quarter = timedelta(minutes=30), timedelta(days=1), timedelta(minutes=15)
    wanted = {nine: 4, nine + half: 6, nine + day: 5, nine + 2 * day + half: 7}
    assert found == {start + step: agents for start, agents in wanted.items() for step in (timedelta(0), quarter)}


def test_a_fault_of_days_across_names_the_cell_of_the_file(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    batch = received(chat, acme_owner, at, across("09:00,4,lots,1", "09:30,6,2,7"), kind="agents")
    assert batch.state == UploadState.REJECTED
    (told,) = told_faults(batch.row_errors)
    assert (told.row, told.column, told.value) == (2, "C", "lots")
    assert "24.11.2026,09:00,lots" in faulty_rows_csv(batch)


def test_a_sheet_of_rows_is_no_sheet_of_days_across(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    batch = received(chat, acme_owner, at, csv(half_hours()))
    assert batch.headings == ["Start", "Calls", "AHT"]


def dying(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_given: object, **_named: object) -> None:
        raise MemoryError

    monkeypatch.setattr(long_uploads, "read_table", die)


def test_a_file_that_kills_three_workers_is_given_up_said_and_read_again_when_asked(
    chat: Program, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    batch = received(chat, acme_owner, at, csv(half_hours()))
    with monkeypatch.context() as patch:
        dying(patch)
        for _again in range(3):
            with pytest.raises(MemoryError):
                work(batch, at)
        work(batch, at)
    batch.refresh_from_db()
    assert (batch.state, batch.asked) == (UploadState.RECEIVED, "")
    assert uploads_to_work_on(at=at + timedelta(hours=1)) == []
    client.force_login(acme_owner.user)
    there = {"slug": acme_owner.brand.slug, "upload_batch_id": batch.pk}
    page = client.get(reverse("scheduling:upload", kwargs=there)).content.decode()
    assert "never came to an end" in page
    assert page.count("btn-primary") == 1
    assert client.post(reverse("scheduling:upload-retry", kwargs=there)).status_code == 302
    with pytest.raises(MoveRefused):
        actions.retry_upload(batch_id=batch.pk, by=acme_owner, at=at)
    assert work(batch, at).state == UploadState.PREVIEWED


def test_a_worker_that_was_killed_outright_is_waited_for_as_long_as_it_might_still_work(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    batch = received(chat, acme_owner, at, csv(half_hours()))
    note = {"begun": 1, "version": 0, "beat_at": at.isoformat()}
    UploadBatch.objects.across_brands().filter(pk=batch.pk).update(progress=note)
    assert work(batch, at + timedelta(seconds=284)).state == UploadState.RECEIVED
    assert work(batch, at + timedelta(seconds=285)).state == UploadState.PREVIEWED


def test_reading_is_stopped_at_once_and_the_worker_at_it_writes_nothing(
    chat: Program,
    acme_owner: BrandActor,
    globex_owner: BrandActor,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
) -> None:
    batch = received(chat, acme_owner, at, csv(half_hours()))
    real = long_uploads._telling
    told: list[int] = []

    def stopped(of: UploadBatch) -> object:
        tell = real(of)

        def stop_after_first(done: int) -> None:
            tell(done)
            told.append(done)
            actions.stop_upload(batch_id=of.pk, by=acme_owner, at=at)

        return stop_after_first

    with pytest.raises(NotFound):
        actions.stop_upload(batch_id=batch.pk, by=globex_owner, at=at)
    with monkeypatch.context() as patch:
        patch.setattr("scheduling.formats.readings._TOLD_EVERY", 100)
        patch.setattr(long_uploads, "_telling", stopped)
        work(batch, at)
    assert (batch.state, batch.asked, batch.rows, told) == (UploadState.RECEIVED, "", [], [0])
    client.force_login(acme_owner.user)
    there = {"slug": acme_owner.brand.slug, "upload_batch_id": batch.pk}
    assert "It was stopped." in client.get(reverse("scheduling:upload", kwargs=there)).content.decode()
    actions.retry_upload(batch_id=batch.pk, by=acme_owner, at=at)
    assert "Stop reading" in client.get(reverse("scheduling:upload", kwargs=there)).content.decode()
    assert client.post(reverse("scheduling:upload-stop", kwargs=there)).status_code == 302
    batch.refresh_from_db()
    assert batch.asked == ""
    again = client.post(reverse("api-upload-retry", kwargs=there))
    assert (again.status_code, again.json()["asked"]) == (202, UploadWork.READ)
    stopped_again = client.post(reverse("api-upload-stop", kwargs=there)).json()
    assert (stopped_again["asked"], stopped_again["progress"]["given_up"]) == ("", "stopped")
