"""Uploaded files: all or nothing, once, and every fault by name."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Program
from scheduling import actions
from scheduling.errors import UploadInvalid
from scheduling.formats.columns import ColumnMap
from scheduling.models import ActualPoint, CapacityRequest, Forecast, InHouseCoverage, RequestedInterval, UploadBatch
from scheduling.queries.forecasts import points_of, published_forecast
from scheduling.queries.uploads import faulty_rows_csv, told_faults
from scheduling.states import DemandSource, ForecastState, UploadKind, UploadState
from tests import cast

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, tzinfo=UTC)
HALF = timedelta(minutes=30)


def half_hours(count: int = 336, *, first: datetime = START) -> list[str]:
    """Lines of a file: a week of half hours."""
    starts = (first + index * HALF for index in range(count))
    return [f"{one:%Y-%m-%d %H:%M},{10 + one.hour},4:30" for one in starts]


def csv(lines: Iterable[str], head: str = "Start,Calls,AHT") -> bytes:
    return "\n".join([head, *lines, ""]).encode()


def received(program: Program, by: BrandActor, at: datetime, content: bytes, kind: str = "forecast") -> UploadBatch:
    return actions.receive_upload(
        program_id=program.pk, channel="chat", kind=kind, file_name="week48.csv", content=content, by=by, at=at
    )


def test_an_upload_with_a_bad_row_writes_nothing_and_names_row_and_column(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    lines = half_hours()
    lines[10], lines[100], lines[200] = "2026-11-23 05:00,lots,4:30", "2026-11-25 02:00,5,", "2026-11-27 04:07,5,4:30"
    batch = received(chat, acme_owner, at, csv(lines))
    assert batch.state == UploadState.REJECTED
    told = told_faults(batch.row_errors)
    assert [(one.row, one.column, one.heading) for one in told] == [
        (12, "B", "Calls"),
        (102, "C", "AHT"),
        (202, "A", "Start"),
    ]
    assert all(one.problem and one.remedy for one in told)
    with pytest.raises(UploadInvalid) as refused:
        actions.apply_upload(batch_id=batch.pk, by=acme_owner, at=at)
    assert list(refused.value.problems) == [
        "Row 12, column B (Calls)",
        "Row 102, column C (AHT)",
        "Row 202, column A (Start)",
    ]
    assert not Forecast.objects.across_brands().exists()


def test_the_same_file_twice_makes_one_forecast(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    first, second = (received(chat, acme_owner, at, csv(half_hours())) for _copy in range(2))
    applied = actions.apply_upload(batch_id=first.pk, by=acme_owner, at=at)
    again = actions.apply_upload(batch_id=second.pk, by=acme_owner, at=at)
    assert again.pk == applied.pk == actions.apply_upload(batch_id=first.pk, by=acme_owner, at=at).pk
    forecast = Forecast.objects.across_brands().get()
    assert applied.forecast_ids == [str(forecast.pk)]


def test_a_forecast_from_a_file_keeps_its_totals_and_says_where_it_comes_from(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    batch = actions.apply_upload(batch_id=received(chat, acme_owner, at, csv(half_hours())).pk, by=acme_owner, at=at)
    forecast = Forecast.objects.across_brands().get()
    points = points_of(forecast)
    assert len(points) == 672
    assert sum(volume for volume, _aht in points.values()) == sum(10 + index // 2 % 24 for index in range(336))
    assert {aht for _volume, aht in points.values()} == {Decimal(270)}
    assert forecast.source == DemandSource.CSV
    assert forecast.provenance["file"] == "week48.csv"
    assert forecast.provenance["batch"] == str(batch.pk)
    assert forecast.provenance["who"] == "April Acme"


def test_a_file_of_three_weeks_makes_a_forecast_a_week_and_one_press_publishes_them(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    batch = received(chat, acme_owner, at, csv(half_hours(3 * 336)))
    actions.apply_upload(batch_id=batch.pk, by=acme_owner, at=at)
    actions.publish_upload(batch_id=batch.pk, by=acme_owner, at=at)
    weeks = [MONDAY + timedelta(weeks=step) for step in range(3)]
    assert all(published_forecast(chat.pk, "chat", week) for week in weeks)
    with pytest.raises(Invalid):
        actions.publish_upload(batch_id=batch.pk, by=acme_owner, at=at)


def test_days_that_a_file_does_not_name_stay_as_they_were(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    actions.apply_upload(batch_id=received(chat, acme_owner, at, csv(half_hours())).pk, by=acme_owner, at=at)
    tuesday = csv(["2026-11-24 09:00,99,60", "2026-11-24 09:30,0,"])
    actions.apply_upload(batch_id=received(chat, acme_owner, at, tuesday).pk, by=acme_owner, at=at)
    newest = Forecast.objects.across_brands().get(version=2)
    points = points_of(newest)
    on_tuesday = {start: one for start, one in points.items() if start.date() == date(2026, 11, 24)}
    assert sum(volume for volume, _aht in on_tuesday.values()) == 99
    assert len(points) - len(on_tuesday) == 6 * 96
    assert newest.parent is not None


def test_columns_named_by_a_person_count_and_wrong_ones_are_refused(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    batch = received(chat, acme_owner, at, csv(["2026-11-24 09:00,60,7", "2026-11-24 09:30,60,8"], "Start,One,Two"))
    mapped = ColumnMap({"start": 0, "volume": 2, "aht": 1}, "ymd", ".")
    batch = actions.preview_upload(batch_id=batch.pk, mapped=mapped, by=acme_owner, at=at)
    assert batch.mapping["summary"]["days"][0]["total"] == "15"
    for columns in (
        {"start": 0},
        {"start": 0, "volume": 0},
        {"start": 0, "volume": 9},
        {"start": 0, "volume": 1, "x": 2},
    ):
        with pytest.raises(Invalid):
            actions.preview_upload(batch_id=batch.pk, mapped=ColumnMap(columns, "ymd", "."), by=acme_owner, at=at)


def test_a_file_whose_columns_nobody_knows_waits_for_a_person(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    batch = received(chat, acme_owner, at, csv(["a,b", "c,d"], "What,Ever"))
    assert batch.state == UploadState.RECEIVED
    with pytest.raises(MoveRefused):
        actions.apply_upload(batch_id=batch.pk, by=acme_owner, at=at)


def test_what_is_no_table_is_refused_in_words(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    with pytest.raises(UploadInvalid, match="Save it as XLSX without a password"):
        received(chat, acme_owner, at, b"\xd0\xcf\x11\xe0 old")
    assert not UploadBatch.objects.across_brands().exists()


def test_agents_needed_become_the_pencilled_week(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    content = csv(["2026-11-24 09:00,7", "2026-11-24 09:30,8"], "Start,Agents")
    actions.apply_upload(batch_id=received(chat, acme_owner, at, content, "agents").pk, by=acme_owner, at=at)
    request = CapacityRequest.objects.across_brands().get()
    rows = RequestedInterval.objects.across_brands().filter(request=request).order_by("starts_at")
    assert [one.agents for one in rows] == [7, 7, 8, 8]


def test_agents_are_asked_for_ahead_and_actuals_come_afterwards(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    past = received(chat, acme_owner, at, csv(["2026-11-16 09:00,7", "2026-11-16 11:30,8"], "Start,Agents"), "agents")
    assert [(one["row"], one["code"]) for one in past.row_errors] == [(2, "past"), (3, "past")]
    coming = csv(["2026-11-16 11:30,7", "2026-11-16 12:00,8"], "Start,Offered")
    assert [(one["row"], one["code"]) for one in received(chat, acme_owner, at, coming, "actuals").row_errors] == [
        (3, "not_yet")
    ]


def test_actuals_and_own_staff_are_recorded_over_what_was_there(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    content = csv(["2026-11-16 09:00,10,7,2,180", "2026-11-16 09:30,3,3,0,200"], "Start,Offered,Answered,Abandoned,AHT")
    actions.apply_upload(batch_id=received(chat, acme_owner, at, content, "actuals").pk, by=acme_owner, at=at)
    rows = list(ActualPoint.objects.across_brands().order_by("starts_at"))
    assert [sum(getattr(one, name) for one in rows) for name in ("offered", "answered", "abandoned")] == [13, 10, 2]
    staff = csv(["2026-11-24 09:00,4", "2026-11-24 09:30,0"], "Start,Agents")
    actions.apply_upload(batch_id=received(chat, acme_owner, at, staff, "in_house").pk, by=acme_owner, at=at)
    assert [one.heads for one in InHouseCoverage.objects.across_brands()] == [4, 4]


def test_faulty_rows_leave_as_csv_that_runs_nothing(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    batch = received(chat, acme_owner, at, csv(["2026-11-24 09:00,=cmd(),60", "2026-11-24 09:30,5,60"]))
    text = faulty_rows_csv(batch)
    assert text.startswith("\ufeffRow,Column,What is wrong,What to do,Start,Calls,AHT")
    assert "'=cmd()" in text
    assert ",=cmd()" not in text


def test_nobody_else_may_upload_or_apply(
    chat: Program, acme: Brand, acme_owner: BrandActor, globex_owner: BrandActor, at: datetime
) -> None:
    batch = received(chat, acme_owner, at, csv(half_hours(4)))
    viewer = cast.make_member(acme, "Vera Viewer", role="viewer")
    for actor, error in ((globex_owner, NotFound), (viewer, NotAllowed)):
        with pytest.raises(error):
            received(chat, actor, at, csv(half_hours(4)))
        with pytest.raises(error):
            actions.apply_upload(batch_id=batch.pk, by=actor, at=at)


def test_all_kinds_are_read(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    assert set(UploadKind.values) == {"forecast", "agents", "actuals", "in_house"}
    assert received(chat, acme_owner, at, csv(half_hours(2))).mapping["summary"]["minutes"] == 30
    with pytest.raises(Invalid):
        received(chat, acme_owner, at, csv(half_hours(2)), "other")


def test_a_forecast_of_a_file_can_be_published_over_an_older_one(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    for count in (4, 6):
        batch = received(chat, acme_owner, at, csv(half_hours(count)))
        actions.apply_upload(batch_id=batch.pk, by=acme_owner, at=at)
        actions.publish_upload(batch_id=batch.pk, by=acme_owner, at=at)
    states = Forecast.objects.across_brands().order_by("version").values_list("state", flat=True)
    assert list(states) == [ForecastState.SUPERSEDED, ForecastState.PUBLISHED]
