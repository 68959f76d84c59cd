"""Expected contacts: the version that planning reads, the versions before it, and how right they were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, Sum

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.actors import Actor
from recruiting.models import Program
from scheduling.models import ActualPoint, Forecast, ForecastPoint
from scheduling.queries.weeks import week_period
from scheduling.states import ForecastState

SHOWN_VERSIONS: Final = 12


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far a forecast was off, over the quarters with actuals, summed up to `minutes`. Shares are of what came."""

    wape: Decimal
    bias: Decimal
    offered: int
    minutes: int
    intervals: int


@dataclass(frozen=True, slots=True)
class ForecastVersion:
    """One version with its sum and, once actuals are in, how right it was."""

    forecast: Forecast
    volume: Decimal
    quarters: int
    accuracy: Accuracy | None

    @property
    def is_draft(self) -> bool:
        """Whether it may still be published."""
        return self.forecast.state == ForecastState.DRAFT

    @property
    def is_published(self) -> bool:
        """Whether planning reads it."""
        return self.forecast.state == ForecastState.PUBLISHED


def forecast_for(actor: Actor, forecast_id: UUID) -> Forecast:
    """This function will return the forecast with its program.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = Forecast.objects.for_actor(actor).select_related("program", "brand", "parent")
    found = rows.filter(pk=forecast_id).first()
    if found is None:
        raise NotFound
    return found


def published_forecast(program_id: UUID, channel: str, week: date, *, language: str = "") -> Forecast | None:
    """This function will return the version of a week that planning reads, or None; `points` are quarters of an hour."""
    rows = Forecast.objects.across_brands().of_week(program_id, channel, week).published()
    return rows.filter(language=language).select_related("program").first()


def newest_forecast(program_id: UUID, channel: str, week: date, *, language: str = "") -> Forecast | None:
    """This function will return the newest version of a week, whatever its state, or None."""
    rows = Forecast.objects.across_brands().of_week(program_id, channel, week)
    return rows.filter(language=language).select_related("program", "parent").first()


def points_of(forecast: Forecast | None) -> dict[datetime, tuple[Decimal, Decimal]]:
    """This function will return volume and handling seconds by quarter; no forecast has none."""
    if forecast is None:
        return {}
    rows = ForecastPoint.objects.for_brand(forecast.brand_id).filter(forecast=forecast)
    return {start: (volume, aht) for start, volume, aht in rows.values_list("starts_at", "volume", "aht_seconds")}


def actuals_of(program: Program, channel: str, week: date, *, language: str = "") -> dict[datetime, ActualPoint]:
    """This function will return what really came in a local week, by quarter."""
    period = week_period(week, zone_of(program.timezone))
    rows = ActualPoint.objects.for_brand(program.brand_id).filter(
        program=program,
        channel=channel,
        language=language,
        starts_at__gte=period.starts_at,
        starts_at__lt=period.ends_at,
    )
    return {point.starts_at: point for point in rows}


def forecast_versions(
    program: Program, channel: str, week: date, *, actuals: Mapping[datetime, int], language: str = ""
) -> list[ForecastVersion]:
    """This function will return a week's newest versions, newest first, with two queries.

    `actuals` are offered contacts by quarter; versions get their accuracy from the quarters that are in it.
    """
    rows = Forecast.objects.for_brand(program.brand_id).of_week(program.pk, channel, week).filter(language=language)
    shown = list(
        rows.select_related("parent").annotate(total=Sum("points__volume"), n=Count("points"))[:SHOWN_VERSIONS]
    )
    volumes = _volumes(shown) if actuals else {}
    return [
        ForecastVersion(
            one,
            one.total or Decimal(0),  # type: ignore[attr-defined]  # annotated above
            one.n,  # type: ignore[attr-defined]  # annotated above
            accuracy_of(volumes.get(one.pk, {}), actuals, minutes=program.interval_minutes),
        )
        for one in shown
    ]


def _volumes(forecasts: Sequence[Forecast]) -> dict[UUID, dict[datetime, Decimal]]:
    found: dict[UUID, dict[datetime, Decimal]] = {}
    rows = ForecastPoint.objects.across_brands().filter(forecast__in=forecasts)
    for forecast_id, start, volume in rows.values_list("forecast_id", "starts_at", "volume"):
        found.setdefault(forecast_id, {})[start] = volume
    return found


def accuracy_of(
    forecast: Mapping[datetime, Decimal], actuals: Mapping[datetime, int], *, minutes: int
) -> Accuracy | None:
    """This function will compare a forecast with what came: WAPE = sum |f - a| / sum a, bias = sum (f - a) / sum a.

    Both are sums over intervals of `minutes`, as planners read them (Hyndman & Athanasopoulos 2021, 5.8). None where
    nothing came yet.
    """
    expected = _by_step(((start, forecast.get(start, Decimal(0))) for start in actuals), minutes)
    came = _by_step(((start, Decimal(offered)) for start, offered in actuals.items()), minutes)
    total = sum(came.values(), Decimal(0))
    if not total:
        return None
    off = [expected[start] - came[start] for start in came]
    return Accuracy(
        wape=sum((abs(one) for one in off), Decimal(0)) / total,
        bias=sum(off, Decimal(0)) / total,
        offered=int(total),
        minutes=minutes,
        intervals=len(came),
    )


def _by_step(pairs: Iterable[tuple[datetime, Decimal]], minutes: int) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for start, value in pairs:
        step = int(start.timestamp()) // (minutes * 60)
        sums[step] = sums.get(step, Decimal(0)) + value
    return sums
