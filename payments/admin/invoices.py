"""Invoices and what follows them: issue, credit, record transfers with a second look, give up. Nothing is edited."""

from datetime import UTC, datetime, time
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline

from gigcx.kernel.errors import NotFound
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import money_text
from payments import actions
from payments.forms import BankTransferForm, CreditForm
from payments.models import (
    BillingProfile,
    CreditNote,
    CreditNoteLine,
    DunningStep,
    Invoice,
    NumberSeries,
    Receipt,
    ReceiptProposal,
    TaxDecision,
)
from payments.queries.invoices import invoice_lines, is_waived
from payments.states import OWING_INVOICES, InvoiceState, ProposalState

_SHOWN = 200


def issue(invoice: Invoice, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will issue a draft before its Tuesday."""
    actions.issue_invoice(invoice_id=invoice.pk, by=by, at=at)


def settle(invoice: Invoice, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will pay the brand's open invoices from its own money now."""
    actions.settle_invoices(brand_id=invoice.brand_id, currency=invoice.currency, by=by, at=at)


def discard(invoice: Invoice, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will drop a draft."""
    actions.discard_invoice(invoice_id=invoice.pk, reason=reason, by=by, at=at)


def credit_all(invoice: Invoice, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will credit all that remains of an invoice."""
    actions.credit_whole_invoice(invoice_id=invoice.pk, reason=reason, by=by, at=at)


def give_up(invoice: Invoice, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will write an overdue invoice off."""
    actions.write_off(invoice_id=invoice.pk, reason=reason, by=by, at=at)


def waive(invoice: Invoice, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will let a debt that was given up stop its brand no longer."""
    actions.waive_debt(invoice_id=invoice.pk, reason=reason, by=by, at=at)


class PartInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Rows that belong to a paper: looked at, never touched."""

    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """This function will read across brands: ops see all."""
        return self.model.objects.across_brands().order_by("pk")

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        """This function will refuse: parts come with their paper."""
        return False


class TaxInline(PartInline):
    """The tax of an invoice, with why."""

    model = TaxDecision
    fields = ("rule", "jurisdiction", "rate_bp", "base_minor", "tax_minor", "sentence", "evidence")
    readonly_fields = fields


class StepInline(PartInline):
    """The reminders that went out."""

    model = DunningStep
    fields = ("step", "taken_at", "open_minor")
    readonly_fields = fields


@admin.register(Invoice)
class InvoiceAdmin(DecidingAdmin):
    """Invoices, the newest first; overdue ones are worked here."""

    list_display = ("full_number", "brand", "period_from", "gross", "open_amount", "due_on", "state")
    list_filter = ("state", "currency", "brand")
    list_select_related = ("brand",)
    search_fields = ("=id", "full_number", "=remote_ref")
    readonly_fields = ("gross", "open_amount", "by_hand")
    inlines = (TaxInline, StepInline)
    decisions = (
        Decision(
            "issue",
            gettext_lazy("Issue now"),
            issue,
            gettext_lazy("Issued; its number is taken."),
            is_offered=lambda one: one.state == InvoiceState.DRAFT,
            kind="primary",
            consequence=gettext_lazy("What is ready now is on it; nothing of it ever changes."),
        ),
        Decision(
            "discard",
            gettext_lazy("Drop the draft"),
            discard,
            gettext_lazy("Dropped; the lines go onto the next week's."),
            is_offered=lambda one: one.state == InvoiceState.DRAFT,
            needs_reason=True,
            reason_label=gettext_lazy("Reason, kept in the history"),
        ),
        Decision(
            "settle",
            gettext_lazy("Pay from the brand's own money"),
            settle,
            gettext_lazy("What was there has paid."),
            is_offered=lambda one: one.state in OWING_INVOICES,
        ),
        Decision(
            "credit",
            gettext_lazy("Credit all that remains"),
            credit_all,
            gettext_lazy("Credited."),
            is_offered=lambda one: one.state in (*OWING_INVOICES, InvoiceState.PAID),
            needs_reason=True,
            reason_label=gettext_lazy("Why, in a sentence the brand reads"),
            kind="danger",
        ),
        Decision(
            "write-off",
            gettext_lazy("Give it up"),
            give_up,
            gettext_lazy("Written off as bad debt."),
            is_offered=lambda one: one.state == InvoiceState.OVERDUE,
            needs_reason=True,
            reason_label=gettext_lazy("Reason, kept in the history"),
            kind="danger",
            consequence=gettext_lazy("Agents keep what they earned; the brand stays stopped."),
        ),
        Decision(
            "waive",
            gettext_lazy("Let the brand work again"),
            waive,
            gettext_lazy("Noted. The brand is open again unless something else is unpaid."),
            is_offered=lambda one: one.state == InvoiceState.WRITTEN_OFF and not is_waived(one.pk),
            needs_reason=True,
            reason_label=gettext_lazy("Reason, kept in the history"),
            consequence=gettext_lazy("The debt stays written off. It no longer keeps the brand stopped."),
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        """This function will add the pages for transfers and credits."""
        wrap = self.admin_site.admin_view
        own = [
            path("<uuid:invoice_id>/transfer/", wrap(self.transfer), name="payments_invoice_transfer"),
            path("<uuid:invoice_id>/credit-lines/", wrap(self.credit_lines), name="payments_invoice_credit"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("total"))
    def gross(self, invoice: Invoice) -> str:
        """This function will write the total."""
        return money_text(invoice.gross)

    @admin.display(description=gettext_lazy("open"))
    def open_amount(self, invoice: Invoice) -> str:
        """This function will write what is open."""
        return money_text(Money(invoice.open_minor, invoice.currency)) if invoice.state in OWING_INVOICES else "–"

    @admin.display(description=gettext_lazy("by hand"))
    def by_hand(self, invoice: Invoice) -> SafeString | str:
        """This function will lead to recording a transfer and to crediting single lines."""
        if invoice.state not in (*OWING_INVOICES, InvoiceState.PAID):
            return "–"
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:payments_invoice_transfer", args=[invoice.pk]),
            _("Type a bank transfer in"),
            reverse("admin:payments_invoice_credit", args=[invoice.pk]),
            _("Credit single lines"),
        )

    def transfer(self, request: HttpRequest, invoice_id: Any) -> HttpResponse:
        """This function will take a bank transfer down; a second person looks before it counts."""
        invoice = self._found(invoice_id)
        form = BankTransferForm(request.POST or None, currency=invoice.currency)
        if request.method == "POST" and form.is_valid():
            received = datetime.combine(form.cleaned_data["received_on"], time(), UTC)
            asked = {"amount": form.cleaned_data["amount"], "bank_reference": form.cleaned_data["bank_reference"]}
            done = self.attempt(
                request,
                lambda by, at: actions.propose_receipt(
                    invoice_id=invoice.pk, received_at=received, by=by, at=at, **asked
                ),
                _("Noted. It counts when somebody else has looked."),
            )
            if done:
                return redirect("admin:payments_receiptproposal_changelist")
        return self._form(
            request,
            form,
            invoice,
            title=_("Bank transfer for %(number)s") % {"number": invoice.full_number},
            words=_("Type what the bank's page shows. It counts when a second person has confirmed it."),
            label=_("Note the transfer"),
        )

    def credit_lines(self, request: HttpRequest, invoice_id: Any) -> HttpResponse:
        """This function will credit single lines of an invoice."""
        invoice = self._found(invoice_id)
        lines = list(invoice_lines(invoice)[:_SHOWN])
        form = CreditForm(request.POST or None, lines=lines, currency=invoice.currency)
        if request.method == "POST" and form.is_valid():
            done = self.attempt(
                request,
                lambda by, at: actions.issue_credit_note(
                    invoice_id=invoice.pk, nets=form.nets(), reason=form.cleaned_data["reason"], by=by, at=at
                ),
                _("Credited; the brand is told."),
            )
            if done:
                return redirect("admin:payments_invoice_change", invoice.pk)
        return self._form(
            request,
            form,
            invoice,
            title=_("Credit lines of %(number)s") % {"number": invoice.full_number},
            words=_("What is open is credited first; what was paid goes into the brand's wallet."),
            label=_("Issue the credit note"),
            rows=[_credit_row(form, name, invoice) for name in form.lines],
        )

    def _found(self, invoice_id: Any) -> Invoice:
        found = Invoice.objects.across_brands().filter(pk=invoice_id).exclude(state=InvoiceState.DRAFT).first()
        if found is None:
            raise NotFound
        return found

    def _form(self, request: HttpRequest, form: Any, invoice: Invoice, **words: Any) -> HttpResponse:
        fields = [form[name] for name in form.fields if not name.startswith("line_")]
        back_url = reverse("admin:payments_invoice_change", args=[invoice.pk])
        return self.form_page(
            request, form, back_url=back_url, fields=fields, template="payments/admin/invoice_form.html", **words
        )


def _credit_row(form: CreditForm, name: str, invoice: Invoice) -> dict[str, Any]:
    line = form.lines[name]
    return {
        "position": line.position,
        "text": f"{line.agent_name}, {line.description}",
        "left": money_text(Money(line.net_minor - line.credited_minor, invoice.currency)),
        "field": form[name],
    }


class NoteLineInline(PartInline):
    """What was credited."""

    model = CreditNoteLine
    fields = ("invoice_line", "net_minor", "tax_minor")
    readonly_fields = fields


@admin.register(CreditNote)
class CreditNoteAdmin(OpsModelAdmin):
    """Credit notes, the newest first."""

    list_display = ("full_number", "invoice", "brand", "gross_minor", "currency", "to_wallet_minor", "issued_by")
    list_select_related = ("invoice", "brand")
    search_fields = ("=id", "full_number")
    inlines = (NoteLineInline,)


@admin.register(Receipt)
class ReceiptAdmin(OpsModelAdmin):
    """Money that reached us from brands."""

    list_display = ("received_at", "brand", "amount_minor", "currency", "method", "remote_ref")
    list_filter = ("method", "brand")
    list_select_related = ("brand",)
    search_fields = ("=id", "remote_ref")


def confirm(proposal: ReceiptProposal, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will let a typed bank transfer count."""
    actions.confirm_receipt(proposal_id=proposal.pk, by=by, at=at)


def decline(proposal: ReceiptProposal, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will drop a typed bank transfer."""
    actions.decline_receipt(proposal_id=proposal.pk, reason=reason, by=by, at=at)


@admin.register(ReceiptProposal)
class ReceiptProposalAdmin(DecidingAdmin):
    """Bank transfers that one person typed in and another looks at."""

    list_display = ("proposed_at", "brand", "invoice", "amount", "bank_reference", "proposed_by", "state")
    list_filter = ("state",)
    list_select_related = ("brand", "invoice", "proposed_by")
    search_fields = ("=id", "bank_reference")
    readonly_fields = ("amount",)
    decisions = (
        Decision(
            "confirm",
            gettext_lazy("It is on our bank's page"),
            confirm,
            gettext_lazy("It counts."),
            is_offered=lambda one: one.state == ProposalState.PROPOSED,
            kind="primary",
            consequence=gettext_lazy("Pays its invoice, then others; the rest goes into the brand's wallet."),
        ),
        Decision(
            "decline",
            gettext_lazy("It is not"),
            decline,
            gettext_lazy("Dropped."),
            is_offered=lambda one: one.state == ProposalState.PROPOSED,
            needs_reason=True,
            reason_label=gettext_lazy("Reason, kept in the history"),
            kind="danger",
        ),
    )

    @admin.display(description=gettext_lazy("amount"))
    def amount(self, proposal: ReceiptProposal) -> str:
        """This function will write the amount."""
        return money_text(proposal.money)


def vat_found(profile: BillingProfile, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will note that the register knows the number."""
    actions.confirm_vat_number(brand_id=profile.brand_id, reference=reason, by=by, at=at)


def vat_unknown(profile: BillingProfile, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will note that the register does not know the number."""
    actions.refuse_vat_number(brand_id=profile.brand_id, reason=reason, by=by, at=at)


@admin.register(BillingProfile)
class BillingProfileAdmin(DecidingAdmin):
    """Whom invoices are made out to, and the check of VAT numbers against the register."""

    list_display = ("brand", "legal_name", "country", "vat_id", "vat_id_checked_at")
    list_select_related = ("brand",)
    search_fields = ("=id", "legal_name", "vat_id")
    decisions = (
        Decision(
            "vat-found",
            gettext_lazy("The register knows the number"),
            vat_found,
            gettext_lazy("Noted with its reference."),
            is_offered=lambda one: bool(one.vat_id),
            needs_reason=True,
            reason_label=gettext_lazy("Reference of the enquiry"),
            kind="primary",
        ),
        Decision(
            "vat-unknown",
            gettext_lazy("The register does not know it"),
            vat_unknown,
            gettext_lazy("Noted: no reverse charge with it."),
            is_offered=lambda one: bool(one.vat_id) and one.vat_id_checked_at is not None,
            needs_reason=True,
            reason_label=gettext_lazy("Reason, kept in the history"),
            kind="danger",
        ),
    )


@admin.register(NumberSeries)
class NumberSeriesAdmin(OpsModelAdmin):
    """The last number of each series."""

    list_display = ("legal_entity", "kind", "series", "year", "last")
