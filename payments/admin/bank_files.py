"""Files for the bank: made by one person, taken to the bank, answered line by line by another."""

from datetime import datetime
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import OpsActor
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import money_text
from payments import actions
from payments.models import BankFile, BankFileLine
from payments.states import BankLineState


@admin.register(BankFile)
class BankFileAdmin(DecidingAdmin):
    """Files, newest first. The bytes are encrypted; every download is written down."""

    list_display = ("number", "currency", "line_count", "total", "state", "made_by", "made_at")
    list_filter = ("state", "currency")
    list_select_related = ("made_by",)
    search_fields = ("=id", "number")
    fields = (
        "number",
        "state",
        "line_count",
        "total",
        "sha256",
        "download",
        "lines_link",
        "made_by",
        "made_at",
        "closed_at",
    )
    readonly_fields = ("total", "download", "lines_link")

    def get_urls(self) -> list[URLPattern]:
        """This function will add the download."""
        take = self.admin_site.admin_view(require_POST(self.take))
        return [path("<uuid:bank_file_id>/take/", take, name="payments_bankfile_take"), *super().get_urls()]

    def take(self, request: HttpRequest, bank_file_id: UUID) -> HttpResponse:
        """This function will hand the file out, exactly as it was made."""
        by = OpsActor(request.user)  # type: ignore[arg-type]  # the admin lets staff in only
        try:
            number, content = actions.open_bank_file(file_id=bank_file_id, by=by, at=clock.now())
        except DomainError as refused:
            self.message_user(request, refused.message, level="error")
            return redirect("admin:payments_bankfile_changelist")
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{number}.csv"'
        response["Cache-Control"] = "no-store"
        return response

    @admin.display(description=_("total"))
    def total(self, made: BankFile) -> str:
        """This function will write the total."""
        return money_text(Money(made.total_minor, made.currency))

    @admin.display(description=_("file"))
    def download(self, made: BankFile) -> SafeString:
        """This function will offer the bytes: the button posts with the page's own form."""
        url = reverse("admin:payments_bankfile_take", args=[made.pk])
        words = _("Take the file (your name is written down)")
        return format_html(
            '<button type="submit" class="btn" formmethod="post" formaction="{}">{}</button>', url, words
        )

    @admin.display(description=_("lines"))
    def lines_link(self, made: BankFile) -> SafeString:
        """This function will lead to the lines."""
        url = reverse("admin:payments_bankfileline_changelist") + f"?file__id__exact={made.pk}"
        return format_html('<a href="{}">{}</a>', url, made.line_count)


def confirm(line: BankFileLine, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will write that the bank paid."""
    actions.confirm_bank_line(line_id=line.pk, bank_reference=reason, by=by, at=at)


def give_back(line: BankFileLine, *, reason: str, by: OpsActor, at: datetime) -> None:
    """This function will write that the bank did not pay, or sent it back."""
    actions.return_bank_line(line_id=line.pk, reason=reason, by=by, at=at)


@admin.register(BankFileLine)
class BankFileLineAdmin(DecidingAdmin):
    """One payment each. Whoever made the file cannot say what the bank did."""

    list_display = ("reference", "file", "amount", "state", "bank_reference", "answered_by", "answered_at")
    list_filter = ("state", ("file", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("file", "item", "answered_by")
    search_fields = ("=id", "reference", "bank_reference", "=item__id")
    decisions = (
        Decision(
            "confirm",
            _("The bank paid it"),
            confirm,
            _("Settled: the lines are paid and the statement is issued."),
            is_offered=lambda line: line.state == BankLineState.WAITING,
            needs_reason=True,
            reason_label=_("The bank's reference"),
            kind="primary",
            consequence=_("Not by the person who made the file."),
        ),
        Decision(
            "return",
            _("The bank returned it"),
            give_back,
            _("Noted. Not paid: held until the agent mends the details. Sent back: payable again."),
            is_offered=lambda line: line.state != BankLineState.RETURNED,
            needs_reason=True,
            reason_label=_("What the bank said, kept in the history"),
            kind="danger",
        ),
    )

    @admin.display(description=_("amount"))
    def amount(self, line: BankFileLine) -> str:
        """This function will write the amount."""
        return money_text(Money(line.amount_minor, line.item.currency))
