"""Disputes of lines, corrections by hand and holds by their end: decided by ops, two people where it says so."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import money_text
from payments import actions
from payments.forms import AdjustmentForm, FigureForm
from payments.models import AdjustmentRequest, Earning, EarningHold, LineDispute
from payments.states import AdjustmentState, DisputeDecision, EarningKind, LineDisputeState, PartyKind


def rule(decision: str) -> Callable[..., object]:
    """This function will return the decision that ends a dispute this way."""

    def run(dispute: LineDispute, *, reason: str, by: OpsActor, at: datetime) -> None:
        actions.decide_dispute(dispute_id=dispute.pk, decision=decision, reason=reason, by=by, at=at)

    return run


def is_open(dispute: LineDispute) -> bool:
    """This function will tell whether somebody still has to decide."""
    return dispute.state == LineDisputeState.OPEN


@admin.register(LineDispute)
class LineDisputeAdmin(DecidingAdmin):
    """Disputes, first due first. Never decided by a party, and on appeal by another person."""

    list_display = ("due_at", "brand", "agent", "asked_by", "in_question", "needs_ops", "state")
    list_filter = ("state", "needs_ops", "opened_by_kind", "brand")
    list_select_related = ("brand", "agent")
    search_fields = ("=id", "=earning__id", "=held_earning__id", "=agent__id")
    readonly_fields = ("in_question", "the_agents_figure", "line", "other_figure")
    ordering = ("due_at", "pk")
    decisions = (
        Decision(
            "stands",
            gettext_lazy("The line stands"),
            rule(DisputeDecision.STANDS),
            gettext_lazy("Decided; both sides are told."),
            is_offered=is_open,
            needs_reason=True,
            reason_label=gettext_lazy("Reason; both sides read it"),
            kind="primary",
            consequence=gettext_lazy("What was held goes on to the agent as it stood before the dispute."),
        ),
        Decision(
            "remove",
            gettext_lazy("Take the disputed part away"),
            rule(DisputeDecision.REMOVED),
            gettext_lazy("Decided; both sides are told."),
            is_offered=is_open,
            needs_reason=True,
            reason_label=gettext_lazy("Reason; both sides read it"),
            kind="danger",
            consequence=gettext_lazy(
                "The disputed part is neither paid nor billed. What was released already we bear."
            ),
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        """This function will add the page for another figure."""
        view = self.admin_site.admin_view(self.correct)
        return [path("<uuid:dispute_id>/correct/", view, name="payments_linedispute_correct"), *super().get_urls()]

    def correct(self, request: HttpRequest, dispute_id: Any) -> HttpResponse:
        """This function will decide on a figure between what the two sides say."""
        found = self.get_object(request, str(dispute_id))
        if not isinstance(found, LineDispute):
            raise NotFound
        form = FigureForm(request.POST or None, currency=found.currency)
        page = reverse("admin:payments_linedispute_change", args=[found.pk])
        if request.method == "POST" and form.is_valid() and self._corrected(request, found, form.cleaned_data):
            return redirect(page)
        title, label = _("Another figure for a disputed line"), _("Decide on this figure")
        return self.form_page(request, form, title=title, label=label, back_url=page)

    def _corrected(self, request: HttpRequest, found: LineDispute, given: dict[str, Any]) -> bool:
        return self.attempt(
            request,
            lambda by, at: actions.decide_dispute(
                dispute_id=found.pk,
                decision=DisputeDecision.CORRECTED,
                decided_minor=given["figure_minor"],
                reason=given["reason"],
                fault=given["fault"],
                by=by,
                at=at,
            ),
            _("Decided; both sides are told."),
        )

    @admin.display(description=gettext_lazy("asked by"), ordering="opened_by_kind")
    def asked_by(self, dispute: LineDispute) -> str:
        """This function will say which side asks."""
        return str(PartyKind(dispute.opened_by_kind).label)

    @admin.display(description=gettext_lazy("held"))
    def in_question(self, dispute: LineDispute) -> str:
        """This function will write what the dispute holds or held."""
        return money_text(dispute.disputed)

    @admin.display(description=gettext_lazy("the agent's figure"))
    def the_agents_figure(self, dispute: LineDispute) -> str:
        """This function will write what the agent says the line should be."""
        return money_text(Money(dispute.claimed_minor, dispute.currency))

    @admin.display(description=gettext_lazy("line"))
    def line(self, dispute: LineDispute) -> SafeString:
        """This function will lead to the line as it stood."""
        url = reverse("admin:payments_earning_change", args=[dispute.earning_id])
        return format_html('<a href="{}">{}</a>', url, money_text(dispute.earning.money))

    @admin.display(description=gettext_lazy("another figure"))
    def other_figure(self, dispute: LineDispute) -> SafeString | str:
        """This function will lead to the page for a figure between the two sides."""
        if not is_open(dispute):
            return "–"
        url = reverse("admin:payments_linedispute_correct", args=[dispute.pk])
        return format_html('<a href="{}">{}</a>', url, _("Decide on another figure"))


def approve(found: AdjustmentRequest, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will approve a correction asked for by somebody else."""
    actions.approve_adjustment(request_id=found.pk, reason=reason, by=by, at=at)


