"""Demand before it is asked for: service targets, forecasts, what really came, and how many agents that needs."""

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Program
from scheduling.states import (
    DemandSource,
    ForecastState,
    RequirementKind,
    ServiceDefinition,
    StaffingModel,
    TemplateState,
    UploadKind,
    UploadState,
    UploadWork,
)

_QUARTER = [0, 15, 30, 45]


def _share(name: str, *, least: int = 0, most: int = 10_000) -> Q:
    return Q(**{f"{name}__gte": least, f"{name}__lte": most})


class ServiceTarget(BrandOwnedModel):
    """One version of what a program's channel promises its callers. Append-only: a change is a new version.

    Shares are basis points; times are seconds. `short_abandon_seconds` counts only for the definition that excludes them.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="service_targets")
    channel = models.CharField(_("channel"), max_length=20)
    language = models.CharField(_("language"), max_length=20, blank=True)
    version = models.PositiveIntegerField()
    model = models.CharField(_("model"), max_length=10, choices=StaffingModel.choices)
    definition = models.CharField(_("definition"), max_length=40, choices=ServiceDefinition.choices)
    short_abandon_seconds = models.PositiveSmallIntegerField(default=0)
    target_bp = models.PositiveSmallIntegerField(_("target"), default=8_000)
    threshold_seconds = models.PositiveIntegerField(_("answered within"), default=20)
    patience_seconds = models.PositiveIntegerField(_("patience"), default=180)
    max_occupancy_bp = models.PositiveSmallIntegerField(_("highest occupancy"), default=8_500)
    shrinkage_bp = models.PositiveSmallIntegerField(_("shrinkage"), default=3_000)
    concurrency = models.PositiveSmallIntegerField(_("contacts at once"), default=1)
    concurrency_factor_bp = models.PositiveIntegerField(_("handling time at that concurrency"), default=10_000)
    due_minutes = models.PositiveIntegerField(_("deferred work is due within"), default=24 * 60)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["program", "channel", "language", "version"], name="service_target_version"
            ),
            models.CheckConstraint(condition=Q(model__in=StaffingModel.values), name="service_target_model"),
            models.CheckConstraint(
                condition=Q(definition__in=ServiceDefinition.values), name="service_target_definition"
            ),
            models.CheckConstraint(condition=_share("target_bp"), name="service_target_share"),
            models.CheckConstraint(condition=_share("max_occupancy_bp", least=1), name="service_target_occupancy"),
            models.CheckConstraint(condition=_share("shrinkage_bp", most=9_000), name="service_target_shrinkage"),
            models.CheckConstraint(
                condition=Q(concurrency__gte=1, concurrency__lte=10), name="service_target_concurrency"
            ),
            models.CheckConstraint(condition=Q(concurrency_factor_bp__gte=10_000), name="service_target_factor"),
        )

    def __str__(self) -> str:
        return f"{self.channel} v{self.version}"


class ForecastQuerySet(TenantQuerySet["Forecast"]):
    """Forecasts, by week and state."""

    def of_week(self, program_id: UUID, channel: str, week_starts_on: date) -> Self:
        """This function will narrow to one program's channel and week, newest version first."""
        rows = self.filter(program_id=program_id, channel=channel, week_starts_on=week_starts_on)
        return rows.order_by("-version", "pk")

    def published(self) -> Self:
        """This function will narrow to the versions that planning reads."""
        return self.filter(state=ForecastState.PUBLISHED)


