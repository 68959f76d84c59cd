"""Payouts an agent asks for between the weekly runs."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.models.payouts import PayoutItem
from payments.models.runs import PayoutAccount
from recruiting.models import Agent


class InstantQuote(OwnedModel):
    """What an instant payout would cost, shown before the button and honored until it ends."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    earning_ids = models.JSONField(default=list)
    quoted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    item = models.OneToOneField(PayoutItem, on_delete=models.PROTECT, null=True, related_name="instant_quote")

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["InstantQuote"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(fee_minor__gte=0) & Q(amount_minor__gt=F("fee_minor")), name="instant_quote_covers_fee"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("quoted_at")), name="instant_quote_ends"),
        )

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"
