"""What brands owe and what they have set aside."""

from django.db import models
from django.db.models import F, Q

from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand, BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.models.earnings import Earning
from payments.states import BrandHoldState, ChargeState, EarningKind, FundsMode
from recruiting.models import Program


class Charge(BrandOwnedModel):
    """One debit to a brand, for one earning. Only its state, stamps and what was credited ever change."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    earning = models.OneToOneField(Earning, on_delete=models.PROTECT, related_name="charge")
    kind = models.CharField(max_length=24, choices=EarningKind.choices)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    credited_minor = models.BigIntegerField(default=0)
    billing_week = models.DateField()
    explanation = models.JSONField()
    state = models.CharField(max_length=12, choices=ChargeState.choices, default=ChargeState.ACCRUED)
    invoice = models.ForeignKey("payments.Invoice", on_delete=models.PROTECT, null=True, related_name="charges")
    accrued_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Charge"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(net_minor__gt=0), name="charge_positive"),
            models.CheckConstraint(
                condition=Q(credited_minor__gte=0) & Q(credited_minor__lte=F("net_minor")), name="charge_credited_range"
            ),
            models.CheckConstraint(condition=Q(state__in=ChargeState.values), name="charge_state"),
            models.CheckConstraint(condition=Q(kind__in=EarningKind.values), name="charge_kind"),
        )
        indexes = (
            models.Index(fields=["brand", "billing_week"], name="charge_by_week"),
            models.Index(fields=["brand", "-accrued_at", "-id"], name="charge_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.net_minor} {self.currency}"

    @property
    def money(self) -> Money:
        """The net amount with its currency."""
        return Money(self.net_minor, self.currency)

    @property
    def owed_minor(self) -> int:
        """What is owed after corrections, in minor units."""
        return self.net_minor - self.credited_minor

    @property
    def owed(self) -> Money:
        """What is owed after corrections."""
        return Money(self.owed_minor, self.currency)


class ChargeTally(OwnedModel):
    """What was added to and taken off a brand's open charges of one week, program, kind and cause; their sum is what is open.

    Triggers of `0014_open_charges_are_tallied` write it in the transaction that changes the charges, one row a statement:
    nobody waits for anybody. `fold_tallies` puts many rows into one.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", db_index=False)
    billing_week = models.DateField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=24)
    cause = models.CharField(max_length=20)
    lines = models.IntegerField()
    net_minor = models.BigIntegerField()

    objects = TenantQuerySet["ChargeTally"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name_plural = "charge tallies"
        indexes = (models.Index(fields=["brand", "billing_week"], name="charge_tally_by_week"),)

    def __str__(self) -> str:
        return f"{self.lines} {self.kind} {self.net_minor} {self.currency}"


class BrandFunds(BrandOwnedModel):
    """How a brand pays in one currency: the lock row of its budget to spend."""

    currency = models.CharField(max_length=3)
    mode = models.CharField(max_length=10, choices=FundsMode.choices, default=FundsMode.TERMS)
    credit_limit_minor = models.BigIntegerField(default=0)
    days_until_due = models.PositiveSmallIntegerField(default=14)
    auto_top_up_below_minor = models.BigIntegerField(null=True)
    auto_top_up_minor = models.BigIntegerField(null=True)
    customer_ref = models.CharField(max_length=120, blank=True)
    method_ref = models.CharField(max_length=120, blank=True)
    method_label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    objects = TenantQuerySet["BrandFunds"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name_plural = "brand funds"
        constraints = (
            models.UniqueConstraint(fields=["brand", "currency"], name="brand_funds_once"),
            models.CheckConstraint(condition=Q(mode__in=FundsMode.values), name="brand_funds_mode"),
            models.CheckConstraint(condition=Q(credit_limit_minor__gte=0), name="brand_funds_limit"),
            models.CheckConstraint(
                condition=Q(auto_top_up_below_minor__isnull=True, auto_top_up_minor__isnull=True)
                | Q(auto_top_up_below_minor__gte=0, auto_top_up_minor__gt=0),
                name="brand_funds_auto_top_up",
            ),
        )

    def __str__(self) -> str:
        return f"{self.mode} {self.currency}"


class BrandHold(BrandOwnedModel):
    """Money set aside for published work; what the work really cost is taken from it as it accrues.

    `counts_on` is the brand's day on which the work ends: what is left counts against the budgets of that month.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    source_kind = models.CharField(max_length=30)
    source_id = models.UUIDField()
    counts_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    consumed_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=BrandHoldState.choices, default=BrandHoldState.ACTIVE)
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["BrandHold"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id"],
                condition=Q(state=BrandHoldState.ACTIVE),
                name="brand_hold_one_active_per_source",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="brand_hold_amount"),
            models.CheckConstraint(
                condition=Q(consumed_minor__gte=0) & Q(consumed_minor__lte=F("amount_minor")),
                name="brand_hold_consumed_range",
            ),
            models.CheckConstraint(condition=Q(state__in=BrandHoldState.values), name="brand_hold_state"),
        )
        indexes = (
            models.Index(fields=["expires_at"], name="brand_hold_due", condition=Q(state=BrandHoldState.ACTIVE)),
        )

    def __str__(self) -> str:
        return f"{self.source_kind} {self.amount_minor} {self.currency}"
