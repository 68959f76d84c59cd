"""Work priced at each week's lock, payouts on past Tuesdays, one run waiting, some lines held."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gigcx.accounts.models import User
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import AgentActor, BrandActor, OpsActor, SystemActor
from gigcx.tenancy.models import Brand, Membership
from gigcx.web.demo import World
from payments import actions
from payments.actions import AccountFacts
from payments.errors import NothingToPay
from payments.gateways import execution
from payments.gateways.sandbox import SandboxRail
from payments.models import Charge, Earning, PayoutItem, PayoutRun
from payments.policies import approvals_needed
from payments.queries.payouts import next_payout_at
from payments.states import EarningState, ItemState, PayoutAccountState, RailCode, RunKind
from recruiting.models import Agent
from scheduling.actions.verification import lock_moment, verify_claim
from scheduling.models import Claim
from scheduling.states import ClaimState

CLOCK: Final = SystemActor("clock")
_USUAL: Final = "000123456789"
_ODD: Final = ("000222222227", "000333333335", "000111111116")
_LIMIT_MINOR: Final = 60_000_000
_WEEKS: Final = 3


def tell_terms(world: World) -> None:
    """This function will agree credit limits with the brands before they publish work."""
    for brand in Brand.objects.filter(is_house=False).order_by("created_at", "pk"):
        actions.set_terms(
            brand_id=brand.pk,
            currency=brand.currency,
            credit_limit_minor=_LIMIT_MINOR * world.scale,
            days_until_due=14,
            by=CLOCK,
            at=world.at - timedelta(weeks=10),
        )


def tell(world: World, *, after_payday: Callable[[datetime], None]) -> None:
    """This function will tell the past weeks, each with what follows its payday."""
    _open_accounts(world)
    _accrue_locked_weeks(world)
    for tuesday in _past_tuesdays(world.at):
        _pay(tuesday)
        after_payday(tuesday)
    _confirm_some_of_this_week(world)


def tell_rest(world: World) -> None:
    """This function will tell what waits today."""
    _hold_some(world)
    _plan_and_leave(world)
    while actions.release_earnings(by=CLOCK, at=world.at):
        continue


def _open_accounts(world: World) -> None:
    """Most agents who have worked have given their bank details; three of them have odd banks."""
    rows = Agent.objects.across_brands().filter(claims__state=ClaimState.VERIFIED).distinct().select_related("user")
    agents = list(rows.order_by("created_at", "pk"))
    for place, agent in enumerate(agents):
        is_ada = agent.user.full_name == "Ada Obi"
        if is_ada or place % 12 != 7:
            odd = not is_ada and place in (3, 9, 14)
            _open_account(world, agent, _ODD[(3, 9, 14).index(place)] if odd else _USUAL)


def _open_account(world: World, agent: Agent, number: str) -> None:
    by, at, rail = AgentActor(agent.user, agent.pk), world.at - timedelta(weeks=6), SandboxRail()
    country = agent.country or "US"
    account = actions.open_payout_account(agent_id=agent.pk, rail=RailCode.SANDBOX, country=country, by=by, at=at)
    key = f"gigcx:account:{account.pk}:1"
    ref = rail.open_account(account_id=account.pk, country=country, email=agent.user.email, key=key)
    actions.record_account_opened(account_id=account.pk, remote_ref=ref, by=by, at=at)
    rail.complete_account(ref=ref, holder=agent.user.full_name, number=number)
    facts = AccountFacts(
        remote_ref=ref, state=PayoutAccountState.ACTIVE, bank_number=f"{agent.pk}{number}", last4=number[-4:]
    )
    actions.record_account_facts(account_id=account.pk, facts=facts, by=by, at=at)


def _accrue_locked_weeks(world: World) -> None:
    """Work of past weeks was priced when its timesheet locked."""
    by_lock: dict[datetime, list[UUID]] = defaultdict(list)
    for claim in Claim.objects.across_brands().filter(state=ClaimState.VERIFIED).select_related("brand").order_by("pk"):
        by_lock[min(_lock_of(claim), world.at)].append(claim.pk)
    for locked_at, claim_ids in sorted(by_lock.items()):
        actions.accrue_claims(claim_ids=claim_ids, by=CLOCK, at=locked_at)
    world.has_heard("payments.accrue_shift")


def _lock_of(claim: Claim) -> datetime:
    local = claim.ends_at.astimezone(zone_of(claim.brand.timezone)).date()
    return lock_moment(claim.brand, week_start(local))


def _past_tuesdays(at: datetime) -> list[datetime]:
    last = next_payout_at(at) - timedelta(weeks=1)
    return [last - timedelta(weeks=n) for n in reversed(range(_WEEKS))]


def _pay(tuesday: datetime) -> None:
    """One week's run: planned by one, approved by another, sent, and arrived two days later."""
    while actions.release_earnings(by=CLOCK, at=tuesday):
        continue
    for currency in _payable_currencies():
        run = _planned(currency, tuesday, by=CLOCK)
        if run is None:
            continue
        _fund(run, tuesday)
        _approve(run, tuesday)
        actions.start_run(run_id=run.pk, by=CLOCK, at=tuesday)
        _send(run, tuesday)


