"""Forecasts: versions, splitting, publishing, copying."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from gigcx.audit.models import AuditEntry
from gigcx.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Program
from scheduling import actions
from scheduling.actions.forecasts import TypedVolume
from scheduling.errors import ForecastPublishedAlready, IntervalsInvalid
from scheduling.models import Forecast, ForecastPoint
from scheduling.queries.forecasts import accuracy_of, forecast_versions, points_of, published_forecast
from scheduling.states import DemandSource, ForecastState
from tests import cast

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
HALF = timedelta(minutes=30)


def volume(start: datetime, contacts: str, aht: str = "180", *, minutes: int = 30) -> TypedVolume:
    return TypedVolume(start, start + timedelta(minutes=minutes), Decimal(contacts), Decimal(aht), f"{start:%H:%M}")


def saved(program: Program, by: BrandActor, at: datetime, *volumes: TypedVolume, **given: object) -> Forecast:
    fields: dict[str, object] = {
        "program_id": program.pk,
        "channel": "chat",
        "week_starts_on": MONDAY,
        "volumes": volumes or (volume(NINE, "100"),),
        "source": DemandSource.TYPED,
        "by": by,
        "at": at,
        **given,
    }
    return actions.save_forecast(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("contacts", "minutes"), [("100", 60), ("0.0001", 60), ("33.3333", 30), ("7", 15), ("1.0002", 60)]
)
def test_a_split_keeps_the_total_exactly(
    chat: Program, acme_owner: BrandActor, at: datetime, contacts: str, minutes: int
) -> None:
    forecast = saved(chat, acme_owner, at, volume(NINE, contacts, minutes=minutes))
    points = points_of(forecast)
    assert sum(one for one, _aht in points.values()) == Decimal(contacts)
    assert len({one for one, _aht in points.values()}) <= 2
    assert {aht for one, aht in points.values() if one} == {Decimal(180)}


def test_publishing_supersedes_the_version_before(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    first, second = saved(chat, acme_owner, at), saved(chat, acme_owner, at, volume(NINE, "120"), seen_version=1)
    assert (first.version, second.version) == (1, 2)
    actions.publish_forecast(forecast_id=first.pk, by=acme_owner, at=at)
    actions.publish_forecast(forecast_id=second.pk, by=acme_owner, at=at)
    first.refresh_from_db()
    assert first.state == ForecastState.SUPERSEDED
    assert published_forecast(chat.pk, "chat", MONDAY) == second
    with pytest.raises(ForecastPublishedAlready):
        actions.publish_forecast(forecast_id=first.pk, by=acme_owner, at=at)


def test_published_points_never_change(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    forecast = actions.publish_forecast(forecast_id=saved(chat, acme_owner, at).pk, by=acme_owner, at=at)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE scheduling_forecastpoint SET volume = 1 WHERE forecast_id = %s", [str(forecast.pk)])


def test_a_forecast_says_where_it_comes_from(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    first = saved(chat, acme_owner, at)
    second = saved(chat, acme_owner, at, parent_id=first.pk, provenance={"file": "week48.csv"}, source=DemandSource.CSV)
    assert second.parent == first
    assert second.provenance == {"file": "week48.csv", "who": "April Acme"}


def test_a_version_saved_meanwhile_is_not_overwritten(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    saved(chat, acme_owner, at, seen_version=0)
    with pytest.raises(Stale):
        saved(chat, acme_owner, at, seen_version=0)
    assert Forecast.objects.across_brands().count() == 1


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (volume(NINE, "-1"), "from 0"),
        (volume(NINE, "NaN"), "number"),
        (volume(NINE, "1e30"), "number"),
        (volume(NINE, "2000000"), "from 0"),
        (volume(NINE, "5", "0"), "handling time"),
        (volume(NINE, "5", "90000"), "handling time"),
        (volume(NINE + timedelta(minutes=7), "5"), "quarter"),
        (volume(NINE - timedelta(days=2), "5"), "week"),
        (TypedVolume(NINE, NINE, Decimal(1), Decimal(1), "09:00"), "end"),
    ],
)
def test_a_wrong_interval_writes_nothing_and_names_itself(
    chat: Program, acme_owner: BrandActor, at: datetime, bad: TypedVolume, says: str
) -> None:
    with pytest.raises(IntervalsInvalid) as refused:
        saved(chat, acme_owner, at, volume(NINE + timedelta(hours=3), "5"), bad)
    assert says in refused.value.problems[bad.label][0]
    assert not Forecast.objects.across_brands().exists()


def test_overlapping_intervals_are_refused(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    with pytest.raises(IntervalsInvalid):
        saved(chat, acme_owner, at, volume(NINE, "5", minutes=60), volume(NINE + HALF, "5"))


def test_another_brand_and_a_viewer_cannot_save(
    chat: Program, acme: Brand, globex_owner: BrandActor, acme_owner: BrandActor, at: datetime
) -> None:
    with pytest.raises(NotFound):
        saved(chat, globex_owner, at)
    viewer = cast.make_member(acme, "Vera Viewer", role="viewer")
    with pytest.raises(NotAllowed):
        saved(chat, viewer, at)
    mine = saved(chat, acme_owner, at)
    with pytest.raises(NotFound):
        actions.publish_forecast(forecast_id=mine.pk, by=globex_owner, at=at)
    with pytest.raises(NotAllowed):
        actions.publish_forecast(forecast_id=mine.pk, by=viewer, at=at)


def test_an_empty_version_is_not_published(chat: Program, acme_owner: BrandActor, at: datetime) -> None:
    empty = saved(chat, acme_owner, at, volume(NINE, "0", "0"))
    with pytest.raises(Invalid, match="Type one day or upload a file"):
        actions.publish_forecast(forecast_id=empty.pk, by=acme_owner, at=at)


def test_a_copied_week_keeps_weekday_and_clock_at_the_level_asked(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    saved(chat, acme_owner, at, volume(NINE, "100"), volume(NINE + timedelta(days=6), "10"))
    copy = actions.copy_week(
        program_id=chat.pk,
        channel="chat",
        source_week=MONDAY,
        week_starts_on=MONDAY + timedelta(days=7),
        level_percent=110,
        by=acme_owner,
        at=at,
    )
    points = points_of(copy)
    assert sum(one for one, _aht in points.values()) == Decimal(121)
    assert points[NINE + timedelta(days=7)] == (Decimal("55.0000"), Decimal(180))
    assert (copy.source, copy.provenance["version"]) == (DemandSource.COPIED, 1)


def test_copying_across_a_clock_change_follows_the_wall(acme: Brand, acme_owner: BrandActor, at: datetime) -> None:
    from tests.scheduling.conftest import made_program

    program = made_program(acme, "Night Chat", timezone="America/New_York", channels=["chat"])
    monday = date(2026, 10, 19)
    nine = datetime(2026, 10, 19, 13, tzinfo=UTC)
    saved(program, acme_owner, at, volume(nine, "8"), week_starts_on=monday)
    copy = actions.copy_week(
        program_id=program.pk,
        channel="chat",
        source_week=monday,
        week_starts_on=date(2026, 11, 2),
        by=acme_owner,
        at=at,
    )
    assert min(points_of(copy)) == datetime(2026, 11, 2, 14, tzinfo=UTC)


def test_accuracy_weighs_errors_by_what_came() -> None:
    forecast = {NINE: Decimal(50), NINE + timedelta(minutes=15): Decimal(50), NINE + HALF: Decimal(100)}
    actuals = {NINE: 40, NINE + timedelta(minutes=15): 40, NINE + HALF: 120}
    found = accuracy_of(forecast, actuals, minutes=30)
    assert found is not None
    assert (found.wape, found.bias, found.offered, found.intervals) == (Decimal("0.2"), Decimal(0), 200, 2)
    assert accuracy_of(forecast, {NINE: 0}, minutes=30) is None


def test_versions_are_listed_newest_first_with_their_accuracy(
    chat: Program, acme_owner: BrandActor, at: datetime
) -> None:
    saved(chat, acme_owner, at)
    saved(chat, acme_owner, at, volume(NINE, "80"))
    versions = forecast_versions(chat, "chat", MONDAY, actuals={NINE: 40, NINE + timedelta(minutes=15): 40})
    assert [(one.forecast.version, one.volume) for one in versions] == [(2, Decimal(80)), (1, Decimal(100))]
    assert [one.accuracy.wape for one in versions if one.accuracy] == [Decimal(0), Decimal("0.25")]


def test_nothing_is_saved_when_the_history_cannot_be_written(
    chat: Program, acme_owner: BrandActor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuditEntry.objects, "create", _refuse)
    with pytest.raises(RuntimeError):
        saved(chat, acme_owner, at)
    assert not Forecast.objects.across_brands().exists()
    assert not ForecastPoint.objects.across_brands().exists()


def _refuse(**_fields: object) -> None:
    raise RuntimeError("no history")
