"""When an agent wants to work: weekly rules and exceptions. Scheduling reads them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.scoping import OwnedModel
from recruiting.models.agents import Agent
from recruiting.states import AbsenceKind


class AvailabilityRule(OwnedModel):
    """A weekly stretch in local time, Monday 0. One that ends at or before its start crosses midnight."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="availability_rules")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    local_from = models.TimeField(_("from"))
    local_to = models.TimeField(_("to"))
    timezone = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    brand_path = ""
    agent_path = "agent_id"

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(weekday__lte=6), name="availability_weekday_range"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="availability_valid_range",
            ),
            models.UniqueConstraint(
                fields=["agent", "weekday", "local_from", "valid_from"], name="availability_rule_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.local_from:%H:%M}-{self.local_to:%H:%M}"


class AvailabilityException(OwnedModel):
    """A stretch `[starts_at, ends_at)` in which the weekly rules do not hold."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="availability_exceptions")
    kind = models.CharField(max_length=8, choices=AbsenceKind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    brand_path = ""
    agent_path = "agent_id"

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="availability_exception_forward"),
            models.CheckConstraint(condition=Q(kind__in=AbsenceKind.values), name="availability_exception_kind"),
        )
        indexes = (models.Index(fields=["agent", "starts_at"], name="availability_exception_agent"),)

    def __str__(self) -> str:
        return self.kind
