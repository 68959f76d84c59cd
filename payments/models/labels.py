"""What work really paid: the label on adverts."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Program


class PayLabel(BrandOwnedModel):
    """Net pay per elapsed hour of a program over full weeks, across agents. Insert-only; `inputs` can be run again.

    Quartiles are minor units an hour and empty where there is not enough data to speak of.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    period_from = models.DateField()
    period_to = models.DateField()
    n_agents = models.PositiveIntegerField()
    n_weeks = models.PositiveSmallIntegerField()
    q1_minor = models.BigIntegerField(null=True)
    median_minor = models.BigIntegerField(null=True)
    q3_minor = models.BigIntegerField(null=True)
    formula_version = models.PositiveSmallIntegerField()
    inputs_hash = models.CharField(max_length=64)
    inputs = models.JSONField(default=dict)
    published_at = models.DateTimeField()

    brand_path: ClassVar[str] = "brand_id"

    objects = TenantQuerySet["PayLabel"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["program", "currency", "period_to", "formula_version", "inputs_hash"], name="pay_label_once"
            ),
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="pay_label_period"),
            models.CheckConstraint(
                condition=Q(q1_minor__isnull=True, median_minor__isnull=True, q3_minor__isnull=True)
                | (Q(q1_minor__lte=F("median_minor")) & Q(median_minor__lte=F("q3_minor"))),
                name="pay_label_quartiles",
            ),
        )
        indexes = (models.Index(fields=["program", "-period_to"], name="pay_label_latest"),)

    def __str__(self) -> str:
        return f"{self.median_minor} {self.currency}"
