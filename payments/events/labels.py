"""Facts about labels."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PayLabelPublished(Event):
    type = "payments.pay_label_published"
    pay_label_id: UUID
    program_id: UUID
