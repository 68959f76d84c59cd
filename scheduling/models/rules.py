"""A program's own rules of scheduling. Where there is no row, the product's defaults hold."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from recruiting.models import Program


def default_ladder() -> list[list[int]]:
    """This function will return the steps of the incentive ladder: hours before the start, covered below (basis points)."""
    return [[72, 6_000], [48, 7_500], [24, 8_500], [12, 9_500], [6, 9_800]]


class SchedulingRules(BrandOwnedModel):
    """How a program releases, covers and pays around its shifts. Shares are basis points."""

    program = models.OneToOneField(Program, on_delete=models.PROTECT, related_name="scheduling_rules")
    is_draw_first = models.BooleanField(_("contested seats go by draw"), default=True)
    favorites_share_bp = models.PositiveSmallIntegerField(_("seats that favorites may take first"), default=3_000)
    draw_hours = models.PositiveSmallIntegerField(_("hours a draw stays open"), default=24)
    first_come_below_hours = models.PositiveSmallIntegerField(_("first come, first served below"), default=12)
    hot_below_hours = models.PositiveSmallIntegerField(_("hot below"), default=2)
    draw_week_minutes = models.PositiveSmallIntegerField(_("most a draw gives an agent a week"), default=12 * 60)
    open_week_minutes = models.PositiveSmallIntegerField(_("most an agent claims a week at first"), default=24 * 60)
    approval_above_minor = models.BigIntegerField(_("a second person approves above"), null=True, blank=True)
    is_remedy_automatic = models.BooleanField(_("gaps may be closed without asking"), default=False)
    is_swap_approved = models.BooleanField(_("the brand approves swaps"), default=False)
    standby_coverage_bp = models.PositiveSmallIntegerField(_("standby up to this coverage"), default=9_500)
    show_confidence_bp = models.PositiveSmallIntegerField(_("confidence that enough will come"), default=9_000)
    incentive_step_bp = models.PositiveSmallIntegerField(_("incentive step"), default=1_000)
    incentive_cap_bp = models.PositiveSmallIntegerField(_("highest incentive"), default=5_000)
    incentive_ladder = models.JSONField(_("incentive ladder"), default=default_ladder, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(favorites_share_bp__lte=10_000), name="scheduling_rules_share"),
            models.CheckConstraint(
                condition=Q(standby_coverage_bp__lte=10_000, show_confidence_bp__lt=10_000),
                name="scheduling_rules_cover",
            ),
            models.CheckConstraint(condition=Q(draw_hours__gte=1, draw_hours__lte=168), name="scheduling_rules_draw"),
        )

    def __str__(self) -> str:
        return f"v{self.version}"
