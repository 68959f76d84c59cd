"""What a brand lets itself spend in a month."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.states import BudgetScope
from recruiting.models import Program


class Budget(BrandOwnedModel):
    """A month's soft and hard limit, tax not included. At the hard limit new work stops and accepted work is paid.

    `month` is the first day of the month in the brand's zone. The row is the lock of everything that counts against it. A
    month without a row has the limits of the latest month before it; a row of zeros says that the budget was lifted.
    """

    scope = models.CharField(max_length=10, choices=BudgetScope.choices)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    month = models.DateField()
    soft_minor = models.BigIntegerField()
    hard_minor = models.BigIntegerField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)

    objects = TenantQuerySet["Budget"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["brand", "program", "currency", "month"], nulls_distinct=False, name="budget_once"
            ),
            models.CheckConstraint(condition=Q(scope__in=BudgetScope.values), name="budget_scope"),
            models.CheckConstraint(
                condition=Q(scope=BudgetScope.BRAND, program__isnull=True)
                | Q(scope=BudgetScope.PROGRAM, program__isnull=False),
                name="budget_scope_program",
            ),
            models.CheckConstraint(
                condition=Q(soft_minor__gte=0) & Q(hard_minor__gte=F("soft_minor")), name="budget_limits"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="budget_first_of_month"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.hard_minor} {self.currency}"

    @property
    def is_lifted(self) -> bool:
        """Does this month have no budget any more?"""
        return self.hard_minor == 0


class BudgetAlert(OwnedModel):
    """A threshold of a budget that was reached: told once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="alerts")
    threshold_percent = models.PositiveSmallIntegerField()
    used_minor = models.BigIntegerField()
    reached_at = models.DateTimeField()

    brand_path: ClassVar[str] = "budget__brand_id"

    objects = TenantQuerySet["BudgetAlert"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["budget", "threshold_percent"], name="budget_alert_once"),
            models.CheckConstraint(condition=Q(threshold_percent__in=[50, 80, 100]), name="budget_alert_threshold"),
        )

    def __str__(self) -> str:
        return f"{self.threshold_percent} %"
