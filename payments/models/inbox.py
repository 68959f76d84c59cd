"""What the other side tells us, and where it differs from our books."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from gigcx.kernel.ids import uuid7
from payments.states import (
    DifferenceKind,
    DifferenceState,
    InboxState,
    RailCode,
    ReconciliationScope,
)


class StripeEvent(models.Model):
    """A signed webhook as it came: a hint to look. Each event once; the body is kept for 90 days."""

    event_id = models.CharField(primary_key=True, max_length=120)
    type = models.CharField(max_length=120)
    object_ref = models.CharField(max_length=120, blank=True)
    account_ref = models.CharField(max_length=120, blank=True)
    is_live = models.BooleanField()
    is_thin = models.BooleanField(default=False)
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=InboxState.choices, default=InboxState.RECEIVED)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    alarm = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name = "Stripe event"
        verbose_name_plural = "Stripe events"
        constraints = (models.CheckConstraint(condition=Q(state__in=InboxState.values), name="stripe_event_state"),)
        indexes = (
            models.Index(
                fields=["next_try_at"],
                name="stripe_event_waiting",
                condition=Q(state__in=[InboxState.RECEIVED, InboxState.FAILED]),
            ),
            models.Index(fields=["-received_at"], name="stripe_event_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class Reconciliation(models.Model):
    """One comparison of our books with a rail's, both ways."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rail = models.CharField(max_length=30, choices=RailCode.choices)
    scope = models.CharField(max_length=10, choices=ReconciliationScope.choices)
    since = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    ours_count = models.PositiveIntegerField(default=0)
    theirs_count = models.PositiveIntegerField(default=0)
    settled_count = models.PositiveIntegerField(default=0)
    difference_count = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(scope__in=ReconciliationScope.values), name="reconciliation_scope"),
        )
        indexes = (models.Index(fields=["rail", "-started_at"], name="reconciliation_by_time"),)

    def __str__(self) -> str:
        return f"{self.rail} {self.started_at:%Y-%m-%d %H:%M}"


class Difference(models.Model):
    """Something our books and the other side do not agree on, until somebody has dealt with it.

    `fingerprint` names the same difference in every run: it is open once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rail = models.CharField(max_length=30, choices=RailCode.choices)
    kind = models.CharField(max_length=16, choices=DifferenceKind.choices)
    fingerprint = models.CharField(max_length=64)
    remote_ref = models.CharField(max_length=120, blank=True)
    item = models.ForeignKey("payments.PayoutItem", on_delete=models.PROTECT, null=True, related_name="differences")
    top_up = models.ForeignKey("payments.TopUp", on_delete=models.PROTECT, null=True, related_name="differences")
    currency = models.CharField(max_length=3)
    ours_minor = models.BigIntegerField(null=True)
    theirs_minor = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    first_seen = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="+")
    last_seen = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resolution = models.TextField(blank=True)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(state__in=[DifferenceState.OPEN, DifferenceState.EXPLAINED]),
                name="difference_open_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=DifferenceKind.values), name="difference_kind"),
            models.CheckConstraint(condition=Q(state__in=DifferenceState.values), name="difference_state"),
            models.CheckConstraint(
                condition=Q(state=DifferenceState.OPEN) | ~Q(resolution=""), name="difference_says_why"
            ),
        )
        indexes = (models.Index(fields=["state", "found_at"], name="difference_by_age"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.remote_ref or self.item_id}"
