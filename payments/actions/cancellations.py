"""What a brand owes, and an agent gets, for a seat that was called off late."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from gigcx.tenancy.actors import Actor
from payments.actions.accrual import WorkLine, accrue
from payments.actions.lines import REQUEST_HOLD, with_exchange
from payments.models import Earning
from payments.policies import REVIEW_OF_OTHERS
from payments.pricing import Card, Price, price_cancellation
from payments.queries.cards import card_by_id
from payments.states import Cause, EarningKind
from recruiting.queries import accepted_terms
from scheduling.models import Claim
from scheduling.queries.cancellations import fee_share


@transaction.atomic
def accrue_cancellation(
    *, claim_id: UUID, notice_seconds: int, source_event_id: UUID | None, by: Actor, at: datetime
) -> list[Earning]:
    """This function will pay a claim the brand called off, once, by the card it was made under; nothing in good time.

    The same share and price as the preview that the brand accepted, so that both agree to the cent.

    Raises:
        NoSnapshot: the claim's rate card is gone.
        NegativeMargin: the card's bill rate is below its pay rate.
        FxRateMissing: pay and bill are in different currencies and no rate of the day is known.
    """
    claim = Claim.objects.across_brands().select_related("shift").get(pk=claim_id)
    card = card_by_id(claim.rate_card_id)
    price = price_cancellation(
        card,
        seconds=int((claim.ends_at - claim.starts_at).total_seconds()),
        share=fee_share(timedelta(seconds=notice_seconds)),
        tier_bp=card.tier_bp(claim.tier),
        tier=claim.tier,
    )
    if price is None:
        return []
    line = with_exchange(_line(claim, card, price, source_event_id=source_event_id, at=at), card, at=at)
    return accrue([line], by=by, at=at)


def _line(claim: Claim, card: Card, price: Price, *, source_event_id: UUID | None, at: datetime) -> WorkLine:
    terms = accepted_terms(claim.agent_id, claim.shift.program_id)
    return WorkLine(
        brand_id=claim.brand_id,
        program_id=claim.shift.program_id,
        agent_id=claim.agent_id,
        engagement_id=claim.engagement_id,
        rate_card_id=claim.rate_card_id,
        kind=EarningKind.CANCELLATION_FEE,
        source_kind="claim",
        source_id=claim.pk,
        cause=Cause.CANCELLATION,
        currency=card.pay_currency,
        pay_minor=price.pay_minor,
        bill_minor=price.bill_minor,
        worked_from=claim.starts_at,
        worked_to=claim.ends_at,
        review_ends_at=at + REVIEW_OF_OTHERS,
        tier_bp=card.tier_bp(claim.tier),
        terms_version_id=terms.pk if terms else None,
        source_event_id=source_event_id,
        explanation=price.explanation,
        bill_explanation=price.bill_explanation,
        hold_sources=(("shift", claim.shift_id), (REQUEST_HOLD, claim.shift.request_id)),
    )
