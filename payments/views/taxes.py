"""An agent's tax data, and what we report about them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid
from gigcx.kernel.money import Money
from gigcx.web.access import AgentRequest, agent_page
from gigcx.web.formats import money_text
from payments import actions
from payments.actions.taxes import TaxFacts
from payments.forms.taxes import TaxProfileForm
from payments.models import TaxProfile
from payments.policies.taxes import form_of
from payments.queries.taxes import Income, income_of, tax_profile_on
from payments.states import TaxForm
from payments.views.earnings import tabs
from recruiting.queries import agent_for


@require_http_methods(["GET", "POST"])
@agent_page
def taxes(request: AgentRequest) -> HttpResponse:
    """This function will show and take an agent's tax data, and show what was paid by quarter."""
    at, agent_id = clock.now(), request.actor.agent_id
    found = tax_profile_on(agent_id, at.date())
    if request.method == "POST":
        form = TaxProfileForm(request.POST, has_number=found is not None)
        if form.is_valid() and _saved(request, form):
            messages.success(request, _("Your tax data are kept."))
            return redirect("payments:taxes")
        return render(request, "payments/tax_page.html", _context(request, found, form), status=422)
    country = agent_for(request.actor).country
    form = TaxProfileForm(initial=_initial(found, country, at.date()), has_number=found is not None)
    return render(request, "payments/tax_page.html", _context(request, found, form))


def _saved(request: AgentRequest, form: TaxProfileForm) -> bool:
    given = dict(form.cleaned_data)
    valid_from = given.pop("valid_from")
    try:
        actions.save_tax_profile(
            agent_id=request.actor.agent_id,
            facts=TaxFacts(**given),
            valid_from=valid_from,
            by=request.actor,
            at=clock.now(),
        )
    except Invalid as refused:
        form.add_error(refused.field or None, refused.message)
        return False
    return True


def _initial(found: TaxProfile | None, country: str, today: Any) -> dict[str, Any]:
    if found is None:
        return {"country": country, "valid_from": today}
    kept = {name: getattr(found, name) for name in ("country", "legal_name", "address", "birth_date", "vat_id")}
    return {**kept, "valid_from": found.valid.lower}


def _context(request: AgentRequest, found: TaxProfile | None, form: TaxProfileForm) -> dict[str, Any]:
    year = clock.now().year
    income = income_of(year, agent_ids=[request.actor.agent_id])
    asks = bool(form_of(agent_for(request.actor).country))
    return {
        "page_title": _("Tax"),
        "tabs": tabs("taxes"),
        "form": form,
        "facts": _facts(found) if found else [],
        "is_missing": found is None and asks,
        "is_free": found is None and not asks,
        "year": year,
        "quarters": [_quarter(one) for one in sorted(income, key=lambda one: (one.quarter, one.currency))],
    }


def _facts(found: TaxProfile) -> list[dict[str, str]]:
    report = str(TaxForm(found.form).label) if found.form != TaxForm.NONE else _("none that we have to make")
    return [
        {"term": _("Legal name"), "text": found.legal_name},
        {"term": _("Country"), "text": found.country},
        {"term": _("Tax number"), "text": _("ending in %(last4)s") % {"last4": found.tin_last4}},
        {"term": _("Report"), "text": report},
        {"term": _("Valid from"), "text": f"{found.valid.lower:%Y-%m-%d}"},
    ]


def _quarter(one: Income) -> dict[str, str]:
    parts = {"gross": one.gross_minor, "fees": one.fees_minor, "net": one.net_minor}
    shown = {name: money_text(Money(minor, one.currency)) for name, minor in parts.items()}
    return {**shown, "name": _("Quarter %(number)s") % {"number": one.quarter}, "lines": str(one.transactions)}
