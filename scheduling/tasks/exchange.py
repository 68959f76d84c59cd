"""The clock of lines, confirmations and swaps. Row timestamps decide, never the tick."""

from uuid import UUID

from celery import shared_task

from gigcx.kernel import clock
from scheduling import actions
from scheduling.queries import swaps, waits
from scheduling.tasks.core import CLOCK, each


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def sweep_exchange() -> None:
    """This function will end invitations, take seats for those who asked for it, close lines, decide and end swaps."""
    at = clock.now()
    each(actions.expire_invitation, "entry_id", waits.invitations_to_expire(at=at))
    each(actions.accept_for_waiting, "entry_id", waits.invitations_to_accept(at=at))
    each(actions.close_line, "shift_id", waits.lines_to_close(at=at))
    each(actions.offer_free_seats, "shift_id", waits.free_seats_with_waiters(at=at))
    each(actions.pass_unconfirmed_on, "shift_id", waits.shifts_with_unconfirmed(at=at))
    each(actions.approve_swap, "offer_id", swaps.swaps_to_decide(at=at))
    each(actions.expire_swap, "offer_id", swaps.swaps_to_expire(at=at))


@shared_task(queue="sweeps", ignore_result=True, acks_late=True)
def accept_for_waiting(*, entry_id: str) -> None:
    """This function will take an invited agent's seat for them, as they asked."""
    actions.accept_for_waiting(entry_id=UUID(entry_id), by=CLOCK, at=clock.now())
