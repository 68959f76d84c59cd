"""Work that is owed and that the sweep could not price: what ops look at until it is paid."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gigcx.kernel.ids import uuid7
from payments.states import WorkFact


class UnpricedWork(models.Model):
    """One fact of work that failed to become money, and why. The row goes once the work is priced."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fact = models.CharField(max_length=20, choices=WorkFact.choices)
    subject_id = models.UUIDField()
    error = models.TextField()
    tries = models.PositiveIntegerField(default=1)
    first_failed_at = models.DateTimeField()
    last_failed_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name = "work without a price"
        verbose_name_plural = "work without a price"
        constraints = (
            models.UniqueConstraint(fields=["fact", "subject_id"], name="unpriced_work_once"),
            models.CheckConstraint(condition=Q(fact__in=WorkFact.values), name="unpriced_work_fact"),
            models.CheckConstraint(
                condition=Q(last_failed_at__gte=F("first_failed_at")), name="unpriced_work_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.fact} {self.subject_id}"
