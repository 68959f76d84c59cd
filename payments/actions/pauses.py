"""A brand's card fails after it published: seats near run, free ones later wait until money arrives."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from gigcx.tenancy.actors import SystemActor
from payments.queries.pauses import failed_card_at, owners_of_failed_cards
from scheduling.actions.suspensions import pause_free_seats, resume_free_seats
from scheduling.queries.pauses import owners_of_paused_seats

SEATS_HONORED: Final = timedelta(hours=24)
_CASHIER: Final = SystemActor("cashier")


def follow_card(*, brand_id: UUID, currency: str, at: datetime) -> int:
    """This function will pause or resume free seats as the brand's saved method stands, and return in how many shifts.

    Seats that start within a day of the failure run, and so does every seat that somebody holds. Running it again changes
    nothing.
    """
    failed_at = failed_card_at(brand_id, currency)
    if failed_at is None:
        return resume_free_seats(brand_id=brand_id, currency=currency, by=_CASHIER, at=at)
    return pause_free_seats(
        brand_id=brand_id,
        currency=currency,
        starts_from=failed_at + SEATS_HONORED,
        published_before=failed_at,
        reason=_("an automatic top-up of the brand was not paid."),
        by=_CASHIER,
        at=at,
    )


def follow_cards(*, at: datetime) -> int:
    """This function will do so for every brand whose card failed of late or whose seats are paused."""
    owners = owners_of_failed_cards() | owners_of_paused_seats()
    return sum(follow_card(brand_id=brand_id, currency=currency, at=at) for brand_id, currency in sorted(owners))
