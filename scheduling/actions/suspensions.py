"""A brand that does not pay: its seats far ahead are called off, those near run."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.tenancy.actors import OpsActor, SystemActor
from scheduling.actions.requests import cancel_shift
from scheduling.actions.seats_of_requests import hold_outstanding
from scheduling.errors import FundsRefused
from scheduling.models import CapacityRequest, Shift
from scheduling.queries.commitments import price_of_seats
from scheduling.states import ShiftState

_AHEAD = (ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN)


def cancel_far_seats(
    *, brand_id: UUID, starts_from: datetime, reason: str, by: OpsActor | SystemActor, at: datetime
) -> int:
    """Call off every published shift of a brand that begins at `starts_from` or later, and return how many.

    Who holds a seat is told why and paid by the ladder, as when the brand calls it off itself. Running it again finds what
    was published meanwhile, or nothing.
    """
    ahead = Shift.objects.for_brand(brand_id).filter(state__in=_AHEAD, starts_at__gte=starts_from)
    requests = list(ahead.order_by("request_id").values_list("request_id", flat=True).distinct())
    return sum(_cancelled(request_id, starts_from, reason, by, at) for request_id in requests)


@transaction.atomic
def _cancelled(request_id: UUID, starts_from: datetime, reason: str, by: OpsActor | SystemActor, at: datetime) -> int:
    rows = Shift.objects.across_brands().select_for_update(of=("self",), no_key=True)
    far = rows.filter(request_id=request_id, state__in=_AHEAD, starts_at__gte=starts_from)
    shifts = list(far.select_related("program", "rate_card").order_by("pk"))
    requests = CapacityRequest.objects.across_brands().select_for_update(of=("self",), no_key=True)
    request = requests.select_related("program").get(pk=request_id)
    for shift in shifts:
        cancel_shift(shift, reason=reason, by=by, at=at)
    if shifts:
        with suppress(FundsRefused):  # what was held before stays held then; its end gives it back
            hold_outstanding(request, price_of_seats(shifts[0], 1).currency, at=at)
    return len(shifts)
