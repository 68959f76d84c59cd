"""What is ordered from a rail and what it answers, as plain values."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from payments.states import OutcomeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """One payout as it is sent: the same item always gives the same bytes."""

    amount_minor: int
    currency: str
    destination: str
    group: UUID
    run: UUID

    def as_body(self) -> dict[str, Any]:
        """This function will return the order as it is stored before the call."""
        return {key: str(value) if isinstance(value, UUID) else value for key, value in asdict(self).items()}

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """This function will rebuild the order from what was stored."""
        return cls(**{**body, "group": UUID(body["group"]), "run": UUID(body["run"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemotePayment:
    """A payment as the other side has it. `is_reversed`: wholly taken back; `reversed_minor`: how much of it was."""

    ref: str
    amount_minor: int
    currency: str
    destination: str
    group: str = ""
    is_reversed: bool = False
    reversed_minor: int = 0
    made_at: datetime | None = None

    def fulfils(self, order: PaymentOrder) -> bool:
        """This function will tell whether amount, currency and destination are those ordered."""
        wanted = (order.amount_minor, order.currency, order.destination)
        return not self.is_reversed and (self.amount_minor, self.currency, self.destination) == wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one request came to. `payment` is there when it is done; `detail` is a code, never personal.

    `retry_after`: how long the other side asks us to wait.
    """

    kind: OutcomeKind
    payment: RemotePayment | None = None
    http_status: int | None = None
    request_id: str = ""
    was_replay: bool = False
    detail: str = ""
    retry_after: timedelta | None = None
