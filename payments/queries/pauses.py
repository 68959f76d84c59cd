"""Which brands' saved methods failed and were not followed by money."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, Q

from payments.models import TopUp
from payments.queries.funds import funds_of, is_below_line
from payments.states import TopUpState

_FAILED = Q(is_automatic=True, state=TopUpState.FAILED)


def failed_card_at(brand_id: UUID, currency: str) -> datetime | None:
    """This function will return when the saved method failed, or None where money came since or none is missing any more."""
    rows = TopUp.objects.for_brand(brand_id).filter(currency=currency)
    ends = rows.aggregate(failed=Max("ended_at", filter=_FAILED), settled=Max("settled_at"))
    failed, settled = ends["failed"], ends["settled"]
    if failed is None or (settled is not None and settled >= failed):
        return None
    funds = funds_of(brand_id, currency)
    return failed if funds is not None and is_below_line(funds) else None


def owners_of_failed_cards() -> set[tuple[UUID, str]]:
    """This function will return brand and currency of every saved method that failed after the last money came."""
    owners = TopUp.objects.across_brands().values("brand_id", "currency").order_by("brand_id", "currency")
    ends = owners.annotate(failed=Max("ended_at", filter=_FAILED), settled=Max("settled_at"))
    unpaid = ends.filter(failed__isnull=False).filter(Q(settled__isnull=True) | Q(settled__lt=F("failed")))
    return set(unpaid.values_list("brand_id", "currency"))
