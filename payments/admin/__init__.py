"""Ops screens of money: board, runs, items, lines, switches. Nothing is edited; buttons call actions."""

from payments.admin import (
    bank_files,
    board,
    books,
    disputes,
    fees,
    funds,
    inbox,
    invoices,
    lines,
    rates,
    reconciliation,
    runs,
    taxes,
)

__all__ = [
    "bank_files",
    "board",
    "books",
    "disputes",
    "fees",
    "funds",
    "inbox",
    "invoices",
    "lines",
    "rates",
    "reconciliation",
    "runs",
    "taxes",
]
