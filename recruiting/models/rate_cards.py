"""Versioned prices: what an agent earns and what the brand pays."""

from typing import Any

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from recruiting.models.programs import Program
from recruiting.states import LineKind, LineUnit, Rounding, Tier, VersionState


def level_multipliers() -> dict[str, int]:
    """This function will return multipliers of one, in basis points, for every tier."""
    return {str(tier): 10_000 for tier in Tier}


class RateCardQuerySet(TenantQuerySet["RateCard"]):
    def with_lines(self) -> "RateCardQuerySet":
        """This function will fetch the lines too, in one more query."""
        return self.prefetch_related(Prefetch("lines", RateCardLine.objects.across_brands().order_by("kind")))

    def in_force(self, at: Any) -> "RateCardQuerySet":
        """This function will narrow to cards that priced work at that moment."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at, state__in=_PUBLISHED
        )


_PUBLISHED = (VersionState.ACTIVE, VersionState.SUPERSEDED)


class RateCard(BrandOwnedModel):
    """One version of a program's prices; immutable once active. Valid in `[valid_from, valid_until)`."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="rate_cards")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    pay_currency = models.CharField(_("pay currency"), max_length=3)
    bill_currency = models.CharField(_("bill currency"), max_length=3)
    rounding = models.CharField(_("rounding"), max_length=10, choices=Rounding.choices, default=Rounding.HALF_EVEN)
    tier_multipliers = models.JSONField(_("tier multipliers"), default=level_multipliers)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = RateCardQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["program", "version"], name="rate_card_version_once"),
            models.UniqueConstraint(
                fields=["program"], condition=Q(state=VersionState.ACTIVE), name="rate_card_one_active"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="rate_card_state"),
            models.CheckConstraint(condition=Q(rounding__in=Rounding.values), name="rate_card_rounding"),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT) | Q(valid_from__isnull=False), name="rate_card_valid_from"
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.SUPERSEDED, valid_until__isnull=False)
                | (~Q(state=VersionState.SUPERSEDED) & Q(valid_until__isnull=True)),
                name="rate_card_superseded_has_end",
            ),
        )

    def __str__(self) -> str:
        return f"v{self.version}"

    def line(self, kind: str) -> "RateCardLine | None":
        """This function will return the price of a kind, or None. Without `with_lines` it makes one query."""
        return next((line for line in self.lines.all() if line.kind == kind), None)


class RateCardLine(OwnedModel):
    """The price of one kind of work, in minor units: an hour, or each."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card = models.ForeignKey(RateCard, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=24, choices=LineKind.choices)
    pay_minor = models.BigIntegerField()
    bill_minor = models.BigIntegerField()
    unit = models.CharField(max_length=4, choices=LineUnit.choices)

    brand_path = "card__brand_id"

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["card", "kind"], name="rate_card_line_once"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="rate_card_line_kind"),
            models.CheckConstraint(condition=Q(unit__in=LineUnit.values), name="rate_card_line_unit"),
            models.CheckConstraint(
                condition=Q(pay_minor__gte=0, bill_minor__gte=0), name="rate_card_line_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.kind
