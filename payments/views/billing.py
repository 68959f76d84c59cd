"""A brand's billing: what is coming, what it is made of, and confirming it."""

from datetime import date, datetime, timedelta
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
from gigcx.kernel.intervals import week_start, zone_of
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.tenancy.states import BrandState
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import day_text, duration_text, moment_text, money_text, number_text, period_text
from payments import actions
from payments.models import Charge
from payments.policies import can_dispute_charge, is_in_brands_window
from payments.policies.funds import SUSPENDED_AFTER, local_day
from payments.queries import Spendable, Upcoming, UpcomingWeek, charge_for, charges_for, spendable, upcoming_charges
from payments.queries.disputes import is_disputed
from payments.queries.funds import Due, due_of
from payments.queries.pages import page_of
from payments.states import Cause, ChargeState, EarningKind
from payments.views import words
from payments.views.pictures import picture_of
from scheduling.queries.pauses import paused_shifts

PAGE: Final = 50
_SOON: Final = timedelta(days=2)


def tabs(slug: str, current: str) -> list[dict[str, Any]]:
    """This function will return the tabs of the billing pages."""
    pages = (
        ("billing", _("Upcoming charges")),
        ("billing-lines", _("Lines")),
        ("billing-disputes", _("Disputes")),
        ("invoices", _("Invoices")),
        ("funds", _("Funds")),
        ("budgets", _("Budgets")),
        ("billing-profile", _("Details")),
    )
    return [
        {"label": label, "url": reverse(f"payments:{name}", kwargs={"slug": slug}), "is_current": name == current}
        for name, label in pages
    ]


@brand_page(Permission.VIEW_BILLING)
def billing(request: BrandRequest) -> HttpResponse:
    """This function will show what may be spent and is due, and coming charges by week, program and cause."""
    brand = request.actor.brand
    context = _live_context(request)
    context |= {"page_title": _("Billing"), "tabs": tabs(brand.slug, "billing")}
    return render(request, "payments/billing_page.html", context)


@brand_page(Permission.VIEW_BILLING)
def live(request: BrandRequest) -> HttpResponse:
    """This function will show the moving part of the page again."""
    return render(request, "payments/_billing_live.html", _live_context(request))


def _live_context(request: BrandRequest) -> dict[str, Any]:
    actor, slug = request.actor, request.actor.brand.slug
    at = clock.now()
    monday = week_start(local_day(at, actor.brand.timezone))
    weeks = _in_order(upcoming_charges(actor.brand, at=at), monday)
    rate = weeks[0].tax_rate_bp if weeks else None
    found = {one: spendable(actor.brand_id, one, tax_rate_bp=rate) for one in _currencies(actor, weeks)}
    own = found[actor.brand.currency]
    due = due_of(actor.brand_id, own)
    return {
        "brand": actor.brand,
        "headline": _headline(weeks),
        "funds": [_funds(one, due if one is own else None) for one in found.values()],
        "stopped": _stopped(actor, due) or _paused(actor, at),
        "weeks": [_week(week, actor) for week in weeks],
        "lines_url": reverse("payments:billing-lines", kwargs={"slug": slug}),
        "funds_url": reverse("payments:funds", kwargs={"slug": slug}),
        "live_url": reverse("payments:billing-live", kwargs={"slug": slug}),
        "may_pay": actor.can(Permission.MANAGE_BILLING),
    }


def _currencies(actor: BrandActor, weeks: list[UpcomingWeek]) -> list[str]:
    own = actor.brand.currency
    return [own, *sorted({week.currency for week in weeks} - {own})]


def _in_order(weeks: list[UpcomingWeek], monday: date) -> list[UpcomingWeek]:
    """The present week first, then what is coming, then what is locked and waits for its invoice, newest first."""
    past = [one for one in weeks if one.starts_on < monday]
    return [*(one for one in weeks if one.starts_on >= monday), *reversed(past)]


def _headline(weeks: list[UpcomingWeek]) -> str:
    if not weeks:
        return _("Nothing to bill yet.")
    first = weeks[0]
    words = (
        _("%(total)s in the week of %(day)s so far.")
        if first.total_minor
        else _("%(expected)s expected in the week of %(day)s.")
    )
    figures = {"total": money_text(first.total), "expected": money_text(first.expected)}
    return words % {**figures, "day": f"{first.starts_on:%-d %B}"}


