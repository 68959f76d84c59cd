"""Brands' money: how they pay, what is held, what they paid in, and their budgets."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money, exponent_of
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import money_text
from payments import actions
from payments.forms import TermsForm
from payments.gateways import collecting
from payments.models import BrandFunds, BrandHold, Budget, BudgetAlert, TopUp
from payments.states import BrandHoldState, FundsMode, TopUpState


def pays_by(mode: FundsMode) -> Any:
    """This function will return the decision that lets a brand pay in a mode."""

    def run(funds: BrandFunds, *, reason: str, by: OpsActor, at: datetime) -> None:
        actions.set_funds_mode(brand_id=funds.brand_id, currency=funds.currency, mode=mode, by=by, at=at)

    return run


def release(hold: BrandHold, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will let a hold go."""
    actions.release_hold(hold_id=hold.pk, reason=reason, by=by, at=at)


def refund(top_up: TopUp, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will decide a refund; the sweep sends it within a minute."""
    actions.refund_top_up(top_up_id=top_up.pk, reason=reason, by=by, at=at)


def look_again(top_up: TopUp, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will ask the other side how the payment stands."""
    collecting.look_up(top_up.pk, by=by)


@admin.register(BrandFunds)
class BrandFundsAdmin(DecidingAdmin):
    """How brands pay."""

    list_display = ("brand", "currency", "mode", "limit", "days_until_due", "method_label")
    readonly_fields = ("limit", "other_terms")
    list_filter = ("mode", "currency")
    list_select_related = ("brand",)
    exclude = ("customer_ref", "method_ref", "credit_limit_minor")
    decisions = (
        Decision(
            "prepaid",
            _("Let it pay before work"),
            pays_by(FundsMode.PREPAID),
            _("It pays before work now. What is held moved out of its wallet."),
            is_offered=lambda one: one.mode == FundsMode.TERMS,
            consequence=_("The credit limit no longer counts; the wallet has to cover what is held."),
        ),
        Decision(
            "terms",
            _("Let it pay by invoice"),
            pays_by(FundsMode.TERMS),
            _("It pays by invoice now. What was held is in its wallet again."),
            is_offered=lambda one: one.mode == FundsMode.PREPAID,
            consequence=_("Work is held against the credit limit, without money behind it."),
        ),
    )

    @admin.display(description=_("credit limit"))
    def limit(self, funds: BrandFunds) -> str:
        """This function will write the credit limit."""
        return money_text(Money(funds.credit_limit_minor, funds.currency))

    @admin.display(description=_("terms"))
    def other_terms(self, funds: BrandFunds) -> SafeString:
        """This function will lead to setting the credit limit and the days an invoice is open."""
        url = reverse("admin:payments_brandfunds_terms", args=[funds.pk])
        return format_html('<a href="{}">{}</a>', url, _("Set credit limit and due days"))

    def get_urls(self) -> list[URLPattern]:
        """This function will add the page for the terms."""
        view = self.admin_site.admin_view(self.terms)
        return [path("<uuid:brand_funds_id>/terms/", view, name="payments_brandfunds_terms"), *super().get_urls()]

    def terms(self, request: HttpRequest, brand_funds_id: Any) -> HttpResponse:
        """This function will set a brand's credit limit and due days, and keep why."""
        funds = self.get_object(request, str(brand_funds_id))
        if not isinstance(funds, BrandFunds):
            raise NotFound
        form = TermsForm(request.POST or None, currency=funds.currency, initial=_present(funds))
        page = reverse("admin:payments_brandfunds_change", args=[funds.pk])
        if request.method == "POST" and form.is_valid() and self._set(request, funds, form):
            return redirect(page)
        return self.form_page(
            request,
            form,
            title=_("Terms of %(brand)s in %(currency)s") % {"brand": funds.brand, "currency": funds.currency},
            label=_("Set the terms"),
            words=_("A lower limit takes nothing back: no more is published until there is room again."),
            back_url=page,
        )

    def _set(self, request: HttpRequest, funds: BrandFunds, form: TermsForm) -> bool:
        given = form.cleaned_data
        return self.attempt(
            request,
            lambda by, at: actions.set_terms(
                brand_id=funds.brand_id,
                currency=funds.currency,
                credit_limit_minor=form.minor("limit"),
                days_until_due=given["days_until_due"],
                reason=given["reason"],
                by=by,
                at=at,
            ),
            gettext("Set. It counts from now on; issued invoices keep their day."),
        )


def _present(funds: BrandFunds) -> dict[str, Any]:
    places = exponent_of(funds.currency)
    limit = Decimal(funds.credit_limit_minor).scaleb(-places)
    return {"limit": f"{limit:.{places}f}", "days_until_due": funds.days_until_due}


@admin.register(BrandHold)
class BrandHoldAdmin(DecidingAdmin):
    """Money set aside for published work."""

    list_display = ("held_at", "brand", "program", "source", "amount", "rest", "counts_on", "expires_at", "state")
    list_filter = ("state", "source_kind", "brand")
    list_select_related = ("brand", "program")
    search_fields = ("=id", "=source_id")
    decisions = (
        Decision(
            "release",
            _("Let it go"),
            release,
            _("Gone; what it covered is spendable again."),
            is_offered=lambda one: one.state == BrandHoldState.ACTIVE,
            needs_reason=True,
            reason_label=_("Why, kept in the history"),
            consequence=_("Work published under it is still paid, from what the brand has then."),
        ),
    )

    @admin.display(description=_("for"), ordering="source_kind")
    def source(self, hold: BrandHold) -> str:
        """This function will say what the money is for: the thing's name without its stage."""
        return hold.source_kind.rpartition(".")[2].replace("_", " ")

    @admin.display(description=_("amount"))
    def amount(self, hold: BrandHold) -> str:
        """This function will write the whole amount."""
        return money_text(Money(hold.amount_minor, hold.currency))

    @admin.display(description=_("still covers"))
    def rest(self, hold: BrandHold) -> str:
        """This function will write what is left of it."""
        return money_text(Money(hold.amount_minor - hold.consumed_minor, hold.currency))


@admin.register(TopUp)
class TopUpAdmin(DecidingAdmin):
    """What brands paid in."""

    list_display = ("started_at", "brand", "amount", "rail", "state", "is_automatic", "failure")
    list_filter = ("state", "rail", "currency", "is_automatic")
    list_select_related = ("brand",)
    search_fields = ("=id", "=checkout_ref", "=payment_ref")
    exclude = ("pay_url",)
    decisions = (
        Decision(
            "look",
            _("Ask the provider again"),
            look_again,
            _("Asked."),
            is_offered=lambda one: one.state in (TopUpState.STARTED, TopUpState.PROCESSING),
        ),
        Decision(
            "refund",
            _("Give back what is unspent"),
            refund,
            _("Decided; the provider is asked within a minute."),
            is_offered=lambda one: one.state == TopUpState.SETTLED,
            needs_reason=True,
            reason_label=_("Why, kept in the history"),
            kind="danger",
            consequence=_("Once a top-up, and at most what the wallet has."),
        ),
    )

    @admin.display(description=_("amount"))
    def amount(self, top_up: TopUp) -> str:
        """This function will write the amount."""
        return money_text(top_up.money)


class _Limits(OpsModelAdmin):
    @admin.display(description=_("limits"))
    def limits(self, row: Model) -> str:
        """This function will write planned amount and stop."""
        budget = row.budget if isinstance(row, BudgetAlert) else row
        assert isinstance(budget, Budget)  # noqa: S101  # narrows for the checker
        soft, hard = Money(budget.soft_minor, budget.currency), Money(budget.hard_minor, budget.currency)
        return f"{money_text(soft)} / {money_text(hard)}"


@admin.register(Budget)
class BudgetAdmin(_Limits):
    """What brands let themselves spend."""

    list_display = ("month", "brand", "program", "limits", "set_by", "set_at")
    list_filter = ("scope", "brand")
    list_select_related = ("brand", "program")


@admin.register(BudgetAlert)
class BudgetAlertAdmin(_Limits):
    """Thresholds that were told."""

    list_display = ("reached_at", "budget", "threshold_percent", "limits")
    list_select_related = ("budget",)
