"""What an applied file becomes: a forecast a week, typed agents, what really came, own staff."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from gigcx.kernel.intervals import GRID_MINUTES, week_start, zone_of
from gigcx.tenancy.actors import Actor
from scheduling.actions.actuals import ActualInterval, OwnStaff, record_actuals, record_in_house
from scheduling.actions.forecasts import Points, write_version
from scheduling.actions.intervals import TypedInterval, set_intervals
from scheduling.actions.requests import draft_request
from scheduling.formats.quarters import rounded, split
from scheduling.formats.readings import Reading
from scheduling.models import Forecast, UploadBatch
from scheduling.queries.forecasts import newest_forecast, points_of
from scheduling.states import DemandSource, UploadKind

_QUARTER: Final = timedelta(minutes=GRID_MINUTES)


def _write_forecasts(batch: UploadBatch, reading: Reading, ids: dict[date, UUID], by: Actor, at: datetime) -> None:
    """One version a week; days that the file does not name stay as they were."""
    zone = zone_of(batch.program.timezone)
    by_week: dict[date, Points] = {}
    named = {one.local.date() for one in reading.rows}
    for start, point in _volume_quarters(reading):
        by_week.setdefault(week_start(start.astimezone(zone).date()), {})[start] = point
    for week, points in sorted(by_week.items()):
        before = newest_forecast(batch.program_id, batch.channel, week, language=batch.language)
        kept = {
            start: point for start, point in points_of(before).items() if start.astimezone(zone).date() not in named
        }
        draft = Forecast(
            pk=ids[week],
            channel=batch.channel,
            language=batch.language,
            week_starts_on=week,
            source=DemandSource.XLSX if batch.mapping["file"] == "xlsx" else DemandSource.CSV,
            parent=before,
            provenance={
                "who": batch.asked_by or by.label,
                "file": batch.file_name,
                "batch": str(batch.pk),
                "kept_quarters": len(kept),
                "minutes": reading.minutes,
            },
        )
        write_version(batch.program, draft, {**kept, **points}, by=by, at=at)


def _volume_quarters(reading: Reading) -> Iterable[tuple[datetime, tuple[Decimal, Decimal]]]:
    for one in reading.rows:
        aht = rounded(one.figures.get("aht", Decimal(0)), Decimal("0.01"))
        for index, volume in enumerate(split(one.figures["volume"], reading.minutes // GRID_MINUTES)):
            yield one.starts_at + index * _QUARTER, (volume, aht if volume else Decimal(0))


class _Work(TypedDict):
    """What a file's demand is of."""

    program_id: UUID
    channel: str
    language: str


def _work_of(batch: UploadBatch) -> _Work:
    return {"program_id": batch.program_id, "channel": batch.channel, "language": batch.language}


def _write_agents(batch: UploadBatch, reading: Reading, _ids: dict[date, UUID], by: Actor, at: datetime) -> None:
    by_week: dict[date, list[TypedInterval]] = {}
    for one in reading.rows:
        ends_at = one.starts_at + timedelta(minutes=reading.minutes)
        typed = TypedInterval(one.starts_at, ends_at, int(one.figures["agents"]), _("Row %(row)s") % {"row": one.row})
        by_week.setdefault(week_start(one.local.date()), []).append(typed)
    for week, intervals in sorted(by_week.items()):
        planned = draft_request(week_starts_on=week, by=by, at=at, **_work_of(batch))
        set_intervals(request_id=planned.pk, intervals=intervals, by=by, at=at)


def _write_actuals(batch: UploadBatch, reading: Reading, _ids: dict[date, UUID], by: Actor, at: datetime) -> None:
    step = timedelta(minutes=reading.minutes)
    actuals = [
        ActualInterval(
            one.starts_at,
            one.starts_at + step,
            int(one.figures["offered"]),
            int(one.figures["answered"]) if "answered" in one.figures else None,
            int(one.figures.get("abandoned", 0)),
            one.figures.get("aht", Decimal(0)),
            label=_("Row %(row)s") % {"row": one.row},
        )
        for one in reading.rows
    ]
    record_actuals(actuals=actuals, by=by, at=at, **_work_of(batch))


def _write_own_staff(batch: UploadBatch, reading: Reading, _ids: dict[date, UUID], by: Actor, at: datetime) -> None:
    step = timedelta(minutes=reading.minutes)
    heads = [
        OwnStaff(one.starts_at, one.starts_at + step, int(one.figures["heads"]), _("Row %(row)s") % {"row": one.row})
        for one in reading.rows
    ]
    record_in_house(heads=heads, by=by, at=at, **_work_of(batch))


WRITERS: Final = {
    UploadKind.FORECAST: _write_forecasts,
    UploadKind.AGENTS: _write_agents,
    UploadKind.ACTUALS: _write_actuals,
    UploadKind.IN_HOUSE: _write_own_staff,
}
