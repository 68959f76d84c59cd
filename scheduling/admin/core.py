"""Where ops look at demand, claims and the day. Everything is read-only; buttons call actions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from gigcx.kernel import clock
from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import period_text
from scheduling import actions
from scheduling.forms.day import MinutesForm
from scheduling.models import (
    AgentCalendar,
    CapacityRequest,
    Claim,
    MinuteAdjustment,
    Quote,
    Shift,
    StateSpan,
    TimesheetLock,
    WorkSession,
)
from scheduling.queries.lists import claims_for_a_person, shifts_short_soon
from scheduling.states import ClaimState


class ReadOnlyInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Rows that come with their parent and are only looked at."""

    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """This function will read across brands: ops see all."""
        rows: QuerySet[Any] = self.model._default_manager.get_queryset().across_brands().order_by("pk")
        return rows

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This function will refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This function will refuse."""
        return False


class ShortSoonFilter(admin.SimpleListFilter):
    """Shifts that start within twelve hours and still have seats."""

    title = _("cover")
    parameter_name = "short"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        """This function will offer the one choice."""
        return [("soon", _("short of cover soon"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """This function will narrow the list."""
        if self.value() != "soon":
            return queryset
        return queryset.filter(pk__in=shifts_short_soon(at=clock.now()).values("pk"))


class WaitsFilter(admin.SimpleListFilter):
    """Claims that wait for a person's word."""

    title = _("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        """This function will offer the one choice."""
        return [("person", _("a person's decision"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """This function will narrow the list."""
        if self.value() != "person":
            return queryset
        return queryset.filter(pk__in=claims_for_a_person(at=clock.now()).values("pk"))


class QuoteInline(ReadOnlyInline):
    """Prices the request had."""

    model = Quote
    fields = ("request_version", "bill_minor", "currency", "created_at", "expires_at")
    readonly_fields = fields


@admin.register(CapacityRequest)
class CapacityRequestAdmin(DecidingAdmin):
    """Requests, newest first."""

    list_display = ("number", "brand", "program", "channel", "language", "week_starts_on", "state", "version")
    list_filter = ("state", "channel", "language")
    list_select_related = ("brand", "program")
    search_fields = ("number", "=id")
    inlines = (QuoteInline,)


@admin.register(Shift)
class ShiftAdmin(DecidingAdmin):
    """Shifts and how full they are."""

    list_display = ("when", "brand", "program", "channel", "language", "state", "seats", "filled", "reserved")
    list_filter = (ShortSoonFilter, "state", "channel", "language")
    list_select_related = ("brand", "program")
    search_fields = ("=id", "request__number")

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, shift: Shift) -> str:
        """This function will write the shift's time."""
        return period_text(shift.starts_at, shift.ends_at)


class AdjustmentInline(ReadOnlyInline):
    """Corrections of a claim's minutes."""

    model = MinuteAdjustment
    fields = ("created_at", "seconds", "reason")
    readonly_fields = fields


def _verify(claim: Claim, *, reason: str, by: OpsActor, at: datetime) -> Claim:
    return actions.verify_claim(claim_id=claim.pk, by=by, at=at)


_CORRECTABLE = (ClaimState.WORKED, ClaimState.DISPUTED, ClaimState.VERIFIED)


def _is_worked(claim: Claim) -> bool:
    return claim.state == ClaimState.WORKED


@admin.register(Claim)
class ClaimAdmin(DecidingAdmin):
    """Claims with what happened to them."""

    list_display = ("when", "agent", "brand", "state", "points", "version")
    list_filter = (WaitsFilter, "state", "source", "kind")
    list_select_related = ("brand", "agent")
    search_fields = ("=id", "=shift__id", "agent__handle")
    inlines = (AdjustmentInline,)
    readonly_fields = ("correct_minutes",)
    decisions = (
        Decision(
            "verify",
            _("Confirm the minutes now"),
            _verify,
            _("Confirmed. Earning and charge follow."),
            is_offered=_is_worked,
            consequence=_("Instead of waiting for the week's lock. Later changes are corrections."),
        ),
    )

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, claim: Claim) -> str:
        """This function will write the claim's time."""
        return period_text(claim.starts_at, claim.ends_at)

    def get_urls(self) -> list[URLPattern]:
        """This function will add the page that corrects minutes."""
        view = self.admin_site.admin_view(self.minutes)
        return [path("<uuid:claim_id>/minutes/", view, name="scheduling_claim_minutes"), *super().get_urls()]

    @admin.display(description=_("minutes"))
    def correct_minutes(self, claim: Claim) -> SafeString | str:
        """This function will lead to correcting what was worked."""
        if claim.state not in _CORRECTABLE:
            return "–"
        url = reverse("admin:scheduling_claim_minutes", args=[claim.pk])
        return format_html('<a href="{}">{}</a>', url, _("Correct the minutes"))

    def minutes(self, request: HttpRequest, claim_id: Any) -> HttpResponse:
        """This function will correct the minutes of a claim; pay and bill follow in a new version."""
        claim = self.get_object(request, str(claim_id))
        if not isinstance(claim, Claim) or claim.state not in _CORRECTABLE:
            raise NotFound
        form = MinutesForm(request.POST or None)
        page = reverse("admin:scheduling_claim_change", args=[claim.pk])
        if request.method == "POST" and form.is_valid() and self._corrected(request, claim, form.cleaned_data):
            return redirect(page)
        who = {"agent": claim.agent, "when": period_text(claim.starts_at, claim.ends_at)}
        return self.form_page(
            request,
            form,
            title=_("Correct the minutes of %(agent)s, %(when)s") % who,
            label=_("Correct the minutes"),
            words=_(
                "Verified minutes are verified again: what is not paid yet is replaced, and the difference follows."
            ),
            back_url=page,
        )

    def _corrected(self, request: HttpRequest, claim: Claim, given: dict[str, Any]) -> bool:
        fault = given["fault"].strip()
        return self.attempt(
            request,
            lambda by, at: actions.adjust_minutes(
                claim_id=claim.pk,
                seconds=given["minutes"] * 60,
                reason=given["reason"],
                evidence={"fault": fault} if fault else None,
                by=by,
                at=at,
            ),
            gettext("Corrected. Pay and bill follow."),
        )


class SpanInline(ReadOnlyInline):
    """What was done when in a session."""

    model = StateSpan
    fields = ("state", "starts_at", "ends_at", "cause")
    readonly_fields = fields


@admin.register(WorkSession)
class WorkSessionAdmin(OpsModelAdmin):
    """Stays at the desk."""

    list_display = ("started_at", "agent", "brand", "state", "last_seen_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("agent", "brand")
    inlines = (SpanInline,)


@admin.register(AgentCalendar)
class AgentCalendarAdmin(OpsModelAdmin):
    """Agents' own limits."""

    list_display = ("agent", "day_minutes", "week_minutes", "rest_minutes", "turnaround_minutes")
    list_select_related = ("agent",)


@admin.register(TimesheetLock)
class TimesheetLockAdmin(OpsModelAdmin):
    """Closed weeks."""

    list_display = ("week_starts_on", "brand", "locked_at")
    list_select_related = ("brand",)
