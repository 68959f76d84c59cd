"""Where money may go, and the runs that send it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.states import PayoutAccountState, RailCode, RunKind, RunState
from recruiting.models import Agent

_CURRENT_ACCOUNTS = [
    state
    for state in PayoutAccountState.values
    if state not in {PayoutAccountState.REJECTED, PayoutAccountState.REPLACED}
]


class PayoutAccount(OwnedModel):
    """An agent's account on one rail. The rail keeps the bank details, we keep a fingerprint and the last four signs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="payout_accounts")
    rail = models.CharField(max_length=30, choices=RailCode.choices)
    remote_ref = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, choices=PayoutAccountState.choices, default=PayoutAccountState.STARTED)
    requirement_codes = models.JSONField(default=list, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    agreement = models.CharField(max_length=20, blank=True)
    can_receive_instantly = models.BooleanField(default=False)
    details_ciphertext = models.BinaryField(null=True)
    details_key = models.CharField(max_length=120, blank=True)
    usable_from = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when the rail was last asked because a webhook may have been lost
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["PayoutAccount"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rail", "remote_ref"], condition=~Q(remote_ref=""), name="payout_account_remote_once"
            ),
            models.UniqueConstraint(
                fields=["agent", "rail"],
                condition=Q(state__in=_CURRENT_ACCOUNTS),
                name="payout_account_one_current",
            ),
            models.CheckConstraint(condition=Q(state__in=PayoutAccountState.values), name="payout_account_state"),
            models.CheckConstraint(
                condition=~Q(state=PayoutAccountState.ACTIVE) | (~Q(remote_ref="") & Q(usable_from__isnull=False)),
                name="payout_account_active_is_usable",
            ),
        )
        indexes = (models.Index(fields=["fingerprint"], name="payout_account_fingerprint"),)

    def __str__(self) -> str:
        return f"{self.rail} {self.last4}"


class PayoutRun(models.Model):
    """One batch of payouts on one rail in one currency. A period has one run, besides those that were called off."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rail = models.CharField(max_length=30, choices=RailCode.choices)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=10, choices=RunKind.choices)
    period_key = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.PLANNED)
    state_reason = models.TextField(blank=True)
    item_count = models.PositiveIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    largest_minor = models.BigIntegerField(default=0)
    totals_hash = models.CharField(max_length=64, blank=True)
    checks = models.JSONField(default=list)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="planned_runs"
    )
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rail", "currency", "kind", "period_key"],
                condition=~Q(state=RunState.CANCELLED),
                name="payout_run_once_per_period",
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="payout_run_state"),
            models.CheckConstraint(condition=Q(kind__in=RunKind.values), name="payout_run_kind"),
        )

    def __str__(self) -> str:
        return f"{self.rail} {self.currency} {self.period_key}"


class RunApproval(models.Model):
    """One person's yes to the totals as they were then. A trigger refuses the planner."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="approvals")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    totals_hash = models.CharField(max_length=64)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "approved_by", "totals_hash"], name="run_approval_once_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.totals_hash[:12]}"