def refuse(found: AdjustmentRequest, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will refuse a correction asked for by somebody else."""
    actions.refuse_adjustment(request_id=found.pk, reason=reason, by=by, at=at)


def waits(found: AdjustmentRequest) -> bool:
    """This function will tell whether a second person still has to look."""
    return found.state == AdjustmentState.ASKED


@admin.register(AdjustmentRequest)
class AdjustmentRequestAdmin(DecidingAdmin):
    """Corrections by hand: one asks from the line's page, another approves or refuses here."""

    list_display = ("asked_at", "brand", "agent", "correction", "pay", "bill", "asked_by", "state")
    list_filter = ("state", "kind", "brand")
    list_select_related = ("brand", "agent", "asked_by")
    search_fields = ("=id", "=corrects__id", "=earning__id", "=agent__id")
    readonly_fields = ("pay", "bill")
    decisions = (
        Decision(
            "approve",
            gettext_lazy("Approve"),
            approve,
            gettext_lazy("Approved: the line is there, in review like any other."),
            is_offered=waits,
            kind="primary",
            consequence=gettext_lazy("Not by who asked. A clawback gives seven days' notice."),
        ),
        Decision(
            "refuse",
            gettext_lazy("Refuse"),
            refuse,
            gettext_lazy("Refused; nothing was paid."),
            is_offered=waits,
            needs_reason=True,
            reason_label=gettext_lazy("Reason, kept in the history"),
            kind="danger",
        ),
    )

    @admin.display(description=gettext_lazy("correction"), ordering="kind")
    def correction(self, asked: AdjustmentRequest) -> str:
        """This function will name the kind of line that is asked for."""
        return str(EarningKind(asked.kind).label)

    def get_urls(self) -> list[URLPattern]:
        """This function will add the page that asks."""
        view = self.admin_site.admin_view(self.ask)
        return [path("ask/<uuid:earning_id>/", view, name="payments_adjustment_ask"), *super().get_urls()]

    def ask(self, request: HttpRequest, earning_id: Any) -> HttpResponse:
        """This function will ask for a correction of one line."""
        line = Earning.objects.across_brands().filter(pk=earning_id).first()
        if line is None:
            raise NotFound
        form = AdjustmentForm(request.POST or None, currency=line.currency)
        if request.method == "POST" and form.is_valid() and self._asked(request, line, form.cleaned_data):
            return redirect("admin:payments_adjustmentrequest_changelist")
        back_url = reverse("admin:payments_earning_change", args=[line.pk])
        title, label = _("Correct a line by hand"), _("Ask for the correction")
        return self.form_page(request, form, title=title, label=label, back_url=back_url)

    def _asked(self, request: HttpRequest, line: Earning, given: dict[str, Any]) -> bool:
        return self.attempt(
            request,
            lambda by, at: actions.adjust_earning(
                engagement_id=line.engagement_id,
                corrects_id=line.pk,
                kind=given["kind"],
                pay_minor=given["pay_minor"],
                bill_minor=given["bill_minor"],
                currency=line.currency,
                reason=given["reason"],
                by=by,
                at=at,
            ),
            _("Asked. Somebody else approves or refuses it."),
        )

    @admin.display(description=gettext_lazy("pay"))
    def pay(self, found: AdjustmentRequest) -> str:
        """This function will write what the agent gets."""
        return money_text(Money(found.pay_minor, found.currency))

    @admin.display(description=gettext_lazy("bill"))
    def bill(self, found: AdjustmentRequest) -> str:
        """This function will write what the brand pays of it."""
        return money_text(Money(found.bill_minor, found.currency))


@admin.register(EarningHold)
class EarningHoldAdmin(OpsModelAdmin):
    """Holds, first to end first. Each has a reason and an end; it is lifted on the line's page."""

    list_display = ("until", "earning", "reason", "set_by", "set_at", "lifted_at")
    list_filter = ("reason", ("lifted_at", admin.EmptyFieldListFilter))
    list_select_related = ("earning",)
    search_fields = ("=id", "=earning__id", "=earning__agent__id")
    ordering = ("until", "pk")
