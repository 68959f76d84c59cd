"""Every request we make, against the parameter types of the SDK that is installed; and the fake against its objects."""

import types
import typing
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid4

import pytest
import stripe
from stripe._stripe_object import UntypedStripeObject
from stripe.params import TransferCreateParams, TransferListParams
from stripe.params.v2.core import AccountCreateParams, AccountLinkCreateParams, AccountRetrieveParams
from typing_extensions import get_type_hints, is_typeddict  # the SDK's types are made with these

from gigcx.kernel.money import Money
from payments.actions import PaymentOrder
from payments.errors import PaymentDiffers
from payments.gateways import PayoutRail
from payments.gateways.stripe.amounts import our_amount, stripe_amount
from payments.states import OutcomeKind
from tests.fakes.stripe_server import FakeStripe

pytestmark = pytest.mark.django_db
GROUP = UUID(int=7)
NAMES = {**vars(typing), "StripeContext": stripe.StripeContext, "UntypedStripeObject": UntypedStripeObject}


def order(amount: int = 1600, destination: str = "acct_1", group: UUID = GROUP) -> PaymentOrder:
    return PaymentOrder(amount_minor=amount, currency="USD", destination=destination, group=group, run=UUID(int=8))


def problems(value: Any, hint: Any, path: str = "") -> list[str]:
    """Keys the SDK does not know, keys it requires, and literals outside its lists."""
    if get_origin(hint) in (Union, types.UnionType):
        found = [problems(value, one, path) for one in get_args(hint) if one is not type(None)]
        return min(found, key=len)
    if is_typeddict(hint):
        return _dict_problems(value, hint, path)
    if get_origin(hint) is Literal:
        return [] if value in get_args(hint) else [f"{path}: {value!r} is none of {get_args(hint)}"]
    if get_origin(hint) is list and isinstance(value, list):
        return [one for item in value for one in problems(item, get_args(hint)[0], path)]
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


def test_every_request_has_the_shape_that_the_sdk_types_ask_for(rail: PayoutRail, stripe_side: FakeStripe) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k-account")
    rail.onboarding_link(ref=ref, return_url="https://x.test/a", refresh_url="https://x.test/b", key="k-link")
    rail.account_facts(ref)
    rail.send(order(destination=ref), key="k-pay")
    rail.find(GROUP)
    shapes: dict[tuple[str, str], Any] = {
        ("POST", "/v2/core/accounts"): AccountCreateParams,
        ("POST", "/v2/core/account_links"): AccountLinkCreateParams,
        ("GET", f"/v2/core/accounts/{ref}"): AccountRetrieveParams,
        ("POST", "/v1/transfers"): TransferCreateParams,
        ("GET", "/v1/transfers"): TransferListParams,
    }
    assert {(one.method, one.path) for one in stripe_side.seen} == set(shapes)
    for one in stripe_side.seen:
        params = {"include": list(one.params["include"].values())} if "include" in one.params else one.params
        assert problems(params, shapes[one.method, one.path]) == [], one.path


def test_a_parameter_that_the_sdk_does_not_know_would_be_seen() -> None:
    assert problems({"currency": "usd", "destination": "x", "acount": 1}, TransferCreateParams) == [".acount: unknown"]
    assert problems({"destination": "x"}, TransferCreateParams) == [".currency: missing"]


def test_every_write_carries_our_own_key(rail: PayoutRail, stripe_side: FakeStripe) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="gigcx:account:x:1")
    rail.onboarding_link(ref=ref, return_url="https://x.test/a", refresh_url="https://x.test/b", key="gigcx:link:x")
    rail.send(order(destination=ref), key="gigcx:payout:x:1")
    writes = [one for one in stripe_side.seen if one.method == "POST"]
    assert [one.key for one in writes] == ["gigcx:account:x:1", "gigcx:link:x", "gigcx:payout:x:1"]


def test_the_fakes_transfer_has_only_fields_that_the_sdks_object_knows(
    rail: PayoutRail, stripe_side: FakeStripe
) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    rail.send(order(destination=ref), key="p")
    known = {name for part in stripe.Transfer.__mro__ for name in getattr(part, "__annotations__", {})}
    assert set(stripe_side.transfers[0]) <= known | {"id"}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("", OutcomeKind.DONE),
        ("lost", OutcomeKind.UNKNOWN),
        ("500", OutcomeKind.UNKNOWN),
        ("409", OutcomeKind.IN_FLIGHT),
        ("429", OutcomeKind.THROTTLED),
        ("empty", OutcomeKind.NO_FUNDS),
        ("closed", OutcomeKind.ACCOUNT_REFUSED),
        ("unauthorized", OutcomeKind.CONFIGURATION),
    ],
)
def test_each_answer_of_the_other_side_is_one_outcome(
    rail: PayoutRail, stripe_side: FakeStripe, fault: str, kind: OutcomeKind
) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    stripe_side.faults = [fault] if fault else []
    asked = len(stripe_side.seen)
    assert rail.send(order(destination=ref), key="p").kind == kind
    assert len(stripe_side.seen) == asked + 1  # the SDK never asks again by itself


def test_a_lost_answer_is_replayed_under_the_same_key_and_money_moves_once(
    rail: PayoutRail, stripe_side: FakeStripe
) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    stripe_side.faults = ["lost"]
    assert rail.send(order(destination=ref), key="p").kind == OutcomeKind.UNKNOWN
    again = rail.send(order(destination=ref), key="p")
    assert (again.kind, again.was_replay) == (OutcomeKind.DONE, True)
    assert len(stripe_side.transfers) == 1


def test_a_replayed_500_is_told_apart_and_the_payment_is_found_by_its_group(
    rail: PayoutRail, stripe_side: FakeStripe
) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    stripe_side.faults = ["500"]
    assert rail.send(order(destination=ref), key="p").kind == OutcomeKind.UNKNOWN
    assert rail.send(order(destination=ref), key="p").kind == OutcomeKind.FROZEN_ERROR
    (found,) = rail.find(GROUP)
    assert found.fulfils(order(destination=ref))
    assert rail.find(uuid4()) == ()


def test_a_key_used_for_another_amount_is_key_misuse(rail: PayoutRail, stripe_side: FakeStripe) -> None:
    ref = rail.open_account(account_id=uuid4(), country="US", email="ada@example.test", key="k")
    rail.send(order(destination=ref), key="p")
    assert rail.send(order(amount=1, destination=ref), key="p").kind == OutcomeKind.KEY_MISUSE
    assert len(stripe_side.transfers) == 1


def test_the_balance_tells_available_from_pending(rail: PayoutRail, stripe_side: FakeStripe) -> None:
    stripe_side.available = 4200
    assert (rail.balance("USD").available_minor, rail.balance("USD").pending_minor) == (4200, 0)
    assert rail.balance("EUR").available_minor == 0


@pytest.mark.parametrize(
    ("money", "expected"), [(Money(5, "JPY"), 5), (Money(5, "ISK"), 500), (Money(1230, "KWD"), 1230)]
)
def test_special_currencies_are_counted_as_stripe_counts_them(money: Money, expected: int) -> None:
    assert stripe_amount(money) == expected
    assert our_amount(expected, money.currency) == money.amount_minor


@pytest.mark.parametrize("money", [Money(1234, "HUF"), Money(1231, "KWD")])
def test_an_amount_that_stripe_cannot_pay_exactly_is_refused(money: Money) -> None:
    with pytest.raises(PaymentDiffers):
        stripe_amount(money)
