"""Switches: the mode of the books and each rail's kill switch."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gigcx.kernel.ids import uuid7
from payments.states import RailCode, RailState


class PaymentsMode(models.Model):
    """Which mode these books were opened in. One row, written by the first journal and never changed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mode = models.CharField(max_length=10)
    opened_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "payments mode"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="payments_mode_one_row"),
            models.CheckConstraint(condition=Q(mode__in=["sandbox", "test", "live"]), name="payments_mode_known"),
        )

    def __str__(self) -> str:
        return self.mode


class RailSwitch(models.Model):
    """The kill switch of one rail, with the identity of the database it last ran on.

    `database_mark` changes too when a dump is restored on the same server. `thaw_asked_by` is the first of the two people
    who open a frozen rail; `next_send_at` is the next free turn at its pace. A rail that was asked for patience opens by
    itself at `opens_at`; `times_throttled` counts how often in a row it was asked, without a payout in between.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rail = models.CharField(max_length=30, choices=RailCode.choices, unique=True)
    state = models.CharField(max_length=10, choices=RailState.choices, default=RailState.OPEN)
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
    next_send_at = models.DateTimeField(null=True, editable=False)
    opens_at = models.DateTimeField(null=True, editable=False)
    times_throttled = models.PositiveSmallIntegerField(default=0, editable=False)
    thaw_asked_by = models.UUIDField(null=True)
    system_identifier = models.BigIntegerField(null=True)
    timeline_id = models.IntegerField(null=True)
    database_mark = models.CharField(max_length=40, blank=True, editable=False)

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "rail switches"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=RailState.values), name="rail_switch_state"),
            models.CheckConstraint(condition=Q(state=RailState.OPEN) | ~Q(reason=""), name="rail_switch_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.rail} {self.state}"
