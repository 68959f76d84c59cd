"""What an instant payout costs: by brand where one has its own, else by the house, else by the default."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from payments.models import InstantFee
from payments.policies import instant_fee
from payments.queries.payouts import instant_lines


def instant_fee_for(currency: str, brand_ids: Iterable[UUID]) -> int:
    """This function will return the fee of a payout of these brands' lines, in minor units: of several, the lowest."""
    asked = set(brand_ids)
    rows = InstantFee.objects.filter(Q(brand__isnull=True) | Q(brand__in=asked), currency=currency)
    fees: dict[UUID | None, int] = {row.brand_id: row.fee_minor for row in rows}
    house = fees.get(None, instant_fee(currency))
    return min((fees.get(one, house) for one in asked), default=house)


def instant_fee_now(agent_id: UUID, currency: str) -> int:
    """This function will return what an agent would pay for everything that is ready."""
    return instant_fee_for(currency, (one.brand_id for one in instant_lines(agent_id, currency)))
