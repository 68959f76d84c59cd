"""Claim, call, record: the only place where our books and a rail meet. Every step commits before the next begins."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from gigcx.kernel.money import Money
from gigcx.tenancy.actors import Actor, AgentActor
from payments import actions
from payments.actions.items import WORKER, Claimed
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.actions.runs import SHORT_OF_FUNDS
from payments.errors import RailUnavailable, UnknownRemote
from payments.gateways.protocol import PayoutRail, rail_of
from payments.ledger.retries import with_retries
from payments.models import PayoutAccount, PayoutRun
from payments.policies import LEASE, must_look_up
from payments.queries.books import rail_reserved
from payments.queries.clock import database_now
from payments.queries.payouts import is_returnable, is_returned, oldest_waiting, open_attempt, paused_for_funds
from payments.states import OutcomeKind, RailCode

Clock = Callable[[], datetime]
Turn = Callable[[str], None]


def at_once(_rail: str) -> None:
    """This function will not wait: for worlds that are told, not lived through."""


def wait_for_turn(rail: str) -> None:
    """This function will sleep until this worker may ask the rail: all workers together keep `PAYOUT_PACE` a second."""
    wait = actions.take_turn(rail=rail, pace=max(1, settings.PAYOUT_PACE), at=database_now())
    time.sleep(wait.total_seconds())


def send_next(
    run: PayoutRun, *, rail: PayoutRail | None = None, clock: Clock = database_now, turn: Turn = at_once
) -> bool:
    """This function will send one item of a run and tell whether there was one.

    Claiming commits the key first; the call happens outside any transaction; its answer is written in a new one. Dying
    anywhere in between leaves an item whose lease ends, and which is then asked about, never blindly sent again.
    """
    asked = rail or rail_of(run.rail)
    room = _room(asked, run)
    since = time.monotonic_ns()
    claimed = with_retries(lambda: actions.claim_item(rail=run.rail, run_id=run.pk, room_minor=room, at=clock()))
    if claimed is None:
        return False
    turn(run.rail)
    _call(asked, claimed, clock, since=since)
    return True


def _room(rail: PayoutRail, run: PayoutRun) -> int | None:
    """What may be sent now; None where the rail tells no balance: it then refuses by itself what it has no money for."""
    try:
        available = rail.balance(run.currency).available_minor
    except UnknownRemote:
        return None
    return max(available - rail_reserved(run.rail, run.currency), 0)


def _call(rail: PayoutRail, claimed: Claimed, clock: Clock, *, since: int) -> None:
    outcome = _landed_before(rail, claimed, clock) or _too_late(since) or rail.send(claimed.order, key=claimed.key)
    with_retries(lambda: actions.record_outcome(attempt_id=claimed.attempt_id, outcome=outcome, at=clock()))


def _too_late(since: int) -> Outcome | None:
    """A worker that stood still longer than its lease sends nothing: by now others may have looked and paid anew."""
    if timedelta(microseconds=(time.monotonic_ns() - since) // 1000) < LEASE / 2:
        return None
    return Outcome(kind=OutcomeKind.UNKNOWN, detail="not sent: the worker stood still")


def _landed_before(rail: PayoutRail, claimed: Claimed, clock: Clock) -> Outcome | None:
    """Before real money is ordered again, ask what is there.

    The key alone protects only as long as the other side remembers it, and whether it still does its clock decides, not
    ours. Without an answer nothing is sent.
    """
    if not (claimed.was_tried and rail.is_real_money):
        return None
    try:
        found = rail.find(claimed.item_id)
    except (RailUnavailable, UnknownRemote):
        return Outcome(kind=OutcomeKind.UNKNOWN, detail="not sent: the look-up was not answered")
    live = _live(rail, found, clock)
    if len(live) > 1:
        return Outcome(kind=OutcomeKind.KEY_MISUSE, detail="several payments under one group")
    if live:
        return Outcome(kind=OutcomeKind.DONE, payment=live[0], detail="found by look-up")
    return Outcome(kind=OutcomeKind.UNKNOWN, detail="paid, and taken back") if found else None


def _live(rail: PayoutRail, found: Sequence[RemotePayment], clock: Clock) -> list[RemotePayment]:
    """What was paid and taken back by hand is written down as both; what stands is what is judged."""
    live = [one for one in found if not one.is_reversed]
    if found and not live:
        taken = found[0]
        with_retries(lambda: actions.take_over_payment(rail=rail.code, payment=taken, at=clock()))
    return live


def execute_run(run_id: UUID, *, clock: Clock = database_now, turn: Turn = at_once) -> int:
    """This function will send every item of a run that can be sent now and return how many were asked for."""
    run = PayoutRun.objects.get(pk=run_id)
    guard_identity(run.rail, at=clock())
    actions.reopen_throttled(at=clock())
    sent = 0
    while run.rail != RailCode.MANUAL_BANK_FILE and send_next(run, clock=clock, turn=turn):
        sent += 1
    actions.close_finished_runs(by=WORKER, at=clock())
    return sent


def guard_identity(rail: str, *, at: datetime) -> None:
    """This function will freeze rails of real money before anything is sent from a database that was restored."""
    if rail != RailCode.SANDBOX:
        actions.check_database_identity(at=at)


def go_on_when_funded(*, clock: Clock = database_now) -> int:
    """This function will let runs go on that stopped for want of money, as far as their oldest payout is covered now."""
    resumed = 0
    for run in paused_for_funds(SHORT_OF_FUNDS):
        room, wanted = _room(rail_of(run.rail), run), oldest_waiting(run)
        if wanted and (room is None or wanted <= room):
            resumed += actions.resume_funded(run_id=run.pk, by=WORKER, at=clock())
    return resumed


def resolve_unknown(item_id: UUID, *, clock: Clock = database_now, turn: Turn = at_once) -> str:
    """This function will take the next safe step with an item nobody knows about: the same key again, or a look-up."""
    attempt = open_attempt(item_id)
    if attempt is None:
        return "ended"  # somebody else's look-up was faster
    rail = rail_of(attempt.item.run.rail)
    if must_look_up(attempt, at=clock()):
        found = _live(rail, rail.find(item_id), clock)
        return with_retries(lambda: actions.record_lookup(item_id=item_id, found=found, at=clock()))
    since = time.monotonic_ns()
    claimed = with_retries(lambda: actions.resend_item(item_id=item_id, at=clock()))
    if claimed is None:
        return _seen_anyway(rail, item_id, clock)
    turn(rail.code)
    _call(rail, claimed, clock, since=since)
    return "sent again"


def _seen_anyway(rail: PayoutRail, item_id: UUID, clock: Clock) -> str:
    """A stopped rail sends nothing; looking is allowed, and what is found ends the doubt."""
    found = _live(rail, rail.find(item_id), clock) if rail.is_real_money else []
    if not found:
        return "waiting"
    return with_retries(lambda: actions.record_lookup(item_id=item_id, found=found, at=clock()))


def start_onboarding(
    *,
    actor: AgentActor,
    country: str,
    rail_code: str,
    return_to: Callable[[UUID], str],
    refresh_url: str,
    has_stepped_up: bool,
    is_replacement: bool,
    at: datetime,
) -> str:
    """This function will open or replace the agent's payout account and return where to complete it."""
    account = _account(actor, country, rail_code, has_stepped_up=has_stepped_up, is_replacement=is_replacement, at=at)
    rail = rail_of(account.rail)
    if not account.remote_ref:
        key = f"gigcx:account:{account.pk}:1"
        ref = rail.open_account(account_id=account.pk, country=country, email=actor.user.email, key=key)
        actions.record_account_opened(account_id=account.pk, remote_ref=ref, by=actor, at=at)
        account.remote_ref = ref
    key = f"gigcx:onboarding:{account.pk}:{int(at.timestamp())}"
    return rail.onboarding_link(
        ref=account.remote_ref, return_url=return_to(account.pk), refresh_url=refresh_url, key=key
    )


