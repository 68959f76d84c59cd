"""The other side of the sandbox rail: what a bank would remember. Only `gateways/sandbox.py` touches these tables."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gigcx.kernel.ids import uuid7


class SandboxAccount(models.Model):
    """A pretended bank account and how it behaves."""

    ref = models.CharField(primary_key=True, max_length=60)
    owner_key = models.CharField(max_length=255, unique=True)
    country = models.CharField(max_length=2)
    holder = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=34, blank=True)
    behaviour = models.CharField(max_length=20, default="pays")
    is_complete = models.BooleanField(default=False)

    is_global: ClassVar[bool] = True

    def __str__(self) -> str:
        return self.ref


class SandboxBalance(models.Model):
    """What the pretended rail holds of one currency."""

    currency = models.CharField(primary_key=True, max_length=3)
    available_minor = models.BigIntegerField(default=0)
    pending_minor = models.BigIntegerField(default=0)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(available_minor__gte=0), name="sandbox_balance_positive"),)

    def __str__(self) -> str:
        return f"{self.available_minor} {self.currency}"


class SandboxPayment(models.Model):
    """One request that was answered, under its key: a replay gets the same answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    idempotency_key = models.CharField(max_length=255, unique=True)
    request_hash = models.CharField(max_length=64)
    group = models.UUIDField()
    destination = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    answer = models.CharField(max_length=20)
    ref = models.CharField(max_length=60, blank=True)
    asked_count = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    is_global: ClassVar[bool] = True

    class Meta:
        indexes = (models.Index(fields=["group"], name="sandbox_payment_by_group"),)

    def __str__(self) -> str:
        return f"{self.ref or self.answer} {self.amount_minor} {self.currency}"


class SandboxCheckout(models.Model):
    """A pretended payment of a brand: its page, its saved method, and what became of it."""

    ref = models.CharField(primary_key=True, max_length=60)
    owner_key = models.CharField(max_length=255, unique=True)
    top_up_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=12, default="open")
    method = models.CharField(max_length=16, blank=True)
    method_label = models.CharField(max_length=60, blank=True)
    payment_ref = models.CharField(max_length=60, null=True, unique=True)
    failure = models.CharField(max_length=60, blank=True)
    return_url = models.TextField(blank=True)
    saves_method = models.BooleanField(default=False)
    settles_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=models.F("amount_minor")),
                name="sandbox_checkout_refund_range",
            ),
        )
        indexes = (models.Index(fields=["top_up_id"], name="sandbox_checkout_by_top_up"),)

    def __str__(self) -> str:
        return f"{self.ref} {self.state}"
