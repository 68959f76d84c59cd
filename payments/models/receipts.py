"""Money that reached us from brands, and what it pays."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.models.invoices import Invoice
from payments.states import ProposalState, RailCode, ReceiptMethod, TopUpState


class TopUp(BrandOwnedModel):
    """Money a brand sends to its wallet. The wallet is credited when it has settled, never before.

    `checkout_ref` is the session on the other side, `payment_ref` the payment in it. `idempotency_key` was stored first.
    """

    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    rail = models.CharField(max_length=30, choices=RailCode.choices)
    state = models.CharField(max_length=12, choices=TopUpState.choices, default=TopUpState.STARTED)
    is_automatic = models.BooleanField(default=False)
    idempotency_key = models.CharField(max_length=255, unique=True)
    checkout_ref = models.CharField(max_length=120, null=True, unique=True)
    payment_ref = models.CharField(max_length=120, null=True, unique=True)
    pay_url = models.TextField(blank=True)
    failure = models.CharField(max_length=200, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    looked_up_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["TopUp"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name = "top-up"
        verbose_name_plural = "top-ups"
        constraints = (
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="top_up_positive"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=F("amount_minor")),
                name="top_up_refund_range",
            ),
            models.CheckConstraint(condition=Q(state__in=TopUpState.values), name="top_up_state"),
        )
        indexes = (
            models.Index(fields=["brand", "-started_at"], name="top_up_by_brand"),
            models.Index(
                fields=["started_at"],
                name="top_up_open",
                condition=Q(state__in=[TopUpState.STARTED, TopUpState.PROCESSING]),
            ),
        )

    def __str__(self) -> str:
        return f"{Money(self.amount_minor, self.currency).major:,} {self.currency} {self.state}"

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount_minor, self.currency)


class Receipt(BrandOwnedModel):
    """One payment a brand made. Insert-only; known by the other side's reference.

    `seller` and `buyer` are the parties as they were when it came; every paper of it names these. Empty on those from
    before they were kept.
    """

    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    method = models.CharField(max_length=16, choices=ReceiptMethod.choices)
    rail = models.CharField(max_length=30, blank=True)
    remote_ref = models.CharField(max_length=120, unique=True)
    legal_entity = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    full_number = models.CharField(max_length=40, null=True, unique=True)  # none on those from before the series
    seller = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    top_up = models.OneToOneField(TopUp, on_delete=models.PROTECT, null=True, related_name="receipt")
    received_at = models.DateTimeField()

    objects = TenantQuerySet["Receipt"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="receipt_positive"),
            models.UniqueConstraint(
                fields=["legal_entity", "year", "number"],
                condition=Q(number__isnull=False),
                name="receipt_number_once",
            ),
            models.CheckConstraint(condition=Q(method__in=ReceiptMethod.values), name="receipt_method"),
        )
        indexes = (models.Index(fields=["brand", "-received_at"], name="receipt_by_brand"),)

    def __str__(self) -> str:
        return f"{self.get_method_display()} {Money(self.amount_minor, self.currency).major:,} {self.currency}"


class ReceiptProposal(BrandOwnedModel):
    """A bank transfer that somebody typed in from the bank's page. It counts once a second person has looked."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    bank_reference = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, null=True, related_name="proposal")

    objects = TenantQuerySet["ReceiptProposal"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["bank_reference"],
                condition=~Q(state=ProposalState.DECLINED),
                name="receipt_proposal_reference_once",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="receipt_proposal_positive"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="receipt_proposal_state"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="receipt_proposal_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.PROPOSED) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="receipt_proposal_decided",
            ),
        )

    def __str__(self) -> str:
        return f"{self.bank_reference} {Money(self.amount_minor, self.currency).major:,} {self.currency}"

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount_minor, self.currency)


class Allocation(OwnedModel):
    """What of an invoice was paid, and from what: a receipt, or the wallet and its holds (no receipt)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="allocations")
    method = models.CharField(max_length=16, choices=ReceiptMethod.choices)
    amount_minor = models.BigIntegerField()
    allocated_at = models.DateTimeField()

    brand_path: ClassVar[str] = "invoice__brand_id"

    objects = TenantQuerySet["Allocation"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(amount_minor__gt=0), name="allocation_positive"),)

    def __str__(self) -> str:
        return f"{self.amount_minor}"
