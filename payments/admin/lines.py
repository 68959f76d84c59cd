"""Earnings and charges, with the buttons that hold, release and withdraw."""

from datetime import datetime, timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import money_text
from payments import actions
from payments.models import Charge, Earning, EarningHold, UnpricedWork
from payments.pricing import sentence
from payments.states import EarningState


def hold(earning: Earning, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will hold a line for three days while somebody checks it."""
    actions.hold_earning(
        earning_id=earning.pk, reason="review", note=reason, until=at + timedelta(days=3), by=by, at=at
    )


def lift(earning: Earning, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will lift every open hold of a line."""
    open_holds = EarningHold.objects.across_brands().filter(earning=earning, lifted_at__isnull=True)
    ids = list(open_holds.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise NotFound
    for hold_id in ids:
        actions.lift_hold(hold_id=hold_id, by=by, at=at)


def withdraw(earning: Earning, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will withdraw a line with mirrored journals."""
    actions.reverse_earnings([earning.pk], reason=reason, by=by, at=at)


@admin.register(Earning)
class EarningAdmin(DecidingAdmin):
    """Lines of agents, newest first."""

    list_display = ("worked_to", "agent", "program", "kind", "cause", "amount", "state", "review_ends_at")
    list_filter = ("state", "kind", "cause", "currency")
    list_select_related = ("agent", "program")
    search_fields = ("=id", "=source_id", "=agent__id", "=source_event_id")
    readonly_fields = ("amount", "why", "by_hand")
    decisions = (
        Decision(
            "hold",
            _("Hold for three days"),
            hold,
            _("Held; the agent is told."),
            is_offered=lambda one: one.state in (EarningState.ACCRUED, EarningState.HELD),
            needs_reason=True,
            reason_label=_("Why, in a sentence"),
        ),
        Decision(
            "lift",
            _("Lift the holds"),
            lift,
            _("Lifted."),
            is_offered=lambda one: one.state == EarningState.HELD,
            kind="primary",
        ),
        Decision(
            "withdraw",
            _("Withdraw"),
            withdraw,
            _("Withdrawn with mirrored journals."),
            is_offered=lambda one: one.state in (EarningState.ACCRUED, EarningState.HELD, EarningState.PAYABLE),
            needs_reason=True,
            reason_label=_("Reason, kept in the history"),
            kind="danger",
        ),
    )

    @admin.display(description=_("amount"))
    def amount(self, earning: Earning) -> str:
        """This function will write the amount."""
        return money_text(earning.money)

    @admin.display(description=_("why"))
    def why(self, earning: Earning) -> str:
        """This function will say the sum."""
        return sentence(earning.explanation)

    @admin.display(description=_("by hand"))
    def by_hand(self, earning: Earning) -> SafeString:
        """This function will lead to the page that asks for a correction."""
        url = reverse("admin:payments_adjustment_ask", args=[earning.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Ask for a correction by hand"))


@admin.register(Charge)
class ChargeAdmin(OpsModelAdmin):
    """Lines of brands, newest first."""

    list_display = ("accrued_at", "brand", "program", "kind", "amount", "billing_week", "state")
    list_filter = ("state", "kind", "currency", "brand")
    list_select_related = ("brand", "program")
    search_fields = ("=id", "=earning__id", "=earning__source_id")

    @admin.display(description=_("net"))
    def amount(self, charge: Charge) -> str:
        """This function will write the amount."""
        return money_text(charge.money)


@admin.register(UnpricedWork)
class UnpricedWorkAdmin(OpsModelAdmin):
    """Work that the sweeps could not price and why, oldest first; each row goes by itself once its work is paid."""

    list_display = ("first_failed_at", "fact", "subject_id", "error", "tries", "last_failed_at")
    list_filter = ("fact",)
    search_fields = ("=id", "=subject_id", "error")
    ordering = ("first_failed_at", "pk")
