"""Whom a brand's invoices are made out to."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid, NotAllowed
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import country_text, moment_text
from payments import actions
from payments.actions import BillingDetails
from payments.forms import BillingDetailsForm
from payments.models import BillingProfile
from payments.policies.invoices import can_change_billing_profile
from payments.queries.invoices import billing_profile_of
from payments.views.billing import tabs


@brand_page(Permission.VIEW_BILLING)
def billing_profile(request: BrandRequest) -> HttpResponse:
    """This function will show the billing details and, to who may, the form that changes them."""
    found = billing_profile_of(request.actor.brand)
    if request.method != "POST":
        return _page(request, found, BillingDetailsForm(initial=_initial(found, request.actor)))
    if not can_change_billing_profile(request.actor):
        raise NotAllowed
    return _saved(request, found)


def _saved(request: BrandRequest, found: BillingProfile | None) -> HttpResponse:
    form = BillingDetailsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    details = BillingDetails(**form.cleaned_data)
    try:
        actions.save_billing_profile(brand_id=request.actor.brand_id, details=details, by=request.actor, at=clock.now())
    except Invalid as refused:
        form.add_error(refused.field or None, refused.message)
        return _page(request, found, form, status=422)
    messages.success(request, _("Kept. Your next invoice is made out like this; issued ones stay as they are."))
    return redirect("payments:billing-profile", slug=request.actor.brand.slug)


def _page(
    request: BrandRequest, found: BillingProfile | None, form: BillingDetailsForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "page_title": _("Billing details"),
        "tabs": tabs(request.actor.brand.slug, "billing-profile"),
        "form": form,
        "may_change": can_change_billing_profile(request.actor),
        "facts": _facts(found, request.actor),
        "vat_words": _vat_words(found, request.actor),
    }
    return render(request, "payments/billing_profile.html", context, status=status)


def _initial(found: BillingProfile | None, actor: BrandActor) -> dict[str, Any]:
    if found is None:
        return {"legal_name": actor.brand.legal_name, "country": actor.brand.country}
    return {name: getattr(found, name) for name in BillingDetailsForm.base_fields}


def _facts(found: BillingProfile | None, actor: BrandActor) -> list[dict[str, str]]:
    given = _initial(found, actor)
    facts = (
        (_("Made out to"), given["legal_name"]),
        (_("Address"), given.get("address", "")),
        (_("Country"), country_text(given["country"])),
        (_("VAT number"), given.get("vat_id", "")),
        (_("Sent to"), given.get("email", "") or _("everybody here who may see billing")),
    )
    return [{"term": term, "text": text} for term, text in facts if text]


def _vat_words(found: BillingProfile | None, actor: BrandActor) -> str:
    if found is None or not found.vat_id:
        return ""
    if found.vat_id_checked_at is None:
        return _("We could not check this VAT number, so invoices carry our tax where there is one.")
    when = moment_text(found.vat_id_checked_at, zone_of(actor.brand.timezone))
    return _("VAT number checked %(when)s.") % {"when": when}
