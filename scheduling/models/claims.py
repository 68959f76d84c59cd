"""Claims: an agent's commitment to one seat; and the calendar row that is locked while one is made."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from recruiting.models import Agent, Engagement, RateCard
from scheduling.models.shifts import Shift
from scheduling.states import COMING, OCCUPYING, ClaimKind, ClaimSource, ClaimState

_OCCUPYING = Q(state__in=[str(state) for state in OCCUPYING])


class AgentCalendar(OwnedModel):
    """The row that is locked whenever an agent's calendar gets fuller; and the agent's own limits."""

    agent = models.OneToOneField(Agent, on_delete=models.PROTECT, primary_key=True, related_name="calendar")
    day_minutes = models.PositiveIntegerField(default=12 * 60)
    week_minutes = models.PositiveIntegerField(default=48 * 60)
    rest_minutes = models.PositiveIntegerField(default=8 * 60)
    turnaround_minutes = models.PositiveIntegerField(default=0)
    auto_fill_at = models.DateTimeField(null=True)
    feed_token_hash = models.CharField(max_length=64, blank=True)

    agent_path: ClassVar[str | None] = "agent_id"
    brand_path: ClassVar[str] = ""

    objects = TenantQuerySet["AgentCalendar"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(day_minutes__lte=24 * 60), name="agent_calendar_day"),
            models.CheckConstraint(condition=Q(week_minutes__lte=7 * 24 * 60), name="agent_calendar_week"),
            models.CheckConstraint(condition=Q(rest_minutes__lte=24 * 60), name="agent_calendar_rest"),
        )

    def __str__(self) -> str:
        return f"{self.agent_id}"


class ClaimQuerySet(TenantQuerySet["Claim"]):
    """Claims, by holder, time and state."""

    def for_listing(self) -> Self:
        """This function will fetch what a list shows and order by start."""
        return self.select_related("shift__program", "brand", "rate_card", "agent__user").order_by("starts_at", "pk")

    def occupying(self) -> Self:
        """This function will narrow to claims that take a seat and an agent's time."""
        return self.filter(state__in=list(OCCUPYING))

    def coming(self) -> Self:
        """This function will narrow to claims not worked yet."""
        return self.filter(state__in=list(COMING))

    def of_agent(self, agent_id: UUID) -> Self:
        """This function will narrow to one agent, whichever the brand."""
        return self.filter(agent_id=agent_id)

    def touching(self, starts_at: datetime, ends_at: datetime) -> Self:
        """This function will narrow to claims whose time shares an instant with `[starts_at, ends_at)`."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Claim(BrandOwnedModel):
    """One agent, one seat. Tier and rate card are frozen at the claim; a raise reaches it, a cut never does."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="claims")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="claims")
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=8, choices=ClaimKind.choices, default=ClaimKind.SEAT)
    source = models.CharField(max_length=12, choices=ClaimSource.choices, default=ClaimSource.FIRST_COME)
    state = models.CharField(max_length=16, choices=ClaimState.choices, default=ClaimState.CLAIMED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy = DateTimeRangeField()
    rate_card = models.ForeignKey(RateCard, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=12)
    claimed_at = models.DateTimeField()
    undo_until = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    decline_until = models.DateTimeField(null=True)
    checked_in_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    promoted_at = models.DateTimeField(null=True)
    sent_home_at = models.DateTimeField(null=True)
    points = models.SmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    idempotency_key = models.CharField(max_length=80)

    agent_path: ClassVar[str | None] = "agent_id"

    objects = ClaimQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="claim_agent_is_in_one_place",
                expressions=[("agent", RangeOperators.EQUAL), ("busy", RangeOperators.OVERLAPS)],
                condition=_OCCUPYING,
            ),
            models.CheckConstraint(condition=Q(busy__isempty=False), name="claim_busy_not_empty"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="claim_end_after_start"),
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state"),
            models.CheckConstraint(
                condition=Q(state=ClaimState.VERIFIED, verified_at__isnull=False, version__gte=1)
                | ~Q(state=ClaimState.VERIFIED),
                name="claim_verified_has_version",
            ),
            models.UniqueConstraint(fields=["agent", "idempotency_key"], name="claim_idempotency_key"),
            models.UniqueConstraint(fields=["shift", "agent"], condition=_OCCUPYING, name="claim_one_seat_an_agent"),
        )
        indexes = (
            models.Index(fields=["agent", "starts_at"], name="claim_agent_start"),
            models.Index(fields=["shift", "state"], name="claim_shift_state"),
            models.Index(
                fields=["starts_at"],
                name="claim_awaiting_start",
                condition=Q(state__in=[str(state) for state in COMING]),
            ),
            models.Index(fields=["brand", "ends_at"], name="claim_unverified", condition=Q(state=ClaimState.WORKED)),
        )

    def __str__(self) -> str:
        return f"{self.state}"
