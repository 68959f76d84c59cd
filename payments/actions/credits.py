"""Corrections in a brand's favor, of work that was paid already: the agent keeps the pay, the brand owes less."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.tenancy.actors import Actor
from payments import ledger
from payments.actions import journals
from payments.actions.credit_notes import credit_charges
from payments.actions.drafts import locked_invoice
from payments.models import Charge
from payments.states import ChargeState

_OPEN = (ChargeState.ACCRUED, ChargeState.HELD, ChargeState.READY)


def settle_at(earning_ids: Sequence[UUID], bill_minor: int, *, version: int, by: Actor, at: datetime) -> int:
    """This function will make the charges of some lines owe `bill_minor` together and return what it credited.

    They never owe more than they were accrued with; less is credited, and a credit given too much is taken back. What is
    on an invoice is credited last, by a credit note; that stays.
    """
    charges, invoiced = locked_charges(earning_ids)
    left = sum(one.owed_minor for one in (*charges, *invoiced)) - bill_minor
    done = 0
    for charge in charges:
        minor = min(left, charge.owed_minor) if left > 0 else max(left, -charge.credited_minor)
        _credit(charge, minor, key=f"credit:{charge.pk}:{version}", by=by, at=at)
        left, done = left - minor, done + minor
    return done + _credit_invoiced(invoiced, left, by=by, at=at)


def credit_lines(earning_ids: Sequence[UUID], minor: int, *, key: str, by: Actor, at: datetime) -> int:
    """This function will make the charges of some lines owe `minor` less, and return what it credited.

    What is on an invoice is credited last, by a credit note. `key` names the reason in the books; whoever calls this does
    so once a reason, under the lock of what it is about.
    """
    left = minor
    charges, invoiced = locked_charges(earning_ids)
    for charge in charges:
        part = min(left, charge.owed_minor)
        _credit(charge, part, key=f"credit:{charge.pk}:{key}", by=by, at=at)
        left -= part
    left -= _credit_invoiced(invoiced, left, by=by, at=at)
    return minor - left


def locked_charges(earning_ids: Sequence[UUID]) -> tuple[list[Charge], list[Charge]]:
    """This function will return the charges of some lines, newest first: those no invoice has yet, and those one has.

    The open ones are locked, and of the others their invoices: a credit note takes its invoice before its charges, and
    nobody who waits for an invoice may hold a charge on it, or a balance.
    """
    rows = Charge.objects.across_brands().filter(earning_id__in=earning_ids)
    open_ones = list(rows.filter(state__in=_OPEN).select_for_update(of=("self",)).order_by("pk"))
    invoiced = rows.filter(state=ChargeState.INVOICED)
    for invoice_id in sorted(set(invoiced.order_by("pk").values_list("invoice_id", flat=True))):
        locked_invoice(invoice_id)
    return open_ones[::-1], list(invoiced.order_by("-pk"))


def _credit_invoiced(charges: Sequence[Charge], minor: int, *, by: Actor, at: datetime) -> int:
    left, nets = minor, {}
    for charge in charges:
        part = min(left, charge.owed_minor)
        if part > 0:
            nets[charge.pk] = part
            left -= part
    if nets:
        credit_charges(nets, reason=_("Minutes were corrected after they were invoiced."), by=by, at=at)
    return sum(nets.values())


def take_back(charge: Charge, *, by: Actor, at: datetime) -> None:
    """This function will undo what was credited on a charge that is about to be replaced."""
    _credit(charge, -charge.credited_minor, key=f"uncredit:{charge.pk}", by=by, at=at)


def _credit(charge: Charge, minor: int, *, key: str, by: Actor, at: datetime) -> None:
    if not minor:
        return
    reason = "corrected after payment"
    charge.credited_minor += minor
    charge.save(update_fields=["credited_minor"])
    actor = by.label or by.kind
    ledger.post([journals.credited(charge, minor=minor, key=key, actor=actor, at=at, reason=reason)])
    trail.record("payments.credit_charge", charge, by=by, at=at, reason=reason, changes={"credited_minor": minor})
