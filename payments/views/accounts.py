"""Where an agent is paid: opening, completing and replacing the payout account."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import AgentActor
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import country_text, moment_text
from gigcx.web.stepping_up import second_factors, stepped_up_twice
from payments.errors import CountryNotServed
from payments.forms import PayoutAccountForm, SandboxBankForm
from payments.gateways import execution, rail_for
from payments.gateways.sandbox import TEST_NUMBERS, SandboxRail
from payments.models import PayoutAccount
from payments.policies import DESTINATION_HOLD
from payments.queries import current_account, payout_account_for
from payments.states import PayoutAccountState, RailCode
from payments.views.earnings import tabs
from recruiting.queries import agent_for

S = PayoutAccountState


@agent_page
def account(request: AgentRequest) -> HttpResponse:
    """This function will show where payouts go, what is missing, and how to change it."""
    found = current_account(request.actor.agent_id)
    return render(
        request,
        "payments/account_page.html",
        _context(request, found, PayoutAccountForm(initial={"country": agent_for(request.actor).country})),
    )


def _context(request: AgentRequest, found: PayoutAccount | None, form: PayoutAccountForm) -> dict[str, Any]:
    is_incomplete = found is not None and found.state in (S.STARTED, S.ONBOARDING, S.RESTRICTED)
    return {
        "page_title": _("Payout account"),
        "tabs": tabs("payout-account"),
        "account": found,
        "facts": _facts(found) if found else [],
        "is_incomplete": is_incomplete,
        "missing": [_missing(code) for code in found.requirement_codes] if found and is_incomplete else [],
        "waits_until": found.usable_from if found and found.usable_from and found.usable_from > clock.now() else None,
        "form": form,
        "has_second_factor": bool(second_factors(request.user)),
        "hold_hours": int(DESTINATION_HOLD.total_seconds() // 3600),
    }


def _facts(found: PayoutAccount) -> list[dict[str, str]]:
    return [
        {"term": _("State"), "text": str(S(found.state).label)},
        {"term": _("Paid through"), "text": str(RailCode(found.rail).label)},
        {"term": _("Country"), "text": country_text(found.country)},
        {
            "term": _("Account"),
            "text": _("ending in %(last4)s") % {"last4": found.last4} if found.last4 else _("not given yet"),
        },
        {"term": _("Usable from"), "text": moment_text(found.usable_from) if found.usable_from else _("when complete")},
    ]


def _missing(code: str) -> str:
    """What a rail still asks for. Its own codes are words joined by dots and underscores; they are read as words."""
    known = {"external_account": _("The details of your bank account"), "": _("Something on the provider's page")}
    return known.get(code, code.replace(".", ", ").replace("_", " ").capitalize())


@require_POST
@agent_page
def start(request: AgentRequest) -> HttpResponse:
    """This function will open the account, or go on with it, and send the agent to the rail's page."""
    found = current_account(request.actor.agent_id)
    if found is not None and found.state == S.ACTIVE:
        return redirect(
            "payments:payout-account"
        )  # complete: other details are a replacement, and that asks who you are
    return _begin(request, found, is_replacement=False)


@require_POST
@agent_page
@stepped_up_twice
def replace(request: AgentRequest) -> HttpResponse:
    """This function will replace the account, after the person proved again who they are, by the second factor too."""
    return _begin(request, current_account(request.actor.agent_id), is_replacement=True)


def _begin(request: AgentRequest, found: PayoutAccount | None, *, is_replacement: bool) -> HttpResponse:
    goes_on = found is not None and not is_replacement
    form = PayoutAccountForm({"country": found.country} if found and goes_on else request.POST)
    if not form.is_valid():
        return render(request, "payments/account_page.html", _context(request, found, form), status=422)
    try:
        url = execution.start_onboarding(
            actor=request.actor,
            country=form.cleaned_data["country"],
            rail_code=rail_for(form.cleaned_data["country"]),
            return_to=lambda account_id: request.build_absolute_uri(
                reverse("payments:payout-account-return", kwargs={"account_id": account_id})
            ),
            refresh_url=request.build_absolute_uri(reverse("payments:payout-account")),
            has_stepped_up=is_replacement,
            is_replacement=is_replacement,
            at=clock.now(),
        )
    except CountryNotServed as refused:
        form.add_error(refused.field, refused.message)
        return render(request, "payments/account_page.html", _context(request, found, form), status=422)
    return redirect(url)


@agent_page
def come_back(request: AgentRequest, account_id: UUID) -> HttpResponse:
    """This function will ask the rail how the account stands, then show it."""
    found = payout_account_for(request.actor, account_id)
    if found.remote_ref:
        execution.refresh_account(found, by=request.actor, at=clock.now())
    return redirect("payments:payout-account")


@require_http_methods(["GET", "POST"])
@agent_page
def sandbox_bank(request: AgentRequest, account_id: UUID) -> HttpResponse:
    """This function will be the pretended bank's own page: it takes test details and sends the agent back."""
    found = _sandbox_account(request.actor, account_id)
    form = SandboxBankForm(request.POST or None)
    if request.method == "POST" and found.state == S.ACTIVE:
        return redirect("payments:payout-account")
    if request.method == "POST" and form.is_valid():
        SandboxRail().complete_account(ref=found.remote_ref, **form.cleaned_data)
        return redirect("payments:payout-account-return", account_id=found.pk)
    context = {
        "page_title": _("Test bank"),
        "form": form,
        "numbers": [{"term": number, "text": _behaviour(what)} for number, what in TEST_NUMBERS.items()],
    }
    status = 422 if form.errors else 200
    return render(request, "payments/account_test_bank.html", context, status=status)


def _sandbox_account(actor: AgentActor, account_id: UUID) -> PayoutAccount:
    found = payout_account_for(actor, account_id)
    if found.rail != RailCode.SANDBOX or not found.remote_ref:
        raise NotFound
    return found


def _behaviour(code: str) -> str:
    return {
        "pays": _("takes every payment"),
        "times_out": _("takes the payment, but its answer is lost"),
        "replays_500": _("takes the payment and answers with an error"),
        "refuses": _("refuses: the account is closed"),
        "returns": _("takes the payment and sends it back later"),
        "throttles": _("asks for patience first"),
        "never_instant": _("takes every payment, none of them at once"),
        "instant_fails": _("takes the payment, then refuses to have it at once"),
    }[code]
