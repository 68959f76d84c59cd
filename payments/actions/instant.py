"""Payouts an agent asks for between the weekly runs: offered with a fee, asked for once, then sent on at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gigcx.audit import trail
from gigcx.kernel.errors import NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from payments import ledger
from payments.actions import journals
from payments.actions.giving_back import fail_instant
from payments.actions.items import WORKER
from payments.actions.outcomes import Outcome, PaymentOrder
from payments.actions.planning import item_of, reserve, sum_of
from payments.actions.rails import is_open
from payments.actions.totals import check_run, retotal
from payments.errors import AboveAvailable, NotOffered, QuoteExpired
from payments.models import Earning, InstantQuote, PayoutAccount, PayoutItem, PayoutRun
from payments.policies import (
    INSTANT_LIMIT_MAJOR,
    INSTANT_QUOTE_LIVES,
    RESEND_WITHIN,
    instant_minimum,
    is_usable,
    minor_of,
)
from payments.queries.instant_fees import instant_fee_for
from payments.queries.payouts import instant_lines, owes_back
from payments.queries.runs import waiting_for_tax_data
from payments.states import (
    INSTANT_MOVES,
    RUN_MOVES,
    Cause,
    EarningKind,
    EarningState,
    InstantState,
    ItemState,
    OutcomeKind,
    RunKind,
    RunState,
)

K = OutcomeKind
_ASK_AGAIN: Final = timedelta(seconds=30)


@transaction.atomic
def quote_instant_payout(
    *,
    account: PayoutAccount,
    currency: str,
    arrives_within: timedelta,
    by: AgentActor,
    at: datetime,
    most: int | None = None,
) -> InstantQuote:
    """This function will write an offer over what is ready, or over the oldest lines that fit into `most` minor units.

    Raises:
        NotOffered: nothing or too little is ready, too much for a payout nobody looks at, or something keeps it.
        AboveAvailable: more was asked for than is ready.
    """
    lines = instant_lines(account.agent_id, currency)
    ready = sum_of(lines)
    if most is not None and most > ready:
        raise AboveAvailable(field="amount_minor")
    chosen = lines if most is None else _oldest_within(lines, most)
    _require_offer(account, currency, sum_of(chosen), at)
    return InstantQuote.objects.create(
        agent_id=account.agent_id,
        account=account,
        currency=currency,
        amount_minor=sum_of(chosen),
        fee_minor=instant_fee_for(currency, (one.brand_id for one in chosen)),
        earning_ids=[str(one.pk) for one in chosen],
        arrives_at=at + arrives_within,
        quoted_at=at,
        expires_at=at + INSTANT_QUOTE_LIVES,
    )


def _oldest_within(lines: Sequence[Earning], most: int) -> list[Earning]:
    chosen: list[Earning] = []
    for line in lines:
        if sum_of(chosen) + line.amount_minor <= most:
            chosen.append(line)
    return chosen


def _require_offer(account: PayoutAccount, currency: str, minor: int, at: datetime) -> None:
    why = refusal_of(account, currency, minor, at=at)
    if why:
        raise NotOffered(why)


def refusal_of(account: PayoutAccount, currency: str, minor: int, *, at: datetime) -> str:
    """This function will say why an amount cannot be paid to an account at once, or nothing where it can."""
    item = PayoutItem(agent_id=account.agent_id, currency=currency, amount_minor=minor)
    rules = (
        (not is_usable(account, at=at), _("Your payout account is not ready to be paid.")),
        (not account.can_receive_instantly, _("Your bank does not take instant payouts.")),
        (not is_open(account.rail), _("Payouts are stopped for the moment. Your money stays yours.")),
        (owes_back(account.agent_id, currency), _("Something is to be taken back first; the weekly payout does that.")),
        (minor < instant_minimum(currency), _("An instant payout needs at least 10.00 that is ready.")),
        (minor > minor_of(INSTANT_LIMIT_MAJOR, currency), _("More than 2,000.00 leaves with the weekly payout only.")),
    )
    found = next((why for is_so, why in rules if is_so), "")
    if not found and account.agent_id in waiting_for_tax_data([item], at=at):
        return _("Your tax data is missing. Give it first, then your money can leave.")
    return found


@transaction.atomic
def request_instant_payout(*, quote_id: UUID, by: AgentActor, at: datetime) -> PayoutItem:
    """This function will take the quoted lines into a payout of their own that leaves now; pressed twice it is one.

    Raises:
        NotFound: no such quote, or somebody else's.
        QuoteExpired: its time is over.
        AboveAvailable: a line of it is not ready any more.
        NotOffered: something keeps it now.
    """
    quote = _locked_quote(quote_id, by.agent_id)
    if quote.item is not None:
        return quote.item
    if quote.expires_at <= at:
        raise QuoteExpired
    lines = _locked_lines(quote)
    _require_offer(quote.account, quote.currency, quote.amount_minor, at)
    run = _run_of(quote, at)
    fees = [_fee_line(quote, lines[0], at)] if quote.fee_minor else []
    paid = [*lines, *fees]
    item = item_of(run, quote.account, paid, at=at)
    ledger.post([journals.fee_taken(fee, actor=by.label, at=at) for fee in fees])
    reserve([item], {item.agent_id: paid}, by=by, at=at)
    quote.item = item
    quote.next_try_at = at
    _move(quote, InstantState.REQUESTED, by=by, at=at, saved=("item", "next_try_at"))
    _start(run, by=by, at=at)
    return item


def _locked_quote(quote_id: UUID, agent_id: UUID) -> InstantQuote:
    rows = InstantQuote.objects.across_brands().filter(pk=quote_id, agent_id=agent_id).select_related("account", "item")
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found


def _locked_lines(quote: InstantQuote) -> list[Earning]:
    rows = Earning.objects.across_brands().filter(pk__in=quote.earning_ids, state=EarningState.PAYABLE)
    lines = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if len(lines) != len(quote.earning_ids) or sum_of(lines) != quote.amount_minor:
        raise AboveAvailable
    return lines


def _run_of(quote: InstantQuote, at: datetime) -> PayoutRun:
    return PayoutRun.objects.create(
        rail=quote.account.rail,
        currency=quote.currency,
        kind=RunKind.INSTANT,
        period_key=str(quote.pk),
        planned_at=at,
    )


def _start(run: PayoutRun, *, by: Actor, at: datetime) -> None:
    """Green checks and a small amount: nobody else has to say yes."""
    retotal(run)
    if any(check.is_blocking and not check.is_ok for check in check_run(run, at=at)):
        raise NotOffered
    for state in (RunState.APPROVED, RunState.EXECUTING):
        require_move(RUN_MOVES, run.state, state)
        before, run.state = run.state, state
        trail.record("payments.move_run", run, by=by, at=at, from_state=before, to_state=state, reason="instant payout")
    run.started_at = at
    run.save(update_fields=["state", "started_at"])


def _fee_line(quote: InstantQuote, first: Earning, at: datetime) -> Earning:
    minor = -quote.fee_minor
    step = {"code": "each", "rule": "instant_fee", "quantity": 1, "amount_minor": minor, "total": str(minor)}
    kept = {key: first.explanation.get(key) for key in ("currency", "card_version", "rounding")}
    return Earning.objects.create(
        id=uuid7(),
        brand_id=first.brand_id,
        agent_id=quote.agent_id,
        engagement_id=first.engagement_id,
        program_id=first.program_id,
        kind=EarningKind.INSTANT_FEE,
        cause=Cause.FEE,
        source_kind="instant_quote",
        source_id=quote.pk,
        currency=quote.currency,
        amount_minor=minor,
        brand_share_minor=0,
        platform_share_minor=minor,
        worked_from=at,
        worked_to=at,
        rate_card_id=first.rate_card_id,
        explanation={"version": 1, **kept, "steps": [step], "amount_minor": minor},
        state=EarningState.PAYABLE,
        review_ends_at=at,
        accrued_at=at,
        payable_at=at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantClaim:
    """What a worker needs for the second step. By now its key is stored and committed."""

    quote_id: UUID
    rail: str
    key: str
    order: PaymentOrder


@transaction.atomic
def claim_instant(*, quote_id: UUID, at: datetime) -> InstantClaim | None:
    """This function will take the second step of an instant payout whose transfer was made, or return None.

    One whose answer stayed away for twenty hours is not ordered again: its fee is given back instead.
    """
    rows = InstantQuote.objects.across_brands().filter(pk=quote_id, next_try_at__lte=at)
    rows = rows.filter(state__in=[InstantState.REQUESTED, InstantState.ORDERED], item__state=ItemState.TRANSFERRED)
    quote = rows.select_related("item__run", "account").select_for_update(skip_locked=True, of=("self",)).first()
    if quote is None or quote.item is None or not is_open(quote.account.rail):
        return None
    if quote.ordered_at is not None and at - quote.ordered_at >= RESEND_WITHIN:
        fail_instant(quote.item, reason="no_answer", by=WORKER, at=at)
        return None
    _order(quote, at)
    item = quote.item
    order = PaymentOrder(
        amount_minor=item.amount_minor,
        currency=item.currency,
        destination=item.destination_ref,
        group=item.pk,
        run=item.run_id,
    )
    return InstantClaim(quote_id=quote.pk, rail=item.run.rail, key=quote.payout_key or "", order=order)


def _order(quote: InstantQuote, at: datetime) -> None:
    quote.next_try_at = at + _ASK_AGAIN
    if quote.state == InstantState.ORDERED:
        quote.save(update_fields=["next_try_at"])
        return
    quote.payout_key, quote.ordered_at = f"gigcx:instant:{quote.pk}:1", at
    _move(quote, InstantState.ORDERED, by=WORKER, at=at, saved=("payout_key", "ordered_at", "next_try_at"))


@transaction.atomic
def record_instant_outcome(*, quote_id: UUID, outcome: Outcome, at: datetime) -> InstantQuote:
    """This function will write what the second step came to: sent, refused with the fee given back, or asked again later."""
    rows = InstantQuote.objects.across_brands().select_related("item__run", "account")
    quote = rows.select_for_update(of=("self",)).get(pk=quote_id)
    if quote.state != InstantState.ORDERED or quote.item is None:
        return quote
    if outcome.kind == K.DONE and outcome.payment is not None:
        quote.payout_ref, quote.ended_at = outcome.payment.ref, at
        _move(quote, InstantState.SENT, by=WORKER, at=at, saved=("payout_ref", "ended_at"))
    elif outcome.kind in (K.ACCOUNT_REFUSED, K.NO_FUNDS, K.KEY_MISUSE):
        fail_instant(quote.item, reason=outcome.detail or outcome.kind, by=WORKER, at=at)
        quote.refresh_from_db(fields=["state"], from_queryset=InstantQuote.objects.across_brands())
    return quote


def _move(quote: InstantQuote, state: str, *, by: Actor, at: datetime, saved: tuple[str, ...]) -> None:
    require_move(INSTANT_MOVES, quote.state, state)
    before, quote.state = quote.state, state
    quote.save(update_fields=["state", *saved])
    trail.record("payments.move_instant", quote, by=by, at=at, from_state=before, to_state=state)
