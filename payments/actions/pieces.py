"""From single facts to earnings: training time and certificates, each paid once."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
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
    if not fact.program_id or not fact.counted_seconds:
        return []
    return _accrue_once(
        fact.agent_id,
        fact.program_id,
        partial(price_training, seconds=fact.counted_seconds),
        kind=EarningKind.TRAINING,
        cause=Cause.TRAINING,
        source_kind="training_time",
        source_id=training_time_id,
        part="all",
        worked_from=fact.earned_at,
        worked_seconds=fact.counted_seconds,
        source_event_id=source_event_id,
        by=by,
        at=at,
    )


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
    return _accrue_once(
        agent_id,
        program_id,
        price_bounty,
        kind=EarningKind.CERTIFICATION_BOUNTY,
        cause=Cause.CERTIFICATION,
        source_kind="certification_version",
        source_id=certification_version_id,
        part=agent_id.hex,
        worked_from=at,
        worked_seconds=0,
        source_event_id=source_event_id,
        by=by,
        at=at,
    )


def _accrue_once(
    agent_id: UUID,
    program_id: UUID,
    price_of: Callable[[Card], Price | None],
    *,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> list[Earning]:
    """By the card in force when it was earned; nothing where that pays nothing or nobody is engaged."""
    found = active_rate_card(program_id, facts["worked_from"])
    engagement = engagement_of(agent_id, program_id)
    if found is None or engagement is None:
        return []
    card = card_of(found)
    price = price_of(card)
    if price is None:
        return []
    return accrue([once(engagement, found.pk, card, price, at=at, **facts)], by=by, at=at)


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
