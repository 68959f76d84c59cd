"""Requests: the list, those that wait for a second person, and one through its life from demand to after the day."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import money_text
from scheduling import actions
from scheduling.errors import AboveLimit, BudgetTooSmall, FundsRefused
from scheduling.forms import BudgetsForm, CancelForm, PublishForm, RefuseForm
from scheduling.models import CapacityRequest
from scheduling.queries.doors import request_for
from scheduling.queries.languages import with_language
from scheduling.queries.lists import prices_to_approve, requests_of
from scheduling.states import RequestState
from scheduling.views.request_page import currency_of, request_context


@require_GET
@brand_page()
def requests(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's requests, newest week first."""
    page = requests_of(request.actor, before=request.GET.get("before", ""))
    slug = request.actor.brand.slug
    rows = [
        {
            "cells": [
                {"text": one.number, "url": _address(slug, one), "css": "nowrap"},
                {"text": with_language(one.program.name, one.language)},
                {"text": f"{one.week_starts_on:%-d %b %Y}", "css": "nowrap"},
                {"text": one.get_state_display()},
                {"text": one.shift_count, "num": True},
                {"text": f"{one.filled_sum} / {one.seat_sum}", "num": True},
            ]
        }
        for one in page.rows
    ]
    heads = [
        {"label": _("Request")},
        {"label": _("Program")},
        {"label": _("Week of")},
        {"label": _("State")},
        {"label": _("Shifts"), "num": True},
        {"label": _("Filled"), "num": True},
    ]
    context = {
        "page_title": _("Requests"),
        "rows": rows,
        "heads": heads,
        "next_url": f"?before={page.next}" if page.next else "",
        "capacity_url": reverse("scheduling:capacity", kwargs={"slug": slug}),
        "approvals_url": reverse("scheduling:approvals", kwargs={"slug": slug}),
        "waiting": prices_to_approve(request.actor).count(),
    }
    return render(request, "scheduling/request_list.html", context)


@require_GET
@brand_page()
def approvals(request: BrandRequest) -> HttpResponse:
    """This function will list the prices that wait for a second person, longest waiting first."""
    slug = request.actor.brand.slug
    rows = [
        {
            "found": one.request,
            "url": _address(slug, one.request),
            "price": money_text(Money(one.bill_minor, one.currency)),
            "is_own": one.request.accepted_by == request.actor.user.pk,
            "until": one.expires_at,
        }
        for one in prices_to_approve(request.actor)
    ]
    context = {
        "page_title": _("Waiting for approval"),
        "rows": rows,
        "requests_url": reverse("scheduling:requests", kwargs={"slug": slug}),
    }
    return render(request, "scheduling/request_approvals.html", context)


def _address(slug: str, one: CapacityRequest) -> str:
    return reverse("scheduling:request", kwargs={"slug": slug, "request_id": one.pk})


@require_GET
@brand_page()
def capacity_request(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will show a request: shifts over demand, price, fill, and what can be done next."""
    return _page(request, request_for(request.actor, request_id))


@require_POST
@brand_page(Permission.ACCEPT_QUOTES)
def request_publish(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will publish a priced request, or ask a second person where the rules want one."""
    found = request_for(request.actor, request_id)
    with timezone.override(zone_of(found.timezone)):
        form = PublishForm(request.POST)
        is_valid = form.is_valid()
    if not is_valid:
        return _page(request, found, publish=form)
    try:
        done = actions.accept_quote(
            quote_id=form.cleaned_data["quote"],
            by=request.actor,
            at=clock.now(),
            publish_at=form.cleaned_data["publish_at"],
            is_draw_first=form.is_draw_first,
        )
    except DomainError as refused:
        _refused(form, refused)
        return _page(request, found, publish=form)
    if done.state == RequestState.AWAITING_APPROVAL:
        messages.info(request, AboveLimit().message)
    else:
        messages.success(request, _("%(number)s is published. Agents can see its shifts.") % {"number": done.number})
    return _back(request, done)


@require_POST
@brand_page(Permission.ACCEPT_QUOTES)
def request_approve(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will let a price through that somebody else accepted."""
    done = actions.approve_request(request_id=request_id, by=request.actor, at=clock.now())
    messages.success(request, _("%(number)s is approved and published.") % {"number": done.number})
    return _back(request, done)


@require_POST
@brand_page(Permission.ACCEPT_QUOTES)
def request_refuse(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will send a price back to planning, with a reason."""
    found = request_for(request.actor, request_id)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refuse=form)
    try:
        actions.refuse_request(
            request_id=found.pk, reason=form.cleaned_data["reason"], by=request.actor, at=clock.now()
        )
    except DomainError as refused:
        _refused(form, refused)
        return _page(request, found, refuse=form)
    messages.success(request, _("%(number)s is back with planning.") % {"number": found.number})
    return _back(request, found)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_budgets(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will set what work, incentives and remedies may cost."""
    found = request_for(request.actor, request_id)
    form, currency = BudgetsForm(request.POST), currency_of(found, at=clock.now())
    if not form.is_valid():
        return _page(request, found, budgets=form)
    try:
        actions.set_budgets(
            request_id=found.pk,
            work_minor=form.minor("work", currency),
            incentive_minor=form.minor("incentive", currency) or 0,
            remedy_minor=form.minor("remedy", currency) or 0,
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        _refused(form, refused)
        return _page(request, found, budgets=form)
    messages.success(request, _("The budgets are set."))
    return _back(request, found)


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_cancel(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will take a request back at the fee that was shown."""
    found = request_for(request.actor, request_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, found, cancel=form)
    try:
        actions.cancel_request(
            request_id=found.pk,
            reason=form.cleaned_data["reason"],
            accepted_fee=form.accepted_fee(),
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        _refused(form, refused)
        return _page(request, found, cancel=form)
    messages.success(request, _("%(number)s is cancelled.") % {"number": found.number})
    return redirect("scheduling:requests", slug=request.actor.brand.slug)


def _refused(form: Form, refused: DomainError) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, money_words(refused))


def money_words(refused: DomainError) -> str:
    """This function will add to a refusal over money how much is missing."""
    if isinstance(refused, FundsRefused | BudgetTooSmall) and refused.shortfall_minor:
        missing = Money(refused.shortfall_minor, refused.context["currency"] or "USD")
        return _("%(words)s %(missing)s is missing.") % {"words": refused.message, "missing": money_text(missing)}
    return refused.message


def _back(request: BrandRequest, found: CapacityRequest) -> HttpResponse:
    return redirect("scheduling:request", slug=request.actor.brand.slug, request_id=found.pk)


def _page(request: BrandRequest, found: CapacityRequest, **typed: Form) -> HttpResponse:
    context: dict[str, Any] = request_context(request.actor, found, at=clock.now(), typed=typed)
    context["shift_words"] = ngettext("%(n)s shift", "%(n)s shifts", context["shift_count"]) % {
        "n": context["shift_count"]
    }
    return render(request, "scheduling/request_page.html", context, status=422 if typed else 200)
