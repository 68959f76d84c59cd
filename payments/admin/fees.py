"""What instant payouts cost, and the provider's copies of invoices."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.formats import money_text
from payments import actions
from payments.forms import InstantFeeForm
from payments.models import InstantFee, InvoiceCopy


@admin.register(InstantFee)
class InstantFeeAdmin(OpsModelAdmin):
    """Fees by currency: the house's, and those of agents of single brands. Where none is set it is 2.99."""

    list_display = ("currency", "for_whom", "fee", "set_by", "set_at")
    list_filter = ("currency",)
    list_select_related = ("brand", "set_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This function will let ops set a fee."""
        return request.user.is_active and request.user.is_staff

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """This function will set a fee; one there is already is replaced, and the history keeps both."""
        form = InstantFeeForm(request.POST or None)
        page = reverse("admin:payments_instantfee_changelist")
        if request.method == "POST" and form.is_valid() and self._set(request, form.cleaned_data):
            return redirect(page)
        return self.form_page(
            request,
            form,
            title=_("What an instant payout costs"),
            label=_("Set the fee"),
            words=_("Offers that were shown keep their fee. Of several brands' fees an agent pays the lowest."),
            back_url=page,
        )

    def _set(self, request: HttpRequest, given: dict[str, Any]) -> bool:
        return self.attempt(
            request,
            lambda by, at: actions.set_instant_fee(
                brand_id=given["brand"].pk if given["brand"] else None,
                currency=given["currency"],
                fee_minor=given["fee_minor"],
                reason=given["reason"],
                by=by,
                at=at,
            ),
            gettext("Set. The next offers cost that."),
        )

    @admin.display(description=_("for"))
    def for_whom(self, row: InstantFee) -> str:
        """This function will name whose agents pay it."""
        return str(row.brand) if row.brand else str(_("the house: every brand"))

    @admin.display(description=_("fee"))
    def fee(self, row: InstantFee) -> str:
        """This function will write the fee."""
        return money_text(row.money)


@admin.register(InvoiceCopy)
class InvoiceCopyAdmin(OpsModelAdmin):
    """Where brands can pay an invoice at the provider. Ours is the book; a copy that does not equal it is voided."""

    list_display = ("asked_at", "brand", "invoice", "amount", "state", "ref", "failure")
    list_filter = ("state", "rail")
    list_select_related = ("brand", "invoice")
    search_fields = ("=id", "=ref", "=invoice__full_number")

    @admin.display(description=_("collects"))
    def amount(self, copy: InvoiceCopy) -> str:
        """This function will write what it collects."""
        return money_text(copy.money)
