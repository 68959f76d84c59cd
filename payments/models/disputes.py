"""Lines somebody says are wrong, and amounts corrected by hand."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gigcx.kernel.money import Money
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from payments.models.earnings import Earning
from payments.states import AdjustmentState, DisputeDecision, LineDisputeState, PartyKind
from recruiting.models import Agent, Engagement


class LineDispute(BrandOwnedModel):
    """The money side of "something is wrong": only the disputed part waits, until `due_at`; then silence decides.

    `disputed_minor` is the part of the line that is held; `claimed_minor` what the agent says the line should be.
    `earning` is the line as it stood; `held_earning` the successor that carries the disputed part alone.
    """

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    earning = models.ForeignKey(Earning, on_delete=models.PROTECT, related_name="disputes")
    held_earning = models.ForeignKey(Earning, on_delete=models.PROTECT, null=True, related_name="+")
    opened_by_kind = models.CharField(max_length=10, choices=PartyKind.choices)
    opened_by = models.CharField(max_length=80)
    opened_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    part_from = models.DateTimeField(null=True)
    part_to = models.DateTimeField(null=True)
    currency = models.CharField(max_length=3)
    disputed_minor = models.BigIntegerField()
    claimed_minor = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=LineDisputeState.choices, default=LineDisputeState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    needs_ops = models.BooleanField(default=False)
    answer = models.TextField(blank=True)
    decision = models.CharField(max_length=12, choices=DisputeDecision.choices, blank=True)
    decided_minor = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    appeal_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="appeal")

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["LineDispute"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["earning"], condition=Q(state=LineDisputeState.OPEN), name="line_dispute_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=LineDisputeState.values), name="line_dispute_state"),
            models.CheckConstraint(condition=Q(opened_by_kind__in=PartyKind.values), name="line_dispute_party"),
            models.CheckConstraint(
                condition=Q(disputed_minor__gte=0, claimed_minor__gte=0), name="line_dispute_amounts"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="line_dispute_ends"),
            models.CheckConstraint(
                condition=Q(part_from__isnull=True, part_to__isnull=True) | Q(part_to__gt=F("part_from")),
                name="line_dispute_part",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LineDisputeState.DECIDED, LineDisputeState.DEFAULTED])
                | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="line_dispute_decided",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], name="line_dispute_due", condition=Q(state=LineDisputeState.OPEN)),
            models.Index(fields=["brand", "-opened_at"], name="line_dispute_by_brand"),
            models.Index(fields=["agent", "-opened_at"], name="line_dispute_by_agent"),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.disputed_minor} {self.currency}"

    @property
    def disputed(self) -> Money:
        """The part that waits."""
        return Money(self.disputed_minor, self.currency)


class AdjustmentRequest(BrandOwnedModel):
    """An amount corrected by hand: one person asks, another approves; the earning follows."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    corrects = models.ForeignKey(Earning, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=24)
    currency = models.CharField(max_length=3)
    pay_minor = models.BigIntegerField()
    bill_minor = models.BigIntegerField(default=0)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=AdjustmentState.choices, default=AdjustmentState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    earning = models.OneToOneField(Earning, on_delete=models.PROTECT, null=True, related_name="adjustment_request")

    objects = TenantQuerySet["AdjustmentRequest"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=AdjustmentState.values), name="adjustment_state"),
            models.CheckConstraint(condition=~Q(pay_minor=0), name="adjustment_not_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_says_why"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="adjustment_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state=AdjustmentState.ASKED) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="adjustment_decided",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pay_minor} {self.currency}"
