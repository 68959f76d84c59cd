"""A brand's billing: what is coming, what it is made of, and confirming it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import day_text, duration_text, moment_text, money_text, number_text, period_text
from payments import actions
from payments.models import Charge
from payments.policies import can_dispute_charge, is_in_brands_window
from payments.queries import UpcomingWeek, charge_for, charges_for, spendable, upcoming_charges
from payments.queries.disputes import is_disputed
from payments.queries.pages import page_of
from payments.states import Cause, ChargeState, EarningKind
from payments.views import words
from payments.views.pictures import picture_of

PAGE: Final = 50


def tabs(slug: str, current: str) -> list[dict[str, Any]]:
    """This function will return the tabs of the billing pages."""
    pages = (("billing", _("Upcoming charges")), ("billing-lines", _("Lines")))
    return [
        {"label": label, "url": reverse(f"payments:{name}", kwargs={"slug": slug}), "is_current": name == current}
        for name, label in pages
    ]


@brand_page(Permission.VIEW_BILLING)
def billing(request: BrandRequest) -> HttpResponse:
    """This function will show what may be spent, and coming charges by week, program and cause."""
    brand = request.actor.brand
    weeks = upcoming_charges(brand, at=clock.now())
    context = {
        "page_title": _("Billing"),
        "tabs": tabs(brand.slug, "billing"),
        "headline": _headline(weeks),
        "funds": _funds(request.actor, weeks),
        "weeks": [_week(week, request.actor) for week in weeks],
        "lines_url": reverse("payments:billing-lines", kwargs={"slug": brand.slug}),
    }
    return render(request, "payments/billing_page.html", context)


def _headline(weeks: list[UpcomingWeek]) -> str:
    if not weeks:
        return _("Nothing to bill yet.")
    total = money_text(weeks[0].total)
    return _("%(total)s in the week of %(day)s so far.") % {
        "total": total,
        "day": f"{weeks[0].starts_on:%-d %B}",
    }


def _funds(actor: BrandActor, weeks: list[UpcomingWeek]) -> list[dict[str, str]]:
    currencies = {actor.brand.currency, *(week.currency for week in weeks)}
    found = [spendable(actor.brand_id, currency) for currency in sorted(currencies)]
    return [
        {
            "currency": one.currency,
            "free": money_text(one.free),
            "held": money_text(one.held),
            "unbilled": money_text(one.unbilled),
            "limit": _("of a credit limit of %(limit)s") % {"limit": money_text(one.credit_limit)},
        }
        for one in found
    ]


def _week(week: UpcomingWeek, actor: BrandActor) -> dict[str, Any]:
    zone = zone_of(actor.brand.timezone)
    return {
        "title": _("Week of %(day)s") % {"day": f"{week.starts_on:%-d %B}"},
        "locks": _("lines lock %(when)s") % {"when": moment_text(week.locks_at, zone)},
        "total": money_text(week.total),
        "lines": [
            {
                "program": line.program,
                "kind": str(EarningKind(line.kind).label),
                "cause": str(Cause(line.cause).label),
                "count": number_text(line.lines),
                "net": money_text(line.net),
            }
            for line in week.lines
        ],
    }


@brand_page(Permission.VIEW_BILLING)
def lines(request: BrandRequest) -> HttpResponse:
    """This function will list charges, newest first, those in review ready to be confirmed."""
    slug = request.actor.brand.slug
    rows = charges_for(request.actor)
    page = page_of(rows.order_by("-accrued_at", "-pk"), by="accrued_at", after=request.GET.get("after", ""), size=PAGE)
    shown = [_row(row, request.actor) for row in page.rows]
    context = {
        "page_title": _("Lines"),
        "tabs": tabs(slug, "billing-lines"),
        "rows": shown,
        "open_count": sum(row["is_open"] for row in shown),
        "may_confirm": request.actor.can(Permission.CONFIRM_WORK),
        "confirm_url": reverse("payments:billing-confirm", kwargs={"slug": slug}),
        "next_url": f"?after={page.next_cursor}" if page.next_cursor else "",
    }
    return render(request, "payments/billing_lines.html", context)


def _row(row: Charge, actor: BrandActor) -> dict[str, Any]:
    zone = zone_of(actor.brand.timezone)
    work = row.earning
    return {
        "id": row.pk,
        "url": reverse("payments:billing-line", kwargs={"slug": actor.brand.slug, "charge_id": row.pk}),
        "when": day_text(work.worked_to, zone),
        "program": row.program.name,
        "agent": work.agent.user.full_name,
        "kind": str(EarningKind(row.kind).label),
        "time": duration_text(work.worked_seconds // 60),
        "net": money_text(row.owed),
        "state": str(ChargeState(row.state).label),
        "is_open": row.state == ChargeState.ACCRUED,
    }


@require_POST
@brand_page(Permission.CONFIRM_WORK)
def confirm(request: BrandRequest) -> HttpResponse:
    """This function will confirm the chosen lines: their review ends now."""
    ids = [UUID(one) for one in request.POST.getlist("charge") if _is_uuid(one)]
    done = actions.confirm_lines(charge_ids=ids, by=request.actor, at=clock.now())
    said = ngettext("%(n)s line confirmed.", "%(n)s lines confirmed.", done) % {"n": done}
    messages.success(request, said if done else _("Nothing was left to confirm."))
    return redirect("payments:billing-lines", slug=request.actor.brand.slug)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@brand_page(Permission.VIEW_BILLING)
def charge(request: BrandRequest, charge_id: UUID) -> HttpResponse:
    """This function will explain one charge. What the agent gets is not the brand's to see."""
    row = charge_for(request.actor, charge_id)
    zone = zone_of(request.actor.brand.timezone)
    work = row.earning
    is_stretch = work.worked_to > work.worked_from
    context = {
        "page_title": _("%(amount)s, explained") % {"amount": money_text(row.owed)},
        "row": row,
        "back_url": reverse("payments:billing-lines", kwargs={"slug": request.actor.brand.slug}),
        "when": period_text(work.worked_from, work.worked_to, zone)
        if is_stretch
        else moment_text(work.worked_to, zone),
        "state": str(ChargeState(row.state).label),
        "sums": words.charge_sums(row, zone=zone),
        "hours": picture_of(work, zone=zone),
        "may_dispute": can_dispute_charge(request.actor, row) and is_in_brands_window(row) and not is_disputed(work.pk),
        "facts": [
            {"term": _("Program"), "text": row.program.name},
            {"term": _("Agent"), "text": work.agent.user.full_name},
            {"term": _("Kind"), "text": str(EarningKind(row.kind).label)},
            {"term": _("Cause"), "text": str(Cause(work.cause).label)},
            {"term": _("Billing week"), "text": f"{row.billing_week:%-d %B %Y}"},
            {"term": _("Rate card"), "text": str(row.explanation.get("card_version", ""))},
        ],
    }
    return render(request, "payments/billing_line.html", context)
