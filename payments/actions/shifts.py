"""From verified shifts to earnings: time, time that is no work, incentives and floors, version by version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.tenancy.actors import Actor
from payments.actions.accrual import WorkLine, accrue
from payments.actions.lines import INCENTIVE_HOLD, REQUEST_HOLD, Agreed, exchange_for, line_of, with_exchange
from payments.actions.replacements import replacing
from payments.actions.splits import unsplit
from payments.actions.standby import own_lines
from payments.models import Earning
from payments.policies import REVIEW_AFTER_WORK
from payments.pricing import Card, Span, floor_top_ups, price_incentive, price_time
from payments.queries.books import is_priced
from payments.queries.tiers import better_tier
from payments.queries.unheard import PRICED
from payments.states import Cause, EarningKind, EarningState
from scheduling.models import Claim
from scheduling.queries.work import PayableWork, payable_minutes
from scheduling.states import ClaimState


@transaction.atomic
def accrue_claims(*, claim_ids: Sequence[UUID], by: Actor, at: datetime) -> list[Earning]:
    """This function will pay many verified claims nobody has priced before, with one posting for all of them.

    Claims that have lines already are left to `accrue_claim`, which knows how to correct.

    Raises:
        NoSnapshot, NegativeMargin, FxRateMissing: as for one.
    """
    claims = _locked_claims(claim_ids)
    known = Earning.objects.across_brands().filter(source_kind="claim", source_id__in=claim_ids)
    told = set(known.values_list("source_id", flat=True))
    agreed, lines = Agreed(), []
    for claim in (one for one in claims if one.pk not in told):
        work = payable_minutes(claim.pk)
        fresh = _claim_lines(work, agreed, None, at)
        trail.record(PRICED, claim, by=by, at=at, changes={"version": work.version, "lines": len(fresh)})
        lines += fresh
    return accrue(lines, by=by, at=at)


@transaction.atomic
def accrue_claim(*, claim_id: UUID, source_event_id: UUID | None, by: Actor, at: datetime) -> list[Earning]:
    """This function will pay the present version of a verified claim: its time, and floors by cause.

    A newer version replaces the lines of the one before. Where those were paid already, only what is missing is added;
    what was paid too much stays with the agent and costs the platform: the brand is charged for the right minutes only.

    Raises:
        NoSnapshot: the claim's rate card is gone.
        NegativeMargin: the card's bill rate is below its pay rate.
        FxRateMissing: pay and bill are in different currencies and no rate of the day is known.
    """
    locked = _locked_claims([claim_id])
    work = payable_minutes(claim_id)
    earlier = _lines_of(claim_id)
    if is_priced(claim_id, work.version):
        return []
    lines = _claim_lines(work, Agreed(), source_event_id, at)
    if earlier:
        lines = replacing(earlier, lines, version=work.version, by=by, at=at)
    trail.record(PRICED, locked[0], by=by, at=at, changes={"version": work.version, "lines": len(lines)})
    return accrue(lines, by=by, at=at)


@transaction.atomic
def accrue_excused(*, claim_id: UUID, source_event_id: UUID | None, by: Actor, at: datetime) -> list[Earning]:
    """This function will pay the floor of a claim that was missed because of an incident; nothing where none is owed.

    Heard again it pays what came to it since, once: a cause that was not paid before, or an incident that grew.

    Raises:
        NoSnapshot, NegativeMargin, FxRateMissing: as for a verified claim.
    """
    locked = _locked_claims([claim_id])
    work = payable_minutes(claim_id)
    if locked[0].state != ClaimState.EXCUSED or not work.spans:
        return []
    if not is_priced(claim_id, work.version):
        return accrue_claim(claim_id=claim_id, source_event_id=source_event_id, by=by, at=at)
    lines = _grown(_lines_of(claim_id), _claim_lines(work, Agreed(), source_event_id, at), by=by, at=at)
    trail.record(PRICED, locked[0], by=by, at=at, changes={"version": work.version, "lines": len(lines)})
    return accrue(lines, by=by, at=at)


def _grown(earlier: Sequence[Earning], lines: list[WorkLine], *, by: Actor, at: datetime) -> list[WorkLine]:
    """Nothing where the seat's lines come to no more than before; causes on top as they are; else all anew."""
    grown = sum(line.pay_minor for line in lines) - sum(one.amount_minor for one in earlier)
    if grown <= 0:
        return []
    paid = {(one.kind, unsplit(one.part)) for one in earlier}
    on_top = [line for line in lines if (line.kind, line.part) not in paid]
    if sum(line.pay_minor for line in on_top) == grown:
        return on_top
    version = max(one.version for one in earlier) + 1
    return replacing(earlier, [replace(line, version=version) for line in lines], version=version, by=by, at=at)


