"""Reads about prices."""

from datetime import datetime
from uuid import UUID

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor
from recruiting.models import RateCard
from recruiting.models.rate_cards import RateCardQuerySet


def active_rate_card(program_id: UUID, at: datetime) -> RateCard | None:
    """This function will return the card that prices work agreed at that moment, lines fetched, or None."""
    cards = RateCard.objects.across_brands().filter(program_id=program_id).in_force(at)
    return cards.with_lines().order_by("-version").first()


def rate_card(card_id: UUID) -> RateCard:
    """This function will return one card with its lines, for the product's own work.

    Raises:
        NotFound: there is no such card.
    """
    card = RateCard.objects.across_brands().filter(pk=card_id).with_lines().first()
    if card is None:
        raise NotFound
    return card


def rate_card_for(actor: Actor, card_id: UUID) -> RateCard:
    """This function will return a card of the actor's brand with its lines.

    Raises:
        NotFound: there is none, or it is another brand's.
    """
    card = RateCard.objects.for_actor(actor).filter(pk=card_id).with_lines().first()
    if card is None:
        raise NotFound
    return card


def rate_cards_of(actor: Actor, program_id: UUID) -> RateCardQuerySet:
    """This function will return a program's cards with their lines, newest version first."""
    return RateCard.objects.for_actor(actor).filter(program_id=program_id).with_lines().order_by("-version")
