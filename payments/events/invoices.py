"""Facts about what brands are asked to pay."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    type = "payments.invoice_issued"
    invoice_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvoicePaid(Event):
    type = "payments.invoice_paid"
    invoice_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvoiceOverdue(Event):
    type = "payments.invoice_overdue"
    invoice_id: UUID


@dataclass(frozen=True, kw_only=True)
class DunningStepTaken(Event):
    type = "payments.dunning_step_taken"
    invoice_id: UUID
    step: str


@dataclass(frozen=True, kw_only=True)
class CreditNoteIssued(Event):
    type = "payments.credit_note_issued"
    credit_note_id: UUID
    invoice_id: UUID
