"""What every rail can do, and which rails there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from django.conf import settings

from gigcx.kernel.money import Money
from payments.actions.accounts import SELF_SERVE, AccountFacts
from payments.actions.outcomes import Outcome, PaymentOrder, RemotePayment
from payments.gateways.modes import require_sound_mode
from payments.states import RailCode


@dataclass(frozen=True, slots=True)
class RailBalance:
    """What a rail holds of one currency, in minor units. Only `available_minor` can be sent."""

    available_minor: int
    pending_minor: int


@dataclass(frozen=True, slots=True)
class InstantOffer:
    """What a rail says of paying an account at once. Our fee is ours and not part of it."""

    arrives_within: timedelta


class PayoutRail(Protocol):
    """A way for money to leave. Every call is made outside transactions; every write carries our own key."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def is_real_money(self) -> bool: ...

    def open_account(self, *, account_id: UUID, country: str, email: str, key: str) -> str:
        """This function will open the agent's account on the rail and return its reference."""

    def onboarding_link(self, *, ref: str, return_url: str, refresh_url: str, key: str) -> str:
        """This function will return the address where the agent completes the account."""

    def account_facts(self, ref: str) -> AccountFacts:
        """This function will return what the rail knows about an account."""

    def send(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will order one payment and say what came of it; it never raises for an answer."""

    def find(self, group: UUID) -> tuple[RemotePayment, ...]:
        """This function will return every payment of one item."""

    def payments_since(self, at: datetime) -> tuple[RemotePayment, ...]:
        """This function will return every payment made from a moment on."""

    def balance(self, currency: str) -> RailBalance:
        """This function will return what the rail holds."""

    def quote_instant(self, *, ref: str, amount: Money) -> InstantOffer:
        """This function will say how soon the account's bank would have an amount sent at once.

        Raises:
            NotOffered: the account or its bank cannot; the message says why.
        """

    def send_instant(self, order: PaymentOrder, *, key: str) -> Outcome:
        """This function will send what a settled order put on the agent's balance (`destination`) on to the bank, at once.

        The platform's money does not move. It never raises for an answer; `group` names the item again.
        """


def _sandbox() -> PayoutRail:
    from payments.gateways.sandbox import SandboxRail

    return SandboxRail()


def _stripe_connect() -> PayoutRail:
    from payments.gateways.stripe import StripeConnectRail

    return StripeConnectRail.from_settings()


def _manual_bank_file() -> PayoutRail:
    from payments.gateways.manual_bank_file import ManualBankFileRail

    return ManualBankFileRail()


_BUILDERS: Final[dict[str, Callable[[], PayoutRail]]] = {
    RailCode.SANDBOX: _sandbox,
    RailCode.STRIPE_CONNECT: _stripe_connect,
    RailCode.MANUAL_BANK_FILE: _manual_bank_file,
}


def rail_of(code: str) -> PayoutRail:
    """This function will build a rail. Mode and keys are judged again each time.

    Raises:
        ImproperlyConfigured: the settings could move the wrong money.
        KeyError: there is no such rail.
    """
    require_sound_mode()
    return _BUILDERS[code]()


def rails() -> tuple[str, ...]:
    """This function will return the rails that the present mode may use: the sandbox, or Stripe, then the bank file."""
    return (main_rail(), RailCode.MANUAL_BANK_FILE)


def main_rail() -> str:
    """This function will return the rail that most agents are paid on in the present mode."""
    return RailCode.SANDBOX if settings.PAYMENTS_MODE == "sandbox" else RailCode.STRIPE_CONNECT


def rail_for(country: str) -> str:
    """This function will return the rail for bank accounts of a country: where no other pays, files for our own bank."""
    return main_rail() if country in SELF_SERVE else RailCode.MANUAL_BANK_FILE