def _account(
    actor: AgentActor, country: str, rail_code: str, *, has_stepped_up: bool, is_replacement: bool, at: datetime
) -> PayoutAccount:
    if is_replacement:
        return actions.replace_payout_account(
            agent_id=actor.agent_id, rail=rail_code, country=country, has_stepped_up=has_stepped_up, by=actor, at=at
        )
    return actions.open_payout_account(agent_id=actor.agent_id, rail=rail_code, country=country, by=actor, at=at)


def refresh_account(account: PayoutAccount, *, by: Actor, at: datetime) -> PayoutAccount:
    """This function will ask the rail about an account and take its answer over."""
    facts = rail_of(account.rail).account_facts(account.remote_ref)
    return actions.record_account_facts(account_id=account.pk, facts=facts, by=by, at=at)


def fund_sandbox(*, amount: Money, by: Actor, at: datetime) -> None:
    """This function will put pretended money on the sandbox and write it into the books."""
    from payments.gateways.sandbox import SandboxRail

    actions.fund_rail(rail=RailCode.SANDBOX, amount=amount, by=by, at=at)
    SandboxRail().add_money(currency=amount.currency, amount_minor=amount.amount_minor)


def sandbox_returns(*, at: datetime) -> int:
    """This function will note what the pretended bank sent back and return how many.

    The bank goes on naming a return until its item has moved: dying in between loses nothing.
    """
    from payments.gateways.sandbox import SandboxRail

    bank, noted = SandboxRail(), 0
    for group in bank.return_due():
        if is_returnable(group):
            actions.record_return(item_id=group, reason="the bank sent it back", by=WORKER, at=at)
            noted += 1
        if is_returned(group):
            bank.returned(group)
    return noted


__all__ = [
    "PaymentOrder",
    "at_once",
    "execute_run",
    "fund_sandbox",
    "refresh_account",
    "resolve_unknown",
    "sandbox_returns",
    "send_next",
    "start_onboarding",
    "wait_for_turn",
]
