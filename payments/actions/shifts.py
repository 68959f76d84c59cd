"""From finished work to earnings: shifts, training time and certificates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from gigcx.audit import trail
from gigcx.tenancy.actors import Actor
from payments.actions.accrual import WorkLine, accrue
from payments.actions.credits import settle_at
from payments.actions.earnings import reverse_earnings
from payments.actions.journals import platform_pays
from payments.errors import FxRateMissing
from payments.models import Earning
from payments.policies import REVIEW_AFTER_WORK, REVIEW_OF_OTHERS
from payments.pricing import Card, Price, Span, floor_top_ups, price_bounty, price_incentive, price_time, price_training
from payments.queries.books import PRICED, is_priced
from payments.queries.cards import card_by_id, card_of
from payments.states import Cause, EarningKind, EarningState
from recruiting.models import Program
from recruiting.queries import accepted_terms, active_rate_card, engagement_of
from scheduling.models import Claim, Shift
from scheduling.queries.work import PayableWork, payable_minutes
from scheduling.states import ClaimState
from training.queries import training_time

# The source under which scheduling holds money for a published request.
REQUEST_HOLD: Final = "scheduling.capacity_request"
# The source under which it holds what a shift pays on top.
INCENTIVE_HOLD: Final = "scheduling.incentive"
_REVERSIBLE: Final = {EarningState.ACCRUED, EarningState.HELD, EarningState.PAYABLE}


class Agreed:
    """What was agreed for some work: cards, terms, intervals and the request that holds its money. Each read once."""

    def __init__(self) -> None:
        self.card = lru_cache(maxsize=None)(card_by_id)
        self.terms_id = lru_cache(maxsize=None)(_terms_id)
        self.interval_minutes = lru_cache(maxsize=None)(_interval_minutes)
        self.request_id = lru_cache(maxsize=None)(_request_of)


def _terms_id(agent_id: UUID, program_id: UUID) -> UUID | None:
    terms = accepted_terms(agent_id, program_id)
    return terms.pk if terms else None


def _interval_minutes(program_id: UUID) -> int:
    return Program.objects.across_brands().values_list("interval_minutes", flat=True).get(pk=program_id)


def _request_of(shift_id: UUID) -> UUID:
    return Shift.objects.across_brands().values_list("request_id", flat=True).get(pk=shift_id)


@transaction.atomic
def accrue_claims(*, claim_ids: Sequence[UUID], by: Actor, at: datetime) -> list[Earning]:
    """This function will pay many verified claims nobody has priced before, with one posting for all of them.

    Claims that have lines already are left to `accrue_claim`, which knows how to correct.

    Raises:
        NoSnapshot, NegativeMargin, FxRateMissing: as for one.
    """
    known = Earning.objects.across_brands().filter(source_kind="claim", source_id__in=claim_ids)
    told = set(known.values_list("source_id", flat=True))
    agreed, lines = Agreed(), []
    for claim in Claim.objects.across_brands().filter(pk__in=set(claim_ids) - told).order_by("pk"):
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
        FxRateMissing: pay and bill are in different currencies.
    """
    work = payable_minutes(claim_id)
    earlier = _lines_of(claim_id)
    if is_priced(claim_id, work.version):
        return []
    lines = _claim_lines(work, Agreed(), source_event_id, at)
    if earlier:
        lines = _replacing(earlier, lines, version=work.version, by=by, at=at)
    claim = Claim.objects.across_brands().get(pk=claim_id)
    trail.record(PRICED, claim, by=by, at=at, changes={"version": work.version, "lines": len(lines)})
    return accrue(lines, by=by, at=at)


def accrue_excused(*, claim_id: UUID, source_event_id: UUID | None, by: Actor, at: datetime) -> list[Earning]:
    """This function will pay the floor of a claim that was missed because of an incident; nothing where none is owed.

    Raises:
        NoSnapshot, NegativeMargin, FxRateMissing: as for a verified claim.
    """
    state = Claim.objects.across_brands().values_list("state", flat=True).get(pk=claim_id)
    if state != ClaimState.EXCUSED or not payable_minutes(claim_id).spans:
        return []
    return accrue_claim(claim_id=claim_id, source_event_id=source_event_id, by=by, at=at)


def _lines_of(claim_id: UUID) -> list[Earning]:
    rows = Earning.objects.across_brands().filter(source_kind="claim", source_id=claim_id)
    return list(rows.exclude(state=EarningState.REVERSED).select_for_update(of=("self",)).order_by("pk"))


