"""The manual rail: files for a bank, each line confirmed or returned by a second person."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from gigcx.kernel.ids import uuid7
from payments.models.payouts import PayoutItem
from payments.states import BankFileState, BankLineState


class BankFile(models.Model):
    """A hashed file of payments. Who made it does not answer its lines."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    currency = models.CharField(max_length=3)
    line_count = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    content = models.BinaryField()
    content_key = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=BankFileState.choices, default=BankFileState.MADE)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(state__in=BankFileState.values), name="bank_file_state"),)

    def __str__(self) -> str:
        return self.number


class BankFileLine(models.Model):
    """One payment of a file. An item waits in one file at most."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(PayoutItem, on_delete=models.PROTECT, related_name="bank_lines")
    amount_minor = models.BigIntegerField()
    reference = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=BankLineState.choices, default=BankLineState.WAITING)
    bank_reference = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=[BankLineState.WAITING, BankLineState.CONFIRMED]),
                name="bank_file_line_one_live",
            ),
            models.CheckConstraint(condition=Q(state__in=BankLineState.values), name="bank_file_line_state"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_file_line_positive"),
            models.CheckConstraint(
                condition=Q(state=BankLineState.WAITING) | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="bank_file_line_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state=BankLineState.CONFIRMED) | ~Q(bank_reference=""), name="bank_file_line_reference"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"
