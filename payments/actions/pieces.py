"""From single facts to earnings: training time and certificates, each paid once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gigcx.tenancy.actors import Actor
from payments.actions.accrual import WorkLine, accrue
from payments.actions.lines import line_of, with_exchange
from payments.models import Earning
from payments.policies import REVIEW_OF_OTHERS
from payments.pricing import Card, Price, price_bounty, price_training
from payments.queries.cards import card_of
from payments.states import Cause, EarningKind
from recruiting.models import Engagement
from recruiting.queries import accepted_terms, active_rate_card, engagement_of
from training.queries import training_time


@transaction.atomic
def accrue_training(*, training_time_id: UUID, source_event_id: UUID | None, by: Actor, at: datetime) -> list[Earning]:
    """This function will pay training time once, by the card in force when it was earned; nothing where none pays it."""
    fact = training_time(training_time_id)
    found = active_rate_card(fact.program_id, fact.earned_at) if fact.program_id else None
    engagement = engagement_of(fact.agent_id, fact.program_id) if fact.program_id else None
    if found is None or engagement is None or not fact.counted_seconds:
        return []
    card = card_of(found)
    price = price_training(card, seconds=fact.counted_seconds)
    if price is None:
        return []
    line = once(
        engagement,
        found.pk,
        card,
        price,
        kind=EarningKind.TRAINING,
        cause=Cause.TRAINING,
        source_kind="training_time",
        source_id=training_time_id,
        part="all",
        worked_from=fact.earned_at,
        worked_seconds=fact.counted_seconds,
        source_event_id=source_event_id,
        at=at,
    )
    return accrue([line], by=by, at=at)


@transaction.atomic
def accrue_bounty(
    *,
    agent_id: UUID,
    program_id: UUID,
    certification_version_id: UUID,
    source_event_id: UUID | None,
    by: Actor,
    at: datetime,
) -> list[Earning]:
    """This function will pay a certification's bounty once per agent and certification version."""
    found = active_rate_card(program_id, at)
    engagement = engagement_of(agent_id, program_id)
    if found is None or engagement is None:
        return []
    card = card_of(found)
    price = price_bounty(card)
    if price is None:
        return []
    line = once(
        engagement,
        found.pk,
        card,
        price,
        kind=EarningKind.CERTIFICATION_BOUNTY,
        cause=Cause.CERTIFICATION,
        source_kind="certification_version",
        source_id=certification_version_id,
        part=agent_id.hex,
        worked_from=at,
        worked_seconds=0,
        source_event_id=source_event_id,
        at=at,
    )
    return accrue([line], by=by, at=at)


def once(engagement: Engagement, rate_card_id: UUID, card: Card, price: Price, **facts: Any) -> WorkLine:
    """This function will make the line of a fact that is paid once, whatever its kind.

    Raises:
        FxRateMissing: the brand pays it in another currency and no rate of the day is known.
    """
    at = facts.pop("at")
    terms = accepted_terms(engagement.agent_id, engagement.program_id)
    common = {
        **facts,
        "brand_id": engagement.brand_id,
        "program_id": engagement.program_id,
        "agent_id": engagement.agent_id,
        "engagement_id": engagement.pk,
        "rate_card_id": rate_card_id,
        "currency": card.pay_currency,
        "worked_to": facts["worked_from"],
        "review_ends_at": at + REVIEW_OF_OTHERS,
        "terms_version_id": terms.pk if terms else None,
    }
    kind, cause, part = common.pop("kind"), common.pop("cause"), common.pop("part")
    return with_exchange(line_of(common, kind, cause, price, part=part), card, at=at)
