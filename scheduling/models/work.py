"""The day itself: sessions at the desk, what was done when, corrections and the lock of a week."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Agent
from scheduling.models.claims import Claim
from scheduling.states import IdleCause, SessionState


class SpanPeriod(Func):
    """A span's two ends as a range; an open end is endless."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class WorkSessionQuerySet(TenantQuerySet["WorkSession"]):
    """Sessions, live or over."""

    def live(self) -> Self:
        """This function will narrow to sessions that have not ended."""
        return self.exclude(state=SessionState.ENDED)

    def silent_since(self, moment: datetime) -> Self:
        """This function will narrow to live sessions without a heartbeat since then."""
        return self.live().filter(last_seen_at__lt=moment)


class WorkSession(BrandOwnedModel):
    """One stay at the desk. An agent has at most one that is not over, on one device."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="work_sessions")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="sessions")
    device = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.READY)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)

    agent_path: ClassVar[str | None] = "agent_id"

    objects = WorkSessionQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["agent"], condition=~Q(state=SessionState.ENDED), name="work_session_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state=SessionState.ENDED, ended_at__isnull=False)
                | (~Q(state=SessionState.ENDED) & Q(ended_at__isnull=True)),
                name="work_session_ended_pair",
            ),
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="work_session_state"),
        )
        indexes = (
            models.Index(fields=["claim", "started_at"], name="work_session_claim"),
            models.Index(fields=["last_seen_at"], name="work_session_live", condition=~Q(state=SessionState.ENDED)),
        )

    def __str__(self) -> str:
        return self.state


class StateSpan(BrandOwnedModel):
    """One stretch in one state within a session; the open one has no end."""

    session = models.ForeignKey(WorkSession, on_delete=models.PROTECT, related_name="spans")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=SessionState.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=10, choices=IdleCause.choices, blank=True)

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["StateSpan"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="state_span_one_at_a_time",
                expressions=[
                    ("session", RangeOperators.EQUAL),
                    (SpanPeriod("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="state_span_end_after_start"
            ),
        )
        indexes = (models.Index(fields=["session", "starts_at"], name="state_span_session"),)

    def __str__(self) -> str:
        return self.state


class MinuteAdjustment(BrandOwnedModel):
    """Seconds added to, or taken from, a claim after the fact. Append-only."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="adjustments")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    seconds = models.IntegerField()
    reason = models.TextField()
    evidence = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["MinuteAdjustment"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(seconds=0), name="minute_adjustment_not_zero"),
            models.CheckConstraint(condition=~Q(reason=Value("")), name="minute_adjustment_reason"),
        )

    def __str__(self) -> str:
        return f"{self.seconds} s"


class TimesheetLock(BrandOwnedModel):
    """A brand's week that is closed. One row a week, so that the lock is stated once."""

    week_starts_on = models.DateField()
    locked_at = models.DateTimeField()

    objects = TenantQuerySet["TimesheetLock"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["brand", "week_starts_on"], name="timesheet_lock_once"),
            models.CheckConstraint(condition=Q(week_starts_on__iso_week_day=1), name="timesheet_lock_monday"),
        )

    def __str__(self) -> str:
        return f"{self.week_starts_on}"
