"""Instant payouts meet a rail: asking what it offers, and ordering the second step once the transfer was made."""

from datetime import datetime
from uuid import UUID

from gigcx.kernel.money import Money
from gigcx.tenancy.actors import AgentActor
from payments import actions
from payments.actions.items import WORKER
from payments.actions.planning import sum_of
from payments.errors import NotOffered
from payments.gateways.execution import Clock, Turn, at_once
from payments.gateways.protocol import rail_of
from payments.ledger.retries import with_retries
from payments.models import InstantQuote
from payments.queries.clock import database_now
from payments.queries.payouts import current_account, instant_lines
from payments.states import InstantState, RailCode


def ask_for_quote(*, actor: AgentActor, currency: str, at: datetime, most: int | None = None) -> InstantQuote:
    """This function will ask the agent's rail and write its offer with our fee.

    Raises:
        NotOffered: there is no account, or the rail, the bank or a rule of ours says no.
        AboveAvailable: more was asked for than is ready.
    """
    account = current_account(actor.agent_id)
    minor = sum_of(instant_lines(actor.agent_id, currency)) if most is None else most
    if account is None:
        raise NotOffered
    if most is None:
        why = actions.refusal_of(account, currency, minor, at=at)
        if why:
            raise NotOffered(why)
    offer = rail_of(account.rail).quote_instant(ref=account.remote_ref, amount=Money(max(minor, 0), currency))
    return actions.quote_instant_payout(
        account=account, currency=currency, arrives_within=offer.arrives_within, by=actor, at=at, most=most
    )


def send_on(quote_id: UUID, *, clock: Clock = database_now, turn: Turn = at_once) -> str:
    """This function will order the second step of an instant payout whose transfer was made, and return how it stands."""
    claimed = with_retries(lambda: actions.claim_instant(quote_id=quote_id, at=clock()))
    if claimed is None:
        return "waiting"
    turn(claimed.rail)
    outcome = rail_of(claimed.rail).send_instant(claimed.order, key=claimed.key)
    quote = with_retries(lambda: actions.record_instant_outcome(quote_id=quote_id, outcome=outcome, at=clock()))
    if claimed.rail == RailCode.SANDBOX and quote.state == InstantState.SENT:
        actions.confirm_arrival(item_id=claimed.order.group, by=WORKER, at=clock())
    return str(quote.state)
