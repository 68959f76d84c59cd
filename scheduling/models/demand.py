"""What brands ask for: requests, their intervals, and the price they were told."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Program
from scheduling.states import PLANNING, DesignState, RequestState

MAX_AGENTS = 10_000


class CapacityRequestQuerySet(TenantQuerySet["CapacityRequest"]):
    """Requests, by week and state."""

    def for_listing(self) -> Self:
        """This function will fetch the program and order newest first."""
        return self.select_related("program").order_by("-week_starts_on", "-created_at", "pk")

    def of_week(self, program_id: UUID, channel: str, week_starts_on: date, *, language: str = "") -> Self:
        """This function will narrow to one week of a program's channel in one language."""
        return self.filter(program_id=program_id, channel=channel, language=language, week_starts_on=week_starts_on)

    def planning(self) -> Self:
        """This function will narrow to requests still being pencilled."""
        return self.filter(state__in=PLANNING)

    def in_states(self, states: Iterable[str]) -> Self:
        """This function will narrow to the states given."""
        return self.filter(state__in=list(states))


class CapacityRequest(BrandOwnedModel):
    """A brand's ask for agents over the intervals of one week, in one program, channel and language; "" is any of them."""

    number = models.CharField(max_length=20)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="capacity_requests")
    channel = models.CharField(_("channel"), max_length=20)
    language = models.CharField(_("language"), max_length=20, blank=True, default="", db_default="")
    timezone = models.CharField(_("time zone"), max_length=64)
    title = models.CharField(_("title"), max_length=120, blank=True)
    week_starts_on = models.DateField(_("week"))
    shown_minutes = models.PositiveSmallIntegerField(default=30)
    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    skills = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    work_budget_minor = models.BigIntegerField(null=True, blank=True)
    incentive_budget_minor = models.BigIntegerField(default=0)
    incentive_spent_minor = models.BigIntegerField(default=0)
    remedy_budget_minor = models.BigIntegerField(default=0)
    remedy_spent_minor = models.BigIntegerField(default=0)
    requirement = models.ForeignKey(
        "scheduling.StaffingRequirement", on_delete=models.PROTECT, null=True, related_name="requests"
    )
    template = models.ForeignKey(
        "scheduling.DemandTemplate", on_delete=models.PROTECT, null=True, related_name="requests"
    )
    publish_at = models.DateTimeField(null=True)
    is_draw_first = models.BooleanField(null=True)
    accepted_by = models.UUIDField(null=True)
    approval_asked_at = models.DateTimeField(null=True)
    design_state = models.CharField(max_length=8, choices=DesignState.choices, default=DesignState.NONE)
    design_requested_at = models.DateTimeField(null=True)
    design_cancel_at = models.DateTimeField(null=True)
    design_progress = models.JSONField(default=dict, blank=True)
    design = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(blank=True)

    objects = CapacityRequestQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["brand", "number"], name="capacity_request_number"),
            models.UniqueConstraint(
                fields=["brand", "program", "channel", "language", "week_starts_on"],
                condition=Q(state__in=[str(state) for state in PLANNING]),
                name="capacity_request_one_being_planned",
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="capacity_request_state"),
            models.CheckConstraint(
                condition=Q(design_state__in=DesignState.values), name="capacity_request_design_state"
            ),
            models.CheckConstraint(condition=Q(shown_minutes__in=[15, 30, 60]), name="capacity_request_shown_minutes"),
            models.CheckConstraint(condition=Q(week_starts_on__iso_week_day=1), name="capacity_request_monday"),
            models.CheckConstraint(
                condition=Q(incentive_spent_minor__gte=0, incentive_budget_minor__gte=F("incentive_spent_minor")),
                name="capacity_request_incentive_budget",
            ),
            models.CheckConstraint(
                condition=Q(remedy_spent_minor__gte=0, remedy_budget_minor__gte=F("remedy_spent_minor")),
                name="capacity_request_remedy_budget",
            ),
        )
        indexes = (models.Index(fields=["program", "channel", "week_starts_on"], name="capacity_request_week"),)

    def __str__(self) -> str:
        return self.number


class RequestedInterval(BrandOwnedModel):
    """How many agents a request asks for in one quarter of an hour."""

    request = models.ForeignKey(CapacityRequest, on_delete=models.CASCADE, related_name="intervals")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=15)
    agents = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request", "starts_at"], name="requested_interval_once"),
            models.CheckConstraint(condition=Q(minutes=15), name="requested_interval_quarter"),
            models.CheckConstraint(
                condition=Q(agents__gte=0, agents__lte=MAX_AGENTS), name="requested_interval_agents"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=[0, 15, 30, 45], starts_at__second=0),
                name="requested_interval_on_grid",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agents}"


class QuoteQuerySet(TenantQuerySet["Quote"]):
    """Quotes, by time."""

    def valid_at(self, at: datetime) -> Self:
        """This function will narrow to quotes that still hold."""
        return self.filter(expires_at__gt=at)


class Quote(BrandOwnedModel):
    """What the brand was told a request costs. Never changed: a new price is a new quote."""

    request = models.ForeignKey(CapacityRequest, on_delete=models.PROTECT, related_name="quotes")
    request_version = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    bill_minor = models.BigIntegerField()
    pay_currency = models.CharField(max_length=3)
    pay_minor = models.BigIntegerField()
    lines = models.JSONField(default=list)
    assumptions = models.JSONField(default=dict)
    floor_exposure_minor = models.BigIntegerField(default=0)
    fill = models.JSONField(default=dict, blank=True)
    strategies = models.JSONField(default=dict, blank=True)
    seed = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = QuoteQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request", "request_version"], name="quote_once_a_version"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="quote_expiry"),
            models.CheckConstraint(condition=Q(bill_minor__gte=0, pay_minor__gte=0), name="quote_amounts"),
        )

    def __str__(self) -> str:
        return f"{self.bill_minor} {self.currency}"
