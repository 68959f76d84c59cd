"""An agent's money at a glance, read from the books."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Sum

from gigcx.kernel.money import Money
from payments.ledger import balances_of_owner
from payments.models import PayoutItem
from payments.states import SETTLED_ITEMS, OwnerKind


@dataclass(frozen=True, slots=True)
class AgentBalance:
    """One currency of an agent's money. `owed` is what is to be taken back and no payout has carried yet."""

    currency: str
    in_review: Money
    available: Money
    on_its_way: Money
    paid_this_year: Money
    owed: Money


def agent_balance(agent_id: UUID, *, at: datetime) -> list[AgentBalance]:
    """This function will return an agent's balances by currency, the largest first; empty before the first earning."""
    books = balances_of_owner(OwnerKind.AGENT, agent_id)
    paid = paid_this_year(agent_id, at=at)
    found = [_of(currency, books.get(currency, {}), paid.get(currency, 0)) for currency in {*books, *paid}]
    return sorted(found, key=lambda one: (-one.available.amount_minor - one.in_review.amount_minor, one.currency))


def _of(currency: str, codes: dict[str, int], paid: int) -> AgentBalance:
    return AgentBalance(
        currency=currency,
        in_review=Money(codes.get("accrued", 0), currency),
        available=Money(codes.get("payable", 0), currency),
        on_its_way=Money(codes.get("in_transit", 0), currency),
        paid_this_year=Money(paid, currency),
        owed=Money(codes.get("clawback", 0), currency),
    )


def paid_this_year(agent_id: UUID, *, at: datetime) -> dict[str, int]:
    """This function will return what was transferred in the calendar year (UTC) of `at`, by currency, in minor units."""
    year_start = datetime(at.year, 1, 1, tzinfo=UTC)
    rows = (
        PayoutItem.objects.across_brands()
        .filter(agent_id=agent_id, state__in=SETTLED_ITEMS, transferred_at__gte=year_start)
        .values_list("currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency")
    )
    return {currency: int(total) for currency, total in rows}
