"""Who may do what with money, and the defaults that rules start from. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gigcx.kernel.money import exponent_of
from gigcx.tenancy.actors import Actor, OpsActor
from payments.models import PayoutAccount, PayoutAttempt, PayoutRun
from payments.states import OutcomeKind, PayoutAccountState, RunState

REVIEW_AFTER_WORK: Final = timedelta(hours=24)
REVIEW_OF_OTHERS: Final = timedelta(hours=72)
DESTINATION_HOLD: Final = timedelta(hours=48)
LEASE: Final = timedelta(minutes=2)
RESEND_WITHIN: Final = timedelta(hours=20)
LOOK_UP_AFTER: Final = timedelta(minutes=2)
BETWEEN_LOOK_UPS: Final = timedelta(minutes=5)
KEY_FORGOTTEN_AFTER: Final = timedelta(hours=24)
HOLD_OF_REFUSED: Final = timedelta(days=30)
DEFAULT_CREDIT_LIMIT_MAJOR: Final = 50_000
_NOT_NOW: Final = (OutcomeKind.IN_FLIGHT, OutcomeKind.THROTTLED, OutcomeKind.CONFIGURATION)
_MINIMUM_PAYOUT_MAJOR: Final = 5
_FREE_RUN_MAJOR: Final = 10_000
_FREE_ITEM_MAJOR: Final = 2_000
_TWO_APPROVALS_MAJOR: Final = 50_000


def minor_of(major: int, currency: str) -> int:
    """This function will return whole major units as minor units."""
    return int(major * 10 ** exponent_of(currency))


def minimum_payout(currency: str) -> int:
    """This function will return the least a weekly payout sends, in minor units; less carries over."""
    return minor_of(_MINIMUM_PAYOUT_MAJOR, currency)


def approvals_needed(run: PayoutRun) -> int:
    """This function will return how many people other than the planner have to approve these totals.

    A check that asks for a look (new bank details, one bank account for two agents) is answered by an approval.
    """
    if run.total_minor > minor_of(_TWO_APPROVALS_MAJOR, run.currency):
        return 2
    is_small = run.total_minor <= minor_of(_FREE_RUN_MAJOR, run.currency)
    is_plain = not any(row.get("needs_look") and not row["is_ok"] for row in run.checks)
    return 0 if is_small and is_plain and run.largest_minor <= minor_of(_FREE_ITEM_MAJOR, run.currency) else 1


def can_approve_run(actor: Actor, run: PayoutRun, *, has_touched: Collection[UUID] = ()) -> bool:
    """This function will tell whether the actor may approve: ops, not who planned it, and not who touched an item."""
    if not isinstance(actor, OpsActor):
        return False
    return actor.user.pk != run.planned_by_id and actor.user.pk not in has_touched


def can_switch_rail(actor: Actor) -> bool:
    """This function will tell whether the actor may stop or open a rail."""
    return isinstance(actor, OpsActor) or actor.kind == "system"


def must_look_up(attempt: PayoutAttempt, *, at: datetime) -> bool:
    """This function will tell whether an unknown try may no longer be sent again, only looked up on the other side.

    A replayed error is what the key will always answer; past twenty hours the other side may forget the key and would
    then pay a second time. An account that may not be paid any more gets no new order, and neither does a stopped run
    whose last answer was "not now".
    """
    if attempt.last_outcome == OutcomeKind.FROZEN_ERROR or at - attempt.sent_at >= RESEND_WITHIN:
        return True
    item = attempt.item
    is_called_off = item.run.state == RunState.STOPPING and attempt.last_outcome in _NOT_NOW
    return is_called_off or not is_usable(item.account, at=at)


def is_usable(account: PayoutAccount, *, at: datetime) -> bool:
    """This function will tell whether the account may be paid: active, and rested after its details changed."""
    is_rested = account.usable_from is not None and account.usable_from <= at
    return account.state == PayoutAccountState.ACTIVE and is_rested


def may_try_anew(attempt: PayoutAttempt, *, at: datetime) -> bool:
    """This function will tell whether two empty look-ups are enough to send under a new key.

    An old try waits until its key is certainly forgotten and nothing can still arrive under it.
    """
    if attempt.lookups_empty < 2:
        return False
    is_old = at - attempt.sent_at >= RESEND_WITHIN
    return not is_old or at - attempt.last_sent_at >= KEY_FORGOTTEN_AFTER
