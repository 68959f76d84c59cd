"""Where ops look at seats that change hands, and at what the sweeps left behind. Nothing is decided here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gigcx.kernel import clock
from gigcx.web.admin_site import OpsModelAdmin
from scheduling.models import SwapOffer, WaitlistEntry
from scheduling.queries.findings import Finding, findings


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(OpsModelAdmin):
    """Who waits for which shift, in which place, and how it ended."""

    list_display = ("shift", "brand", "agent", "position", "state", "source", "joined_at", "invited_at", "expires_at")
    list_filter = ("state", "source", "auto_accept")
    list_select_related = ("shift", "brand", "agent")
    search_fields = ("=id", "=shift__id", "agent__handle")

    def get_urls(self) -> list[URLPattern]:
        """This function will add the page of what the sweeps left behind."""
        wrap = self.admin_site.admin_view
        return [path("findings/", wrap(self.findings), name="scheduling_findings"), *super().get_urls()]

    def findings(self, request: HttpRequest) -> HttpResponse:
        """This function will show what should have happened by now and has not."""
        found = findings(at=clock.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("What the sweeps left behind"),
            "rows": [_row(one) for one in found],
            "open": sum(one.count for one in found),
        }
        return TemplateResponse(request, "admin/scheduling/findings.html", context)


def _row(found: Finding) -> dict[str, Any]:
    name = f"admin:scheduling_{found.model}_change"
    links = [{"text": str(pk)[-8:], "url": reverse(name, args=[pk])} for pk in found.first] if found.model else []
    return {"name": found.name, "count": found.count, "links": links}


@admin.register(SwapOffer)
class SwapOfferAdmin(OpsModelAdmin):
    """Shifts on offer from one agent to another, and what became of them."""

    list_display = ("shift_of", "brand", "agent", "kind", "to_agent", "taker", "state", "expires_at", "decide_by")
    list_filter = ("state", "kind")
    list_select_related = ("claim__shift", "brand", "agent", "to_agent", "taker")
    search_fields = ("=id", "=claim__id", "agent__handle")

    @admin.display(description=gettext_lazy("shift"), ordering="claim__starts_at")
    def shift_of(self, offer: SwapOffer) -> str:
        """This function will name the shift that is on offer."""
        return str(offer.claim.shift)
