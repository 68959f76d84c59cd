"""Turning priced work into earnings, charges and journals, once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from gigcx.audit import outbox, trail
from gigcx.kernel.ids import uuid7
from gigcx.kernel.intervals import week_start
from gigcx.tenancy.actors import Actor
from gigcx.tenancy.models import Brand
from payments import ledger
from payments.actions import journals
from payments.actions.funds import consume_holds
from payments.errors import NegativeMargin
from payments.events import ChargeAccrued, EarningAccrued
from payments.models import Charge, Earning
from payments.pricing import exchange_in
from payments.states import EarningState


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """One priced piece of work, ready to become an earning and, where the brand pays, a charge.

    `currency` is the agent's. `bill_minor` is what the brand pays, of which `pay_minor - platform_minor` goes to the agent.
    """

    brand_id: UUID
    program_id: UUID
    agent_id: UUID
    engagement_id: UUID
    rate_card_id: UUID
    kind: str
    source_kind: str
    source_id: UUID
    part: str = "all"
    version: int = 1
    cause: str
    currency: str
    pay_minor: int
    platform_minor: int = 0
    bill_minor: int
    worked_from: datetime
    worked_to: datetime
    worked_seconds: int = 0
    review_ends_at: datetime
    tier_bp: int = 10_000
    terms_version_id: UUID | None = None
    source_event_id: UUID | None = None
    supersedes_id: UUID | None = None
    explanation: dict[str, Any] = field(default_factory=dict)
    bill_explanation: dict[str, Any] = field(default_factory=dict)
    hold_sources: tuple[tuple[str, UUID], ...] = ()

    @property
    def bill_currency(self) -> str:
        """What the brand is billed in: the pay's currency, or the other one of the rate that the explanation keeps."""
        exchange = exchange_in(self.explanation)
        return exchange.quote if exchange is not None else self.currency


@transaction.atomic
def accrue(lines: Sequence[WorkLine], *, by: Actor, at: datetime) -> list[Earning]:
    """This function will write the earnings that are not there yet and return them.

    A line is known by its event, kind and part, and by kind, source, part and version; a second hearing writes nothing.

    Raises:
        NegativeMargin: the brand would pay less than its share of the agent's pay.
    """
    for line in lines:
        _require_margin(line)
    earnings, sources = _inserted(lines, at)
    if not earnings:
        return []
    _charge(earnings, sources, at)
    consume_holds([(line.hold_sources, line.bill_minor) for line in sources if line.bill_minor])
    ledger.post(
        journals.accrual(earning, bill_minor=line.bill_minor, actor=by.label or by.kind, at=at)
        for earning, line in zip(earnings, sources, strict=True)
    )
    trail.record_each("payments.accrue_earning", earnings, by=by, at=at, to_state=EarningState.ACCRUED)
    outbox.publish_all(
        [(EarningAccrued(earning_id=one.pk, agent_id=one.agent_id), one.brand_id, one.agent_id) for one in earnings],
        at=at,
    )
    return earnings


def _require_margin(line: WorkLine) -> None:
    """Only where both are in one currency: a rate that moved after the card was agreed is the platform's to bear."""
    if line.bill_currency != line.currency:
        return
    if line.bill_minor < line.pay_minor - line.platform_minor:
        raise NegativeMargin(context={"kind": line.kind, "pay_minor": line.pay_minor, "bill_minor": line.bill_minor})


def _inserted(lines: Sequence[WorkLine], at: datetime) -> tuple[list[Earning], list[WorkLine]]:
    """The unique constraints decide, not a look before: two workers may hear the same fact at once."""
    wanted = [_earning(line, at) for line in lines]
    Earning.objects.bulk_create(wanted, ignore_conflicts=True)
    ours = set(Earning.objects.across_brands().filter(pk__in=[one.pk for one in wanted]).values_list("pk", flat=True))
    kept = [(earning, line) for earning, line in zip(wanted, lines, strict=True) if earning.pk in ours]
    return [earning for earning, _line in kept], [line for _earning, line in kept]


def _earning(line: WorkLine, at: datetime) -> Earning:
    return Earning(
        id=uuid7(),
        brand_id=line.brand_id,
        agent_id=line.agent_id,
        engagement_id=line.engagement_id,
        program_id=line.program_id,
        kind=line.kind,
        source_kind=line.source_kind,
        source_id=line.source_id,
        part=line.part,
        version=line.version,
        source_event_id=line.source_event_id,
        currency=line.currency,
        amount_minor=line.pay_minor,
        brand_share_minor=line.pay_minor - line.platform_minor,
        platform_share_minor=line.platform_minor,
        cause=line.cause,
        worked_from=line.worked_from,
        worked_to=line.worked_to,
        worked_seconds=line.worked_seconds,
        rate_card_id=line.rate_card_id,
        terms_version_id=line.terms_version_id,
        tier_bp=line.tier_bp,
        explanation=line.explanation,
        supersedes_id=line.supersedes_id,
        state=EarningState.ACCRUED,
        review_ends_at=line.review_ends_at,
        accrued_at=at,
    )


def _charge(earnings: Sequence[Earning], lines: Sequence[WorkLine], at: datetime) -> None:
    zones = dict(Brand.objects.filter(pk__in={one.brand_id for one in earnings}).values_list("pk", "timezone"))
    charges = [
        Charge(
            brand_id=earning.brand_id,
            program_id=earning.program_id,
            earning=earning,
            kind=earning.kind,
            currency=line.bill_currency,
            net_minor=line.bill_minor,
            billing_week=billing_week(earning.worked_to, zones[earning.brand_id]),
            explanation=line.bill_explanation,
            accrued_at=at,
        )
        for earning, line in zip(earnings, lines, strict=True)
        if line.bill_minor
    ]
    Charge.objects.bulk_create(charges)
    outbox.publish_all(
        [(ChargeAccrued(charge_id=one.pk, program_id=one.program_id), one.brand_id, None) for one in charges], at=at
    )


def billing_week(worked_to: datetime, timezone: str) -> date:
    """This function will return the Monday of the week, in the brand's zone, in which work ended.

    Work that ends as Monday begins was the old week's, as in budgets and in the agent's week.
    """
    return week_start((worked_to - timedelta.resolution).astimezone(ZoneInfo(timezone)).date())
