"""The audit trail, the outbox and the ticker's marks. No foreign keys: history outlives what it describes."""

from typing import ClassVar

from django.db import models

from gigcx.kernel.ids import uuid7


class AuditEntry(models.Model):
    """One change, who made it and why. Insert-only: a trigger refuses update, delete and truncate."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    brand_id = models.UUIDField(null=True)
    agent_id = models.UUIDField(null=True)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=dict)

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = (
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_by_subject"),
            models.Index(fields=["brand_id", "at"], name="audit_by_brand"),
            models.Index(fields=["agent_id", "at"], name="audit_by_agent"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}"


class OutboxEvent(models.Model):
    """A stated fact, waiting to be handed to its listeners."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    type = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    occurred_at = models.DateTimeField()
    brand_id = models.UUIDField(null=True)
    agent_id = models.UUIDField(null=True)
    payload = models.JSONField()
    fanned_out_at = models.DateTimeField(null=True)

    is_global: ClassVar[bool] = True

    class Meta:
        indexes = (
            models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(fanned_out_at__isnull=True)),
            models.Index(fields=["type", "occurred_at"], name="outbox_by_type"),
        )

    def __str__(self) -> str:
        return self.type


class Delivery(models.Model):
    """The hand-over of one fact to one listener."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        PARKED = "parked"

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    consumer = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=["event", "consumer"], name="delivery_once_per_consumer"),
            models.CheckConstraint(condition=models.Q(state__in=["waiting", "done", "parked"]), name="delivery_state"),
        )
        indexes = (
            models.Index(fields=["next_try_at", "id"], name="delivery_due", condition=models.Q(state="waiting")),
            models.Index(fields=["id"], name="delivery_parked", condition=models.Q(state="parked")),
        )

    def __str__(self) -> str:
        return f"{self.consumer} {self.state}"


class PeriodicRun(models.Model):
    """One slot of one periodic job. Unique, so two tickers run it once."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=120)
    slot = models.DateTimeField()
    started_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "slot"], name="periodic_run_once_per_slot"),)
        indexes = (models.Index(fields=["started_at"], name="periodic_run_by_start"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.slot:%Y-%m-%d %H:%M}"
