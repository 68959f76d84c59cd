"""When the day goes wrong: incidents, excusals, outage reports, time off in a lull, and costed remedies."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Agent, Engagement, Program
from scheduling.models.claims import Claim
from scheduling.models.demand import CapacityRequest
from scheduling.models.shifts import Shift
from scheduling.states import (
    CauseOwner,
    ExcusalState,
    ExcuseReason,
    IncidentState,
    Payer,
    RemedyKind,
    RemedyState,
    VtoState,
)


class Incident(BrandOwnedModel):
    """Something nobody on shift could help, within a scope and a time. One that strikes many brands has one row a brand.

    `scope` is `{"program_ids": [...], "regions": [...], "providers": [...]}`; an empty list means all of the brand.
    """

    group_id = models.UUIDField(default=uuid7, editable=False)
    cause_owner = models.CharField(max_length=10, choices=CauseOwner.choices)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    scope = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=IncidentState.choices, default=IncidentState.SUSPECTED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["brand", "group_id"], name="incident_once_a_brand"),
            models.CheckConstraint(condition=Q(state__in=IncidentState.values), name="incident_state"),
            models.CheckConstraint(condition=Q(cause_owner__in=CauseOwner.values), name="incident_cause_owner"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="incident_end_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[IncidentState.RESOLVED, IncidentState.SETTLED]) | Q(ends_at__isnull=False),
                name="incident_resolved_has_end",
            ),
        )
        indexes = (models.Index(fields=["brand", "starts_at"], name="incident_brand_start"),)

    def __str__(self) -> str:
        return self.title


class Excusal(BrandOwnedModel):
    """Why one claim's lateness, absence or release does not count, and whose money the floor is.

    An incident writes granted ones; an agent asks for one, which is decided by a person or, by silence, in their favor.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="excusals")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="excusals")
    reason_class = models.CharField(max_length=12, choices=ExcuseReason.choices)
    statement = models.TextField(blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    payer = models.CharField(max_length=10, choices=Payer.choices)
    floor_seconds = models.PositiveIntegerField(default=0)
    points_void = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ExcusalState.choices, default=ExcusalState.REQUESTED)
    decision_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["Excusal"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["incident", "claim"], name="excusal_once_an_incident"),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(incident__isnull=True), name="excusal_asked_once_a_claim"
            ),
            models.CheckConstraint(condition=Q(state__in=ExcusalState.values), name="excusal_state"),
            models.CheckConstraint(condition=Q(points_void__lte=0), name="excusal_points"),
        )
        indexes = (models.Index(fields=["due_at"], name="excusal_due", condition=Q(state=str(ExcusalState.REQUESTED))),)

    def __str__(self) -> str:
        return self.state


class OutageReport(BrandOwnedModel):
    """An agent says that something outside their hands stops the work. Five of a region or provider make an incident."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="outage_reports")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="outage_reports")
    kind = models.CharField(max_length=10, choices=CauseOwner.choices)
    region = models.CharField(max_length=80, blank=True)
    provider = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="reports")
    reported_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["OutageReport"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        indexes = (models.Index(fields=["reported_at"], name="outage_report_recent"),)

    def __str__(self) -> str:
        return self.kind


class VtoOffer(BrandOwnedModel):
    """Voluntary time off in a lull: so many people may leave a shift early, at a share of the rest."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="vto_offers")
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    pay_bp = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=VtoState.choices, default=VtoState.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "VTO offer"
        verbose_name_plural = "VTO offers"
        constraints = (
            models.UniqueConstraint(fields=["shift"], condition=Q(state=VtoState.OPEN), name="vto_offer_one_open"),
            models.CheckConstraint(condition=Q(places__gte=1) & Q(places__gte=F("taken")), name="vto_offer_places"),
            models.CheckConstraint(condition=Q(pay_bp__lte=10_000), name="vto_offer_pay"),
            models.CheckConstraint(condition=Q(state__in=VtoState.values), name="vto_offer_state"),
        )

    def __str__(self) -> str:
        return f"{self.taken} of {self.places}"


class VtoTaken(BrandOwnedModel):
    """One agent left early by choice, once a claim."""

    offer = models.ForeignKey(VtoOffer, on_delete=models.PROTECT, related_name="taken_by")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="vto")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    pay_bp = models.PositiveSmallIntegerField()
    seconds_left = models.PositiveIntegerField()
    taken_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["VtoTaken"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    def __str__(self) -> str:
        return f"{self.seconds_left} s"


class Remedy(BrandOwnedModel):
    """One costed way to close, or to use, a gap between agents and need. Spending is counted on the request."""

    request = models.ForeignKey(CapacityRequest, on_delete=models.PROTECT, related_name="remedies")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, related_name="remedies")
    kind = models.CharField(max_length=10, choices=RemedyKind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveIntegerField()
    covered_minutes = models.PositiveIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    details = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=RemedyState.choices, default=RemedyState.PROPOSED)
    is_automatic = models.BooleanField(default=False)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "remedies"
        constraints = (
            models.UniqueConstraint(
                fields=["request", "kind", "shift", "starts_at"],
                condition=Q(state=RemedyState.PROPOSED),
                name="remedy_proposed_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="remedy_end_after_start"),
            models.CheckConstraint(condition=Q(cost_minor__gte=0), name="remedy_cost"),
            models.CheckConstraint(condition=Q(state__in=RemedyState.values), name="remedy_state"),
            models.CheckConstraint(condition=Q(kind__in=RemedyKind.values), name="remedy_kind"),
        )
        indexes = (models.Index(fields=["program", "starts_at"], name="remedy_program_start"),)

    def __str__(self) -> str:
        return self.kind


class OfferedMinutes(BrandOwnedModel):
    """How many minutes of work an engagement could have claimed on one local day. Written once a day."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="offered_minutes")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    on_date = models.DateField()
    minutes = models.PositiveIntegerField()

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["OfferedMinutes"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name_plural = "offered minutes"
        constraints = (models.UniqueConstraint(fields=["engagement", "on_date"], name="offered_minutes_once"),)

    def __str__(self) -> str:
        return f"{self.minutes}"
