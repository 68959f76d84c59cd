"""Every request we may make to Stripe, with the parameter type of the SDK that is installed."""

import re
import types
import typing
from collections.abc import Iterable
from typing import Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID

import stripe
from stripe import params as v1
from stripe._stripe_object import UntypedStripeObject
from stripe.params import checkout
from stripe.params.v2.core import AccountCreateParams, AccountLinkCreateParams, AccountRetrieveParams
from typing_extensions import get_type_hints, is_typeddict  # the SDK's types are made with these

from tests.fakes.stripe_state import Seen

NAMES = {
    **vars(typing),
    **vars(v1),
    **vars(checkout),
    "StripeContext": stripe.StripeContext,
    "UntypedStripeObject": UntypedStripeObject,
}

SHAPES: Final[dict[tuple[str, str], Any]] = {
    ("POST", "/v2/core/accounts"): AccountCreateParams,
    ("POST", "/v2/core/account_links"): AccountLinkCreateParams,
    ("GET", "/v2/core/accounts/{}"): AccountRetrieveParams,
    ("GET", "/v1/accounts/{}/external_accounts"): v1.AccountExternalAccountListParams,
    ("POST", "/v1/transfers"): v1.TransferCreateParams,
    ("GET", "/v1/transfers"): v1.TransferListParams,
    ("GET", "/v1/transfers/{}"): v1.TransferRetrieveParams,
    ("POST", "/v1/payouts"): v1.PayoutCreateParams,
    ("GET", "/v1/payouts"): v1.PayoutListParams,
    ("GET", "/v1/payouts/{}"): v1.PayoutRetrieveParams,
    ("GET", "/v1/balance"): v1.BalanceRetrieveParams,
    ("GET", "/v1/balance_settings"): v1.BalanceSettingsRetrieveParams,
    ("GET", "/v1/balance_transactions"): v1.BalanceTransactionListParams,
    ("GET", "/v1/events"): v1.EventListParams,
    ("POST", "/v1/checkout/sessions"): checkout.SessionCreateParams,
    ("GET", "/v1/checkout/sessions/{}"): checkout.SessionRetrieveParams,
    ("POST", "/v1/payment_intents"): v1.PaymentIntentCreateParams,
    ("GET", "/v1/payment_intents"): v1.PaymentIntentListParams,
    ("GET", "/v1/payment_intents/{}"): v1.PaymentIntentRetrieveParams,
    ("POST", "/v1/refunds"): v1.RefundCreateParams,
    ("GET", "/v1/refunds"): v1.RefundListParams,
    ("POST", "/v1/customers"): v1.CustomerCreateParams,
    ("POST", "/v1/invoices"): v1.InvoiceCreateParams,
    ("GET", "/v1/invoices/{}"): v1.InvoiceRetrieveParams,
    ("POST", "/v1/invoices/{}/add_lines"): v1.InvoiceAddLinesParams,
    ("POST", "/v1/invoices/{}/finalize"): v1.InvoiceFinalizeInvoiceParams,
    ("POST", "/v1/invoices/{}/void"): v1.InvoiceVoidInvoiceParams,
    ("GET", "/v1/disputes/{}"): v1.DisputeRetrieveParams,
}
_KEY: Final = re.compile(r"gigcx:[a-z_-]+:[0-9a-f-]{36}:[0-9a-z:-]+")


def shape_of(seen: Seen) -> Any:
    """The parameter type of a request, or None where nobody should make it."""
    for (method, path), shape in SHAPES.items():
        if method == seen.method and re.fullmatch(path.replace("{}", "[A-Za-z0-9_]+"), seen.path):
            return shape
    return None


def wrongs(requests: Iterable[Seen]) -> list[str]:
    """What is wrong with requests: their parameters, their keys, or what they tell about people."""
    return [f"{one.method} {one.path}: {wrong}" for one in requests for wrong in _wrongs_of(one)]


def _wrongs_of(seen: Seen) -> list[str]:
    shape = shape_of(seen)
    if shape is None:
        return ["not on the list"]
    found = problems(seen.params, shape)
    if seen.method == "POST" and (not _KEY.fullmatch(seen.key) or len(seen.key) > 255):
        found.append(f"key {seen.key!r} is not one of ours")
    return found + [f"metadata {name} = {value!r}" for name, value in _metadata(seen.params) if not is_id(value)]


def _metadata(params: Any) -> Iterable[tuple[str, str]]:
    if isinstance(params, list):
        for one in params:
            yield from _metadata(one)
    elif isinstance(params, dict):
        for name, value in params.items():
            yield from value.items() if name == "metadata" else _metadata(value)


def is_id(text: str) -> bool:
    """Is it an id, which tells nothing about anybody?"""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def problems(value: Any, hint: Any, path: str = "") -> list[str]:  # noqa: PLR0911  one answer a kind of type
    """Keys the SDK does not know, keys it requires, and literals outside its lists."""
    if get_origin(hint) in (Union, types.UnionType):
        found = [problems(value, one, path) for one in get_args(hint) if one is not type(None)]
        return min(found, key=len)
    if is_typeddict(hint):
        return _dict_problems(value, hint, path)
    if get_origin(hint) is Literal:
        return [] if value in get_args(hint) else [f"{path}: {value!r} is none of {get_args(hint)}"]
    if get_origin(hint) is list:
        if not isinstance(value, list):
            return [f"{path}: {value!r} is no list"]
        return [one for item in value for one in problems(item, get_args(hint)[0], path)]
    if hint is int and not re.fullmatch(r"-?\d+", str(value)):
        return [f"{path}: {value!r} is no whole number"]
    if hint is bool and str(value).lower() not in ("true", "false"):
        return [f"{path}: {value!r} is no yes or no"]
    return []


def _dict_problems(value: Any, hint: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no object"]
    known = get_type_hints(hint, localns=NAMES)
    found = [f"{path}.{key}: unknown" for key in value if key not in known]
    found += [f"{path}.{key}: missing" for key in hint.__required_keys__ if key not in value]
    return found + [
        one for key, part in value.items() if key in known for one in problems(part, known[key], f"{path}.{key}")
    ]
