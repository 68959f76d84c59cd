"""A week told apart by language: what German callers are promised, expect and need, in a program that serves two languages."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from gigcx.kernel.intervals import from_wall, week_start, zone_of
from gigcx.tenancy.actors import BrandActor
from gigcx.web.demo import World
from recruiting.models import Program
from scheduling import actions
from scheduling.actions.forecasts import TypedVolume
from scheduling.queries.languages import languages_of
from scheduling.states import DemandSource

_COMING: Final = 3
_HOURS: Final = range(9, 18)
_AHT: Final = Decimal(420)


def tell_languages(world: World, program: Program, *, by: BrandActor) -> None:
    """This function will plan the third coming week of the first language a program serves, where it serves several."""
    served, channel = languages_of(program), program.channels[0]
    if len(served) < 2:
        return
    language, at = served[0], world.at - timedelta(days=1)
    monday = week_start(world.at.astimezone(zone_of(program.timezone)).date()) + timedelta(weeks=_COMING)
    where = {"program_id": program.pk, "channel": channel, "language": language}
    actions.save_target(**where, threshold_seconds=30, by=by, at=at)
    draft = actions.save_forecast(
        **where, week_starts_on=monday, volumes=_volumes(program, monday), source=DemandSource.TYPED, by=by, at=at
    )
    actions.publish_forecast(forecast_id=draft.pk, by=by, at=at)
    kept = actions.compute_requirement(**where, week_starts_on=monday, by=by, at=at)
    actions.pencil_requirement(requirement_id=kept.pk, by=by, at=at)


def _volumes(program: Program, monday: date) -> list[TypedVolume]:
    """Office hours, fewer on Friday."""
    zone = zone_of(program.timezone)
    days = [(monday + timedelta(days=day), Decimal(18 if day < 4 else 12)) for day in range(5)]
    return [
        TypedVolume(_hour(on, hour, zone), _hour(on, hour + 1, zone), calls, _AHT)
        for on, calls in days
        for hour in _HOURS
    ]


def _hour(on: date, hour: int, zone: ZoneInfo) -> datetime:
    return from_wall(on, time(hour), zone)
