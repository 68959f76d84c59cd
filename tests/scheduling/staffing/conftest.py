"""A brand with a planner, a program of two channels, and a week to plan."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.models import Brand
from recruiting.models import Program
from scheduling import actions
from scheduling.actions.forecasts import TypedVolume
from scheduling.models import Forecast
from scheduling.states import StaffingModel
from tests import cast
from tests.factories import recruiting as recruit

AT: Final = cast.MONDAY_NOON
WEEK: Final = date(2026, 11, 23)
TEN: Final = datetime.fromisoformat("2026-11-24T15:00:00+00:00")  # Tuesday 10:00 in New York
PLAIN: Final[dict[str, Any]] = {
    "model": StaffingModel.ERLANG_C,
    "target_bp": 8_000,
    "threshold_seconds": 20,
    "max_occupancy_bp": 8_500,
    "shrinkage_bp": 3_000,
}

Forecaster = Callable[..., Forecast]


@pytest.fixture
def acme(db: None) -> Brand:
    return cast.make_brand("Acme")


@pytest.fixture
def planner(acme: Brand) -> BrandActor:
    return cast.make_member(acme, "Paula Planner", "planner")


@pytest.fixture
def program(acme: Brand) -> Program:
    return recruit.make_program(acme, channels=["voice", "email"])


@pytest.fixture
def forecast(program: Program, planner: BrandActor) -> Forecaster:
    """Publish a week of `(start, minutes, contacts, seconds each)`."""

    def publish(*volumes: tuple[datetime, int, float, int], channel: str = "voice", week: date = WEEK) -> Forecast:
        typed = [
            TypedVolume(start, start + timedelta(minutes=minutes), Decimal(str(volume)), Decimal(aht))
            for start, minutes, volume, aht in volumes
        ]
        draft = actions.save_forecast(
            program_id=program.pk,
            channel=channel,
            week_starts_on=week,
            volumes=typed,
            source="typed",
            by=planner,
            at=AT,
        )
        return actions.publish_forecast(forecast_id=draft.pk, by=planner, at=AT)

    return publish
