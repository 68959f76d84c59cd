"""Facts that payments states."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class EarningAccrued(Event):
    type = "payments.earning_accrued"
    earning_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class EarningHeld(Event):
    type = "payments.earning_held"
    earning_id: UUID
    agent_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class EarningPayable(Event):
    type = "payments.earning_payable"
    earning_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class EarningPaid(Event):
    type = "payments.earning_paid"
    earning_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class EarningReversed(Event):
    type = "payments.earning_reversed"
    earning_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class ChargeAccrued(Event):
    type = "payments.charge_accrued"
    charge_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class ChargeReversed(Event):
    type = "payments.charge_reversed"
    charge_id: UUID
    program_id: UUID


@dataclass(frozen=True, kw_only=True)
class PayoutTransferred(Event):
    type = "payments.payout_transferred"
    item_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class PayoutArrived(Event):
    type = "payments.payout_arrived"
    item_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class PayoutReturned(Event):
    type = "payments.payout_returned"
    item_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class PayoutHeld(Event):
    type = "payments.payout_held"
    item_id: UUID
    agent_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class PayoutAccountChanged(Event):
    type = "payments.payout_account_changed"
    agent_id: UUID
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class StatementIssued(Event):
    type = "payments.statement_issued"
    statement_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class FundsLow(Event):
    type = "payments.funds_low"
    brand_id: UUID
    currency: str


@dataclass(frozen=True, kw_only=True)
class RailStopped(Event):
    type = "payments.rail_stopped"
    rail: str
    reason: str
