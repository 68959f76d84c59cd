"""One agent's payout, what it pays, and every try to send it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.models.earnings import Earning
from payments.models.runs import PayoutAccount, PayoutRun
from payments.states import AttemptState, ItemState, OutcomeKind
from recruiting.models import Agent


class PayoutItem(OwnedModel):
    """One agent's share of a run. Amount and destination never change (trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="items")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="payouts")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    destination_ref = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.PLANNED)
    attempt_number = models.PositiveSmallIntegerField(default=1)
    lease_until = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField()
    hold_reason = models.CharField(max_length=60, blank=True)
    hold_until = models.DateTimeField(null=True)
    wait_reason = models.CharField(max_length=60, blank=True)
    transfer_ref = models.CharField(max_length=120, null=True, unique=True)
    planned_at = models.DateTimeField()
    transferred_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["PayoutItem"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "agent", "currency"], name="payout_item_once_per_run"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_item_positive"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="payout_item_state"),
            models.CheckConstraint(
                condition=~Q(state=ItemState.SENDING) | Q(lease_until__isnull=False), name="payout_item_leased"
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.HELD) | (~Q(hold_reason="") & Q(hold_until__isnull=False)),
                name="payout_item_hold_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ItemState.TRANSFERRED, ItemState.ARRIVED])
                | Q(transfer_ref__isnull=False, transferred_at__isnull=False),
                name="payout_item_transferred_ref",
            ),
        )
        indexes = (
            models.Index(fields=["run", "id"], name="payout_item_claimable", condition=Q(state=ItemState.PLANNED)),
            models.Index(
                fields=["next_try_at"],
                name="payout_item_open",
                condition=Q(state__in=[ItemState.SENDING, ItemState.UNKNOWN, ItemState.HELD]),
            ),
            models.Index(fields=["agent", "-id"], name="payout_item_by_agent"),
        )

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} {self.state}"

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount_minor, self.currency)


class PayoutAllocation(OwnedModel):
    """Which earning an item pays. An earning is in at most one live item."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(PayoutItem, on_delete=models.PROTECT, related_name="allocations")
    earning = models.ForeignKey(Earning, on_delete=models.PROTECT, related_name="allocations")
    amount_minor = models.BigIntegerField()
    released_at = models.DateTimeField(null=True)

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "item__agent_id"

    objects = TenantQuerySet["PayoutAllocation"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["earning"], condition=Q(released_at__isnull=True), name="payout_allocation_one_live"
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount_minor}"


class PayoutAttempt(OwnedModel):
    """One key of one item: written and committed before the call, finished once.

    A try that stays unknown is sent again under the same key with the same bytes; `last_sent_at`, `send_count` and the
    `last_*` columns say how that went. `finished_at`, `outcome` and what belongs to it are set once (trigger).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(PayoutItem, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    idempotency_key = models.CharField(max_length=255, unique=True)
    request_body = models.JSONField()
    state = models.CharField(max_length=12, choices=AttemptState.choices, default=AttemptState.SENT)
    sent_at = models.DateTimeField()
    last_sent_at = models.DateTimeField()
    send_count = models.PositiveSmallIntegerField(default=1)
    last_outcome = models.CharField(max_length=20, choices=OutcomeKind.choices, blank=True)
    last_detail = models.CharField(max_length=200, blank=True)
    lookups_empty = models.PositiveSmallIntegerField(default=0)
    looked_up_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=OutcomeKind.choices, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    remote_request_id = models.CharField(max_length=120, blank=True)
    was_replay = models.BooleanField(default=False)

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = None

    objects = TenantQuerySet["PayoutAttempt"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "number"], name="payout_attempt_number"),
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="payout_attempt_state"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(state__in=[AttemptState.SENT, AttemptState.UNKNOWN]),
                name="payout_attempt_finished_state",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
