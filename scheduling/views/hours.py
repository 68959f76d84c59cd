"""Worked minutes that wait for the brand's word before the week locks."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import Invalid
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import clock_text, duration_text, moment_text, percent_text
from scheduling import actions
from scheduling.actions.verification import lock_moment
from scheduling.errors import NothingVerifiable
from scheduling.forms.day import DisputeForm
from scheduling.models import Claim
from scheduling.queries.adherence import KINDS, ProgramMinutes, minutes_by_cause
from scheduling.queries.lists import worked_claims
from scheduling.queries.work import worked_seconds_by_claim
from scheduling.registries import money_pages
from scheduling.views.places import date_or

_AT_MOST = 100


@require_GET
@brand_page()
def hours(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's worked claims with their minutes."""
    brand = request.actor.brand
    waiting = worked_claims(request.actor)
    claims = list(waiting[:_AT_MOST])
    total = waiting.count()
    seconds = worked_seconds_by_claim(claim.pk for claim in claims)
    rows = sorted((_row(claim, seconds[claim.pk]) for claim in claims), key=lambda row: not row["is_less"])
    monday = week_start(claims[0].shift.local_on) if claims else None
    context = {
        "page_title": _("Worked hours"),
        "rows": rows,
        "total": total,
        "shown": len(rows),
        "sum": duration_text(sum(seconds.values()) // 60),
        "lock": moment_text(lock_moment(brand, monday), zone_of(brand.timezone)) if monday else "",
        "can_confirm": request.actor.can(Permission.CONFIRM_WORK),
        "lines_url": money_pages().lines_of(request.actor),
        "capacity_url": reverse("scheduling:capacity", kwargs={"slug": brand.slug}),
    }
    return render(request, "scheduling/claim_hours.html", context)


def _row(claim: Claim, seconds: int) -> dict[str, Any]:
    zone = zone_of(claim.shift.timezone)
    planned = int((claim.ends_at - claim.starts_at).total_seconds())
    return {
        "id": claim.pk,
        "name": claim.agent.user.full_name,
        "program": claim.shift.program.name,
        "day": f"{claim.shift.local_on:%a %-d %b}",
        "time": f"{clock_text(claim.starts_at, zone)} – {clock_text(claim.ends_at, zone)}",
        "planned": duration_text(planned // 60),
        "worked": duration_text(seconds // 60),
        "is_less": seconds < planned - 300,
        "is_late": claim.points < 0,
    }


@require_POST
@brand_page(Permission.CONFIRM_WORK)
def hours_confirm(request: BrandRequest) -> HttpResponse:
    """This function will confirm the chosen claims; those that cannot be confirmed any more are left as they are."""
    at, done, left = clock.now(), 0, 0
    for claim_id in _chosen(request):
        try:
            actions.verify_claim(claim_id=claim_id, by=request.actor, at=at)
            done += 1
        except NothingVerifiable:
            left += 1
    if done:
        messages.success(request, ngettext("%(n)s shift confirmed.", "%(n)s shifts confirmed.", done) % {"n": done})
    if left:
        messages.warning(
            request,
            ngettext("%(n)s was confirmed already.", "%(n)s were confirmed already.", left) % {"n": left},
        )
    if not done and not left:
        messages.warning(request, _("Choose at least one shift to confirm."))
    return redirect("scheduling:hours", slug=request.actor.brand.slug)


@require_POST
@brand_page(Permission.CONFIRM_WORK)
def hours_dispute(request: BrandRequest, claim_id: UUID) -> HttpResponse:
    """This function will hold minutes that the brand does not accept; ops decide."""
    form = DisputeForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Say how many minutes, and why."), field="minutes")
    actions.hold_minutes(
        claim_id=claim_id,
        seconds=form.cleaned_data["minutes"] * 60,
        reason=form.cleaned_data["reason"],
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("Disputed. Ops decide, and both of you read why."))
    return redirect("scheduling:hours", slug=request.actor.brand.slug)


@require_GET
@brand_page()
def causes(request: BrandRequest) -> HttpResponse:
    """This function will show a week's minutes by what they went into, and how closely people kept to their shifts."""
    brand, today = request.actor.brand, clock.now().astimezone(zone_of(request.actor.brand.timezone)).date()
    monday = week_start(date_or(request.GET.get("week", ""), today))
    found = minutes_by_cause(brand.pk, monday)
    context = {
        "page_title": _("Minutes by cause"),
        "monday": monday,
        "before": (monday - timedelta(days=7)).isoformat(),
        "after": (monday + timedelta(days=7)).isoformat() if monday < week_start(today) else "",
        "rows": [_cause_row(one) for one in found],
        "whole": duration_text(sum(one.paid_seconds for one in found) // 60),
    }
    return render(request, "scheduling/minute_causes.html", context)


def _cause_row(one: ProgramMinutes) -> dict[str, Any]:
    return {
        "program": one.program,
        "cells": [duration_text(one.seconds.get(kind, 0) // 60) if one.seconds.get(kind) else "–" for kind in KINDS],
        "adherence": percent_text(one.adherence) if one.adherence is not None else "–",
        "conformance": percent_text(one.conformance) if one.conformance is not None else "–",
    }


def _chosen(request: BrandRequest) -> list[UUID]:
    chosen: list[UUID] = []
    for text in request.POST.getlist("claim")[:_AT_MOST]:
        try:
            chosen.append(UUID(text))
        except ValueError:
            continue
    return chosen
