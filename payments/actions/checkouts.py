"""What a collecting provider is asked and what it answers, in our words. Actions and gateways share these shapes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from gigcx.kernel.money import Money


class CollectionState(StrEnum):
    """Where a payment of a brand stands on the other side."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutOrder:
    """A page on which a brand pays one top-up. The other side keeps `top_up_id` and `brand_id` beside it, nothing personal.

    `saves_method` asks to remember the card or account for automatic top-ups.
    """

    top_up_id: UUID
    brand_id: UUID
    amount: Money
    return_url: str
    cancel_url: str
    expires_at: datetime
    customer_ref: str = ""
    saves_method: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCharge:
    """A payment by the method that a brand saved, without anybody present."""

    top_up_id: UUID
    brand_id: UUID
    amount: Money
    customer_ref: str
    method_ref: str


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """A page that was opened: where to send the brand."""

    ref: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionFacts:
    """What the other side knows of one payment. `amount_minor` is what was paid; `refunded_minor` what went back.

    `method` is card, bank_debit, bank_transfer or sandbox; the saved method's references are empty where none was saved.
    """

    state: str
    amount_minor: int = 0
    currency: str = ""
    checkout_ref: str = ""
    payment_ref: str = ""
    method: str = ""
    failure: str = ""
    refunded_minor: int = 0
    customer_ref: str = ""
    method_ref: str = ""
    method_label: str = ""
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAnswer:
    """What came of asking for a refund: accepted, refused for good with a reason, or unknown (ask again, same key)."""

    is_accepted: bool
    is_certain: bool = True
    ref: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorOrder:
    """An issued invoice of ours to be shown and collected on the other side under our own number."""

    invoice_id: UUID
    brand_id: UUID
    number: str
    customer_ref: str
    due_at: datetime
    lines: tuple[tuple[str, Money], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorFacts:
    """The other side's copy of an invoice. Its total must equal ours, or it is voided."""

    ref: str
    total_minor: int
    pay_url: str = ""
    customer_ref: str = ""


class CollectionUnknown(Exception):
    """Nobody knows whether the other side did it: ask again with the same key, or look it up. Never shown to people."""

    def __init__(self, detail: str = "", context: dict[str, Any] | None = None) -> None:
        self.detail, self.context = detail, context or {}
        super().__init__(detail)


class CollectionRefused(Exception):
    """The other side said no for good; `detail` is its code."""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(detail)
