"""A brand disputes minutes of its charges, sees before what that holds, and answers what agents say."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError, NotFound
from gigcx.kernel.intervals import zone_of
from gigcx.tenancy.actors import BrandActor
from gigcx.tenancy.roles import Permission
from gigcx.web.access import BrandRequest, brand_page
from gigcx.web.formats import day_text, duration_text, moment_text, money_text, period_text
from payments import actions
from payments.forms import ChargeDisputeForm, WordsForm
from payments.models import Charge, LineDispute
from payments.policies import is_in_brands_window
from payments.queries import charge_for
from payments.queries.disputes import bill_at_stake, dispute_for, disputes_for, is_disputed, preview_of
from payments.queries.pages import page_of
from payments.states import EarningKind, LineDisputeState, PartyKind
from payments.views.billing import tabs
from payments.views.disputes import DONE, acts, do, headline, outcome_facts, silence
from payments.views.pictures import picture_of

PAGE: Final = 50


@require_http_methods(["GET", "POST"])
@brand_page(Permission.DISPUTE_CHARGES)
def open_dispute(request: BrandRequest, charge_id: UUID) -> HttpResponse:
    """This function will show what disputing a stretch would hold and until when, and do it on the second press."""
    at, row = clock.now(), charge_for(request.actor, charge_id)
    if not is_in_brands_window(row) or is_disputed(row.earning_id):
        messages.info(request, _("This line cannot be disputed any more."))
        return redirect("payments:billing-line", slug=request.actor.brand.slug, charge_id=row.pk)
    zone = zone_of(request.actor.brand.timezone)
    form = ChargeDisputeForm(request.POST or None, worked_from=row.earning.worked_from, zone=zone)
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        begins, ends = form.stretch
        preview = _preview(row, form, at=at, by=request.actor)
        if preview and request.POST.get("do") == "open":
            try:
                found = actions.dispute_charge(
                    charge_id=row.pk,
                    reason=form.cleaned_data["reason"],
                    part_from=begins,
                    part_to=ends,
                    by=request.actor,
                    at=at,
                )
            except DomainError as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            else:
                messages.success(request, _("Only that part waits; the agent has been told."))
                return redirect("payments:billing-dispute", slug=request.actor.brand.slug, dispute_id=found.pk)
    context = _asked(row, form, request.actor) | {"preview": preview}
    return render(request, "payments/billing_dispute.html", context, status=422 if form.errors else 200)


def _preview(row: Charge, form: ChargeDisputeForm, *, at: datetime, by: BrandActor) -> dict[str, Any]:
    begins, ends = form.stretch
    found = preview_of(row, part_from=begins, part_to=ends, at=at)
    if found.minor <= 0:
        form.add_error("part_from", _("There are no paid minutes in this stretch."))
        return {}
    zone = zone_of(by.brand.timezone)
    return {
        "amount": money_text(found.bill),
        "time": duration_text(found.seconds // 60),
        "rest": money_text(row.owed - found.bill),
        "due": moment_text(found.due_at, zone),
        "needs_ops": found.needs_ops,
    }


def _asked(row: Charge, form: ChargeDisputeForm, by: BrandActor) -> dict[str, Any]:
    zone, work = zone_of(by.brand.timezone), row.earning
    return {
        "page_title": _("Dispute minutes of this line"),
        "form": form,
        "back_url": reverse("payments:billing-line", kwargs={"slug": by.brand.slug, "charge_id": row.pk}),
        "hours": picture_of(work, zone=zone),
        "facts": [
            {"term": _("Line"), "text": f"{EarningKind(row.kind).label}, {row.program.name}"},
            {"term": _("Agent"), "text": work.agent.user.full_name},
            {"term": _("Worked"), "text": period_text(work.worked_from, work.worked_to, zone)},
            {"term": _("It costs"), "text": money_text(row.owed)},
        ],
    }


@brand_page(Permission.VIEW_BILLING)
def disputes(request: BrandRequest) -> HttpResponse:
    """This function will list the brand's disputes, newest first."""
    rows = disputes_for(request.actor).exclude(earning__kind=EarningKind.CLAWBACK).filter(earning__charge__isnull=False)
    page = page_of(rows, by="opened_at", after=request.GET.get("after", ""), size=PAGE)
    slug, zone = request.actor.brand.slug, zone_of(request.actor.brand.timezone)
    context = {
        "page_title": _("Disputes"),
        "tabs": tabs(slug, "billing-disputes"),
        "rows": [_row(row, slug, zone) for row in page.rows],
        "open_count": sum(row.state == LineDisputeState.OPEN for row in page.rows),
        "lines_url": reverse("payments:billing-lines", kwargs={"slug": slug}),
        "next_url": f"?after={page.next_cursor}" if page.next_cursor else "",
    }
    return render(request, "payments/billing_disputes.html", context)


