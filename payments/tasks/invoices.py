"""Background work of invoices. Each can be lost and is swept up again: the state of the rows says what is left to do."""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from celery import shared_task

from gigcx.audit.hints import hint
from gigcx.kernel.errors import DomainError, MoveRefused
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.errors.invoices import NothingToInvoice
from payments.gateways import mirroring
from payments.models import Invoice
from payments.policies.invoices import SEATS_HONORED
from payments.queries.billing_weeks import brands_to_draft, drafts_to_issue
from payments.queries.clock import database_now
from payments.queries.invoices import brands_suspended_for_debt, invoices_to_remind, owing_brands
from scheduling.actions.suspensions import cancel_far_seats

logger = logging.getLogger(__name__)

BILLING: Final = SystemActor("billing")


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def bill_weeks() -> None:
    """This function will draft weeks that the lock's fact missed and issue drafts whose Tuesday morning has come."""
    at = database_now()
    for brand_id, currency, period_from in brands_to_draft(at=at):
        actions.draft_invoice(brand_id=brand_id, currency=currency, period_from=period_from, by=BILLING, at=at)
    for invoice_id in drafts_to_issue(at=at):
        hint(issue_invoice, invoice_id=str(invoice_id))


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def issue_invoice(*, invoice_id: str) -> None:
    """This function will issue one draft and pay it from the brand's own money; an empty one is dropped.

    A draft is hinted by every sweep until it is issued: whoever comes second finds it done.
    """
    at = database_now()
    try:
        issued = _issued_or_dropped(UUID(invoice_id), at)
    except MoveRefused as done:
        logger.info("no draft any more", extra={"invoice_id": invoice_id, **done.context})
        return
    if issued is not None:
        actions.settle_invoices(brand_id=issued.brand_id, currency=issued.currency, by=BILLING, at=at)


def _issued_or_dropped(invoice_id: UUID, at: datetime) -> Invoice | None:
    try:
        return actions.issue_invoice(invoice_id=invoice_id, by=BILLING, at=at)
    except NothingToInvoice:
        actions.discard_invoice(invoice_id=invoice_id, reason="no line was ready", by=BILLING, at=at)
        return None


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def settle_invoices() -> None:
    """This function will pay open invoices of brands that have money with us."""
    at = database_now()
    for brand_id, currency in owing_brands():
        actions.settle_invoices(brand_id=brand_id, currency=currency, by=BILLING, at=at)


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def mirror_invoices() -> None:
    """This function will have open invoices copied to the provider that collects, and stale copies voided."""
    mirroring.mirror_invoices()


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def remind_brands() -> None:
    """This function will take the reminder steps that are due, and call off what suspended brands have far ahead."""
    at = database_now()
    for invoice_id in invoices_to_remind(at=at):
        try:
            actions.take_dunning_step(invoice_id=invoice_id, by=BILLING, at=at)
        except DomainError as refused:
            logger.exception("reminder", extra={"invoice_id": str(invoice_id), "code": refused.code})
    for brand_id in brands_suspended_for_debt():
        cancel_far_seats(
            brand_id=brand_id,
            starts_from=at + SEATS_HONORED,
            reason="The brand's account is suspended.",
            by=BILLING,
            at=at,
        )
