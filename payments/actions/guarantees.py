"""The promise of enough work: whoever was offered too few hours is paid for what was missing, by the platform."""

from dataclasses import replace
from datetime import datetime, time
from typing import Final

from django.db import transaction

from gigcx.kernel.intervals import from_wall
from gigcx.tenancy.actors import Actor
from payments.actions.accrual import accrue
from payments.actions.pieces import once
from payments.models import Earning
from payments.pricing import price_guarantee
from payments.queries.cards import card_of
from payments.queries.guarantees import Shortfall, shortfalls
from payments.states import Cause, EarningKind

_MIDNIGHT: Final = time(0)


def accrue_guarantees(*, by: Actor, at: datetime) -> list[Earning]:
    """This function will pay what was promised and not offered in each 30-day period that ended yesterday or before, once.

    Only where the program's card had a guarantee when the period ended. The platform pays, whoever the brand.
    """
    return [row for missing in shortfalls(at=at) for row in accrue_guarantee(missing, by=by, at=at)]


@transaction.atomic
def accrue_guarantee(missing: Shortfall, *, by: Actor, at: datetime) -> list[Earning]:
    """This function will pay one person's missing hours of one period; a second time pays nothing."""
    price = price_guarantee(card_of(missing.rate_card), seconds=missing.seconds)
    if price is None:
        return []
    ended_at = from_wall(missing.until_on, _MIDNIGHT, missing.zone)
    line = once(
        missing.engagement,
        missing.rate_card.pk,
        card_of(missing.rate_card),
        replace(price, bill_minor=0),
        kind=EarningKind.GUARANTEE,
        cause=Cause.GUARANTEE,
        source_kind="engagement",
        source_id=missing.engagement.pk,
        part=missing.until_on.isoformat(),
        worked_from=ended_at,
        worked_seconds=0,
        source_event_id=None,
        at=at,
    )
    return accrue([line], by=by, at=at)
