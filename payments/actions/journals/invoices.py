"""What invoices, payments of them, credit notes and bad debt mean in the books."""

from collections.abc import Mapping
from datetime import datetime

from gigcx.kernel.money import Money
from payments.ledger import AccountRef, Leg, Posting, brand_account, credit, debit, platform_account
from payments.models import CreditNote, Invoice, Receipt
from payments.states import JournalKind


def issued(invoice: Invoice, *, taxes: Mapping[str, int], actor: str, at: datetime) -> Posting:
    """This function will state that what was worked is owed: gross against unbilled and each place's tax."""
    legs = (
        debit(_of(invoice, "receivable"), invoice.gross),
        credit(_of(invoice, "unbilled"), Money(invoice.net_minor, invoice.currency)),
        *(credit(_tax(place, invoice.currency), Money(minor, invoice.currency)) for place, minor in taxes.items()),
    )
    return _posting(invoice, f"invoice:{invoice.pk}", JournalKind.INVOICE_ISSUED, legs, actor=actor, at=at)


def paid_from_funds(
    invoice: Invoice, *, number: int, from_hold: int, from_wallet: int, actor: str, at: datetime
) -> Posting:
    """This function will state that a brand's own money paid: what was held for the work first, then the wallet.

    `number` tells apart the times that one invoice was paid from funds.
    """
    currency = invoice.currency
    legs = (
        debit(_of(invoice, "hold"), Money(from_hold, currency)),
        debit(_of(invoice, "wallet"), Money(from_wallet, currency)),
        credit(_of(invoice, "receivable"), Money(from_hold + from_wallet, currency)),
    )
    key = f"funds:{invoice.pk}:{number}"
    return _posting(invoice, key, JournalKind.INVOICE_SETTLED, legs, actor=actor, at=at)


def paid_by_receipt(invoice: Invoice, receipt: Receipt, *, minor: int, actor: str, at: datetime) -> Posting:
    """This function will state that money which reached us paid an invoice."""
    money = Money(minor, invoice.currency)
    legs = (debit(_where(receipt), money), credit(_of(invoice, "receivable"), money))
    key = f"receipt:{receipt.pk}:{invoice.pk}"
    return _posting(invoice, key, JournalKind.INVOICE_SETTLED, legs, actor=actor, at=at)


def surplus(receipt: Receipt, *, minor: int, actor: str, at: datetime) -> Posting:
    """This function will state that what nothing was owed for is the brand's, in its wallet."""
    money = Money(minor, receipt.currency)
    legs = (debit(_where(receipt), money), credit(brand_account(receipt.brand_id, "wallet", receipt.currency), money))
    return Posting(f"surplus:{receipt.pk}", JournalKind.TOP_UP_SETTLED, legs, at, "receipt", receipt.pk, actor)


def credit_noted(
    note: CreditNote, *, taxes: Mapping[str, int], expense: str, actor: str, at: datetime, reason: str
) -> Posting:
    """This function will state that a brand owes less, or gets it back into its wallet, at an expense of ours."""
    currency = note.currency
    off = note.gross_minor - note.to_wallet_minor
    legs = (
        debit(platform_account(expense, currency), Money(note.net_minor, currency)),
        *(debit(_tax(place, currency), Money(minor, currency)) for place, minor in taxes.items()),
        credit(brand_account(note.brand_id, "receivable", currency), Money(off, currency)),
        credit(brand_account(note.brand_id, "wallet", currency), Money(note.to_wallet_minor, currency)),
    )
    key = f"credit_note:{note.pk}"
    return Posting(key, JournalKind.CREDIT_NOTE_ISSUED, legs, at, "credit_note", note.pk, actor, reason)


def bad_debt(invoice: Invoice, *, minor: int, actor: str, at: datetime, reason: str) -> Posting:
    """This function will state that what is open will not be paid."""
    money = Money(minor, invoice.currency)
    legs = (
        debit(platform_account("expense.bad_debt", invoice.currency), money),
        credit(_of(invoice, "receivable"), money),
    )
    key = f"bad_debt:{invoice.pk}"
    return _posting(invoice, key, JournalKind.BAD_DEBT, legs, actor=actor, at=at, reason=reason)


def _of(invoice: Invoice, code: str) -> AccountRef:
    return brand_account(invoice.brand_id, code, invoice.currency)


def _tax(place: str, currency: str) -> AccountRef:
    return platform_account(f"tax.output.{place}", currency)


def _where(receipt: Receipt) -> AccountRef:
    code = f"rail.{receipt.rail}.pending" if receipt.rail else "bank"
    return platform_account(code, receipt.currency)


def _posting(
    invoice: Invoice, key: str, kind: str, legs: tuple[Leg, ...], *, actor: str, at: datetime, reason: str = ""
) -> Posting:
    return Posting(key, kind, legs, at, "invoice", invoice.pk, actor, reason)
