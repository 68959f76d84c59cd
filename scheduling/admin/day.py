"""Where ops decide about the day: incidents with what they would do, excuses with their story, remedies and time off."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from gigcx.kernel import clock
from gigcx.tenancy.actors import OpsActor
from gigcx.web.admin_site import OpsModelAdmin
from gigcx.web.decisions import DecidingAdmin, Decision
from gigcx.web.formats import duration_text
from scheduling import actions
from scheduling.admin.core import ReadOnlyInline
from scheduling.models import Excusal, Incident, OfferedMinutes, OutageReport, Remedy, VtoOffer
from scheduling.queries.incidents import preview_incident
from scheduling.states import ExcusalState, IncidentState


class IncidentForm(forms.ModelForm):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """An incident to declare, or the scope of one that was declared."""

    regions = forms.CharField(
        label=_("regions"), required=False, help_text=_("Separated by commas; a country's two letters reach all of it.")
    )
    providers = forms.CharField(label=_("providers"), required=False, help_text=_("Separated by commas."))

    class Meta:
        model = Incident
        fields = ("brand", "cause_owner", "title", "starts_at", "ends_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in ("regions", "providers"):
            self.fields[key].initial = ", ".join((self.instance.scope or {}).get(key, []))

    def scope(self) -> dict[str, list[str]]:
        """This function will return the places typed; programs stay as they were."""
        split = {
            key: [one for one in self.cleaned_data[key].split(",") if one.strip()] for key in ("regions", "providers")
        }
        return {"program_ids": (self.instance.scope or {}).get("program_ids", []), **split}


class ReportInline(ReadOnlyInline):
    """What agents said."""

    model = OutageReport
    fields = ("reported_at", "agent", "kind", "region", "provider", "note")
    readonly_fields = fields


class IncidentExcusalInline(ReadOnlyInline):
    """Whom it excuses from what."""

    model = Excusal
    fields = ("agent", "state", "points_void", "floor_seconds", "payer")
    readonly_fields = fields


def _confirm(incident: Incident, *, reason: str, by: OpsActor, at: datetime) -> Incident:
    return actions.confirm_incident(incident_id=incident.pk, by=by, at=at)


def _dismiss(incident: Incident, *, reason: str, by: OpsActor, at: datetime) -> Incident:
    return actions.dismiss_incident(incident_id=incident.pk, reason=reason, by=by, at=at)


def _resolve(incident: Incident, *, reason: str, by: OpsActor, at: datetime) -> Incident:
    return actions.resolve_incident(incident_id=incident.pk, by=by, at=at)


def _settle(incident: Incident, *, reason: str, by: OpsActor, at: datetime) -> Incident:
    return actions.settle_incident(incident_id=incident.pk, by=by, at=at)


def _is_suspected(incident: Incident) -> bool:
    return incident.state == IncidentState.SUSPECTED


def _is_declared(incident: Incident) -> bool:
    return incident.state == IncidentState.DECLARED


def _is_resolved(incident: Incident) -> bool:
    return incident.state == IncidentState.RESOLVED


@admin.register(Incident)
class IncidentAdmin(DecidingAdmin):
    """Incidents: suspected ones wait for a word; declared ones may be widened or narrowed until they are over."""

    form = IncidentForm
    list_display = ("title", "brand", "cause_owner", "state", "starts_at", "ends_at")
    list_filter = ("state", "cause_owner")
    list_select_related = ("brand",)
    inlines = (ReportInline, IncidentExcusalInline)
    readonly_fields = ("what_it_does",)
    decisions = (
        Decision(
            "confirm",
            _("Declare it"),
            _confirm,
            _("Declared. Whoever it touches is excused from now on."),
            is_offered=_is_suspected,
            kind="primary",
            consequence=_(
                "Points of those it kept away are void, and lost minutes are paid at the floor, as counted below."
            ),
        ),
        Decision(
            "dismiss",
            _("It is none"),
            _dismiss,
            _("Dismissed."),
            is_offered=_is_suspected,
            needs_reason=True,
            consequence=_("Nobody is excused by it; each may still ask for an excuse."),
        ),
        Decision(
            "resolve",
            _("It is over now"),
            _resolve,
            _("Over. It settles by itself."),
            is_offered=_is_declared,
            kind="primary",
        ),
        Decision(
            "settle",
            _("Settle it now"),
            _settle,
            _("Settled. Its floors are stated."),
            is_offered=_is_resolved,
            consequence=_("It cannot be changed after that. It happens by itself once every shift it touched is over."),
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This function will let ops declare an incident."""
        return bool(request.user.is_staff)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """This function will let ops change the scope of a declared incident, and nothing else."""
        return obj is not None and obj.state == IncidentState.DECLARED and bool(request.user.is_staff)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """This function will show what it does beside what it is."""
        if obj is None:
            return ("brand", "cause_owner", "title", "starts_at", "ends_at", "regions", "providers")
        shown = ("cause_owner", "starts_at", "ends_at", "what_it_does")
        places = ("regions", "providers") if self.has_change_permission(request, obj) else ("scope",)
        return ("title", "brand", "state", *shown, *places)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """This function will keep what a rescope does not change."""
        return ("what_it_does",) if obj is None else ("what_it_does", "title", "brand", "state", "scope")

    @admin.display(description=_("what it does"))
    def what_it_does(self, incident: Incident) -> str:
        """This function will count what it excuses and floors, or would."""
        seen = preview_incident(incident, at=clock.now())
        return _t(
            "%(claims)s shifts of %(agents)s agents: %(late)s late, %(missed)s missed, %(released)s given back; "
            "%(points)s points void; %(floor)s at the floor."
        ) % {
            "claims": seen.claims,
            "agents": seen.agents,
            "late": seen.late,
            "missed": seen.missed,
            "released": seen.released,
            "points": -seen.points_void,
            "floor": duration_text(seen.floor_minutes),
        }

    def save_model(self, request: HttpRequest, obj: Incident, form: IncidentForm, change: Any) -> None:
        """This function will declare it, or change its scope, through the action."""
        given = form.cleaned_data
        times = {"starts_at": given["starts_at"], "ends_at": given.get("ends_at")}
        if change:
            self.attempt(
                request,
                lambda by, at: actions.rescope_incident(
                    incident_id=obj.pk, cause_owner=given["cause_owner"], scope=form.scope(), by=by, at=at, **times
                ),
                _t("Its scope is changed, and everything it excuses is computed again."),
            )
            return
        self.attempt(
            request,
            lambda by, at: self._declare(obj, given, form, by, at),
            _t("Declared. Whoever it touches is excused from now on."),
        )

    def _declare(self, obj: Incident, given: dict[str, Any], form: IncidentForm, by: OpsActor, at: datetime) -> None:
        made = actions.declare_incident(
            brand_id=given["brand"].pk,
            cause_owner=given["cause_owner"],
            title=given["title"],
            starts_at=given["starts_at"],
            ends_at=given.get("ends_at"),
            scope=form.scope(),
            by=by,
            at=at,
        )
        obj.pk = made.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """This function will save nothing: parts come with the action."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """This function will write nothing: the audit has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """This function will write nothing: the audit has it."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """This function will lead to the list; the message says what happened."""
        return HttpResponseRedirect(reverse("admin:scheduling_incident_changelist"))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """This function will lead back to the incident."""
        return HttpResponseRedirect(self._address(str(obj.pk)))


def _grant(excusal: Excusal, *, reason: str, by: OpsActor, at: datetime) -> Excusal:
    return actions.grant_excuse(excusal_id=excusal.pk, reason=reason, by=by, at=at)


def _refuse(excusal: Excusal, *, reason: str, by: OpsActor, at: datetime) -> Excusal:
    return actions.refuse_excuse(excusal_id=excusal.pk, reason=reason, by=by, at=at)


def _is_asked(excusal: Excusal) -> bool:
    return excusal.state == ExcusalState.REQUESTED


@admin.register(Excusal)
class ExcusalAdmin(DecidingAdmin):
    """Excuses that agents ask for, and what incidents excuse."""

    list_display = ("created_at", "agent", "brand", "reason_class", "state", "due_at")
    list_filter = ("state", "reason_class")
    list_select_related = ("agent", "brand")
    search_fields = ("=id", "=claim__id", "agent__handle")
    decisions = (
        Decision(
            "grant",
            _("Excuse it"),
            _grant,
            _("Excused. Its points are void."),
            is_offered=_is_asked,
            needs_reason=True,
            kind="primary",
            consequence=_("The points are void for good. Silence does the same a day after it was asked."),
        ),
        Decision(
            "refuse",
            _("Do not excuse it"),
            _refuse,
            _("Not excused. The agent reads why."),
            is_offered=_is_asked,
            needs_reason=True,
            kind="danger",
        ),
    )


@admin.register(OutageReport)
class OutageReportAdmin(OpsModelAdmin):
    """What agents say is down."""

    list_display = ("reported_at", "agent", "brand", "kind", "region", "provider", "incident")
    list_filter = ("kind",)
    list_select_related = ("agent", "brand", "incident")


@admin.register(Remedy)
class RemedyAdmin(DecidingAdmin):
    """Ways to close gaps, and what was done."""

    list_display = ("starts_at", "program", "kind", "state", "seats", "cost_minor", "currency", "is_automatic")
    list_filter = ("state", "kind")
    list_select_related = ("program",)


@admin.register(VtoOffer)
class VtoOfferAdmin(DecidingAdmin):
    """Time off that was offered."""

    list_display = ("created_at", "brand", "shift", "places", "taken", "pay_bp", "state")
    list_filter = ("state",)
    list_select_related = ("brand", "shift")


@admin.register(OfferedMinutes)
class OfferedMinutesAdmin(OpsModelAdmin):
    """How much work was on offer, by day."""

    list_display = ("on_date", "agent", "brand", "minutes")
    list_select_related = ("agent", "brand")
