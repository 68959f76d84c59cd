"""Founding a brand, and where its account stands."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.tenancy.actions import found_brand, submit_brand, update_brand
from gigcx.tenancy.actors import PersonActor
from gigcx.tenancy.forms import BrandForm, ChangedBrandForm
from gigcx.tenancy.models import Brand
from gigcx.tenancy.queries import memberships_of
from gigcx.tenancy.roles import Permission
from gigcx.tenancy.states import BrandState
from gigcx.web import timeline
from gigcx.web.access import BrandRequest, PersonRequest, brand_page, person_page
from gigcx.web.refusals import show_refusal, status_of
from gigcx.web.views.account_words import review_steps


@person_page
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """This function will take what a brand says about itself and send it to ops."""
    form = BrandForm(request.POST or None, initial={"currency": "USD", "timezone": request.user.timezone})
    if request.method == "POST" and form.is_valid() and (brand := _found(request, form)):
        return redirect("tenancy:account", slug=brand.slug)
    context = {
        "form": form,
        "page_title": _("Your brand on GigCX"),
        "steps": review_steps("draft"),
        "others": memberships_of(request.user)[:5],
    }
    return render(request, "tenancy/brand_new.html", context, status=status_of(form))


@brand_page()
def account(request: BrandRequest) -> HttpResponse:
    """This function will say where the account stands, who acts next and what can be done meanwhile."""
    brand = request.actor.brand
    context = {
        "page_title": _("Your account"),
        "steps": review_steps(brand.state),
        "lines": timeline.history_lines(brand),
        "may_answer": request.actor.can(Permission.MANAGE_BRAND)
        and brand.state in {BrandState.INFO_NEEDED, BrandState.DECLINED},
    }
    if context["may_answer"]:
        context["form"] = ChangedBrandForm(brand=brand)
    return render(request, "tenancy/brand_account.html", context)


@brand_page(Permission.MANAGE_BRAND)
@require_POST
def answer(request: BrandRequest) -> HttpResponse:
    """This function will take the corrected words and send the brand to ops again."""
    brand = request.actor.brand
    form = ChangedBrandForm(request.POST, brand=brand)
    if form.is_valid() and _answered(request, brand, form):
        return redirect("tenancy:account", slug=brand.slug)
    context = {"page_title": _("Your account"), "steps": review_steps(brand.state), "form": form, "may_answer": True}
    return render(request, "tenancy/brand_account.html", context, status=422)


def _found(request: PersonRequest, form: BrandForm) -> Brand | None:
    try:
        return found_brand(**form.cleaned_data, by=PersonActor(request.user), at=clock.now())
    except DomainError as refused:
        show_refusal(form, refused)
        return None


def _answered(request: BrandRequest, brand: Brand, form: ChangedBrandForm) -> bool:
    at = clock.now()
    try:
        update_brand(brand_id=brand.pk, **form.cleaned_data, by=request.actor, at=at)
        submit_brand(brand_id=brand.pk, by=request.actor, at=at)
    except DomainError as refused:
        show_refusal(form, refused)
        return False
    return True
