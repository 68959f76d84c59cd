"""What Stripe's errors mean for a payout."""

from typing import Any, Final

import stripe

from payments.actions.outcomes import Outcome
from payments.states import OutcomeKind

K = OutcomeKind

_NO_FUNDS: Final = frozenset({"balance_insufficient", "insufficient_funds"})
_ACCOUNT: Final = frozenset(
    {
        "account_closed",
        "account_invalid",
        "account_number_invalid",
        "insufficient_capabilities_for_transfer",
        "no_account",
        "payouts_not_allowed",
        "resource_missing",
        "transfers_not_allowed",
    }
)
# Codes of the same families that Stripe adds from time to time.
_ABOUT_ACCOUNT: Final = ("account_", "insufficient_capabilities", "payouts_", "transfers_", "bank_account_")


def outcome_of(error: stripe.StripeError) -> Outcome:
    """This function will sort an error into one of our outcomes.

    What may have been executed is unknown; only a clear refusal is definite.
    """
    return Outcome(
        kind=_kind_of(error),
        http_status=error.http_status,
        request_id=error.request_id or "",
        was_replay=is_replay(error.headers),
        detail=(error.code or type(error).__name__)[:200],
    )


def is_replay(headers: Any) -> bool:
    """This function will tell whether Stripe answered from memory, under a key it had seen."""
    return any(
        name.lower() == "idempotent-replayed" and str(value).lower() == "true"
        for name, value in (headers or {}).items()
    )


def _kind_of(error: stripe.StripeError) -> OutcomeKind:
    if isinstance(error, stripe.RateLimitError) or error.http_status == 429 or error.code == "lock_timeout":
        return K.THROTTLED
    match error:
        case stripe.IdempotencyError() if error.http_status != 409:
            return K.KEY_MISUSE
        case stripe.InvalidRequestError():
            return _refusal(error.code or "", str(error.param or ""))
        case stripe.CardError():
            return _refusal(error.code or "", "")
        case stripe.AuthenticationError() | stripe.PermissionError():
            return K.ACCOUNT_REFUSED if (error.code or "") in _ACCOUNT else K.CONFIGURATION
    return _uncertain(error)


def _refusal(code: str, param: str) -> OutcomeKind:
    if code in _NO_FUNDS:
        return K.NO_FUNDS
    is_about_account = code in _ACCOUNT or code.startswith(_ABOUT_ACCOUNT) or param == "destination"
    return K.ACCOUNT_REFUSED if is_about_account else K.CONFIGURATION


def _uncertain(error: stripe.StripeError) -> OutcomeKind:
    if error.http_status == 409:
        return K.IN_FLIGHT
    is_server_error = error.http_status is not None and error.http_status >= 500
    return K.FROZEN_ERROR if is_server_error and is_replay(error.headers) else K.UNKNOWN
