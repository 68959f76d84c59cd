"""Following any id: from the minute to the bank and the invoice, and back."""

from dataclasses import dataclass, fields
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from gigcx.tenancy.scoping import TenantQuerySet
from payments.models import (
    Account,
    Allocation,
    BankFileLine,
    BrandHold,
    Charge,
    CreditNote,
    CreditNoteLine,
    Earning,
    Entry,
    Invoice,
    InvoiceLine,
    Journal,
    LineDispute,
    PayoutAllocation,
    PayoutAttempt,
    PayoutItem,
    PayoutRun,
    Receipt,
    Statement,
    TopUp,
)

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that hangs together with one id, at most 200 of each kind."""

    earnings: list[Earning]
    disputes: list[LineDispute]
    charges: list[Charge]
    invoices: list[Invoice]
    credit_notes: list[CreditNote]
    receipts: list[Receipt]
    top_ups: list[TopUp]
    brand_holds: list[BrandHold]
    items: list[PayoutItem]
    attempts: list[PayoutAttempt]
    bank_lines: list[BankFileLine]
    runs: list[PayoutRun]
    statements: list[Statement]
    journals: list[Journal]
    accounts: list[Account]

    @property
    def is_empty(self) -> bool:
        """Is there nothing under this id?"""
        return not any(getattr(self, field.name) for field in fields(self))


def trace(identifier: UUID) -> Trace:
    """This function will follow any id of money: of work, line, charge, invoice, payment, payout, try, account or journal."""
    invoices = _invoices(identifier)
    earnings = _earnings(identifier, invoices)
    items = _items(identifier, earnings)
    earnings = earnings or _listed(_all(Earning).filter(allocations__item__in=items).distinct())
    charges = _listed(_all(Charge).filter(Q(earning__in=earnings) | Q(pk=identifier)).select_related("program"))
    invoices = invoices or _listed(_all(Invoice).filter(pk__in={one.invoice_id for one in charges if one.invoice_id}))
    notes = _listed(_all(CreditNote).filter(Q(pk=identifier) | Q(invoice__in=invoices)))
    receipts = _receipts(identifier, invoices)
    top_ups = _listed(
        _all(TopUp).filter(Q(pk=identifier) | Q(pk__in=[one.top_up_id for one in receipts if one.top_up_id]))
    )
    holds = _listed(_all(BrandHold).filter(Q(pk=identifier) | Q(source_id=identifier)))
    about = [*earnings, *charges, *invoices, *notes, *receipts, *top_ups, *holds, *items]
    return Trace(
        earnings=earnings,
        disputes=_listed(_all(LineDispute).filter(Q(pk=identifier) | Q(earning__in=earnings))),
        charges=charges,
        invoices=invoices,
        credit_notes=notes,
        receipts=receipts,
        top_ups=top_ups,
        brand_holds=holds,
        items=items,
        attempts=_listed(_all(PayoutAttempt).filter(item__in=items)),
        bank_lines=_listed(BankFileLine.objects.filter(Q(pk=identifier) | Q(item__in=items))),
        runs=_listed(PayoutRun.objects.filter(pk__in={one.run_id for one in items} | {identifier})),
        statements=_listed(_all(Statement).filter(item__in=items)),
        journals=_journals(identifier, [one.pk for one in about]),
        accounts=_listed(Account.objects.filter(Q(pk=identifier) | Q(owner_id=identifier)).select_related("running")),
    )


def _all(model: type[Model]) -> Any:
    rows = model._default_manager.all()
    return rows.across_brands() if isinstance(rows, TenantQuerySet) else rows


def _listed(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.order_by("pk")[:_MOST])


def _about(identifier: UUID, source_kind: str) -> Any:
    """What a journal of this id is about, where it is about that kind of thing."""
    return Journal.objects.filter(pk=identifier, source_kind=source_kind).values("source_id")


def _invoices(identifier: UUID) -> list[Invoice]:
    lines = _all(InvoiceLine).filter(pk=identifier).values("invoice_id")
    notes = _all(CreditNote).filter(pk=identifier).values("invoice_id")
    note_lines = _all(CreditNoteLine).filter(pk=identifier).values("note__invoice_id")
    paid = _all(Allocation).filter(Q(receipt_id=identifier) | Q(pk=identifier)).values("invoice_id")
    found = Q(pk=identifier) | Q(pk__in=lines) | Q(pk__in=notes) | Q(pk__in=note_lines) | Q(pk__in=paid)
    return _listed(_all(Invoice).filter(found | Q(pk__in=_about(identifier, "invoice"))))


def _earnings(identifier: UUID, invoices: list[Invoice]) -> list[Earning]:
    disputed = _all(LineDispute).filter(pk=identifier).values("earning_id")
    found = Q(pk=identifier) | Q(source_id=identifier) | Q(charge=identifier) | Q(pk__in=disputed)
    billed = Q(charge__invoice__in=invoices)
    rows = _all(Earning).filter(found | billed | Q(pk__in=_about(identifier, "earning")))
    return _listed(rows.select_related("program", "agent"))


def _items(identifier: UUID, earnings: list[Earning]) -> list[PayoutItem]:
    allocated = _all(PayoutAllocation).filter(Q(earning__in=earnings) | Q(pk=identifier)).values("item_id")
    attempted = _all(PayoutAttempt).filter(pk=identifier).values("item_id")
    banked = BankFileLine.objects.filter(Q(pk=identifier) | Q(file_id=identifier)).values("item_id")
    direct = Q(pk=identifier) | Q(run_id=identifier) | Q(statement=identifier) | Q(agent_id=identifier)
    account = Q(account_id=identifier) | Q(instant_quote=identifier)
    linked = Q(pk__in=allocated) | Q(pk__in=attempted) | Q(pk__in=banked) | Q(pk__in=_about(identifier, "payout_item"))
    return _listed(_all(PayoutItem).filter(direct | account | linked).select_related("run", "agent"))


def _receipts(identifier: UUID, invoices: list[Invoice]) -> list[Receipt]:
    paying = _all(Allocation).filter(invoice__in=invoices).values("receipt_id")
    return _listed(_all(Receipt).filter(Q(pk=identifier) | Q(top_up_id=identifier) | Q(pk__in=paying)))


def _journals(identifier: UUID, about: list[UUID]) -> list[Journal]:
    """Those about what was found, the one of this id and its mirror, and the latest of an account."""
    latest = Entry.objects.filter(account_id=identifier).order_by("-pk").values_list("journal_id", flat=True)
    found = Q(source_id__in=[*about, identifier]) | Q(pk=identifier) | Q(reverses_id=identifier)
    rows = Journal.objects.filter(found | Q(pk__in=list(latest[:_MOST]))).prefetch_related("entries__account")
    return list(rows.order_by("recorded_at", "pk")[:_MOST])
