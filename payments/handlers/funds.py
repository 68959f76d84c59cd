"""What payments does once money of a brand has arrived."""

from gigcx.audit.outbox import Delivered
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.events import TopUpFailed, TopUpSettled
from payments.models import TopUp

CASHIER = SystemActor("cashier")


def pay_open_invoices(fact: TopUpSettled, delivered: Delivered) -> None:
    """This function will pay open invoices from the wallet at once, so that a brand that has paid may post again."""
    actions.settle_invoices(brand_id=fact.brand_id, currency=fact.currency, by=CASHIER, at=delivered.at)


def pause_free_seats(fact: TopUpFailed, delivered: Delivered) -> None:
    """This function will let free seats of a brand wait whose automatic top-up failed."""
    currency = TopUp.objects.for_brand(fact.brand_id).values_list("currency", flat=True).get(pk=fact.top_up_id)
    actions.follow_card(brand_id=fact.brand_id, currency=currency, at=delivered.at)


def resume_free_seats(fact: TopUpSettled, delivered: Delivered) -> None:
    """This function will give seats out again that waited for money."""
    actions.follow_card(brand_id=fact.brand_id, currency=fact.currency, at=delivered.at)
