"""Exchange rates, taken down once a day, and labels of what work really paid."""

from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gigcx.accounts.models import User
from gigcx.kernel import clock
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from payments import actions
from payments.forms import FxRateForm
from payments.models import FxRate, PayLabel


@admin.register(FxRate)
class FxRateAdmin(OpsModelAdmin):
    """Rates by day. A new one can be taken down; none is ever changed."""

    form = FxRateForm
    list_display = ("on", "base", "quote", "rate", "source", "recorded_at")
    list_filter = ("base", "quote")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This function will let ops take a rate down."""
        return request.user.is_active and request.user.is_staff

    def save_model(self, request: HttpRequest, obj: FxRate, form: Any, change: bool) -> None:  # noqa: FBT001  Django calls it so
        """This function will have the action write the rate and show it as the saved thing."""
        kept = actions.record_fx_rate(**form.cleaned_data, by=OpsActor(cast(User, request.user)), at=clock.now())
        obj.pk = kept.pk
        messages.info(request, _("Lines that waited for this rate are priced within five minutes."))


@admin.register(PayLabel)
class PayLabelAdmin(OpsModelAdmin):
    """Labels with what they rest on."""

    list_display = ("period_to", "program", "currency", "n_agents", "n_weeks", "median_minor", "published_at")
    list_filter = ("currency",)
    list_select_related = ("program",)
    search_fields = ("=id", "=program__id", "inputs_hash")
