"""Ops' tax desk: how forms stand, whose data are missing, and files with full numbers, taken out only after asking anew."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gigcx.kernel import clock
from gigcx.kernel.errors import DomainError
from gigcx.kernel.money import Money
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import money_text
from gigcx.web.stepping_up import stepped_up_twice
from payments import actions
from payments.forms.taxes import TaxExportForm
from payments.models import RenderedDocument, TaxExport, TaxProfile, TaxThreshold
from payments.queries.taxes import FormYear, agents_owed_without_tax_data, form_years, tax_exports
from payments.states import TaxForm


def move_to(form: str) -> Any:
    """This function will return the decision that puts income on another report."""

    def run(profile: TaxProfile, *, reason: str, by: OpsActor, at: Any) -> None:
        actions.move_tax_form(profile_id=profile.pk, form=form, by=by, at=at)

    return run


@admin.register(TaxProfile)
class TaxProfileAdmin(DecidingAdmin):
    """Agents' tax data by range of days. The number stays encrypted; four signs of it are shown."""

    list_display = ("agent", "country", "form", "tin_last4", "valid", "created_at")
    list_filter = ("form", "country")
    list_select_related = ("agent",)
    search_fields = ("=agent__id", "agent__handle")
    exclude = ("tin_ciphertext", "tin_key")
    decisions = (
        Decision(
            "k",
            gettext_lazy("Report on 1099-K"),
            move_to(TaxForm.K_1099),
            gettext_lazy("Moved to 1099-K."),
            is_offered=lambda one: one.form == TaxForm.NEC_1099,
            consequence=gettext_lazy("An adviser says which of the two forms income goes on."),
        ),
        Decision(
            "nec",
            gettext_lazy("Report on 1099-NEC"),
            move_to(TaxForm.NEC_1099),
            gettext_lazy("Moved to 1099-NEC."),
            is_offered=lambda one: one.form == TaxForm.K_1099,
        ),
    )


@admin.register(TaxThreshold)
class TaxThresholdAdmin(OpsModelAdmin):
    """From which income a form is due in a year. A row is added once the law is known, and then stays."""

    is_editable = True
    list_display = ("form", "tax_year", "currency", "amount_minor", "transactions", "source")
    list_filter = ("form", "tax_year")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """This function will refuse: what a report rested on stays (the database holds it too)."""
        return False


@admin.register(RenderedDocument)
class RenderedDocumentAdmin(OpsModelAdmin):
    """Papers as they were first rendered, with their hashes."""

    list_display = ("kind", "subject_id", "format", "renderer_version", "sha256", "rendered_at")
    list_filter = ("kind", "format")
    search_fields = ("=subject_id", "sha256")
    exclude = ("content",)


@admin.register(TaxExport)
class TaxExportAdmin(OpsModelAdmin):
    """Files of tax data: who made them, when, how many lines, and their hash."""

    list_display = ("form", "tax_year", "quarter", "rows", "made_by", "made_at")
    list_filter = ("form", "tax_year")
    exclude = ("content", "content_key")

    def get_urls(self) -> list[URLPattern]:
        """This function will add the desk, and making and taking a file."""
        wrap = self.admin_site.admin_view
        own = [
            path("desk/", wrap(self.desk), name="payments_tax"),
            path("desk/export/", wrap(require_POST(stepped_up_twice(self.export))), name="payments_tax_export"),
            path(
                "desk/<uuid:export_id>/file/", wrap(require_POST(stepped_up_twice(self.file))), name="payments_tax_file"
            ),
        ]
        return [*own, *super().get_urls()]

    def desk(self, request: HttpRequest) -> HttpResponse:
        """This function will show forms by year, missing data and files."""
        year = clock.now().year
        return self._desk(request, TaxExportForm(initial={"form": TaxForm.NEC_1099, "tax_year": year - 1}))

    def _desk(self, request: HttpRequest, form: TaxExportForm, status: int = 200) -> HttpResponse:
        today = clock.now().date()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Tax"),
            "forms": [_form_row(one) for one in form_years(on=today)],
            "missing": [_missing_row(one) for one in agents_owed_without_tax_data(on=today)[:100]],
            "exports": [_export_row(one) for one in tax_exports()[:20]],
            "export_form": form,
            "export_url": reverse("admin:payments_tax_export"),
            "threshold_url": reverse("admin:payments_taxthreshold_add"),
        }
        return TemplateResponse(request, "payments/admin/tax_desk.html", context, status=status)

    def export(self, request: HttpRequest) -> HttpResponse:
        """This function will write a report into an encrypted file, after the person proved again who they are."""
        form = TaxExportForm(request.POST)
        if not form.is_valid():
            return self._desk(request, form, status=422)
        given = form.cleaned_data
        self.attempt(request, lambda by, at: actions.export_tax(**given, by=by, at=at), _("The file is made."))
        return redirect("admin:payments_tax")

    def file(self, request: HttpRequest, export_id: Any) -> HttpResponse:
        """This function will hand out a file with full tax numbers, after the person proved again who they are."""
        by = OpsActor(request.user)  # type: ignore[arg-type]  # the site lets staff in alone
        try:
            export, plain = actions.open_tax_export(export_id=export_id, by=by, at=clock.now())
        except DomainError as refused:
            messages.error(request, refused.message)
            return redirect("admin:payments_tax")
        answer = HttpResponse(plain, content_type="text/csv; charset=utf-8")
        quarter = f"-q{export.quarter}" if export.quarter else ""
        answer["Content-Disposition"] = f'attachment; filename="{export.form}-{export.tax_year}{quarter}.csv"'
        answer["Cache-Control"] = "private, no-store"
        return answer


def _form_row(one: FormYear) -> dict[str, Any]:
    least = one.threshold
    return {
        "form": str(TaxForm(one.form).label),
        "year": str(one.tax_year),
        "threshold": money_text(Money(least.amount_minor, least.currency)) if least else _("not set: no export"),
        "is_unknown": least is None,
        "agents": one.agents,
        "without": one.without_data,
    }


def _missing_row(agent: Any) -> dict[str, str]:
    url = reverse("admin:recruiting_agent_change", args=[agent.pk])
    return {"name": agent.user.full_name, "country": agent.country, "url": url}


def _export_row(one: TaxExport) -> dict[str, Any]:
    return {
        "name": f"{TaxForm(one.form).label} {one.tax_year}" + (f" Q{one.quarter}" if one.quarter else ""),
        "rows": one.rows,
        "made_by": str(one.made_by),
        "made_at": one.made_at,
        "sha256": one.sha256,
        "url": reverse("admin:payments_tax_file", args=[one.pk]),
    }
