"""Who may see and change what a brand is asked to pay, and when things happen to an unpaid invoice. Pure."""

from datetime import date, timedelta
from typing import Final

from gigcx.tenancy.actors import Actor
from gigcx.tenancy.roles import Permission
from payments.states import DunningKind

DEFAULT_DAYS_UNTIL_DUE: Final = 14
# Invoices of a week are issued on the Tuesday after it, at this hour of the brand's own day.
ISSUE_WEEKDAY: Final = 1
ISSUE_HOUR: Final = 6
# What happens so many days after the due day, in this order.
DUNNING_DAYS: Final = {
    DunningKind.DUE: 0,
    DunningKind.REMINDER: 3,
    DunningKind.PAST_DUE: 7,
    DunningKind.LAST_REMINDER: 14,
    DunningKind.SUSPENSION: 21,
}
BETWEEN_STEPS: Final = timedelta(days=3)
# Seats that begin sooner than this run even where the brand is suspended.
SEATS_HONORED: Final = timedelta(hours=72)


def can_change_billing_profile(actor: Actor) -> bool:
    """This function will tell whether the actor may say whom the brand's invoices are made out to."""
    return actor.can(Permission.MANAGE_BILLING)


def next_dunning_step(due_on: date, taken: dict[str, date], today: date) -> DunningKind | None:
    """This function will return the one step that is due, or None.

    Steps come in order and at least three days apart, so that after an outage nobody is suspended without the warnings
    before it.
    """
    following = next((step for step in DUNNING_DAYS if step not in taken), None)
    if following is None or today < due_on + timedelta(days=DUNNING_DAYS[following]):
        return None
    return following if not taken or today >= max(taken.values()) + BETWEEN_STEPS else None