def _funds(one: Spendable, due: Due | None) -> dict[str, str]:
    credit = _("of a credit limit of %(limit)s") % {"limit": money_text(one.credit_limit)}
    wallet = _("in a wallet of %(wallet)s") % {"wallet": money_text(one.wallet)}
    return {
        "currency": one.currency,
        "free": money_text(one.free),
        "held": money_text(one.held),
        "unbilled": money_text(one.unbilled),
        "limit": wallet if one.is_prepaid else credit,
        "tax": _("and %(tax)s expected tax") % {"tax": money_text(one.unbilled_tax)} if one.unbilled_tax else "",
        "due": money_text(one.receivable),
        "due_words": _due_words(due) if due else "",
    }


def _due_words(due: Due) -> str:
    if due.late:
        return _("%(late)s is late") % {"late": money_text(due.late)}
    if due.next_due_on:
        return _("by %(day)s") % {"day": f"{due.next_due_on:%-d %B}"}
    return "" if due.receivable else _("nothing to pay")


def _stopped(actor: BrandActor, due: Due) -> dict[str, str] | None:
    """What stands still because of money, what goes on, what comes next, and the way out."""
    if actor.brand.state not in (BrandState.PAST_DUE, BrandState.SUSPENDED):
        return None
    owed = due.late or due.receivable
    words = {
        BrandState.PAST_DUE: _("Booked work runs and agents are paid. Nothing new can be posted until it is paid."),
        BrandState.SUSPENDED: _("Seats within 72 hours run; later ones are cancelled. Nothing new can be posted."),
    }
    asked = f"?amount={owed.amount_minor}" if owed else ""
    return {
        "lead": _("%(amount)s is overdue.") % {"amount": money_text(owed)} if owed else _("A payment is overdue."),
        "text": words[BrandState(actor.brand.state)],
        "next": _next_stop(actor, due),
        "url": reverse("payments:funds", kwargs={"slug": actor.brand.slug}) + asked,
        "label": _("Pay now"),
    }


def _paused(actor: BrandActor, at: datetime) -> dict[str, str] | None:
    """A failed card stops no posting: it lets free seats wait."""
    count = paused_shifts(actor.brand_id, at=at)
    if not count:
        return None
    lead = ngettext("Free seats of %(n)s shift wait.", "Free seats of %(n)s shifts wait.", count) % {"n": count}
    return {
        "lead": lead,
        "text": _("An automatic top-up was not paid. Claimed seats run; the others open again when a top-up arrives."),
        "next": "",
        "url": reverse("payments:funds", kwargs={"slug": actor.brand.slug}),
        "label": _("Top up"),
    }


def _next_stop(actor: BrandActor, due: Due) -> str:
    if actor.brand.state != BrandState.PAST_DUE or due.late_since is None:
        return ""
    day = due.late_since + SUSPENDED_AFTER
    return _("On %(day)s seats more than 72 hours ahead are cancelled if it is still open.") % {"day": f"{day:%-d %B}"}


def _week(week: UpcomingWeek, actor: BrandActor) -> dict[str, Any]:
    zone = zone_of(actor.brand.timezone)
    is_open = week.locks_at > clock.now()
    return {
        "title": _("Week of %(day)s") % {"day": f"{week.starts_on:%-d %B}"},
        "locks": (_("lines lock %(when)s") if is_open else _("lines locked %(when)s"))
        % {"when": moment_text(week.locks_at, zone)},
        "locks_at": week.locks_at.isoformat() if is_open and week.locks_at - clock.now() < _SOON else "",
        "total": money_text(week.total),
        "has_more": bool(week.booked_minor or week.expected_tax),
        "tax": money_text(week.expected_tax) if week.expected_tax else "",
        "expected": money_text(week.expected),
        "lines": [_line(line) for line in week.lines],
    }


def _line(line: Upcoming) -> dict[str, Any]:
    return {
        "program": line.program,
        "kind": _("Booked seats, estimated") if line.is_estimate else str(EarningKind(line.kind).label),
        "cause": _("planned work") if line.is_estimate else str(Cause(line.cause).label),
        "count": number_text(line.lines),
        "net": money_text(line.net),
        "is_estimate": line.is_estimate,
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
