"""What came in the weeks before, how right the forecast was, files on their way, and demand that comes back."""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from gigcx.kernel.intervals import from_wall, week_start, zone_of
from gigcx.tenancy.actors import BrandActor
from gigcx.web.demo import World
from recruiting.models import Program
from scheduling import actions
from scheduling.actions.actuals import ActualInterval
from scheduling.models import DemandTemplate
from scheduling.queries.forecasts import newest_forecast
from scheduling.states import UploadKind

_WEEKS: Final = 6
_OPEN: Final = range(9 * 2, 21 * 2)
_WEIGHT: Final = (1.0, 0.94, 0.96, 1.0, 1.28, 0.86, 0.7)
_HALF_HOUR: Final = timedelta(minutes=30)
_BUSY: Final = 34.0


def tell_history(world: World, program: Program, *, by: BrandActor) -> None:
    """This function will tell six weeks of what came, a forecast that can be measured, two files and a template."""
    monday = week_start(world.at.astimezone(zone_of(program.timezone)).date())
    channel = program.channels[0]
    for back in range(_WEEKS, 0, -1):
        came = _came(world, program, monday - timedelta(weeks=back), level=1.0 - 0.03 * back)
        at = came[-1].ends_at + timedelta(hours=9)
        if back == 1:
            _measured(program, channel, monday - timedelta(weeks=1), by=by, at=came[0].starts_at - timedelta(days=3))
            _bring(
                program, "last-week.csv", UploadKind.ACTUALS, _actual_lines(came, program), by=by, at=min(at, world.at)
            )
        else:
            actions.record_actuals(program_id=program.pk, channel=channel, actuals=came, by=by, at=at)
    _coming(world, program, monday, by=by)


def _came(world: World, program: Program, monday: date, *, level: float) -> list[ActualInterval]:
    """A week of half hours: a lunch hump, an evening peak, some who gave up waiting."""
    zone, found = zone_of(program.timezone), []
    for day, weight in enumerate(_WEIGHT):
        for half in _OPEN:
            start = from_wall(monday + timedelta(days=day), time(half // 2, half % 2 * 30), zone)
            offered = max(1, round(_BUSY * level * weight * _shape(half / 2) * world.rng.uniform(0.88, 1.12)))
            lost = round(offered * world.rng.uniform(0.0, 0.09))
            aht = 300 + 15 * (half // 14) + world.rng.randint(-12, 12)
            end = start + _HALF_HOUR
            found.append(ActualInterval(start, end, offered, offered - lost, lost, Decimal(aht)))
    return found


def _shape(hour: float) -> float:
    return 0.45 + 0.3 * math.exp(-(((hour - 12.5) / 1.8) ** 2)) + 0.5 * math.exp(-(((hour - 18.5) / 2.0) ** 2))


def _measured(program: Program, channel: str, week: date, *, by: BrandActor, at: datetime) -> None:
    """Last week as it was expected the Thursday before, from the five weeks known then."""
    if newest_forecast(program.pk, channel, week) is None:
        made = actions.baseline_forecast(
            program_id=program.pk, channel=channel, week_starts_on=week, level_percent=104, by=by, at=at
        )
        actions.publish_forecast(forecast_id=made.pk, by=by, at=at)


def _actual_lines(came: Sequence[ActualInterval], program: Program) -> list[str]:
    zone = zone_of(program.timezone)
    return ["Start;Offered;Answered;Abandoned;AHT"] + [
        f"{one.starts_at.astimezone(zone):%d.%m.%Y %H:%M};{one.offered};{one.answered};{one.abandoned};{one.aht_seconds}"
        for one in came
    ]


def _bring(
    program: Program, name: str, kind: UploadKind, lines: Sequence[str], *, by: BrandActor, at: datetime
) -> None:
    batch = actions.receive_upload(
        program_id=program.pk,
        channel=program.channels[0],
        kind=kind,
        file_name=name,
        content="\n".join(lines).encode(),
        by=by,
        at=at,
    )
    if not batch.row_errors:
        actions.apply_upload(batch_id=batch.pk, by=by, at=at)


def _coming(world: World, program: Program, monday: date, *, by: BrandActor) -> None:
    """A baseline of next week beside what is published, a file with three faults, and late evenings that come back."""
    channel, at, next_week = program.channels[0], world.at - timedelta(hours=20), monday + timedelta(weeks=1)
    actions.baseline_forecast(program_id=program.pk, channel=channel, week_starts_on=next_week, by=by, at=at)
    lines = ["Start;Contacts;AHT"] + [
        f"{monday + timedelta(weeks=4):%Y-%m-%d} {half // 2:02}:{half % 2 * 30:02};{20 + half};5:05" for half in _OPEN
    ]
    lines[4], lines[11], lines[17] = (
        f"{lines[4].partition(';')[0]};lots;5:05",
        lines[11][:-4],
        f"{lines[17][:14]}7{lines[17][15:]}",
    )
    _bring(program, "holiday-week.csv", UploadKind.FORECAST, lines, by=by, at=at)
    if not DemandTemplate.objects.for_brand(program.brand_id).filter(program=program).exists():
        actions.save_template(
            program_id=program.pk,
            channel=channel,
            name="Late evenings",
            rows=[{"weekdays": [5, 6], "from": "21:00", "to": "01:00", "agents": 2}],
            anchor_on=monday + timedelta(weeks=3),
            skip_dates=[date(monday.year, 12, 25)],
            by=by,
            at=at,
        )
