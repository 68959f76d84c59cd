"""Facts about brands' money."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class TopUpSettled(Event):
    type = "payments.top_up_settled"
    top_up_id: UUID
    brand_id: UUID
    currency: str


@dataclass(frozen=True, kw_only=True)
class TopUpFailed(Event):
    type = "payments.top_up_failed"
    top_up_id: UUID
    brand_id: UUID


@dataclass(frozen=True, kw_only=True)
class CardDisputed(Event):
    type = "payments.card_disputed"
    top_up_id: UUID
    brand_id: UUID


@dataclass(frozen=True, kw_only=True)
class BudgetThresholdReached(Event):
    type = "payments.budget_threshold_reached"
    budget_id: UUID
    brand_id: UUID
    threshold_percent: int