def _claim_lines(work: PayableWork, agreed: Agreed, source_event_id: UUID | None, at: datetime) -> list[WorkLine]:
    card: Card = agreed.card(work.rate_card_id)
    require_one_currency(card)
    if not work.spans:
        return []
    spans = [Span(one.starts_at, one.ends_at, one.seconds, one.state, one.cause, one.payer) for one in work.spans]
    tier_bp = card.tier_bp(work.tier)
    common = _common(work, card, agreed, at) | {"source_event_id": source_event_id}
    lines: list[WorkLine] = []
    price = price_time(card, spans, tier_bp=tier_bp, tier=work.tier)
    if price is not None and price.pay_minor:
        lines.append(_line(common, EarningKind.TIME, Cause.WORK, price, part="all"))
    lines += _incentive_lines(work, card, common)
    minutes = agreed.interval_minutes(work.program_id)
    lines += [
        _line(common, EarningKind.FLOOR, top_up.cause, top_up.price, part=top_up.cause)
        for top_up in floor_top_ups(card, spans, interval_minutes=minutes, tier_bp=tier_bp)
    ]
    return lines


def _incentive_lines(work: PayableWork, card: Card, common: dict[str, Any]) -> list[WorkLine]:
    extra = price_incentive(card, seconds=work.worked_seconds, per_hour_minor=work.incentive_per_hour_minor)
    if extra is None:
        return []
    own = common | {"tier_bp": 10_000, "hold_sources": ((INCENTIVE_HOLD, work.shift_id), *common["hold_sources"])}
    return [_line(own, EarningKind.INCENTIVE, Cause.WORK, extra, part="incentive")]


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
        "tier_bp": card.tier_bp(work.tier),
        "terms_version_id": agreed.terms_id(work.agent_id, work.program_id),
        "hold_sources": (("shift", work.shift_id), (REQUEST_HOLD, agreed.request_id(work.shift_id))),
    }


def _line(common: dict[str, Any], kind: str, cause: str, price: Price, *, part: str) -> WorkLine:
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


def _replacing(
    earlier: Sequence[Earning], lines: list[WorkLine], *, version: int, by: Actor, at: datetime
) -> list[WorkLine]:
    """What to accrue instead of an earlier version: everything anew, or only what was missing where money is on its way."""
    if all(one.state in _REVERSIBLE for one in earlier):
        reverse_earnings([one.pk for one in earlier], reason="corrected", by=by, at=at)
        before = {(one.kind, one.part): one.pk for one in earlier}
        return [replace(line, supersedes_id=before.get((line.kind, line.part))) for line in lines]
    missing = sum(line.pay_minor for line in lines) - sum(one.amount_minor for one in earlier)
    if missing > 0:
        return [_adjustment(earlier, lines, missing)]
    bill = sum(line.bill_minor for line in lines)
    credited = settle_at([one.pk for one in earlier], bill, version=version, by=by, at=at)
    if missing < 0:
        trail.record(
            "payments.keep_overpaid",
            earlier[0],
            by=by,
            at=at,
            reason="corrected downwards after it was paid",
            changes={"overpaid_minor": -missing, "credited_minor": credited},
        )
    return []


def _adjustment(earlier: Sequence[Earning], lines: Sequence[WorkLine], missing: int) -> WorkLine:
    first = lines[0]
    billed = sum(one.charge.owed_minor for one in earlier if hasattr(one, "charge"))
    bill = max(missing, sum(line.bill_minor for line in lines) - billed)
    steps = {"code": "each", "rule": "correction", "quantity": 1}
    return replace(
        first,
        kind=EarningKind.ADJUSTMENT,
        cause=Cause.CORRECTION,
        part="difference",
        pay_minor=missing,
        platform_minor=0,
        bill_minor=bill,
        supersedes_id=earlier[-1].pk,
        explanation=_difference(first.explanation, steps, missing),
        bill_explanation=_difference(first.bill_explanation, steps, bill),
    )


def _difference(source: dict[str, Any], step: dict[str, Any], amount: int) -> dict[str, Any]:
    return {**source, "steps": [{**step, "amount_minor": amount, "total": str(amount)}], "amount_minor": amount}


def require_one_currency(card: Card) -> None:
    """This function will refuse a card that bills in another currency than it pays.

    Raises:
        FxRateMissing: always then: no exchange rate is kept yet.
    """
    if card.pay_currency != card.bill_currency:
        raise FxRateMissing


@transaction.atomic
def accrue_training(*, training_time_id: UUID, source_event_id: UUID | None, by: Actor, at: datetime) -> list[Earning]:
    """This function will pay training time once, by the card in force when it was earned; nothing where none pays it."""
    fact = training_time(training_time_id)
    found = active_rate_card(fact.program_id, fact.earned_at) if fact.program_id else None
    engagement = engagement_of(fact.agent_id, fact.program_id) if fact.program_id else None
    if found is None or engagement is None or not fact.counted_seconds:
        return []
    card = card_of(found)
    require_one_currency(card)
    price = price_training(card, seconds=fact.counted_seconds)
    if price is None:
        return []
    line = _once(
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
    require_one_currency(card)
    price = price_bounty(card)
    if price is None:
        return []
    line = _once(
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


def _once(engagement: Any, rate_card_id: UUID, card: Card, price: Price, **facts: Any) -> WorkLine:
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
    return _line(common, kind, cause, price, part=part)
