"""What follows when an invoice is not paid: reminders, no more posting, suspension; and the way back."""

from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, MoveRefused, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actions import mark_past_due, reopen_brand, suspend_brand
from gigcx.tenancy.actors import Actor, OpsActor, SystemActor
from gigcx.tenancy.models import Brand
from gigcx.tenancy.policies import require_ops
from gigcx.tenancy.states import BrandState
from payments.actions.drafts import locked_invoice
from payments.events.invoices import DunningStepTaken, InvoiceOverdue
from payments.models import BrandFunds, DunningStep, Invoice
from payments.policies.invoices import next_dunning_step
from payments.queries.funds import spendable, uninvoiced_debt
from payments.queries.invoices import is_waived, unpaid_invoices
from payments.states import INVOICE_MOVES, OWING_INVOICES, DunningKind, InvoiceState

_STOPPING = (DunningKind.PAST_DUE, DunningKind.SUSPENSION)
_DOORMAN = SystemActor("dunning")
# Kept with the brand in these words: they find the way back.
CARD_REASON: Final = "A card payment was disputed with its bank, and the wallet does not cover it."


@transaction.atomic
def take_dunning_step(*, invoice_id: UUID, by: Actor, at: datetime) -> DunningStep | None:
    """This function will take the one reminder step that is due for an unpaid invoice, or return None.

    Seven days late the brand can post nothing new, 21 days late it is suspended; each step is taken once. Days are those of
    the brand's zone.
    """
    require_ops(by)
    invoice = locked_invoice(invoice_id)
    if invoice.state not in OWING_INVOICES or invoice.due_on is None:
        return None
    today = at.astimezone(ZoneInfo(invoice.brand.timezone)).date()
    if today > invoice.due_on:
        _mark_overdue(invoice, by=by, at=at)
    step = next_dunning_step(invoice.due_on, _taken(invoice), today)
    return _take(invoice, step, by=by, at=at) if step else None


def _mark_overdue(invoice: Invoice, *, by: Actor, at: datetime) -> None:
    if invoice.state == InvoiceState.OVERDUE:
        return
    require_move(INVOICE_MOVES, invoice.state, InvoiceState.OVERDUE)
    before, invoice.state = invoice.state, InvoiceState.OVERDUE
    invoice.save(update_fields=["state"])
    trail.record("payments.mark_overdue", invoice, by=by, at=at, from_state=before, to_state=invoice.state)
    outbox.publish(InvoiceOverdue(invoice_id=invoice.pk), at=at, brand_id=invoice.brand_id)


def _taken(invoice: Invoice) -> dict[str, date]:
    zone = ZoneInfo(invoice.brand.timezone)
    rows = DunningStep.objects.for_brand(invoice.brand_id).filter(invoice=invoice)
    return {step: moment.astimezone(zone).date() for step, moment in rows.values_list("step", "taken_at")}


def _take(invoice: Invoice, step: DunningKind, *, by: Actor, at: datetime) -> DunningStep:
    taken = DunningStep.objects.create(
        id=uuid7(), invoice=invoice, step=step, taken_at=at, open_minor=invoice.open_minor
    )
    trail.record(
        "payments.take_dunning_step",
        invoice,
        by=by,
        at=at,
        changes={"step": step.value, "open_minor": invoice.open_minor},
    )
    outbox.publish(DunningStepTaken(invoice_id=invoice.pk, step=step.value), at=at, brand_id=invoice.brand_id)
    _act_on_brand(invoice, step, at=at)
    return taken


def _act_on_brand(invoice: Invoice, step: DunningKind, *, at: datetime) -> None:
    """A brand that ops stopped for another reason stays as it is."""
    state = Brand.objects.values_list("state", flat=True).get(pk=invoice.brand_id)
    reason = stop_reason(invoice)
    if step == DunningKind.PAST_DUE and state == BrandState.ACTIVE:
        mark_past_due(brand_id=invoice.brand_id, reason=reason, by=_DOORMAN, at=at)
    if step == DunningKind.SUSPENSION and state in (BrandState.ACTIVE, BrandState.PAST_DUE):
        suspend_brand(brand_id=invoice.brand_id, reason=reason, by=_DOORMAN, at=at)


def stop_reason(invoice: Invoice) -> str:
    """This function will say why a brand was stopped; the same words find their way back when it has paid."""
    return f"Invoice {invoice.full_number} is not paid."


def reopen_if_clear(brand_id: UUID, *, by: Actor, at: datetime) -> bool:
    """This function will open a brand again that was stopped for its debts, once none of them is left; tell whether it did.

    A debt that was written off is still a debt to whom it stopped, until ops waive it, and so is what a disputed card left
    owing.
    """
    stopped = Brand.objects.filter(pk=brand_id, state__in=[BrandState.PAST_DUE, BrandState.SUSPENDED])
    brand = stopped.select_for_update(no_key=True).first()
    if brand is None or not _stopped_for_debt(brand):
        return False
    left = unpaid_invoices().filter(brand_id=brand_id, dunning_steps__step__in=_STOPPING)
    if left.exists() or _owes_for_cards(brand_id):
        return False
    reopen_brand(brand_id=brand_id, by=_DOORMAN, at=at)
    return True


@transaction.atomic
def waive_debt(*, invoice_id: UUID, reason: str, by: OpsActor, at: datetime) -> bool:
    """This function will let a debt that was given up keep its brand stopped no longer, and tell whether the brand opened.

    The debt stays bad debt in the books. Whatever else is unpaid goes on stopping the brand. Ops only.

    Raises:
        NotFound: no such invoice, or not ops.
        Invalid: no reason.
        MoveRefused: it was not written off, or was waived before.
    """
    if not isinstance(by, OpsActor):
        raise NotFound
    if not reason.strip():
        raise Invalid(_("Say why; it stays in the history."), field="reason")
    invoice = locked_invoice(invoice_id)
    if invoice.state != InvoiceState.WRITTEN_OFF or is_waived(invoice.pk):
        raise MoveRefused(_("Only a debt that was written off can be waived, and once."))
    trail.record("payments.waive_debt", invoice, by=by, at=at, reason=reason.strip())
    return reopen_if_clear(invoice.brand_id, by=by, at=at)


def _owes_for_cards(brand_id: UUID) -> bool:
    currencies = BrandFunds.objects.for_brand(brand_id).values_list("currency", flat=True)
    return any(uninvoiced_debt(brand_id, spendable(brand_id, one)) for one in currencies)


def _stopped_for_debt(brand: Brand) -> bool:
    if brand.state_reason == CARD_REASON:
        return True
    rows = Invoice.objects.for_brand(brand.pk).filter(dunning_steps__step__in=_STOPPING).distinct()
    return brand.state_reason in {stop_reason(one) for one in rows.order_by("pk")}
