"""Questions that change nothing, and what it means when they are not answered."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import stripe

from payments.errors import RailUnavailable, UnknownRemote
from payments.gateways.guard import outside_transactions
from payments.gateways.stripe.answers import code_of

P = ParamSpec("P")
R = TypeVar("R")


def asking(call: Callable[P, R]) -> Callable[P, R]:
    """This function will wrap a question to Stripe: outside transactions, its failures in our own words.

    Raises:
        UnknownRemote: Stripe has nothing under that reference, or not for us.
        RailUnavailable: no answer that says anything.
    """

    @wraps(call)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except stripe.StripeError as error:
            raise _in_our_words(error) from error

    return outside_transactions(asked)


def _in_our_words(error: stripe.StripeError) -> RailUnavailable | UnknownRemote:
    code = code_of(error)
    context = {"code": code or type(error).__name__, "status": error.http_status}
    is_absent = error.http_status == 404 or code in ("resource_missing", "account_invalid", "not_found")
    return UnknownRemote(context=context) if is_absent else RailUnavailable(context=context)
