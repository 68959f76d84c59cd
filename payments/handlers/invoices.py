"""Facts that lead to invoices."""

from gigcx.audit.outbox import Delivered
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.queries.billing_weeks import currencies_of
from scheduling.events import TimesheetLocked


def draft_invoices(event: TimesheetLocked, delivered: Delivered) -> None:
    """This function will draft the invoice of a week whose timesheet was locked, one a currency."""
    for currency in currencies_of(event.brand_id, event.week_starts_on):
        actions.draft_invoice(
            brand_id=event.brand_id,
            currency=currency,
            period_from=event.week_starts_on,
            by=SystemActor("billing"),
            at=delivered.occurred_at,
        )
