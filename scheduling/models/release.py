"""How seats are let out: waves, sealed draws, wishes, incentives, and the runs of auto-fill."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models import Agent
from scheduling.models.demand import CapacityRequest
from scheduling.models.shifts import Shift
from scheduling.states import (
    AssignmentState,
    DrawEntryState,
    IncentiveCause,
    WaveAudience,
    WaveMode,
    WaveState,
    WindowState,
)


class ReleaseWave(BrandOwnedModel):
    """One stage of a request's release: who may ask for seats, how they are given, and up to which share of them."""

    request = models.ForeignKey(CapacityRequest, on_delete=models.PROTECT, related_name="waves")
    position = models.PositiveSmallIntegerField()
    audience = models.CharField(max_length=10, choices=WaveAudience.choices)
    least_tier = models.CharField(max_length=12, blank=True)
    mode = models.CharField(max_length=10, choices=WaveMode.choices)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    share_cap_bp = models.PositiveSmallIntegerField(default=10_000)
    state = models.CharField(max_length=8, choices=WaveState.choices, default=WaveState.PLANNED)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request", "position"], name="release_wave_position"),
            models.CheckConstraint(
                condition=Q(share_cap_bp__gte=1, share_cap_bp__lte=10_000), name="release_wave_share"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")), name="release_wave_end"
            ),
            models.CheckConstraint(
                condition=Q(mode=WaveMode.FIRST_COME) | Q(closes_at__isnull=False), name="release_wave_draw_closes"
            ),
            models.CheckConstraint(condition=Q(state__in=WaveState.values), name="release_wave_state"),
        )
        indexes = (models.Index(fields=["opens_at"], name="release_wave_due", condition=~Q(state=WaveState.CLOSED)),)

    def __str__(self) -> str:
        return f"{self.position}"


class ClaimWindow(BrandOwnedModel):
    """One sealed draw: committed to before it opens, revealed after it is drawn. Frozen once drawn but for the reveal."""

    wave = models.ForeignKey(ReleaseWave, on_delete=models.PROTECT, related_name="windows")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=WindowState.choices, default=WindowState.COMMITTED)
    commitment = models.CharField(max_length=64)
    sealed_seed = models.BinaryField()
    revealed_seed = models.CharField(max_length=64, blank=True)
    entries_digest = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict, blank=True)
    void_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["wave"], condition=~Q(state=WindowState.VOID), name="claim_window_one_a_wave"
            ),
            models.UniqueConstraint(fields=["commitment"], name="claim_window_commitment"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="claim_window_end"),
            models.CheckConstraint(condition=Q(state__in=WindowState.values), name="claim_window_state"),
            models.CheckConstraint(
                condition=~Q(state=WindowState.VOID) | ~Q(void_reason=""), name="claim_window_void_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[WindowState.REVEALED]) | ~Q(revealed_seed=""), name="claim_window_revealed"
            ),
        )
        indexes = (
            models.Index(
                fields=["closes_at"],
                name="claim_window_due",
                condition=~Q(state__in=[WindowState.REVEALED, WindowState.VOID]),
            ),
        )

    def __str__(self) -> str:
        return self.commitment[:12]


class DrawEntry(BrandOwnedModel):
    """One agent's sealed wishes in one draw, best first. `wishes` are shift ids; tickets are frozen at the close."""

    window = models.ForeignKey(ClaimWindow, on_delete=models.PROTECT, related_name="entries")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="draw_entries")
    state = models.CharField(max_length=10, choices=DrawEntryState.choices, default=DrawEntryState.ENTERED)
    wishes = models.JSONField(default=list)
    max_minutes = models.PositiveIntegerField(null=True)
    pseudonym = models.CharField(max_length=32)
    nonce = models.CharField(max_length=32)
    receipt = models.CharField(max_length=64)
    tickets = models.PositiveSmallIntegerField(null=True)
    rank = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    agent_path: ClassVar[str | None] = "agent_id"

    objects = TenantQuerySet["DrawEntry"].as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["window", "agent"], name="draw_entry_once"),
            models.UniqueConstraint(fields=["window", "pseudonym"], name="draw_entry_pseudonym"),
            models.CheckConstraint(condition=Q(state__in=DrawEntryState.values), name="draw_entry_state"),
        )

    def __str__(self) -> str:
        return self.receipt[:12]


class Incentive(BrandOwnedModel):
    """One step of what a shift pays on top of the card, from `announced_at` on; the latest step is in force. Append-only.

    Zero ends the incentive for new claims. `budget_minor` is what the step may cost at most.
    """

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="incentives")
    per_hour_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    budget_minor = models.BigIntegerField(default=0)
    cause = models.CharField(max_length=8, choices=IncentiveCause.choices)
    announced_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["shift", "announced_at"], name="incentive_step_once"),
            models.CheckConstraint(condition=Q(budget_minor__gte=0), name="incentive_budget"),
            models.CheckConstraint(condition=Q(cause__in=IncentiveCause.values), name="incentive_cause"),
        )

    def __str__(self) -> str:
        return f"{self.per_hour_minor}"


class AssignmentRun(BrandOwnedModel):
    """One run of auto-fill: what it was given, what it picked, how good that is, why seats stay empty."""

    request = models.ForeignKey(CapacityRequest, on_delete=models.PROTECT, related_name="assignment_runs")
    state = models.CharField(max_length=10, choices=AssignmentState.choices, default=AssignmentState.QUEUED)
    input_hash = models.CharField(max_length=64, blank=True)
    picks = models.JSONField(default=list, blank=True)
    reasons = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    cancel_requested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=[AssignmentState.QUEUED, AssignmentState.SOLVED]),
                name="assignment_run_one_open",
            ),
            models.CheckConstraint(condition=Q(state__in=AssignmentState.values), name="assignment_run_state"),
        )

    def __str__(self) -> str:
        return self.state
