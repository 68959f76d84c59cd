"""Rows of payments for the tests of every stage. Money always goes through the books, so that they balance."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import SystemActor
from payments import actions
from payments.actions import WorkLine
from payments.actions.accounts import fingerprint_of
from payments.gateways import execution
from payments.models import Earning, PayoutAccount, PayoutItem, PayoutRun, SandboxAccount
from payments.pricing import Card, CardLine, Span, price_time
from payments.states import Cause, EarningKind, PayoutAccountState, RunKind
from recruiting.models import Agent, Engagement, RateCard
from tests.cast import MONDAY_NOON
from tests.factories import recruiting as recruit

SYSTEM = SystemActor("test")
NUMBER = "000123456789"


def engaged(agent: Agent, program: Any) -> Engagement:
    """The agent's engagement in the program, made with a rate card when there is none."""
    found = Engagement.objects.across_brands().filter(agent=agent, program=program).first()
    if not RateCard.objects.across_brands().filter(program=program).exists():
        recruit.make_rate_card(program)
    return found or recruit.make_engagement(agent, program)


def make_earning(
    agent: Agent,
    program: Any,
    *,
    minutes: int = 60,
    worked_to: datetime = MONDAY_NOON - timedelta(days=2),
    at: datetime | None = None,
    **fields: Any,
) -> Earning:
    """One earning with its charge and journal, for so many minutes at 16.00 an hour (brand: 22.00)."""
    engagement = engaged(agent, program)
    card = RateCard.objects.across_brands().filter(program=program).latest("version")
    worked_from = worked_to - timedelta(minutes=minutes)
    price = price_time(
        plain_card(card.pay_currency), [Span(worked_from, worked_to, minutes * 60, "on_contact")], tier_bp=10_000
    )
    assert price is not None
    given: dict[str, Any] = {
        "brand_id": program.brand_id,
        "program_id": program.pk,
        "agent_id": agent.pk,
        "engagement_id": engagement.pk,
        "rate_card_id": card.pk,
        "kind": EarningKind.TIME,
        "source_kind": "test",
        "source_id": uuid7(),
        "cause": Cause.WORK,
        "currency": card.pay_currency,
        "pay_minor": price.pay_minor,
        "bill_minor": price.bill_minor,
        "worked_from": worked_from,
        "worked_to": worked_to,
        "worked_seconds": minutes * 60,
        "review_ends_at": worked_to + timedelta(hours=24),
        "explanation": price.explanation,
        "bill_explanation": price.bill_explanation,
        **fields,
    }
    return actions.accrue([WorkLine(**given)], by=SYSTEM, at=at or worked_to)[0]


def work_line(
    program: Any,
    agent: Agent,
    engagement: Engagement,
    card: RateCard,
    *,
    pay_minor: int = 1600,
    worked_to: datetime = MONDAY_NOON - timedelta(days=2),
) -> WorkLine:
    """An hour of work, ready to be accrued together with others."""
    return WorkLine(
        brand_id=program.brand_id,
        program_id=program.pk,
        agent_id=agent.pk,
        engagement_id=engagement.pk,
        rate_card_id=card.pk,
        kind=EarningKind.TIME,
        source_kind="test",
        source_id=uuid7(),
        cause=Cause.WORK,
        currency=card.pay_currency,
        pay_minor=pay_minor,
        bill_minor=2200,
        worked_from=worked_to - timedelta(hours=1),
        worked_to=worked_to,
        worked_seconds=3600,
        review_ends_at=worked_to + timedelta(hours=24),
        explanation={"currency": card.pay_currency, "steps": [], "amount_minor": pay_minor},
    )


def plain_card(currency: str = "USD") -> Card:
    """16.00 and 22.00 an hour."""
    return Card(1, currency, currency, {"productive_hour": CardLine("productive_hour", 1600, 2200)})


def make_payable(agent: Agent, program: Any, *, at: datetime = MONDAY_NOON, **fields: Any) -> Earning:
    """An earning whose review is over."""
    earning = make_earning(agent, program, **fields)
    actions.release_earnings(by=SYSTEM, at=at)
    earning.refresh_from_db(from_queryset=Earning.objects.across_brands())
    return earning


def make_account(
    agent: Agent, *, behaviour: str = "pays", at: datetime = MONDAY_NOON - timedelta(days=30), **fields: Any
) -> PayoutAccount:
    """An active sandbox account that behaves as told."""
    account_id = fields.pop("id", uuid7())
    ref = f"sbx_{account_id.hex[-20:]}"
    SandboxAccount.objects.create(
        ref=ref,
        owner_key=f"gigcx:account:{account_id}:1",
        country="US",
        holder=account_id.hex,
        number=NUMBER,
        behaviour=behaviour,
        is_complete=True,
    )
    given = {
        "state": PayoutAccountState.ACTIVE,
        "usable_from": at,
        "last4": "6789",
        "fingerprint": fingerprint_of(f"US{NUMBER}{account_id.hex}"),
    }
    return PayoutAccount.objects.create(
        id=account_id,
        agent=agent,
        rail="sandbox",
        remote_ref=ref,
        country="US",
        currency="USD",
        created_at=at,
        **{**given, **fields},
    )


def fund_sandbox(amount_minor: int = 1_000_000, currency: str = "USD") -> None:
    """Money on the sandbox, in its own books and in ours."""
    execution.fund_sandbox(amount=Money(amount_minor, currency), by=SYSTEM, at=MONDAY_NOON)


def make_run(*, by: Any = SYSTEM, at: datetime = MONDAY_NOON, key: str = "2026-W47", **fields: Any) -> PayoutRun:
    """A planned weekly run on the sandbox over everything payable in US dollars."""
    given = {"rail": "sandbox", "currency": "USD", "kind": RunKind.WEEKLY, **fields}
    return actions.plan_run(period_key=key, by=by, at=at, **given)


def make_running_run(**fields: Any) -> PayoutRun:
    """A run that workers may send."""
    run = make_run(**fields)
    return actions.start_run(run_id=run.pk, by=SYSTEM, at=run.planned_at)


def item_of(run: PayoutRun) -> PayoutItem:
    """The run's only item, as it is now."""
    return PayoutItem.objects.across_brands().select_related("run", "account").get(run=run)


def fresh(earning_id: UUID) -> Earning:
    """The earning as it is now."""
    return Earning.objects.across_brands().get(pk=earning_id)


def run_of(agent: Agent, program: Any, *, behaviour: str = "pays", funds: int = 1_000_000) -> PayoutRun:
    """A running run that pays one agent an hour's work on a funded sandbox."""
    make_payable(agent, program)
    make_account(agent, behaviour=behaviour)
    if funds:
        fund_sandbox(funds)
    return make_running_run()