class Forecast(BrandOwnedModel):
    """One version of a week's expected contacts. Its points never change once it is published."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="forecasts")
    channel = models.CharField(_("channel"), max_length=20)
    language = models.CharField(_("language"), max_length=20, blank=True)
    week_starts_on = models.DateField(_("week"))
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=ForecastState.choices, default=ForecastState.DRAFT)
    source = models.CharField(max_length=10, choices=DemandSource.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    provenance = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    objects = ForecastQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["program", "channel", "language", "week_starts_on", "version"], name="forecast_version"
            ),
            models.UniqueConstraint(
                fields=["program", "channel", "language", "week_starts_on"],
                condition=Q(state=ForecastState.PUBLISHED),
                name="forecast_one_published",
            ),
            models.CheckConstraint(condition=Q(state__in=ForecastState.values), name="forecast_state"),
            models.CheckConstraint(condition=Q(source__in=DemandSource.values), name="forecast_source"),
            models.CheckConstraint(condition=Q(week_starts_on__iso_week_day=1), name="forecast_monday"),
        )

    def __str__(self) -> str:
        return f"{self.week_starts_on} v{self.version}"


class ForecastPoint(BrandOwnedModel):
    """Expected contacts, and seconds to handle one, in one quarter of an hour."""

    forecast = models.ForeignKey(Forecast, on_delete=models.CASCADE, related_name="points")
    starts_at = models.DateTimeField()
    volume = models.DecimalField(max_digits=14, decimal_places=4)
    aht_seconds = models.DecimalField(max_digits=10, decimal_places=2, default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["forecast", "starts_at"], name="forecast_point_once"),
            models.CheckConstraint(condition=Q(volume__gte=0), name="forecast_point_volume"),
            models.CheckConstraint(
                condition=Q(aht_seconds__gt=0) | Q(volume=0, aht_seconds__gte=0), name="forecast_point_handling_time"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=_QUARTER, starts_at__second=0), name="forecast_point_on_grid"
            ),
        )

    def __str__(self) -> str:
        return f"{self.volume}"


class ActualPoint(BrandOwnedModel):
    """What really came in one quarter of an hour."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="actuals")
    channel = models.CharField(max_length=20)
    language = models.CharField(_("language"), max_length=20, blank=True, default="", db_default="")
    starts_at = models.DateTimeField()
    offered = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    abandoned = models.PositiveIntegerField()
    answered_in_threshold = models.PositiveIntegerField(null=True)
    aht_seconds = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["program", "channel", "language", "starts_at"], name="actual_point_once"),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=_QUARTER, starts_at__second=0), name="actual_point_on_grid"
            ),
            models.CheckConstraint(
                condition=Q(offered__gte=F("answered") + F("abandoned")), name="actual_point_adds_up"
            ),
        )

    def __str__(self) -> str:
        return f"{self.offered}"


class InHouseCoverage(BrandOwnedModel):
    """Heads of the brand's own staff in one quarter of an hour: they count as cover and never claim."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="in_house_coverage")
    channel = models.CharField(max_length=20)
    language = models.CharField(_("language"), max_length=20, blank=True, default="", db_default="")
    starts_at = models.DateTimeField()
    heads = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["program", "channel", "language", "starts_at"], name="in_house_coverage_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=_QUARTER, starts_at__second=0), name="in_house_coverage_on_grid"
            ),
        )

    def __str__(self) -> str:
        return f"{self.heads}"


class StaffingRequirement(BrandOwnedModel):
    """How many agents one week's channel needs, by which model and definition. Append-only."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="staffing_requirements")
    channel = models.CharField(max_length=20)
    language = models.CharField(_("language"), max_length=20, blank=True, default="", db_default="")
    week_starts_on = models.DateField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=RequirementKind.choices)
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, null=True, related_name="requirements")
    target = models.ForeignKey(ServiceTarget, on_delete=models.PROTECT, null=True, related_name="requirements")
    summary = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["program", "channel", "language", "week_starts_on", "version"],
                name="staffing_requirement_version",
            ),
            models.CheckConstraint(condition=Q(kind__in=RequirementKind.values), name="staffing_requirement_kind"),
            models.CheckConstraint(condition=Q(week_starts_on__iso_week_day=1), name="staffing_requirement_monday"),
        )

    def __str__(self) -> str:
        return f"{self.week_starts_on} v{self.version}"