def _payable_currencies() -> Sequence[str]:
    rows = Earning.objects.across_brands().filter(state=EarningState.PAYABLE)
    return list(rows.values_list("currency", flat=True).distinct().order_by("currency"))


def _planned(
    currency: str, at: datetime, *, by: SystemActor | OpsActor, kind: str = RunKind.WEEKLY
) -> PayoutRun | None:
    key = f"{at:%G-W%V}" if kind == RunKind.WEEKLY else f"{at:%Y-%m-%d}"
    try:
        return actions.plan_run(rail=RailCode.SANDBOX, currency=currency, kind=kind, period_key=key, by=by, at=at)
    except NothingToPay:
        return None


def _fund(run: PayoutRun, at: datetime) -> None:
    execution.fund_sandbox(amount=Money(run.total_minor * 2, run.currency), by=CLOCK, at=at)


def _approve(run: PayoutRun, at: datetime) -> None:
    for person in ops_people()[: approvals_needed(run)]:
        actions.approve_run(run_id=run.pk, totals_hash=run.totals_hash, by=person, at=at)


def ops_people() -> list[OpsActor]:
    """This function will return who works for the marketplace, the first of them first."""
    return [OpsActor(user) for user in User.objects.filter(is_staff=True, is_active=True).order_by("date_joined", "pk")]


def _send(run: PayoutRun, tuesday: datetime) -> None:
    execution.execute_run(run.pk, clock=lambda: tuesday + timedelta(minutes=5))
    for minutes in (6, 15, 25):
        for item in PayoutItem.objects.across_brands().filter(run=run, state=ItemState.UNKNOWN).order_by("pk"):
            execution.resolve_unknown(item.pk, clock=lambda: tuesday + timedelta(minutes=minutes))  # noqa: B023
    actions.close_finished_runs(by=CLOCK, at=tuesday + timedelta(minutes=30))
    left = PayoutItem.objects.across_brands().filter(run=run, state=ItemState.TRANSFERRED).order_by("pk")
    for item_id in list(left.values_list("pk", flat=True)):
        actions.confirm_arrival(item_id=item_id, by=CLOCK, at=tuesday + timedelta(days=2))


def _confirm_some_of_this_week(world: World) -> None:
    """One brand's owner confirms part of the week before its lock, so that it is paid sooner."""
    member = Membership.objects.filter(role="owner", brand__is_house=False).select_related("user", "brand").first()
    if member is None:
        return
    by = BrandActor(member.user, member.brand, member.role)
    worked = Claim.objects.for_brand(member.brand_id).filter(state=ClaimState.WORKED, ends_at__lt=world.at)
    ids = list(worked.order_by("ends_at", "pk").values_list("pk", flat=True)[:40])
    for claim_id in ids:
        try:
            verify_claim(claim_id=claim_id, by=by, at=world.at - timedelta(hours=3))
        except DomainError:
            continue  # its minutes are still in question
    actions.accrue_claims(claim_ids=ids, by=CLOCK, at=world.at - timedelta(hours=3))
    lines = Charge.objects.for_brand(member.brand_id).filter(earning__source_id__in=ids)
    chosen = list(lines.order_by("pk").values_list("pk", flat=True))[: len(ids) * 2 // 3]
    actions.confirm_lines(charge_ids=chosen, by=by, at=world.at - timedelta(hours=2))


def _hold_some(world: World) -> None:
    rows = Earning.objects.across_brands().filter(state=EarningState.ACCRUED).order_by("-amount_minor", "pk")
    by = ops_people()[0] if ops_people() else CLOCK
    for earning in rows[:3]:
        actions.hold_earning(
            earning_id=earning.pk,
            reason="review",
            note="Two sessions overlap by a minute.",
            until=world.at + timedelta(days=2),
            by=by,
            at=world.at - timedelta(hours=1),
        )


def _plan_and_leave(world: World) -> None:
    """What is ready now waits in a run for ops."""
    by = ops_people()[0] if ops_people() else CLOCK
    for currency in _payable_currencies():
        run = _planned(currency, world.at - timedelta(minutes=30), by=by, kind=RunKind.OFF_CYCLE)
        if run is not None:
            _fund(run, world.at)
