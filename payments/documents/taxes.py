"""Files of tax data: who was paid how much, for the tax office. They hold full numbers and are kept encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass

from payments.documents.figures import major
from payments.documents.papers import Cell, Sheet

_HEADINGS = (
    "form",
    "tax_year",
    "quarter",
    "legal_name",
    "address",
    "country",
    "birth_date",
    "tax_number",
    "vat_id",
    "gross",
    "fees",
    "consideration",
    "tax_withheld",
    "transactions",
    "currency",
)


@dataclass(frozen=True, slots=True)
class Reported:
    """One agent's line of a report. `quarter` is 0 for a whole year."""

    legal_name: str
    address: str
    country: str
    birth_date: str
    tax_number: str
    vat_id: str
    quarter: int
    currency: str
    gross_minor: int
    fees_minor: int
    withheld_minor: int
    transactions: int


def is_due(*, gross_minor: int, transactions: int, least_minor: int, least_transactions: int) -> bool:
    """This function will tell whether income has to be reported.

    From the threshold on for forms without a count (1099-NEC); over both amount and count for those with one (1099-K).
    """
    if least_transactions:
        return gross_minor > least_minor and transactions > least_transactions
    return gross_minor >= least_minor and gross_minor > 0


def tax_sheet(rows: Sequence[Reported], *, form: str, tax_year: int, stamp: str = "") -> Sheet:
    """This function will return a report's lines, one a row, as they go to whoever files them."""
    return Sheet(_HEADINGS, [_row(one, form, tax_year) for one in rows], stamp)


def _row(one: Reported, form: str, tax_year: int) -> tuple[Cell, ...]:
    return (
        form,
        tax_year,
        one.quarter or "",
        one.legal_name,
        one.address,
        one.country,
        one.birth_date,
        one.tax_number,
        one.vat_id,
        major(one.gross_minor, one.currency),
        major(one.fees_minor, one.currency),
        major(one.gross_minor - one.fees_minor, one.currency),
        major(one.withheld_minor, one.currency),
        one.transactions,
        one.currency,
    )