class StaffingRequirementPoint(BrandOwnedModel):
    """One quarter's answer: `agents` on contact, `seats` after shrinkage, own staff taken off in `to_book`."""

    requirement = models.ForeignKey(StaffingRequirement, on_delete=models.CASCADE, related_name="points")
    starts_at = models.DateTimeField()
    agents = models.PositiveIntegerField()
    seats = models.PositiveIntegerField()
    in_house = models.PositiveIntegerField(default=0)
    to_book = models.PositiveIntegerField()
    service_level_bp = models.PositiveSmallIntegerField(null=True)
    asa_seconds = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    occupancy_bp = models.PositiveSmallIntegerField(null=True)
    abandoned_bp = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["requirement", "starts_at"], name="staffing_requirement_point_once"),
        )

    def __str__(self) -> str:
        return f"{self.seats}"


class DemandTemplate(BrandOwnedModel):
    """Demand that comes back: weekdays and wall times in a zone, every n weeks from a Monday on.

    `rows` is a list of `{"weekdays": [1..7], "from": "HH:MM", "to": "HH:MM", "agents": n}`; `to` may be past midnight.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="demand_templates")
    channel = models.CharField(_("channel"), max_length=20)
    language = models.CharField(_("language"), max_length=20, blank=True, default="", db_default="")
    name = models.CharField(_("name"), max_length=120)
    timezone = models.CharField(_("time zone"), max_length=64)
    every_weeks = models.PositiveSmallIntegerField(_("every so many weeks"), default=1)
    anchor_on = models.DateField(_("first week"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    skip_dates = models.JSONField(_("days to skip"), default=list, blank=True)
    rows = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=TemplateState.choices, default=TemplateState.ACTIVE)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["program", "channel", "language", "name"],
                condition=~Q(state=TemplateState.ENDED),
                name="demand_template_name",
            ),
            models.CheckConstraint(condition=Q(every_weeks__gte=1, every_weeks__lte=52), name="demand_template_step"),
            models.CheckConstraint(condition=Q(anchor_on__iso_week_day=1), name="demand_template_monday"),
            models.CheckConstraint(condition=Q(state__in=TemplateState.values), name="demand_template_state"),
        )

    def __str__(self) -> str:
        return self.name


class TemplateWeek(BrandOwnedModel):
    """A week that a template has filled, once."""

    template = models.ForeignKey(DemandTemplate, on_delete=models.CASCADE, related_name="weeks")
    week_starts_on = models.DateField()
    template_version = models.PositiveIntegerField()
    filled_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["template", "week_starts_on"], name="template_week_once"),)

    def __str__(self) -> str:
        return f"{self.week_starts_on}"


class UploadBatch(BrandOwnedModel):
    """One uploaded file on its way to a forecast. `rows` are the read rows; `row_errors` name row, column and what to do.

    `asked` says what a worker has to do with a long file, and `progress` how far it is.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="upload_batches")
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, choices=UploadKind.choices, default=UploadKind.FORECAST)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    content = models.BinaryField(default=b"")
    mapping = models.JSONField(default=dict, blank=True)
    headings = models.JSONField(default=list, blank=True)
    rows = models.JSONField(default=list, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    row_errors = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.RECEIVED)
    forecast_ids = models.JSONField(default=list, blank=True)
    asked = models.CharField(max_length=8, choices=UploadWork.choices, blank=True, default="")
    asked_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=200, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(asked="") | Q(asked_at__isnull=False), name="upload_batch_asked_when"),
            models.UniqueConstraint(
                fields=["brand", "file_hash"], condition=Q(state=UploadState.APPLIED), name="upload_batch_applied_once"
            ),
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_batch_state"),
        )
        indexes = (models.Index(fields=["program", "channel", "created_at"], name="upload_batch_recent"),)

    def __str__(self) -> str:
        return self.file_name
