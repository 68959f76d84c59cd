"""A brand that does not pay: its seats far ahead are called off, or its free ones wait; those near run."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.tenancy.actors import OpsActor, SystemActor
from scheduling.actions.requests import cancel_shift, end_called_off
from scheduling.actions.seats_of_requests import hold_outstanding
from scheduling.actions.shifts import complete_request
from scheduling.actions.waitlists import fill_from_line
from scheduling.errors import FundsRefused
from scheduling.models import CapacityRequest, Shift
from scheduling.queries.commitments import price_of_seats
from scheduling.states import ShiftState

_AHEAD = (ShiftState.ANNOUNCED, ShiftState.COLLECTING, ShiftState.OPEN)


def cancel_far_seats(
    *, brand_id: UUID, starts_from: datetime, reason: str, by: OpsActor | SystemActor, at: datetime
) -> int:
    """Call off every published shift of a brand that begins at `starts_from` or later, and return how many.

    Who holds a seat is told why and paid by the ladder, as when the brand calls it off itself. A request of which no shift is
    left is over with it. Running it again finds what was published meanwhile, or nothing.
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
    end_called_off(request, reason=reason, by=by, at=at)
    complete_request(request_id, by=by, at=at)
    return len(shifts)


@transaction.atomic
def pause_free_seats(
    *,
    brand_id: UUID,
    currency: str,
    starts_from: datetime,
    published_before: datetime,
    reason: str,
    by: OpsActor | SystemActor,
    at: datetime,
) -> int:
    """Let nobody take a free seat of the brand's shifts that begin at `starts_from` or later, and return how many shifts.

    Only shifts billed in the currency and published before the given moment. Who holds a seat keeps it and works; running
    it again finds nothing more.
    """
    rows = Shift.objects.for_brand(brand_id).filter(
        state__in=_AHEAD, starts_at__gte=starts_from, paused_at__isnull=True
    )
    far = rows.filter(rate_card__bill_currency=currency, request__published_at__lt=published_before)
    shifts = list(far.order_by("pk").select_for_update(of=("self",), no_key=True))
    for shift in shifts:
        shift.paused_at = at
        shift.save(update_fields=["paused_at"])
        trail.record("scheduling.pause_free_seats", shift, by=by, at=at, reason=reason)
    return len(shifts)


@transaction.atomic
def resume_free_seats(*, brand_id: UUID, currency: str, by: OpsActor | SystemActor, at: datetime) -> int:
    """Give paused seats out again, first to those who wait in line, and return in how many shifts."""
    rows = Shift.objects.for_brand(brand_id).filter(paused_at__isnull=False, rate_card__bill_currency=currency)
    shifts = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
    for shift in shifts:
        shift.paused_at = None
        shift.save(update_fields=["paused_at"])
        trail.record("scheduling.resume_free_seats", shift, by=by, at=at)
        if shift.state in _AHEAD and shift.starts_at > at:
            fill_from_line(shift.pk, at=at)
    return len(shifts)
