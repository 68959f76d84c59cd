"""Requests: list, one with its shifts, price and promise; one shift with who holds it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.intervals import zone_of
from gigcx.kernel.money import Money
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import amount_text, clock_text, day_text, duration_text, money_text, period_text
from scheduling import actions
from scheduling.errors import FundsRefused
from scheduling.forms import CancelForm, PublishForm
from scheduling.models import CapacityRequest, Quote, Shift
from scheduling.policies import can_accept_quote, can_cancel_request, can_edit_request
from scheduling.queries.cancellations import cancellation_preview
from scheduling.queries.doors import request_for, shift_for
from scheduling.queries.lists import claims_of_shift, quote_of, requests_of, shifts_of_request
from scheduling.states import PLANNING, DesignState, RequestState, ShiftState
from scheduling.tasks import make_designed_shifts

_BADGES = {
    RequestState.DRAFT: ("accent", "edit"),
    RequestState.QUOTED: ("accent", "document"),
    RequestState.PUBLISHED: ("cover", "check"),
    RequestState.LIVE: ("cover", "bolt"),
}


@require_GET
@brand_page()
def requests(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's requests, newest week first."""
    page = requests_of(request.actor, before=request.GET.get("before", ""))
    slug = request.actor.brand.slug
    rows = [
        {
            "cells": [
                {
                    "text": one.number,
                    "url": reverse("scheduling:request", kwargs={"slug": slug, "request_id": one.pk}),
                    "css": "nowrap",
                },
                {"text": one.program.name},
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
    }
    return render(request, "scheduling/request_list.html", context)


@require_GET
@brand_page()
def capacity_request(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will show a request: shifts over demand, price, fill, and what can be done next."""
    return _request_page(request, request_for(request.actor, request_id))


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_design(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will ask a worker to make the shifts and show the request, which fills by itself."""
    with transaction.atomic():
        found = actions.design_request_shifts(request_id=request_id, by=request.actor, at=clock.now())
        transaction.on_commit(lambda: hint(make_designed_shifts, request_id=str(found.pk)))
    return redirect("scheduling:request", slug=request.actor.brand.slug, request_id=found.pk)


@require_GET
@brand_page()
def request_design_state(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will answer the waiting page: nothing while the worker is busy, then a whole new page."""
    found = request_for(request.actor, request_id)
    response = HttpResponse(status=204)
    if found.design_state != DesignState.QUEUED:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@brand_page(Permission.ACCEPT_QUOTES)
def request_publish(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will publish a priced request."""
    found = request_for(request.actor, request_id)
    with timezone.override(zone_of(found.timezone)):
        form = PublishForm(request.POST)
        is_valid = form.is_valid()
    if not is_valid:
        return _request_page(request, found, publish=form, status=422)
    try:
        done = actions.accept_quote(
            quote_id=form.cleaned_data["quote"],
            by=request.actor,
            at=clock.now(),
            publish_at=form.cleaned_data["publish_at"],
        )
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, _funds_words(refused))
        return _request_page(request, found, publish=form, status=422)
    messages.success(request, _("%(number)s is published. Agents can see its shifts.") % {"number": done.number})
    return redirect("scheduling:request", slug=request.actor.brand.slug, request_id=done.pk)


def _funds_words(refused: DomainError) -> str:
    if isinstance(refused, FundsRefused) and refused.shortfall_minor:
        missing = Money(refused.shortfall_minor, refused.context["currency"] or "USD")
        return _("%(words)s %(missing)s is missing.") % {"words": refused.message, "missing": money_text(missing)}
    return refused.message


@require_POST
@brand_page(Permission.PLAN_CAPACITY)
def request_cancel(request: BrandRequest, request_id: UUID) -> HttpResponse:
    """This function will take a request back at the fee that was shown."""
    found = request_for(request.actor, request_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _request_page(request, found, cancel=form, status=422)
    minor, currency = form.cleaned_data["fee_minor"], form.cleaned_data["fee_currency"]
    try:
        actions.cancel_request(
            request_id=found.pk,
            reason=form.cleaned_data["reason"],
            accepted_fee=Money(minor, currency) if currency and minor is not None else None,
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _request_page(request, found, cancel=form, status=422)
    messages.success(request, _("%(number)s is cancelled.") % {"number": found.number})
    return redirect("scheduling:requests", slug=request.actor.brand.slug)


@require_GET
@brand_page()
def shift(request: BrandRequest, shift_id: UUID) -> HttpResponse:
    """This function will show one shift and the agents who hold its seats."""
    found = shift_for(request.actor, shift_id)
    zone = zone_of(found.timezone)
    claims = [
        {
            "name": claim.agent.user.full_name,
            "sub": claim.get_tier_display() if hasattr(claim, "get_tier_display") else claim.tier.capitalize(),
            "state": claim.get_state_display(),
            "since": clock_text(claim.claimed_at, zone) + ", " + day_text(claim.claimed_at, zone),
        }
        for claim in claims_of_shift(found)
    ]
    context = {
        "page_title": period_text(found.starts_at, found.ends_at, zone),
        "shift": found,
        "claims": claims,
        "left": found.seats - found.filled - found.reserved,
        "request_url": reverse(
            "scheduling:request", kwargs={"slug": request.actor.brand.slug, "request_id": found.request_id}
        ),
    }
    return render(request, "scheduling/shift_page.html", context)


def _request_page(
    request: BrandRequest,
    found: CapacityRequest,
    *,
    publish: PublishForm | None = None,
    cancel: CancelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    shifts, quote = list(shifts_of_request(found)), quote_of(found, at=at)
    preview = cancellation_preview(found, at=at) if can_cancel_request(request.actor, found) else None
    fee = preview.fee if preview else None
    context = {
        "page_title": found.number,
        "found": found,
        "badge": _BADGES.get(RequestState(found.state), ("line", "info")),
        "shift_days": _by_day(shifts, request.actor.brand.slug),
        "shift_words": ngettext("%(n)s shift", "%(n)s shifts", len(shifts)) % {"n": len(shifts)},
        "seat_count": sum(one.seats for one in shifts),
        "filled_count": sum(one.filled for one in shifts),
        "is_planning": found.state in PLANNING,
        "is_designing": found.design_state == DesignState.QUEUED,
        "can_edit": can_edit_request(request.actor, found),
        "can_accept": can_accept_quote(request.actor, found) and quote is not None,
        "quote": quote,
        "price": _price(quote),
        "design": _design_words(found),
        "publish": publish or PublishForm(initial={"quote": quote.pk if quote else None}),
        "cancel": cancel
        or CancelForm(
            initial={"fee_minor": fee.amount_minor if fee else None, "fee_currency": fee.currency if fee else ""}
        ),
        "preview": preview,
        "fee_text": money_text(fee) if fee else "",
        "week_url": _week_url(found, request.actor.brand.slug),
    }
    return render(request, "scheduling/request_page.html", context, status=status)


def _week_url(found: CapacityRequest, slug: str) -> str:
    base = reverse("scheduling:capacity", kwargs={"slug": slug})
    return f"{base}?program={found.program_id}&channel={found.channel}&week={found.week_starts_on.isoformat()}"


def _price(quote: Quote | None) -> dict[str, Any] | None:
    if quote is None:
        return None
    bill, pay = Money(quote.bill_minor, quote.currency), Money(quote.pay_minor, quote.pay_currency)
    seconds = sum(line["seconds"] * line["seats"] for line in quote.lines)
    least = Money(quote.assumptions.get("least_bill_minor", quote.bill_minor), quote.currency)
    return {
        "least_text": money_text(least) if least != bill else "",
        "bill": amount_text(bill),
        "currency": bill.currency,
        "bill_text": money_text(bill),
        "pay_text": money_text(pay),
        "hours": f"{seconds / 3600:,.1f}".removesuffix(".0"),
        "until": quote.expires_at,
    }


def _design_words(found: CapacityRequest) -> dict[str, Any] | None:
    figures = found.design
    if not figures or "objective" not in figures:
        return None
    return {
        "under": duration_text(figures["under"]),
        "over": duration_text(figures["over"]),
        "has_under": figures["under"] > 0,
        "has_over": figures["over"] > 0,
        "distinct": figures["distinct"],
        "objective": figures["objective"],
        "bound": figures["bound"],
        "is_proven": figures["objective"] <= figures["bound"],
    }


def _by_day(shifts: list[Shift], slug: str) -> list[dict[str, Any]]:
    days: dict[str, list[dict[str, Any]]] = {}
    for one in shifts:
        zone = zone_of(one.timezone)
        days.setdefault(f"{one.local_on:%A %-d %B}", []).append(
            {
                "time": f"{clock_text(one.starts_at, zone)} – {clock_text(one.ends_at, zone)}",
                "length": duration_text(int((one.ends_at - one.starts_at).total_seconds() // 60)),
                "seats": one.seats,
                "filled": one.filled,
                "short": max(0, one.seats - one.filled) if one.state != ShiftState.DRAFT else 0,
                "is_draft": one.state == ShiftState.DRAFT,
                "state": one.get_state_display(),
                "url": reverse("scheduling:shift", kwargs={"slug": slug, "shift_id": one.pk}),
            }
        )
    return [{"day": day, "shifts": rows} for day, rows in days.items()]
