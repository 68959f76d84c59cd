"""What callers are promised and what the weeks need: four weeks of forecasts, computed, in the largest program.

The contacts are those that the requested agents can handle under the promise, so requirement and demand tell one story.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from gigcx.kernel.intervals import from_wall, week_start, zone_of
from gigcx.tenancy.actors import BrandActor
from gigcx.web.demo import World
from recruiting.models import Program
from scheduling import actions
from scheduling.actions.actuals import OwnStaff
from scheduling.actions.forecasts import TypedVolume
from scheduling.actions.targets import PARTS
from scheduling.models import ServiceTarget
from scheduling.queries.forecasts import published_forecast
from scheduling.queries.requirements import QUARTER_SECONDS, asked_already
from scheduling.queries.targets import usual_target
from scheduling.states import DemandSource

_KNOWN: Final = range(3)
_COMING: Final = 3
_GROWTH: Final = 105
_BUSY: Final = 0.74
_AHT: Final = (300, 315, 330)
_QUARTER: Final = timedelta(seconds=QUARTER_SECONDS)
_OWN: Final = (2, 10, 16)  # heads, from, to


def tell_staffing(world: World, program: Program, *, by: BrandActor) -> None:
    """This function will tell targets, forecasts and requirements of this week and the three after it."""
    channel, at = program.channels[0], world.at - timedelta(days=2)
    usual = usual_target(program, channel)
    parts = {name: getattr(usual, name) for name in PARTS}
    target = actions.save_target(program_id=program.pk, channel=channel, by=by, at=at, **parts)
    monday = week_start(world.at.astimezone(zone_of(program.timezone)).date())
    for offset in _KNOWN:
        _expect(program, target, monday + timedelta(weeks=offset), by=by, at=at)
    coming = monday + timedelta(weeks=_COMING)
    _copied(program, channel, coming, by=by, at=at)
    _own_staff(program, channel, coming, by=by, at=at)
    for offset in (*_KNOWN, _COMING):
        week = monday + timedelta(weeks=offset)
        if published_forecast(program.pk, channel, week) is not None:
            actions.compute_requirement(program_id=program.pk, channel=channel, week_starts_on=week, by=by, at=at)


def _expect(program: Program, target: ServiceTarget, week: date, *, by: BrandActor, at: datetime) -> None:
    """Contacts that the agents asked for can handle; longer in the evening."""
    if published_forecast(program.pk, target.channel, week) is not None:
        return
    asked, zone = asked_already(program, target.channel, week), zone_of(program.timezone)
    left = (1 - target.shrinkage_bp / 10_000) * _BUSY * target.concurrency_factor_bp / 10_000
    volumes = []
    for start, agents in asked.items():
        aht = _AHT[start.astimezone(zone).hour // 8]
        volume = Decimal(f"{agents * left * QUARTER_SECONDS / aht:.2f}")
        volumes.append(TypedVolume(start, start + _QUARTER, volume, Decimal(aht)))
    if not volumes:
        return
    draft = actions.save_forecast(
        program_id=program.pk,
        channel=target.channel,
        week_starts_on=week,
        volumes=volumes,
        source=DemandSource.TYPED,
        by=by,
        at=at,
    )
    actions.publish_forecast(forecast_id=draft.pk, by=by, at=at)


def _copied(program: Program, channel: str, week: date, *, by: BrandActor, at: datetime) -> None:
    before = week - timedelta(days=7)
    if published_forecast(program.pk, channel, week) or not published_forecast(program.pk, channel, before):
        return
    draft = actions.copy_week(
        program_id=program.pk,
        channel=channel,
        source_week=before,
        week_starts_on=week,
        level_percent=_GROWTH,
        by=by,
        at=at,
    )
    actions.publish_forecast(forecast_id=draft.pk, by=by, at=at)


def _own_staff(program: Program, channel: str, week: date, *, by: BrandActor, at: datetime) -> None:
    people, begins, ends = _OWN
    zone = zone_of(program.timezone)
    heads = [
        OwnStaff(from_wall(on, time(begins), zone), from_wall(on, time(ends), zone), people)
        for on in (week + timedelta(days=day) for day in range(5))
    ]
    actions.record_in_house(program_id=program.pk, channel=channel, heads=heads, by=by, at=at)