def _locked_claims(claim_ids: Sequence[UUID]) -> list[Claim]:
    """Two versions of one claim are priced one after the other: each on its own would see no earlier lines, and pay whole."""
    rows = Claim.objects.across_brands().filter(pk__in=claim_ids).select_for_update(of=("self",), no_key=True)
    return list(rows.order_by("pk"))


def _lines_of(claim_id: UUID) -> list[Earning]:
    rows = Earning.objects.across_brands().filter(source_kind="claim", source_id=claim_id)
    return list(rows.exclude(state=EarningState.REVERSED).select_for_update(of=("self",)).order_by("pk"))


def _claim_lines(work: PayableWork, agreed: Agreed, source_event_id: UUID | None, at: datetime) -> list[WorkLine]:
    card: Card = agreed.card(work.rate_card_id)
    if not work.spans:
        return []
    spans = [Span(one.starts_at, one.ends_at, one.seconds, one.state, one.cause, one.payer) for one in work.spans]
    starts_at = work.worked_from or work.spans[0].starts_at
    tier = better_tier(card, claimed=work.tier, at_start=agreed.tiers(work.engagement_id).at(starts_at))
    tier_bp, common = card.tier_bp(tier), _common(work, card, agreed, at)
    common |= {"source_event_id": source_event_id, "tier_bp": tier_bp}
    lines: list[WorkLine] = []
    price = price_time(card, spans, tier_bp=tier_bp, tier=tier)
    if price is not None and price.pay_minor:
        lines.append(line_of(common, EarningKind.TIME, Cause.WORK, price, part="all"))
    lines += own_lines(card, work.spans, tier=tier, common=common)
    lines += _incentive_lines(work, card, common, at)
    minutes = agreed.interval_minutes(work.program_id)
    lines += [
        line_of(common, EarningKind.FLOOR, top_up.cause, top_up.price, part=top_up.cause)
        for top_up in floor_top_ups(card, spans, interval_minutes=minutes, tier_bp=tier_bp)
    ]
    return [with_exchange(line, card, at=at) for line in lines]


def _incentive_lines(work: PayableWork, card: Card, common: dict[str, Any], at: datetime) -> list[WorkLine]:
    extra = price_incentive(
        card,
        seconds=work.worked_seconds,
        per_hour_minor=work.incentive_per_hour_minor,
        exchange=exchange_for(card, at=at) if work.incentive_per_hour_minor else None,
    )
    if extra is None:
        return []
    own = common | {"tier_bp": 10_000, "hold_sources": ((INCENTIVE_HOLD, work.shift_id), *common["hold_sources"])}
    return [line_of(own, EarningKind.INCENTIVE, Cause.WORK, extra, part="incentive")]


def _common(work: PayableWork, card: Card, agreed: Agreed, at: datetime) -> dict[str, Any]:
    worked_from = work.worked_from or work.spans[0].starts_at
    worked_to = work.worked_to or worked_from
    return {
        "brand_id": work.brand_id,
        "program_id": work.program_id,
        "agent_id": work.agent_id,
        "engagement_id": work.engagement_id,
        "rate_card_id": work.rate_card_id,
        "source_kind": "claim",
        "source_id": work.claim_id,
        "version": work.version,
        "currency": card.pay_currency,
        "worked_from": worked_from,
        "worked_to": worked_to,
        "worked_seconds": work.worked_seconds,
        "review_ends_at": max(at, worked_to + REVIEW_AFTER_WORK),
        "terms_version_id": agreed.terms_id(work.agent_id, work.program_id),
        "hold_sources": (("shift", work.shift_id), (REQUEST_HOLD, agreed.request_id(work.shift_id))),
    }
