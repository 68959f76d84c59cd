"""What a brand is asked to pay: drafts, issued invoices that never change, and credit notes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.states import DunningKind, EarningKind, InvoiceState, SeriesKind, TaxRule


class BillingProfile(BrandOwnedModel):
    """Whom a brand's invoices are made out to. Copied onto each invoice at issue."""

    legal_name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=10, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    vat_id_checked_at = models.DateTimeField(null=True)
    vat_id_evidence = models.JSONField(default=dict, blank=True)
    email = models.EmailField(blank=True)
    purchase_order = models.CharField(max_length=60, blank=True)
    updated_at = models.DateTimeField()

    objects = TenantQuerySet["BillingProfile"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["brand"], name="billing_profile_once"),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="billing_profile_country"),
        )

    def __str__(self) -> str:
        return self.legal_name


class NumberSeries(models.Model):
    """The last number given out. The row is locked while one is taken, so that a rollback leaves no gap."""

    id = models.BigAutoField(primary_key=True)
    legal_entity = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=SeriesKind.choices)
    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    is_global: ClassVar[bool] = True

    class Meta:
        verbose_name_plural = "number series"
        constraints = (
            models.UniqueConstraint(fields=["legal_entity", "series", "year"], name="number_series_once"),
            models.CheckConstraint(condition=Q(kind__in=SeriesKind.values), name="number_series_kind"),
        )

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.last}"


class Invoice(BrandOwnedModel):
    """A brand's week as it was billed. Once issued only its state, payments and dates of payment change (trigger).

    `seller` and `buyer` are the parties as they were at issue; `content_sha256` covers the canonical content with all lines.
    """

    legal_entity = models.CharField(max_length=20)
    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    full_number = models.CharField(max_length=40, null=True, unique=True)
    currency = models.CharField(max_length=3)
    period_from = models.DateField()
    period_to = models.DateField()
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    purchase_order = models.CharField(max_length=60, blank=True)
    seller = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    net_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    gross_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=12, choices=InvoiceState.choices, default=InvoiceState.DRAFT)
    remote_ref = models.CharField(max_length=120, null=True, unique=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["Invoice"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["legal_entity", "series", "year", "number"],
                condition=Q(number__isnull=False),
                name="invoice_number_once",
            ),
            models.UniqueConstraint(
                fields=["brand", "currency", "period_from"],
                condition=Q(state=InvoiceState.DRAFT),
                name="invoice_one_draft_a_period",
            ),
            models.CheckConstraint(condition=Q(gross_minor=F("net_minor") + F("tax_minor")), name="invoice_adds_up"),
            models.CheckConstraint(condition=Q(state__in=InvoiceState.values), name="invoice_state"),
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="invoice_period"),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, credited_minor__gte=0)
                & Q(paid_minor__lte=F("gross_minor"))
                & Q(credited_minor__lte=F("gross_minor")),
                name="invoice_paid_range",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[InvoiceState.DRAFT, InvoiceState.DISCARDED])
                | Q(number__isnull=False, full_number__isnull=False, issued_on__isnull=False, due_on__isnull=False),
                name="invoice_numbered_once_issued",
            ),
        )
        indexes = (
            models.Index(fields=["brand", "-period_from"], name="invoice_by_brand"),
            models.Index(fields=["due_on"], name="invoice_by_due"),
        )

    def __str__(self) -> str:
        return self.full_number or f"draft {self.period_from}"

    @property
    def gross(self) -> Money:
        """The sum with tax."""
        return Money(self.gross_minor, self.currency)

    @property
    def open_minor(self) -> int:
        """What is still to be paid, in minor units."""
        return max(0, self.gross_minor - self.paid_minor - self.credited_minor)


class TaxDecision(OwnedModel):
    """One rate of one invoice: which rule, from which evidence, on which base. Tax is rounded once here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="taxes")
    rule = models.CharField(max_length=16, choices=TaxRule.choices)
    jurisdiction = models.CharField(max_length=10)
    rate_bp = models.PositiveIntegerField()
    base_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    sentence = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)

    brand_path: ClassVar[str] = "invoice__brand_id"

    objects = TenantQuerySet["TaxDecision"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["invoice", "rule", "jurisdiction", "rate_bp"], name="tax_decision_once"),
            models.CheckConstraint(condition=Q(rule__in=TaxRule.values), name="tax_decision_rule"),
        )

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.rate_bp} bp"


class InvoiceLine(OwnedModel):
    """One charge on an invoice, or a group of them, with its share of the tax."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    charge = models.OneToOneField("payments.Charge", on_delete=models.PROTECT, related_name="invoice_line")
    kind = models.CharField(max_length=24, choices=EarningKind.choices)
    description = models.TextField()
    program_name = models.CharField(max_length=200)
    agent_name = models.CharField(max_length=200)
    worked_from = models.DateTimeField()
    worked_to = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0)
    net_minor = models.BigIntegerField()
    tax_decision = models.ForeignKey(TaxDecision, on_delete=models.PROTECT, null=True, related_name="lines")
    tax_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)

    brand_path: ClassVar[str] = "invoice__brand_id"

    objects = TenantQuerySet["InvoiceLine"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position"),
            models.CheckConstraint(condition=Q(net_minor__gt=0), name="invoice_line_positive"),
            models.CheckConstraint(
                condition=Q(credited_minor__gte=0) & Q(credited_minor__lte=F("net_minor")),
                name="invoice_line_credited_range",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.net_minor}"


class CreditNote(BrandOwnedModel):
    """What was taken off an issued invoice, in a series of its own. Insert-only."""

    legal_entity = models.CharField(max_length=20)
    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    full_number = models.CharField(max_length=40, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    currency = models.CharField(max_length=3)
    reason = models.TextField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    to_wallet_minor = models.BigIntegerField(default=0)
    seller = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    issued_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = TenantQuerySet["CreditNote"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["legal_entity", "series", "year", "number"], name="credit_note_number_once"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("tax_minor")) & Q(net_minor__gt=0),
                name="credit_note_adds_up",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="credit_note_says_why"),
        )

    def __str__(self) -> str:
        return self.full_number


class CreditNoteLine(OwnedModel):
    """What one line of an invoice is credited. Never more than remains of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    invoice_line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="credits")
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)

    brand_path: ClassVar[str] = "note__brand_id"

    objects = TenantQuerySet["CreditNoteLine"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["note", "invoice_line"], name="credit_note_line_once"),
            models.CheckConstraint(condition=Q(net_minor__gt=0), name="credit_note_line_positive"),
        )

    def __str__(self) -> str:
        return f"{self.net_minor}"


class DunningStep(OwnedModel):
    """A reminder's step that was taken. Each once an invoice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="dunning_steps")
    step = models.CharField(max_length=16, choices=DunningKind.choices)
    taken_at = models.DateTimeField()
    open_minor = models.BigIntegerField()

    brand_path: ClassVar[str] = "invoice__brand_id"

    objects = TenantQuerySet["DunningStep"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["invoice", "step"], name="dunning_step_once"),
            models.CheckConstraint(condition=Q(step__in=DunningKind.values), name="dunning_step_kind"),
        )

    def __str__(self) -> str:
        return self.step
