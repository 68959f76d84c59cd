"""Payouts an agent asks for between the weekly runs."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.ids import uuid7
from gigcx.kernel.money import Money
from gigcx.tenancy.models import Brand
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from payments.models.payouts import PayoutItem
from payments.models.runs import PayoutAccount
from payments.states import InstantState
from recruiting.models import Agent


class InstantQuote(OwnedModel):
    """What an instant payout would cost, shown before the button and honored until it ends; then how it went on.

    The item's transfer pays the agent. What makes it instant is a second order, from the agent's balance on the rail to
    the bank: `payout_key` is stored before it is given, `payout_ref` is the rail's name for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    earning_ids = models.JSONField(default=list)
    arrives_at = models.DateTimeField()
    quoted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    item = models.OneToOneField(PayoutItem, on_delete=models.PROTECT, null=True, related_name="instant_quote")
    state = models.CharField(max_length=10, choices=InstantState.choices, default=InstantState.QUOTED)
    payout_key = models.CharField(max_length=255, null=True, unique=True)
    payout_ref = models.CharField(max_length=120, blank=True)
    ordered_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)

    brand_path: ClassVar[str] = ""
    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["InstantQuote"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(fee_minor__gte=0) & Q(amount_minor__gt=F("fee_minor")), name="instant_quote_covers_fee"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("quoted_at")), name="instant_quote_ends"),
            models.CheckConstraint(condition=Q(state__in=InstantState.values), name="instant_quote_state"),
            models.CheckConstraint(
                condition=Q(state=InstantState.QUOTED) | Q(item__isnull=False), name="instant_quote_has_item"
            ),
            models.CheckConstraint(
                condition=~Q(state=InstantState.ORDERED) | Q(payout_key__isnull=False, ordered_at__isnull=False),
                name="instant_quote_key_first",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_try_at"],
                name="instant_quote_open",
                condition=Q(state__in=[InstantState.REQUESTED, InstantState.ORDERED]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class InstantFee(models.Model):
    """What an instant payout costs in one currency: of the house (no brand), or for agents of one brand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    fee_minor = models.BigIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["brand", "currency"], nulls_distinct=False, name="instant_fee_once"),
            models.CheckConstraint(condition=Q(fee_minor__gte=0), name="instant_fee_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.fee_minor} {self.currency}"

    @property
    def money(self) -> Money:
        """The fee with its currency."""
        return Money(self.fee_minor, self.currency)
