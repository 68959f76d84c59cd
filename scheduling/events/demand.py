"""Facts about demand and coverage."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ForecastPublished(Event):
    """A week's expected contacts became the version that planning reads."""

    type = "scheduling.forecast_published"
    forecast_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class CapacityReduced(Event):
    """A brand took open seats of a published request back."""

    type = "scheduling.capacity_reduced"
    request_id: UUID
    shift_id: UUID
    seats: int


@dataclass(frozen=True, kw_only=True)
class CoverageAtRisk(Event):
    """A coming interval will have fewer agents than it needs."""

    type = "scheduling.coverage_at_risk"
    program_id: UUID
    starts_at: datetime
    needed: int
    expected: int
