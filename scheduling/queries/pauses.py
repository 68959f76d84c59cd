"""Shifts whose free seats wait because a payment of their brand failed."""

from datetime import datetime
from uuid import UUID

from scheduling.models import Shift


def owners_of_paused_seats() -> set[tuple[UUID, str]]:
    """This function will return brand and billing currency of every paused shift."""
    rows = Shift.objects.across_brands().filter(paused_at__isnull=False).order_by("brand_id")
    return set(rows.values_list("brand_id", "rate_card__bill_currency").distinct())


def paused_shifts(brand_id: UUID, *, at: datetime) -> int:
    """This function will count coming shifts of a brand whose free seats wait."""
    return Shift.objects.for_brand(brand_id).filter(paused_at__isnull=False, starts_at__gt=at).count()
