"""A webhook is a hint: look the thing up on the other side, then apply what is there, in any order and any number of times."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from gigcx.kernel.errors import DomainError
from payments import actions
from payments.actions.inbox import INBOX, IncomingEvent
from payments.actions.reconciliation import group_of
from payments.errors import BadSignature, UnknownRemote
from payments.gateways import brand_payments
from payments.gateways.execution import refresh_account
from payments.gateways.reconciling import look_at_group
from payments.ledger.retries import with_retries
from payments.models import StripeEvent
from payments.queries.clock import database_now
from payments.queries.inbox import account_known_as
from payments.states import InboxState

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
UNKNOWN_OBJECT: Final = "unknown_object"
UNMATCHED: Final = "unmatched"
OWN_PAYOUT: Final = "platform_payout"
_MISSED_SINCE: Final = timedelta(days=3)


def read_signed(body: bytes, *, signature: str, at: datetime) -> IncomingEvent:
    """This function will return the event in a signed request.

    Raises:
        BadSignature: it is not signed well, or nobody is expected to sign anything here.
    """
    is_expected = settings.STRIPE_WEBHOOK_SECRETS and settings.PAYMENTS_MODE != "sandbox"
    if not is_expected or not signature:
        raise BadSignature
    from payments.gateways.stripe.webhooks import read_event

    return read_event(body, signature=signature, at=at)


def process_event(event_id: str, *, clock: Clock = database_now) -> str:
    """This function will work through one event and return its state; whatever fails is tried again later."""
    event = with_retries(lambda: actions.claim_event(event_id=event_id, at=clock()))
    if event is None:
        return "taken"
    try:
        state, alarm = _apply(event, clock)
    except UnknownRemote:
        state, alarm = InboxState.PROCESSED, UNKNOWN_OBJECT
    except DomainError as refused:
        error = f"{refused.code}: {refused} {refused.context}"
        return str(actions.fail_event(event_id=event_id, error=error, at=clock()).state)
    except Exception as broken:
        logger.exception("an event could not be worked through", extra={"event_id": event_id})
        actions.fail_event(event_id=event_id, error=f"{type(broken).__name__}: {broken}", at=clock())
        raise
    return str(actions.finish_event(event_id=event_id, state=state, alarm=alarm, at=clock()).state)


def _apply(event: StripeEvent, clock: Clock) -> tuple[str, str]:
    for prefix, apply in _BY_TYPE:
        if event.type.startswith(prefix):
            return InboxState.PROCESSED, apply(event, clock)
    return InboxState.IGNORED, ""


def _transfer(event: StripeEvent, clock: Clock) -> str:
    """All payments of its payout are looked at together: what was reversed makes sense beside what was not."""
    from payments.gateways.stripe import StripeConnectRail

    rail = StripeConnectRail.from_settings()
    payment = rail.payment(event.object_ref)
    group = group_of(payment)
    if group is None:
        at = clock()
        verdict = with_retries(lambda: actions.take_over_payment(rail=rail.code, payment=payment, at=at))
        return UNMATCHED if verdict.kind else ""
    verdicts = look_at_group(rail, group, clock=clock)
    return UNMATCHED if any(one.kind for one in verdicts) else ""


def _payout(event: StripeEvent, clock: Clock) -> str:
    if not event.account_ref:
        return OWN_PAYOUT  # our own balance left for our bank: it should only when we say so
    if account_known_as(event.account_ref) is None:
        return UNKNOWN_OBJECT
    from payments.gateways.stripe.side import StripeSide

    arrival = StripeSide.from_settings().arrival(ref=event.object_ref, account_ref=event.account_ref)
    with_retries(lambda: actions.record_arrival(arrival, at=clock()))
    return ""


def _account(event: StripeEvent, clock: Clock) -> str:
    account = account_known_as(event.object_ref) or account_known_as(event.account_ref)
    if account is None:
        return UNKNOWN_OBJECT
    refresh_account(account, by=INBOX, at=clock())
    return ""


def fetch_missed_events(*, clock: Clock = database_now) -> list[str]:
    """This function will ask for events that did not reach us, keep them and return those to work on."""
    if settings.PAYMENTS_MODE == "sandbox":
        return []
    from payments.gateways.stripe.side import StripeSide

    at = clock()
    missed = StripeSide.from_settings().undelivered_events(since=at - _MISSED_SINCE)
    return [one.event_id for one in missed if _receive(one, at)]


def _receive(event: IncomingEvent, at: datetime) -> bool:
    return with_retries(lambda: actions.receive_event(event, at=at))


def ask_about_accounts(*, clock: Clock = database_now) -> int:
    """This function will ask about accounts whose completion or restriction may have been missed."""
    from payments.queries.reconciliation import accounts_to_ask_about

    asked = 0
    for account in accounts_to_ask_about():
        actions.note_account_asked(account_id=account.pk, at=clock())
        try:
            refresh_account(account, by=INBOX, at=clock())
        except DomainError as silent:
            logger.warning("account not told", extra={"account_id": str(account.pk), "code": silent.code})
            continue
        asked += 1
    return asked


_BY_TYPE: Final[tuple[tuple[str, Callable[[StripeEvent, Clock], str]], ...]] = (
    ("transfer.", _transfer),
    ("payout.", _payout),
    ("v2.core.account", _account),
    ("account.", _account),
    ("capability.", _account),
    ("checkout.session.", brand_payments.checkout),
    ("payment_intent.", brand_payments.payment),
    ("charge.dispute.", brand_payments.card_dispute),
    ("charge.refund", brand_payments.refund),
    ("refund.", brand_payments.refund),
    ("invoice.", brand_payments.invoice),
)
