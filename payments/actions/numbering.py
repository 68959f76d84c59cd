"""Numbers of papers, without gaps: the row of the series is the last one locked before the commit."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from payments.models import NumberSeries, Receipt
from payments.queries.documents import receipt_parties
from payments.queries.parties import seller_code
from payments.states import SeriesKind

SERIES: Final = {SeriesKind.INVOICE: "INV", SeriesKind.CREDIT_NOTE: "CN", SeriesKind.RECEIPT: "RC"}


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """A number that nothing else has."""

    legal_entity: str
    series: str
    year: int
    number: int

    @property
    def full(self) -> str:
        """As it is printed."""
        return f"{self.series}-{self.year}-{self.number:05d}"


@transaction.atomic
def take_number(kind: SeriesKind, *, on: date) -> PaperNumber:
    """This function will take the next number of this year's series of the house's legal entity.

    Whoever comes after waits for the commit; a rollback gives the number back, so that no number is ever missing. Take it
    last, with every other row locked before.
    """
    entity, series = seller_code(), SERIES[kind]
    fresh = NumberSeries(legal_entity=entity, kind=kind, series=series, year=on.year)
    NumberSeries.objects.bulk_create([fresh], ignore_conflicts=True)
    rows = NumberSeries.objects.select_for_update()
    row = rows.get(legal_entity=entity, series=series, year=on.year)
    row.last += 1
    row.save(update_fields=["last"])
    return PaperNumber(entity, series, on.year, row.last)


def number_receipt(receipt: Receipt, *, on: date) -> Receipt:
    """This function will give a receipt that is about to be kept its parties and the next number of its series."""
    receipt.seller, receipt.buyer = receipt_parties(receipt)
    taken = take_number(SeriesKind.RECEIPT, on=on)
    receipt.legal_entity, receipt.year = taken.legal_entity, taken.year
    receipt.number, receipt.full_number = taken.number, taken.full
    return receipt
