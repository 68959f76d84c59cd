"""Agents, what they can do, and the platform's skill taxonomy."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gigcx.kernel.ids import uuid7
from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from recruiting.states import AgentState, Cefr, Proof, SkillGroup


class AgentQuerySet(TenantQuerySet["Agent"]):
    def active(self) -> "AgentQuerySet":
        """This function will narrow to agents who may apply and work."""
        return self.filter(state=AgentState.ACTIVE)

    def for_listing(self) -> "AgentQuerySet":
        """This function will fetch what a list of agents shows: person, skills and languages."""
        return self.select_related("user").prefetch_related("skills__skill", "languages")


class Agent(OwnedModel):
    """The gig worker's profile. Name, locale and time zone live on the user; it belongs to no brand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agent")
    handle = models.CharField(_("handle"), max_length=40)
    country = models.CharField(_("country"), max_length=2, blank=True)
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    bio = models.TextField(_("about you"), max_length=2000, blank=True)
    weekly_hours_wanted = models.PositiveSmallIntegerField(_("hours a week"), default=20)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    equipment = models.JSONField(_("equipment"), default=dict, blank=True)
    state = models.CharField(max_length=20, choices=AgentState.choices, default=AgentState.REGISTERED)
    paused_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    brand_path = ""
    agent_path = "id"
    objects = AgentQuerySet.as_manager()  # type: ignore[misc]  # narrows the base's manager

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("handle"), name="agent_handle_once"),
            models.CheckConstraint(condition=Q(state__in=AgentState.values), name="agent_state"),
            models.CheckConstraint(condition=Q(weekly_hours_wanted__lte=60), name="agent_weekly_hours_range"),
            models.CheckConstraint(
                condition=Q(state=AgentState.CLOSED, closed_at__isnull=False)
                | (~Q(state=AgentState.CLOSED) & Q(closed_at__isnull=True)),
                name="agent_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(paused_until__isnull=True) | Q(state=AgentState.PAUSED), name="agent_pause_has_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(AgentState.REGISTERED, AgentState.CLOSING, AgentState.CLOSED)) | ~Q(country=""),
                name="agent_complete_has_country",
            ),
        )

    def __str__(self) -> str:
        return self.handle


class Skill(models.Model):
    """A word of the platform's taxonomy, kept by ops."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(_("key"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=80)
    group = models.CharField(_("group"), max_length=12, choices=SkillGroup.choices)
    is_retired = models.BooleanField(_("no longer offered"), default=False)

    is_global: ClassVar[bool] = True

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(group__in=SkillGroup.values), name="skill_group"),)

    def __str__(self) -> str:
        return self.label


class AgentSkill(OwnedModel):
    """How well an agent does something, 1 to 5, and how that is known."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    proved_by = models.CharField(max_length=12, choices=Proof.choices, default=Proof.CLAIMED)
    evidence_ref = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()

    brand_path = ""
    agent_path = "agent_id"

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agent", "skill"], name="agent_skill_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="agent_skill_level_range"),
            models.CheckConstraint(condition=Q(proved_by__in=Proof.values), name="agent_skill_proof"),
        )

    def __str__(self) -> str:
        return f"{self.level}/5"


class AgentLanguage(OwnedModel):
    """A language (BCP 47 tag) with a CEFR level for each of the four skills."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="languages")
    tag = models.CharField(_("language"), max_length=35)
    reading = models.CharField(_("reading"), max_length=2, choices=Cefr.choices)
    listening = models.CharField(_("listening"), max_length=2, choices=Cefr.choices)
    writing = models.CharField(_("writing"), max_length=2, choices=Cefr.choices)
    speaking = models.CharField(_("speaking"), max_length=2, choices=Cefr.choices)
    proved_by = models.CharField(max_length=12, choices=Proof.choices, default=Proof.CLAIMED)
    evidence_ref = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()

    brand_path = ""
    agent_path = "agent_id"

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agent", "tag"], name="agent_language_once"),
            models.CheckConstraint(condition=Q(proved_by__in=Proof.values), name="agent_language_proof"),
            models.CheckConstraint(
                condition=Q(reading__in=Cefr.values)
                & Q(listening__in=Cefr.values)
                & Q(writing__in=Cefr.values)
                & Q(speaking__in=Cefr.values),
                name="agent_language_levels",
            ),
        )

    def __str__(self) -> str:
        return self.tag
