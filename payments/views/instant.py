"""Being paid at once: what it costs and when it would be free, before anything is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.money import Money
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import moment_text, money_text
from payments import actions, tasks
from payments.gateways import instant as gateway
from payments.models import InstantQuote
from payments.queries import agent_balance, current_account, next_payout_at
from payments.queries.instant_fees import instant_fee_now
from payments.queries.payouts import quote_for
from payments.states import InstantState
from payments.views.earnings import tabs


@require_http_methods(["GET", "POST"])
@agent_page
def offer(request: AgentRequest) -> HttpResponse:
    """This function will show what is ready, the free date and the fee; a press asks the bank for an offer."""
    at = clock.now()
    if request.method == "POST":
        return _ask(request, at)
    account = current_account(request.actor.agent_id)
    ready = [one for one in agent_balance(request.actor.agent_id, at=at) if one.available.amount_minor > 0]
    context = {
        "page_title": _("Instant payout"),
        "tabs": tabs("payouts"),
        "free": moment_text(next_payout_at(at)),
        "account": account,
        "rows": [_ready(one.available, account, request.actor.agent_id, at) for one in ready],
    }
    return render(request, "payments/instant_page.html", context)


def _ask(request: AgentRequest, at: datetime) -> HttpResponse:
    held = {one.currency for one in agent_balance(request.actor.agent_id, at=at)}
    currency = request.POST.get("currency", "")
    if currency not in held:
        return redirect("payments:instant")
    try:
        found = gateway.ask_for_quote(actor=request.actor, currency=currency, at=at)
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("payments:instant")
    return redirect("payments:instant-quote", instant_quote_id=found.pk)


def _ready(money: Money, account: Any, agent_id: UUID, at: datetime) -> dict[str, Any]:
    fee = Money(instant_fee_now(agent_id, money.currency), money.currency)
    why_not = "" if account is None else actions.refusal_of(account, money.currency, money.amount_minor, at=at)
    return {
        "currency": money.currency,
        "figure": money_text(money),
        "lines": _sums(money, fee, _("Ready to pay")) if not why_not else [],
        "why_not": why_not,
    }


def _sums(money: Money, fee: Money, name: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "figure": money_text(money)},
        {"name": _("Instant payout fee"), "figure": money_text(-fee)},
        {"name": _("You would get"), "figure": money_text(money - fee), "is_total": True},
    ]


@require_http_methods(["GET", "POST"])
@agent_page
def quote(request: AgentRequest, instant_quote_id: UUID) -> HttpResponse:
    """This function will show an offer; a press takes it, and a second press changes nothing."""
    found = quote_for(request.actor, instant_quote_id)
    if request.method == "POST":
        return _take(request, found)
    at = clock.now()
    money, fee = Money(found.amount_minor, found.currency), Money(found.fee_minor, found.currency)
    context = {
        "page_title": _("Instant payout"),
        "tabs": tabs("payouts"),
        "is_open": found.state == InstantState.QUOTED and found.expires_at > at,
        "state": str(InstantState(found.state).label),
        "free": moment_text(next_payout_at(at)),
        "facts": _facts(found),
        "lines": _sums(money, fee, _("Ready to pay, %(n)s lines") % {"n": len(found.earning_ids)}),
        "label": _("Send %(amount)s now") % {"amount": money_text(money - fee)},
        "can_see_result": found.item is not None,
    }
    return render(request, "payments/instant_quote.html", context)


def _facts(found: InstantQuote) -> Sequence[dict[str, str]]:
    return [
        {"term": _("To"), "text": _("account ending in %(last4)s") % {"last4": found.account.last4}},
        {"term": _("At your bank by"), "text": moment_text(found.arrives_at)},
        {"term": _("Offer ends"), "text": moment_text(found.expires_at)},
    ]


def _take(request: AgentRequest, found: InstantQuote) -> HttpResponse:
    try:
        item = actions.request_instant_payout(quote_id=found.pk, by=request.actor, at=clock.now())
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("payments:instant")
    hint(tasks.execute_run, run_id=str(item.run_id))
    messages.success(request, _("On its way. If your bank does not take it at once, the fee is yours again."))
    return redirect("payments:payouts")
