"""Tax data of agents, dated thresholds, exports; and exchange rates."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.states import TaxForm
from recruiting.models import Agent


class TaxProfile(OwnedModel):
    """What an agent told about their taxes, for a range of days. The number is encrypted; its last four signs are shown."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="tax_profiles")
    valid = DateRangeField()
    country = models.CharField(max_length=2)
    form = models.CharField(max_length=10, choices=TaxForm.choices)
    legal_name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    birth_date = models.DateField(null=True)
    tin_ciphertext = models.BinaryField(null=True)
    tin_key = models.CharField(max_length=120, blank=True)
    tin_last4 = models.CharField(max_length=4, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["TaxProfile"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="tax_profile_one_at_a_time",
                expressions=[("agent", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(form__in=TaxForm.values), name="tax_profile_form"),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="tax_profile_country"),
        )

    def __str__(self) -> str:
        return f"{self.form} {self.country}"


class TaxThreshold(models.Model):
    """From which income a form is due in a tax year. Not there means not known: nothing is exported then."""

    id = models.BigAutoField(primary_key=True)
    form = models.CharField(max_length=10, choices=TaxForm.choices)
    tax_year = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    transactions = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=200)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["form", "tax_year"], name="tax_threshold_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="tax_threshold_positive"),
        )

    def __str__(self) -> str:
        return f"{self.form} {self.tax_year}"


class TaxExport(models.Model):
    """A file of tax data that somebody made: who, when, how many, and its hash. The file itself is encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.CharField(max_length=10, choices=TaxForm.choices)
    tax_year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(null=True)
    rows = models.PositiveIntegerField()
    content = models.BinaryField()
    content_key = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(form__in=TaxForm.values), name="tax_export_form"),)

    def __str__(self) -> str:
        return f"{self.form} {self.tax_year}"


class FxRate(models.Model):
    """What one unit of `base` was worth in `quote` on a business day. Insert-only."""

    id = models.BigAutoField(primary_key=True)
    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name = "exchange rate"
        verbose_name_plural = "exchange rates"
        constraints = (
            models.UniqueConstraint(fields=["base", "quote", "on"], name="fx_rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0) & ~Q(base=F("quote")), name="fx_rate_positive"),
        )

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.on}"
