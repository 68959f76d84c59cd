"""Facts that lead to invoices."""

from gigcx.audit.outbox import Delivered
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.events import TopUpSettled
from payments.models import TopUp
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


def pay_open_invoices(event: TopUpSettled, delivered: Delivered) -> None:
    """This function will pay what a brand owes from the money that has just reached its wallet; that may open it again."""
    top_up = TopUp.objects.across_brands().get(pk=event.top_up_id)
    actions.settle_invoices(
        brand_id=top_up.brand_id, currency=top_up.currency, by=SystemActor("billing"), at=delivered.occurred_at
    )
