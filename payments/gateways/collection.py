"""How money of brands reaches us: one protocol, the sandbox or Stripe behind it."""

from collections.abc import Callable
from typing import Final, Protocol
from uuid import UUID

from django.conf import settings

from gigcx.kernel.money import Money
from payments.actions.checkouts import (
    CheckoutOrder,
    CheckoutSession,
    CollectionFacts,
    MirrorFacts,
    MirrorOrder,
    RefundAnswer,
    SavedCharge,
)
from payments.gateways.modes import require_sound_mode
from payments.states import RailCode


class BrandCollection(Protocol):
    """A way for brands to pay. Every call is made outside transactions; every write carries our own stored key.

    A lost answer, a timeout, a 409, a 429 or a server error raises `CollectionUnknown`; the caller asks again with the same
    key and the same words, or looks the payment up. A refusal for good raises `CollectionRefused`.
    """

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def is_real_money(self) -> bool: ...

    def open_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutSession:
        """This function will open a page where the brand pays; the same key gives the same page."""

    def charge_saved(self, order: SavedCharge, *, key: str) -> CollectionFacts:
        """This function will charge the saved method; the facts may say that it is still on its way."""

    def find(self, *, checkout_ref: str = "", payment_ref: str = "") -> CollectionFacts | None:
        """This function will look one payment up by either reference; None when there is none."""

    def find_of(self, top_up_id: UUID) -> tuple[CollectionFacts, ...]:
        """This function will look up every payment made for one top-up: more than one is a finding."""

    def refund(self, *, top_up_id: UUID, payment_ref: str, amount: Money, key: str) -> RefundAnswer:
        """This function will send money back the way it came, once a top-up: what was sent before is found, not sent."""

    def mirror_invoice(self, order: MirrorOrder, *, key: str) -> MirrorFacts:
        """This function will copy an issued invoice to the other side, finalized, under our number and never sent by it."""

    def void_invoice(self, *, ref: str, key: str) -> None:
        """This function will void a copy that does not equal our invoice."""


def _sandbox() -> BrandCollection:
    from payments.gateways.sandbox_collection import SandboxCollection

    return SandboxCollection()


def _stripe() -> BrandCollection:
    from payments.gateways.stripe.collection import StripeCollection

    return StripeCollection.from_settings()


_BUILDERS: Final[dict[str, Callable[[], BrandCollection]]] = {
    RailCode.SANDBOX: _sandbox,
    RailCode.STRIPE_CONNECT: _stripe,
}


def collecting_rail() -> str:
    """This function will return the rail on which brands pay in the present mode."""
    return RailCode.SANDBOX if settings.PAYMENTS_MODE == "sandbox" else RailCode.STRIPE_CONNECT


def collection_of(rail: str) -> BrandCollection:
    """This function will build the way of one rail. Mode and keys are judged again each time.

    Raises:
        ImproperlyConfigured: the settings could move the wrong money.
        KeyError: brands cannot pay on this rail.
    """
    require_sound_mode()
    return _BUILDERS[rail]()
