"""Copies of issued invoices at the payment provider, where a brand can pay them."""

from django.db import models
from django.db.models import Q

from gigcx.kernel.money import Money
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from payments.models.invoices import Invoice
from payments.states import CopyState, RailCode


class InvoiceCopy(BrandOwnedModel):
    """One copy of one invoice. Ours stays the book; the copy only collects what was open when it was asked for.

    `idempotency_key` and `customer_ref` are stored before the first request, so that asking again says the same words.
    `ref` is the provider's name for it, `pay_url` its page.
    """

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="copy")
    rail = models.CharField(max_length=30, choices=RailCode.choices)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=CopyState.choices, default=CopyState.ASKED)
    idempotency_key = models.CharField(max_length=255, unique=True)
    customer_ref = models.CharField(max_length=120, blank=True)
    ref = models.CharField(max_length=120, null=True, unique=True)
    pay_url = models.TextField(blank=True)
    failure = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["InvoiceCopy"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name_plural = "invoice copies"
        constraints = (
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="invoice_copy_positive"),
            models.CheckConstraint(condition=Q(state__in=CopyState.values), name="invoice_copy_state"),
            models.CheckConstraint(
                condition=Q(state__in=[CopyState.ASKED, CopyState.REFUSED]) | Q(ref__isnull=False),
                name="invoice_copy_has_ref",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} {self.state}"

    @property
    def money(self) -> Money:
        """What it collects."""
        return Money(self.amount_minor, self.currency)
