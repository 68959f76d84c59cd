"""What agents earn and why a line waits."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand, BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.states import Cause, EarningKind, EarningState
from recruiting.models import Agent, Engagement, Program, RateCard

_NEGATIVE_KINDS = [EarningKind.CLAWBACK, EarningKind.INSTANT_FEE]


class EarningQuerySet(TenantQuerySet["Earning"]):
    """Earnings."""

    def due_for_release(self, at: datetime) -> Self:
        """This function will narrow to lines whose review is over at `at`."""
        return self.filter(state=EarningState.ACCRUED, review_ends_at__lte=at)

    def for_listing(self) -> Self:
        """This function will fetch what a list prints, newest work first."""
        return self.select_related("program", "brand").order_by("-worked_to", "-pk")


class Earning(BrandOwnedModel):
    """One credit to an agent, with the steps that lead to its amount. Only its state and stamps ever change."""

    # Each change of state writes to every index: what begins another one, or what nobody asks for, has none of its own.
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="earnings", db_index=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+", db_index=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=EarningKind.choices)
    source_kind = models.CharField(max_length=30)
    source_id = models.UUIDField()
    part = models.CharField(max_length=40, default="all")
    version = models.PositiveIntegerField(default=1)
    source_event_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    brand_share_minor = models.BigIntegerField()
    platform_share_minor = models.BigIntegerField(default=0)
    cause = models.CharField(max_length=20, choices=Cause.choices)
    worked_from = models.DateTimeField()
    worked_to = models.DateTimeField()
    worked_seconds = models.PositiveIntegerField(default=0)
    rate_card = models.ForeignKey(RateCard, on_delete=models.PROTECT, related_name="+", db_index=False)
    terms_version_id = models.UUIDField(null=True)
    tier_bp = models.PositiveIntegerField(default=10000)
    explanation = models.JSONField()
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="successors", db_index=False
    )
    state = models.CharField(max_length=12, choices=EarningState.choices, default=EarningState.ACCRUED)
    review_ends_at = models.DateTimeField()
    accrued_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    payable_at = models.DateTimeField(null=True)
    reserved_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)

    agent_path: ClassVar[str | None] = "agent_id"

    objects = EarningQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source_event_id", "kind", "part"], name="earning_once_per_event"),
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "kind", "part", "version"], name="earning_once_per_version"
            ),
            models.CheckConstraint(condition=Q(state__in=EarningState.values), name="earning_state"),
            models.CheckConstraint(condition=Q(kind__in=EarningKind.values), name="earning_kind"),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="earning_cause"),
            models.CheckConstraint(
                condition=Q(amount_minor=F("brand_share_minor") + F("platform_share_minor")), name="earning_shares"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_NEGATIVE_KINDS, amount_minor__lt=0)
                | (~Q(kind__in=_NEGATIVE_KINDS) & Q(amount_minor__gt=0)),
                name="earning_sign",
            ),
            models.CheckConstraint(condition=Q(worked_to__gte=F("worked_from")), name="earning_work_period"),
            models.CheckConstraint(
                condition=~Q(state=EarningState.PAID) | Q(paid_at__isnull=False), name="earning_paid_stamp"
            ),
        )
        indexes = (
            models.Index(fields=["agent", "-worked_to"], name="earning_by_agent"),
            models.Index(fields=["review_ends_at"], name="earning_due", condition=Q(state=EarningState.ACCRUED)),
            models.Index(fields=["currency", "agent"], name="earning_ready", condition=Q(state=EarningState.PAYABLE)),
            models.Index(fields=["brand", "-worked_to"], name="earning_by_brand"),
            models.Index(fields=["supersedes"], name="earning_successors", condition=Q(supersedes__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{EarningKind(self.kind).label} {self.money.major:,} {self.currency}"

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount_minor, self.currency)


class EarningHold(OwnedModel):
    """Why a line waits and until when. Never without an end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    earning = models.ForeignKey(Earning, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    until = models.DateTimeField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)

    brand_path: ClassVar[str] = "earning__brand_id"
    agent_path: ClassVar[str | None] = "earning__agent_id"

    objects = TenantQuerySet["EarningHold"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["earning", "reason"], condition=Q(lifted_at__isnull=True), name="earning_hold_once_per_reason"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("set_at")), name="earning_hold_ends"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by="") | (Q(lifted_at__isnull=False) & ~Q(lifted_by="")),
                name="earning_hold_lifted_pair",
            ),
        )
        indexes = (models.Index(fields=["until"], name="earning_hold_due", condition=Q(lifted_at__isnull=True)),)

    def __str__(self) -> str:
        return self.reason