def _row(row: LineDispute, slug: str, zone: Any) -> dict[str, Any]:
    return {
        "url": reverse("payments:billing-dispute", kwargs={"slug": slug, "dispute_id": row.pk}),
        "when": day_text(row.opened_at, zone),
        "agent": row.agent.user.full_name,
        "program": row.earning.program.name,
        "by": _("the agent") if row.opened_by_kind == PartyKind.AGENT else row.opened_by,
        "amount": money_text(bill_at_stake(row)),
        "due": moment_text(row.due_at, zone) if row.state == LineDisputeState.OPEN else "",
        "state": str(LineDisputeState(row.state).label),
    }


@brand_page(Permission.VIEW_BILLING)
def dispute(request: BrandRequest, dispute_id: UUID) -> HttpResponse:
    """This function will show where a dispute stands, what silence does, and what the brand may do now."""
    row = _mine(request.actor, dispute_id)
    return render(request, "payments/billing_dispute_page.html", _page(row, request.actor, WordsForm()))


def _mine(actor: BrandActor, dispute_id: UUID) -> LineDispute:
    row = dispute_for(actor, dispute_id)
    if row.earning.kind == EarningKind.CLAWBACK or not hasattr(row.earning, "charge"):
        raise NotFound
    return row


@require_POST
@brand_page(Permission.DISPUTE_CHARGES)
def act(request: BrandRequest, dispute_id: UUID, act: str) -> HttpResponse:
    """This function will answer, agree, withdraw or appeal."""
    row = _mine(request.actor, dispute_id)
    form = WordsForm(request.POST)
    if act in ("answer", "appeal") and not form.is_valid():
        return render(request, "payments/billing_dispute_page.html", _page(row, request.actor, form), status=422)
    found = do(act, row, request.actor, form.cleaned_data.get("words", "") if form.is_valid() else "")
    messages.success(request, DONE[act]())
    return redirect("payments:billing-dispute", slug=request.actor.brand.slug, dispute_id=found.pk)


def _page(row: LineDispute, actor: BrandActor, form: WordsForm) -> dict[str, Any]:
    slug, zone, work = actor.brand.slug, zone_of(actor.brand.timezone), row.earning
    may = actor.can(Permission.DISPUTE_CHARGES)
    urls = {
        f"{name}_url": reverse("payments:billing-dispute-act", kwargs={"slug": slug, "dispute_id": row.pk, "act": name})
        for name in ("answer", "agree", "withdraw", "appeal")
    }
    return {
        "page_title": _("%(state)s: %(amount)s") % {"state": headline(row), "amount": money_text(bill_at_stake(row))},
        "row": row,
        "facts": [
            {"term": _("Agent"), "text": row.agent.user.full_name},
            {"term": _("Line"), "text": f"{EarningKind(work.kind).label}, {work.program.name}"},
            {"term": _("Worked"), "text": period_text(work.worked_from, work.worked_to, zone)},
            {"term": _("It cost"), "text": money_text(work.charge.money)},
            {"term": _("In question"), "text": money_text(bill_at_stake(row))},
            *outcome_facts(row, zone),
        ],
        "silence": silence(row, zone),
        "form": form,
        "acts": {name: may and is_on for name, is_on in acts(row, actor).items()},
        "back_url": reverse("payments:billing-disputes", kwargs={"slug": slug}),
        **urls,
    }
