"""What payments does once money of a brand has arrived."""

from gigcx.audit.outbox import Delivered
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.events import TopUpSettled

CASHIER = SystemActor("cashier")


def pay_open_invoices(fact: TopUpSettled, delivered: Delivered) -> None:
    """This function will pay open invoices from the wallet at once, so that a brand that has paid may post again."""
    actions.settle_invoices(brand_id=fact.brand_id, currency=fact.currency, by=CASHIER, at=delivered.at)
