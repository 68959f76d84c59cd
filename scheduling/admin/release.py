"""Where ops look at draws and incentives, and take back a draw that must not be drawn."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from scheduling.actions import settlements
from scheduling.models import ClaimWindow, Incentive, ReleaseWave
from scheduling.states import WINDOW_MOVES, WindowState


def _void(window: ClaimWindow, *, reason: str, by: OpsActor, at: datetime) -> ClaimWindow | None:
    return settlements.void_window(window_id=window.pk, reason=reason, by=by, at=at)


def _can_void(window: ClaimWindow) -> bool:
    return WindowState.VOID in WINDOW_MOVES[WindowState(window.state)]


@admin.register(ClaimWindow)
class ClaimWindowAdmin(DecidingAdmin):
    """Draws with their commitment and digest. Wishes and the sealed seed are shown to nobody."""

    list_display = ("opens_at", "closes_at", "brand", "number", "state", "commitment")
    list_filter = ("state",)
    list_select_related = ("brand", "wave__request")
    search_fields = ("=id", "commitment", "wave__request__number")
    fields = (
        "brand",
        "number",
        "state",
        "opens_at",
        "closes_at",
        "closed_at",
        "drawn_at",
        "revealed_at",
        "commitment",
        "entries_digest",
        "void_reason",
        "proof",
    )
    readonly_fields = fields
    decisions = (
        Decision(
            "void",
            _("Void the draw"),
            _void,
            _("Voided. Seed and reason are public; a new draw follows where there is time."),
            is_offered=_can_void,
            needs_reason=True,
            reason_label=_("Everybody who entered reads this"),
            kind="danger",
            consequence=_("All wishes fall away. Its seed becomes public and a new draw is committed."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """This function will leave the sealed seed in the database."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("sealed_seed")

    @admin.display(description=_("request"))
    def number(self, window: ClaimWindow) -> str:
        """This function will name the request."""
        return window.wave.request.number

    @admin.display(description=_("proof"))
    def proof(self, window: ClaimWindow) -> SafeString:
        """This function will link to the public page."""
        address = reverse("scheduling:proof", kwargs={"window_id": window.pk})
        return format_html('<a href="{}">{}</a>', address, address)


@admin.register(ReleaseWave)
class ReleaseWaveAdmin(OpsModelAdmin):
    """The stages of releases."""

    list_display = ("opens_at", "closes_at", "brand", "request", "position", "audience", "mode", "state")
    list_filter = ("mode", "audience", "state")
    list_select_related = ("brand", "request")


@admin.register(Incentive)
class IncentiveAdmin(OpsModelAdmin):
    """Steps of extra pay, never changed."""

    list_display = ("announced_at", "brand", "shift", "per_hour_minor", "currency", "cause", "budget_minor")
    list_filter = ("cause",)
    list_select_related = ("brand", "shift")
