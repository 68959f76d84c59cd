"""Brands' money for tests: prepaid wallets that were filled, top-ups that were paid on the pretended page."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand
from payments import actions
from payments.actions.checkouts import CollectionFacts, CollectionState
from payments.gateways import collecting
from payments.gateways.sandbox_collection import SandboxCollection
from payments.models import BrandFunds, BrandHold, TopUp
from payments.states import FundsMode, RailCode
from tests.cast import MONDAY_NOON
from tests.factories.payments import SYSTEM

SOON = MONDAY_NOON + timedelta(days=1)
RETURN = "https://gigcx.test/b/acme/billing/"


def make_prepaid(brand: Brand, minor: int = 0, *, at: datetime = MONDAY_NOON) -> BrandFunds:
    """The brand pays before work, with so much in its wallet."""
    funds = actions.set_funds_mode(brand_id=brand.pk, currency="USD", mode=FundsMode.PREPAID, by=SYSTEM, at=at)
    if minor:
        fill_wallet(brand, minor, at=at)
    return funds


def make_terms(brand: Brand, limit_minor: int) -> BrandFunds:
    """The brand pays by invoice, up to a limit."""
    return actions.set_terms(
        brand_id=brand.pk,
        currency="USD",
        credit_limit_minor=limit_minor,
        days_until_due=14,
        by=SYSTEM,
        at=MONDAY_NOON,
    )


def begin(brand: Brand, minor: int, *, at: datetime = MONDAY_NOON, by: Any = SYSTEM) -> TopUp:
    """A top-up that was begun and whose page nobody has opened."""
    amount = Money(minor, "USD")
    return actions.start_top_up(brand_id=brand.pk, amount=amount, rail=RailCode.SANDBOX, by=by, at=at)


def paid(minor: int, ref: str = "", **fields: Any) -> CollectionFacts:
    """What the other side says of a payment that has settled."""
    given = {"state": CollectionState.PAID, "amount_minor": minor, "currency": "USD", "method": "card", **fields}
    return CollectionFacts(payment_ref=ref or f"sbx_py_{uuid4().hex[:12]}", **given)


def fill_wallet(brand: Brand, minor: int, *, at: datetime = MONDAY_NOON, ref: str = "") -> TopUp:
    """A settled top-up."""
    top_up = begin(brand, minor, at=at)
    return actions.settle_top_up(top_up_id=top_up.pk, facts=paid(minor, ref), by=SYSTEM, at=at)


def open_page(top_up: TopUp, *, saves_method: bool = False) -> str:
    """The pretended page of a top-up."""
    return collecting.open_page(
        top_up, return_url=RETURN, cancel_url=RETURN, saves_method=saves_method, at=top_up.started_at
    )


def pay(top_up: TopUp, way: str = "card", *, saves_method: bool = False) -> TopUp:
    """The pretended payer presses the button, and we ask."""
    open_page(top_up, saves_method=saves_method)
    SandboxCollection().pay(ref=f"sbx_cs_{top_up.pk.hex[-20:]}", way=way)
    return collecting.look_up(top_up.pk)


def set_aside(brand: Brand, program: Any, minor: int, **given: Any) -> BrandHold:
    """A hold for coming work."""
    asked: dict[str, Any] = {"source_kind": "request", "source_id": uuid4(), "until": SOON, "at": MONDAY_NOON, **given}
    return actions.hold_funds(brand_id=brand.pk, program_id=program.pk, amount=Money(minor, "USD"), **asked)


def fresh(top_up_id: UUID) -> TopUp:
    """The top-up as it is now."""
    return TopUp.objects.across_brands().get(pk=top_up_id)
