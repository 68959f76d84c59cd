"""Where a brand wants to be called, and what was sent there. Sending comes with its own work; the tables are ready."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.audit.models import OutboxEvent
from gigcx.tenancy.models import BrandOwnedModel


class EndpointState(models.TextChoices):
    ACTIVE = "active", _("Active")
    DISABLED = "disabled", _("Disabled")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class Endpoint(BrandOwnedModel):
    """An address of the brand's own software. Two secrets may be valid at once, while one is replaced."""

    url = models.URLField(max_length=500)
    description = models.CharField(max_length=200, blank=True)
    event_types = models.JSONField(default=list)
    secrets = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=EndpointState.choices, default=EndpointState.ACTIVE)
    disabled_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=EndpointState.values), name="webhook_endpoint_state"),
            models.UniqueConstraint(fields=["brand", "id"], name="webhook_endpoint_brand_id"),
        )

    def __str__(self) -> str:
        return self.url


class Delivery(BrandOwnedModel):
    """One fact sent, or to be sent, to one endpoint; the answer is kept in part."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_excerpt = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="webhook_delivery_state"),
            models.UniqueConstraint(fields=["brand", "endpoint", "event"], name="webhook_delivery_once"),
        )
        indexes = (models.Index(fields=["run_at", "id"], name="webhook_delivery_due", condition=Q(state="waiting")),)

    def __str__(self) -> str:
        return self.state
