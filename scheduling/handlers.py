"""What this stage does when it hears a fact. Every handler may run twice."""

from gigcx.audit.outbox import Delivered
from gigcx.tenancy.actors import SystemActor
from recruiting.events import RateCardPublished
from scheduling import actions
from scheduling.queries.sweeps import shifts_to_reprice

PRICES = SystemActor("prices")


def reprice_shifts(event: RateCardPublished, delivered: Delivered) -> None:
    """This function will price the program's shifts that nobody has started by the new card."""
    for shift_id in shifts_to_reprice(event.program_id, event.rate_card_id, at=delivered.at):
        actions.reprice_shift(shift_id=shift_id, rate_card_id=event.rate_card_id, by=PRICES, at=delivered.at)
