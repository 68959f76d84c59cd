"""Seats changing hands: waitlists and swaps."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Agent
from scheduling.models.claims import Claim
from scheduling.models.shifts import Shift
from scheduling.states import SwapKind, SwapState, WaitSource, WaitState

_WAITING = Q(state__in=[str(WaitState.WAITING), str(WaitState.INVITED)])
_STANDING = Q(state__in=[str(SwapState.OPEN), str(SwapState.PENDING_APPROVAL)])


class WaitlistEntry(BrandOwnedModel):
    """One agent's place in the line for one shift. An invitation holds a seat in `Shift.reserved` until it ends."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="waitlist")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="waits")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=WaitSource.choices, default=WaitSource.JOINED)
    auto_accept = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=WaitState.choices, default=WaitState.WAITING)
    reason = models.TextField(blank=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["WaitlistEntry"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        verbose_name_plural = "waitlist entries"
        constraints = (
            models.UniqueConstraint(fields=["shift", "agent"], condition=_WAITING, name="waitlist_entry_one_open"),
            models.CheckConstraint(condition=Q(state__in=WaitState.values), name="waitlist_entry_state"),
            models.CheckConstraint(
                condition=~Q(state=WaitState.INVITED) | Q(invited_at__isnull=False, expires_at__isnull=False),
                name="waitlist_entry_invited_has_end",
            ),
        )
        indexes = (
            models.Index(fields=["shift", "position"], name="waitlist_entry_line", condition=_WAITING),
            models.Index(fields=["expires_at"], name="waitlist_entry_due", condition=Q(state=str(WaitState.INVITED))),
        )

    def __str__(self) -> str:
        return f"{self.position}"


class SwapOffer(BrandOwnedModel):
    """An offer to give a claim away or to trade it; the giver owes the shift until somebody takes it."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="swap_offers")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="swap_offers")
    kind = models.CharField(max_length=6, choices=SwapKind.choices)
    to_agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    for_claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+")
    taker = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    new_claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=SwapState.choices, default=SwapState.OPEN)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decide_by = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["SwapOffer"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["claim"], condition=_STANDING, name="swap_offer_one_open"),
            models.CheckConstraint(condition=Q(state__in=SwapState.values), name="swap_offer_state"),
            models.CheckConstraint(
                condition=~Q(kind=SwapKind.TRADE) | Q(for_claim__isnull=False), name="swap_offer_trade_names_a_claim"
            ),
        )

    def __str__(self) -> str:
        return self.state
