"""Shifts: contiguous intervals offered as a unit, with a number of seats."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Program, RateCard
from scheduling.models.demand import CapacityRequest
from scheduling.states import STANDING, ShiftState

_OPEN_STATES = [str(ShiftState.ANNOUNCED), str(ShiftState.COLLECTING), str(ShiftState.OPEN), str(ShiftState.STARTED)]


class ShiftQuerySet(TenantQuerySet["Shift"]):
    """Shifts, by time and state."""

    def for_listing(self) -> Self:
        """This function will fetch program and card and order by start."""
        return self.select_related("program", "rate_card", "brand").order_by("starts_at", "ends_at", "pk")

    def standing(self) -> Self:
        """This function will narrow to shifts that count as booked capacity."""
        return self.filter(state__in=list(STANDING))

    def touching(self, starts_at: datetime, ends_at: datetime) -> Self:
        """This function will narrow to shifts that share an instant with `[starts_at, ends_at)`."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def with_room(self) -> Self:
        """This function will narrow to shifts with a seat neither filled nor reserved."""
        return self.filter(seats__gt=F("filled") + F("reserved"))

    def with_seats_to_give(self) -> Self:
        """This function will narrow to shifts with room whose free seats are not paused."""
        return self.with_room().filter(paused_at__isnull=True)


class Shift(BrandOwnedModel):
    """Seats over one stretch of time. Once somebody claimed, its times never change; only seats and pay move."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="shifts")
    request = models.ForeignKey(CapacityRequest, on_delete=models.PROTECT, related_name="shifts")
    channel = models.CharField(max_length=20)
    language = models.CharField(_("language"), max_length=20, blank=True, default="", db_default="")
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    timezone = models.CharField(max_length=64)
    local_on = models.DateField()
    seats = models.PositiveIntegerField(_("seats"))
    filled = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    standby_seats = models.PositiveIntegerField(default=0)
    standby_filled = models.PositiveIntegerField(default=0)
    rate_card = models.ForeignKey(RateCard, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=ShiftState.choices, default=ShiftState.DRAFT)
    publish_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)  # free seats are given to nobody; those who hold one work
    created_at = models.DateTimeField()

    # the window of a public list: agents see it through `open_shifts`, never by scope alone
    agent_path: ClassVar[str | None] = None

    objects = ShiftQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_end_after_start"),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=[0, 15, 30, 45], starts_at__second=0), name="shift_starts_on_grid"
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=F("filled") + F("reserved"), filled__gte=0, reserved__gte=0),
                name="shift_seats_hold_filled_and_reserved",
            ),
            models.CheckConstraint(
                condition=Q(standby_seats__gte=F("standby_filled"), standby_filled__gte=0),
                name="shift_standby_holds_filled",
            ),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=10_000), name="shift_seats_sensible"),
            models.CheckConstraint(condition=Q(state__in=ShiftState.values), name="shift_state"),
        )
        indexes = (
            models.Index(fields=["program", "starts_at"], name="shift_open", condition=Q(state__in=_OPEN_STATES)),
            models.Index(fields=["state", "starts_at"], name="shift_clock", condition=Q(state__in=_OPEN_STATES)),
            models.Index(fields=["brand", "starts_at"], name="shift_brand_start"),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}Z"
