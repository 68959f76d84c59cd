"""A rate card as the plain values that pricing takes."""

from uuid import UUID

from payments.errors import NoSnapshot
from payments.pricing import Card, CardLine
from recruiting.models import RateCard


def card_of(rate_card: RateCard) -> Card:
    """This function will turn a rate card with its lines into a pricing card."""
    lines = {
        str(line.kind): CardLine(str(line.kind), line.pay_minor, line.bill_minor, str(line.unit))
        for line in rate_card.lines.all()
    }
    return Card(
        version=rate_card.version,
        pay_currency=rate_card.pay_currency,
        bill_currency=rate_card.bill_currency,
        lines=lines,
        rounding=str(rate_card.rounding),
        tiers=dict(rate_card.tier_multipliers),
    )


def card_by_id(rate_card_id: UUID) -> Card:
    """This function will read the card that a claim was made under.

    Raises:
        NoSnapshot: there is no such card.
    """
    found = RateCard.objects.across_brands().with_lines().filter(pk=rate_card_id).first()
    if found is None:
        raise NoSnapshot
    return card_of(found)
