"""What a month may cost: limits, what is used of them, and what the cap does."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import money_text
from gigcx.web.refusals import show_refusal
from payments import actions
from payments.forms import BudgetForm
from payments.policies.funds import local_day, month_of
from payments.queries.budgets import BudgetUse, budget_for, present_uses
from payments.views.billing import tabs
from recruiting.queries import programs_for


@require_http_methods(["GET", "POST"])
@brand_page(Permission.VIEW_BILLING)
def budgets(request: BrandRequest) -> HttpResponse:
    """This function will show this month's budgets and take new limits."""
    brand = request.actor.brand
    month = month_of(local_day(clock.now(), brand.timezone))
    if request.method == "POST":
        return _set(request, brand, month)
    return _page(request, month, _form(request, month))


def _form(request: BrandRequest, month: date, typed: Any = None) -> BudgetForm:
    programs = list(programs_for(request.actor))
    return BudgetForm(typed, currency=request.actor.brand.currency, programs=programs, month=month)


def _page(request: BrandRequest, month: date, form: BudgetForm, *, status: int = 200) -> HttpResponse:
    brand = request.actor.brand
    context = {
        "page_title": _("Budgets"),
        "tabs": tabs(brand.slug, "budgets"),
        "month": f"{month:%B %Y}",
        "rows": [_row(use, brand) for use in present_uses(brand, month=month)],
        "form": form,
        "currency": brand.currency,
        "may_set": request.actor.can(Permission.MANAGE_BILLING),
    }
    return render(request, "payments/billing_budgets.html", context, status=status)


def _row(use: BudgetUse, brand: Brand) -> dict[str, Any]:
    one = use.budget
    return {
        "name": one.program.name if one.program else _("The whole brand"),
        "used": money_text(Money(use.used_minor, one.currency)),
        "soft": money_text(Money(one.soft_minor, one.currency)),
        "hard": money_text(Money(one.hard_minor, one.currency)),
        "left": money_text(use.left),
        "held": money_text(Money(use.held_minor, one.currency)),
        "percent": use.share_percent,
        "part": min(use.used_minor, one.hard_minor),
        "whole": one.hard_minor,
        "css": "f-short" if use.used_minor >= one.hard_minor else "f-solid",
        "is_stopped": use.used_minor >= one.hard_minor,
        "lift_url": reverse("payments:budget-lift", kwargs={"slug": brand.slug, "budget_id": one.pk}),
    }


def _set(request: BrandRequest, brand: Brand, month: date) -> HttpResponse:
    form = _form(request, month, request.POST)
    if form.is_valid():
        try:
            actions.set_budget(
                brand_id=brand.pk,
                program_id=UUID(form.cleaned_data["program"]) if form.cleaned_data["program"] else None,
                currency=brand.currency,
                month=date.fromisoformat(form.cleaned_data["month"]),
                soft_minor=form.minor("soft"),
                hard_minor=form.minor("hard"),
                by=request.actor,
                at=clock.now(),
            )
        except DomainError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved. It holds for that month and the ones after it."))
            return redirect("payments:budgets", slug=brand.slug)
    return _page(request, month, form, status=422)


@require_POST
@brand_page(Permission.MANAGE_BILLING)
def lift(request: BrandRequest, budget_id: UUID) -> HttpResponse:
    """This function will do without a budget from this month on."""
    found = budget_for(request.actor, budget_id)
    month = month_of(local_day(clock.now(), request.actor.brand.timezone))
    actions.lift_budget(budget_id=found.pk, month=month, by=request.actor, at=clock.now())
    messages.success(request, _("Lifted. Nothing stops new work but your funds."))
    return redirect("payments:budgets", slug=request.actor.brand.slug)
