"""The demo world's money: terms, weeks of work and payouts, invoices, and what is in question."""

from gigcx.tenancy.actors import SystemActor
from gigcx.web.demo import World
from payments import actions
from payments.demo import billing, questions, taxes, weeks
from payments.demo.weeks import tell_terms

__all__ = ["tell", "tell_terms"]


def tell(world: World) -> None:
    """This function will tell the chapter."""
    billing.tell_profiles(world)
    taxes.tell(world)
    weeks.tell(world, after_payday=billing.bill)
    billing.tell_payments(world)
    questions.tell(world)
    weeks.tell_rest(world)
    actions.publish_pay_labels(by=SystemActor("daily sweep"), at=world.at)
