"""What Stripe's errors mean for a payout."""

from datetime import timedelta
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
# Some refusals carry no code, only Stripe's words; each is as definite as with one.
_WORDS_OF_FUNDS: Final = ("insufficient available funds", "insufficient funds", "balance is too low")
_WORDS_OF_ACCOUNT: Final = ("destination", "capabilit", "connected account", "account_invalid")


def outcome_of(error: stripe.StripeError) -> Outcome:
    """This function will sort an error into one of our outcomes.

    What may have been executed is unknown; only a clear refusal is definite.
    """
    return Outcome(
        kind=_kind_of(error),
        http_status=error.http_status,
        request_id=error.request_id or "",
        was_replay=is_replay(error.headers),
        detail=(code_of(error) or type(error).__name__)[:200],
        retry_after=retry_after_of(error.headers),
    )


def code_of(error: stripe.StripeError) -> str:
    """This function will return the code in an error's body; the SDK keeps it from some kinds of error."""
    return str(error.code or getattr(error.error, "code", None) or "")


def is_replay(headers: Any) -> bool:
    """This function will tell whether Stripe answered from memory, under a key it had seen."""
    return _header(headers, "idempotent-replayed").lower() == "true"


def retry_after_of(headers: Any) -> timedelta | None:
    """This function will return how long Stripe asks us to wait, or None where it does not say in seconds."""
    said = _header(headers, "retry-after").strip()
    return timedelta(seconds=int(said)) if said.isascii() and said.isdigit() and len(said) < 6 else None


def _header(headers: Any, wanted: str) -> str:
    return next((str(value) for name, value in (headers or {}).items() if name.lower() == wanted), "")


def _kind_of(error: stripe.StripeError) -> OutcomeKind:
    code = code_of(error)
    if isinstance(error, stripe.RateLimitError) or error.http_status == 429 or code in ("lock_timeout", "rate_limit"):
        return K.THROTTLED
    match error:
        case stripe.IdempotencyError() if error.http_status != 409:
            return K.KEY_MISUSE
        case stripe.InvalidRequestError() | stripe.CardError():
            return _refusal(code, str(error.param or ""), str(error.user_message or ""))
        case stripe.PermissionError():
            return _refusal(code, "", str(error.user_message or ""))
        case stripe.AuthenticationError():
            return K.ACCOUNT_REFUSED if code in _ACCOUNT else K.CONFIGURATION
    return _uncertain(error)


def _refusal(code: str, param: str, words: str) -> OutcomeKind:
    said = "" if code else words.lower()
    if code in _NO_FUNDS or any(one in said for one in _WORDS_OF_FUNDS):
        return K.NO_FUNDS
    is_known = code in _ACCOUNT or code.startswith(_ABOUT_ACCOUNT) or param == "destination"
    return K.ACCOUNT_REFUSED if is_known or any(one in said for one in _WORDS_OF_ACCOUNT) else K.CONFIGURATION


def _uncertain(error: stripe.StripeError) -> OutcomeKind:
    if error.http_status == 409:
        return K.IN_FLIGHT
    is_server_error = error.http_status is not None and error.http_status >= 500
    return K.FROZEN_ERROR if is_server_error and is_replay(error.headers) else K.UNKNOWN
