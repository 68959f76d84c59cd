"""What people are told about payouts and lines."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.accounts.models import User
from gigcx.audit.outbox import Delivered
from gigcx.notify.registries import Kind, Message, Reach, kind, tell
from payments.actions.rails import THROTTLED
from payments.events import (
    EarningHeld,
    InstantPayoutFailed,
    PayoutAccountChanged,
    PayoutHeld,
    PayoutReturned,
    PayoutTransferred,
    RailStopped,
)
from payments.policies import DISPUTE_HOLD
from payments.states import RailCode
from recruiting.models import Agent


def register() -> None:
    """This function will tell whom what concerns."""
    kind(Kind("payout", gettext_lazy("Payouts")))
    kind(Kind("payout_trouble", gettext_lazy("A payout needs you"), is_mandatory=True))
    kind(Kind("payout_account", gettext_lazy("Your payout account changed"), is_urgent=True, is_mandatory=True))
    kind(Kind("earning_held", gettext_lazy("A line is held")))
    tell(PayoutTransferred, "payout", payout_left)
    tell(PayoutHeld, "payout_trouble", payout_waits)
    tell(PayoutReturned, "payout_trouble", payout_returned)
    tell(InstantPayoutFailed, "payout_trouble", instant_failed)
    kind(Kind("rail_stopped", gettext_lazy("A payout rail stopped"), is_urgent=True, reaches=Reach.OPS))
    tell(RailStopped, "rail_stopped", rail_stopped)
    tell(PayoutAccountChanged, "payout_account", account_changed)
    tell(EarningHeld, "earning_held", line_held)


def payout_left(fact: PayoutTransferred, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that money is on its way to the bank."""
    return _to_agent(fact.agent_id, _("Your payout was transferred"), "payments:payouts")


def payout_waits(fact: PayoutHeld, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent what keeps a payout, and lead to where it is solved."""
    title = _("Your payout is waiting for you")
    if fact.reason == "missing_tax":
        text = _(
            "A tax form is missing. Give it, and the payout leaves; otherwise your money stays ready for a later one."
        )
        return _to_agent(fact.agent_id, title, "payments:payouts", text)
    return _to_agent(fact.agent_id, title, "payments:payout-account")


def instant_failed(fact: InstantPayoutFailed, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that a payout goes the ordinary way and that the fee is theirs again."""
    text = _("Your bank did not take it at once. The money goes the ordinary way, and the fee is yours again.")
    return _to_agent(fact.agent_id, _("Your payout takes a little longer"), "payments:payouts", text)


def rail_stopped(fact: RailStopped, delivered: Delivered) -> Iterable[Message]:
    """This function will tell ops that nothing leaves on a rail, and why. A rail that only asks for patience is no news."""
    if fact.reason == THROTTLED:
        return []
    title = _("%(rail)s stopped: nothing leaves on it") % {"rail": RailCode(fact.rail).label}
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk").values_list("pk", flat=True)
    return [
        Message(one, title, fact.reason, reverse("admin:payments_board"), _("Open the money board")) for one in staff
    ]


def payout_returned(fact: PayoutReturned, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that the bank sent a payout back."""
    return _to_agent(fact.agent_id, _("Your bank sent a payout back"), "payments:payouts")


def account_changed(fact: PayoutAccountChanged, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the person at their known address that their money shall go elsewhere."""
    return _to_agent(
        fact.agent_id,
        _("Your payout account was changed"),
        "payments:payout-account",
        _(
            "It rests for 48 hours before it is used, and we ask you once more who you are: see Your identity. If this was "
            "not you, change your password and tell us now."
        ),
    )


def line_held(fact: EarningHeld, delivered: Delivered) -> Iterable[Message]:
    """This function will tell the agent that a line waits, and where to read why; a dispute is told in its own words."""
    if fact.reason == DISPUTE_HOLD:
        return []
    return _to_agent(fact.agent_id, _("A line of your earnings is held"), "payments:earnings")


def _to_agent(agent_id: Any, title: str, url_name: str, text: str = "") -> list[Message]:
    user_id = Agent.objects.across_brands().values_list("user_id", flat=True).get(pk=agent_id)
    return [Message(user_id, title, text, reverse(url_name), _("Have a look"))]
