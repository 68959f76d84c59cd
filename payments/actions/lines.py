"""From a price to a line: who pays, in which currency, and what was agreed for the work."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from payments.actions.accrual import WorkLine
from payments.actions.journals import platform_pays
from payments.pricing import Card, Exchange, Price
from payments.queries.cards import card_by_id
from payments.queries.rates import exchange_of
from payments.queries.tiers import tier_history
from recruiting.models import Program
from recruiting.queries import accepted_terms
from scheduling.models import Shift

# The source under which scheduling holds money for a published request.
REQUEST_HOLD: Final = "scheduling.capacity_request"
# The source under which it holds what a shift pays on top.
INCENTIVE_HOLD: Final = "scheduling.incentive"


class Agreed:
    """What was agreed for some work: cards, terms, intervals and the request that holds its money. Each read once."""

    def __init__(self) -> None:
        self.card = lru_cache(maxsize=None)(card_by_id)
        self.terms_id = lru_cache(maxsize=None)(_terms_id)
        self.interval_minutes = lru_cache(maxsize=None)(_interval_minutes)
        self.request_id = lru_cache(maxsize=None)(_request_of)
        self.tiers = lru_cache(maxsize=None)(tier_history)


def _terms_id(agent_id: UUID, program_id: UUID) -> UUID | None:
    terms = accepted_terms(agent_id, program_id)
    return terms.pk if terms else None


def _interval_minutes(program_id: UUID) -> int:
    return Program.objects.across_brands().values_list("interval_minutes", flat=True).get(pk=program_id)


def _request_of(shift_id: UUID) -> UUID:
    return Shift.objects.across_brands().values_list("request_id", flat=True).get(pk=shift_id)


def line_of(common: Mapping[str, Any], kind: str, cause: str, price: Price, *, part: str) -> WorkLine:
    """This function will make a line of a price: the platform pays where the cause is its own or the brand owes nothing."""
    is_platforms = platform_pays(cause) or not price.bill_minor
    return WorkLine(
        **common,
        kind=kind,
        cause=cause,
        part=part,
        pay_minor=price.pay_minor,
        platform_minor=price.pay_minor if is_platforms else 0,
        bill_minor=0 if is_platforms else price.bill_minor,
        explanation=price.explanation,
        bill_explanation=price.bill_explanation,
    )


def with_exchange(line: WorkLine, card: Card, *, at: datetime) -> WorkLine:
    """This function will note the day's exchange rate on a line that the brand pays in another currency than the agent gets.

    Raises:
        FxRateMissing: no rate of the accrual's day, or of the working day before, is known.
    """
    exchange = exchange_for(card, at=at) if line.bill_minor else None
    if exchange is not None:
        line.explanation["fx"] = exchange.as_json()
    return line


def exchange_for(card: Card, *, at: datetime) -> Exchange | None:
    """This function will return the rate between a card's two currencies on a day; None where they are one.

    Raises:
        FxRateMissing: no rate is young enough.
    """
    if card.pay_currency == card.bill_currency:
        return None
    return exchange_of(card.pay_currency, card.bill_currency, on=at.date())
