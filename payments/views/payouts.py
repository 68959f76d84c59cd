"""An agent's payouts."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import day_text, moment_text, money_text
from payments.models import PayoutItem
from payments.queries import destination_facts, next_payout_at, payouts_for
from payments.queries.pages import page_of
from payments.states import InstantState, ItemState
from payments.views import words
from payments.views.earnings import tabs

PAGE: Final = 30
_BADGES: Final = {
    ItemState.ARRIVED: ("cover", "check"),
    ItemState.TRANSFERRED: ("accent", "arrow-right"),
    ItemState.HELD: ("short", "pause"),
    ItemState.RETURNED: ("short", "undo"),
}


@agent_page
def payouts(request: AgentRequest) -> HttpResponse:
    """This function will list payouts; transferred and arrived are told apart."""
    page = page_of(payouts_for(request.actor), by="planned_at", after=request.GET.get("after", ""), size=PAGE)
    context = {
        "page_title": _("Payouts"),
        "tabs": tabs("payouts"),
        "rows": [_row(item) for item in page.rows],
        "next_url": f"?after={page.next_cursor}" if page.next_cursor else "",
        "first_words": _("Payouts leave every week, the next one %(when)s, from 5.00 on. Your first one appears here.")
        % {"when": moment_text(next_payout_at(clock.now()))},
    }
    return render(request, "payments/payout_list.html", context)


def _row(item: PayoutItem) -> dict[str, Any]:
    kind, icon = _BADGES.get(ItemState(item.state), ("line", "clock"))
    statement = getattr(item, "statement", None)
    return {
        "day": day_text(item.transferred_at or item.planned_at),
        "amount": money_text(item.money),
        "where": destination_facts(item),
        "state": _state_words(item),
        "badge": {"kind": kind, "icon": icon, "text": _badge_text(item)},
        "url": reverse("payments:statement", kwargs={"statement_id": statement.pk}) if statement else "",
        "number": statement.number if statement else "",
    }


def _badge_text(item: PayoutItem) -> str:
    if item.state in (ItemState.SENDING, ItemState.UNKNOWN, ItemState.PLANNED):
        return _("On its way")
    return str(ItemState(item.state).label)


def _state_words(item: PayoutItem) -> str:
    if item.state == ItemState.HELD and item.hold_until:
        return _("%(why)s. Mend your payout account by %(when)s, or it goes into a later payout.") % {
            "why": words.hold_reason(item.hold_reason).capitalize(),
            "when": day_text(item.hold_until),
        }
    quote = getattr(item, "instant_quote", None)
    if quote is not None and quote.state == InstantState.FAILED:
        return _("Not at once after all: it goes the ordinary way, and the fee is yours again")
    if item.arrived_at:
        return _("arrived %(when)s") % {"when": moment_text(item.arrived_at)}
    if item.transferred_at:
        return _("transferred %(when)s") % {"when": moment_text(item.transferred_at)}
    return _("planned %(when)s") % {"when": moment_text(item.planned_at)}
