"""What a published request may still cost: every seat at its dearest, so that what is held covers whoever works."""

from django.db.models import Count, Q

from gigcx.kernel.money import Money
from recruiting.models import RateCard
from scheduling.models import CapacityRequest, Shift
from scheduling.models.shifts import ShiftQuerySet
from scheduling.queries.prices import dearest_seat, seconds_between
from scheduling.states import ClaimState, ShiftState

_UNPRICED = (ClaimState.CLAIMED, ClaimState.CONFIRMED, ClaimState.CHECKED_IN, ClaimState.WORKED, ClaimState.DISPUTED)


def price_of_seats(shift: Shift, seats: int) -> Money:
    """This function will return what so many seats of the shift cost at most."""
    one = dearest_seat(shift.rate_card, seconds_between(shift.starts_at, shift.ends_at)).bill
    return Money(one.amount_minor * seats, one.currency)


def committed_minor(request: CapacityRequest) -> int:
    """This function will add up every seat that was promised and not taken back."""
    return _sum(request, {shift.pk: shift.seats for shift in _standing(request)})


def outstanding_minor(request: CapacityRequest) -> int:
    """This function will add up what is not on an invoice line yet: seats still to come, claims not confirmed yet."""
    rows = _standing(request).annotate(open_claims=Count("claims", filter=Q(claims__state__in=_UNPRICED)))
    return _sum(
        request,
        {
            shift.pk: getattr(shift, "open_claims", 0) if shift.state == ShiftState.ENDED else shift.seats
            for shift in rows
        },
    )


def _standing(request: CapacityRequest) -> ShiftQuerySet:
    rows = Shift.objects.for_brand(request.brand_id).filter(request=request)
    return rows.exclude(state__in=[ShiftState.CANCELLED, ShiftState.DRAFT]).order_by("pk")


def _sum(request: CapacityRequest, seats: dict[object, int]) -> int:
    shifts = list(_standing(request))
    cards = RateCard.objects.for_brand(request.brand_id).with_lines()
    found = {card.pk: card for card in cards.filter(pk__in={shift.rate_card_id for shift in shifts})}
    prices: dict[tuple[object, int], int] = {}
    total = 0
    for shift in shifts:
        key = (shift.rate_card_id, seconds_between(shift.starts_at, shift.ends_at))
        if key not in prices:
            prices[key] = dearest_seat(found[shift.rate_card_id], key[1]).bill.amount_minor
        total += prices[key] * seats.get(shift.pk, 0)
    return total
