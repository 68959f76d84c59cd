"""The engagement: one agent in one program, from first interest to retirement."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gigcx.tenancy.models import BrandOwnedModel
from gigcx.tenancy.scoping import TenantQuerySet
from recruiting.models.agents import Agent
from recruiting.models.programs import Program, ScreeningQuestion
from recruiting.states import (
    BENCH_STATES,
    JOINED_ENGAGEMENT_STATES,
    OPEN_ENGAGEMENT_STATES,
    DeclineCode,
    EndReason,
    EngagementSource,
    EngagementState,
    Standing,
    Tier,
)


class EngagementQuerySet(TenantQuerySet["Engagement"]):
    def open(self) -> "EngagementQuerySet":
        """This function will narrow to engagements that are neither declined nor ended."""
        return self.filter(state__in=OPEN_ENGAGEMENT_STATES)

    def joined(self) -> "EngagementQuerySet":
        """This function will narrow to people who were accepted and are still there."""
        return self.filter(state__in=JOINED_ENGAGEMENT_STATES)

    def on_the_bench(self) -> "EngagementQuerySet":
        """This function will narrow to people who hold a certificate for the program."""
        return self.filter(state__in=BENCH_STATES)

    def for_listing(self) -> "EngagementQuerySet":
        """This function will fetch what a list of engagements shows."""
        return self.select_related("agent__user", "program__brand").prefetch_related(
            "agent__skills__skill", "agent__languages"
        )


class Engagement(BrandOwnedModel):
    """One agent in one program. The brand is the program's.

    `fit_reasons` is a list of {"code", "sentence", "points", "possible"}; a suspension is `standing`, never a state.
    """

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="engagements")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="engagements")
    state = models.CharField(max_length=12, choices=EngagementState.choices)
    source = models.CharField(max_length=12, choices=EngagementSource.choices, default=EngagementSource.OPEN)
    applied_at = models.DateTimeField()
    state_since = models.DateTimeField()
    fit_score = models.PositiveSmallIntegerField(default=0)
    fit_reasons = models.JSONField(default=list)
    waitlist_position = models.PositiveIntegerField(null=True, blank=True)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices, default=Tier.NEW)
    trust_level = models.PositiveSmallIntegerField(_("trust level"), default=0)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    score_low = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    score_high = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    standing = models.CharField(_("standing"), max_length=12, choices=Standing.choices, default=Standing.GOOD)
    standing_reason = models.TextField(blank=True)
    blocked_by_brand_at = models.DateTimeField(null=True, blank=True)
    is_favorite = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    certified_at = models.DateTimeField(null=True, blank=True)
    decline_code = models.CharField(max_length=12, choices=DeclineCode.choices, blank=True)
    decline_reason = models.TextField(blank=True)
    reapply_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_code = models.CharField(max_length=16, choices=EndReason.choices, blank=True)
    end_reason = models.TextField(blank=True)

    agent_path = "agent_id"
    objects = EngagementQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["agent", "program"],
                condition=~Q(state=EngagementState.ENDED),
                name="engagement_one_that_has_not_ended",
            ),
            models.UniqueConstraint(fields=["id", "brand"], name="engagement_brand_pair"),
            models.CheckConstraint(condition=Q(state__in=EngagementState.values), name="engagement_state"),
            models.CheckConstraint(condition=Q(source__in=EngagementSource.values), name="engagement_source"),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="engagement_tier"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="engagement_standing"),
            models.CheckConstraint(condition=Q(trust_level__lte=3), name="engagement_trust_range"),
            models.CheckConstraint(condition=Q(fit_score__lte=100), name="engagement_fit_range"),
            models.CheckConstraint(
                condition=~Q(state=EngagementState.DECLINED)
                | (~Q(decline_code="") & ~Q(decline_reason="") & Q(reapply_at__isnull=False)),
                name="engagement_declined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state=EngagementState.ENDED, ended_at__isnull=False) & ~Q(end_code="")
                | (~Q(state=EngagementState.ENDED) & Q(ended_at__isnull=True)),
                name="engagement_ended_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=JOINED_ENGAGEMENT_STATES) | Q(accepted_at__isnull=False),
                name="engagement_joined_was_accepted",
            ),
        )
        indexes = (
            models.Index(fields=["program", "state", "-fit_score"], name="engagement_pipeline"),
            models.Index(fields=["brand", "state"], name="engagement_brand_state"),
            models.Index(fields=["agent", "state"], name="engagement_agent_state"),
        )

    def __str__(self) -> str:
        return self.state


class ScreeningAnswer(BrandOwnedModel):
    """What an applicant answered. The question is copied, because questions change."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(ScreeningQuestion, on_delete=models.PROTECT, related_name="+")
    prompt = models.CharField(max_length=300)
    answer = models.CharField(max_length=2000)
    has_passed = models.BooleanField(default=True)
    answered_at = models.DateTimeField()

    agent_path = "engagement__agent_id"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["engagement", "question", "answered_at"], name="screening_answer_once_an_application"
            ),
        )

    def __str__(self) -> str:
        return self.prompt
