"""Shapes of recruiting's answers and questions."""

from typing import Any

from rest_framework import serializers

from recruiting.models import AgentLanguage, AgentSkill, Engagement, Program, RateCard, RateCardLine
from recruiting.states import JOINED_ENGAGEMENT_STATES, DeclineCode


class LanguageSerializer(serializers.ModelSerializer[AgentLanguage]):
    """A language with its CEFR levels."""

    class Meta:
        model = AgentLanguage
        fields = ("tag", "reading", "listening", "writing", "speaking", "proved_by")


class SkillSerializer(serializers.ModelSerializer[AgentSkill]):
    """A skill from 1 to 5 and how it is known."""

    key = serializers.CharField(source="skill.key")
    label = serializers.CharField(source="skill.label")  # type: ignore[assignment]  # the member is called like an option of serializers

    class Meta:
        model = AgentSkill
        fields = ("key", "label", "level", "proved_by")


class AgentProfileSerializer(serializers.Serializer[Any]):
    """The agent's own profile."""

    id = serializers.UUIDField()
    handle = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1, two letters.")
    headline = serializers.CharField()
    bio = serializers.CharField()
    weekly_hours_wanted = serializers.IntegerField()
    channels = serializers.ListField(child=serializers.CharField())
    profile_state = serializers.CharField(source="state")
    languages = LanguageSerializer(many=True)
    skills = SkillSerializer(many=True)


class ProgramSerializer(serializers.ModelSerializer[Program]):
    """A program as its brand sees it."""

    program_state = serializers.CharField(source="state")

    class Meta:
        model = Program
        fields = (
            "id",
            "name",
            "slug",
            "public_slug",
            "summary",
            "line_of_business",
            "engagement_mode",
            "channels",
            "languages",
            "required_skills",
            "countries",
            "timezone",
            "interval_minutes",
            "lock_down_hours",
            "undo_minutes",
            "launch_minimum",
            "program_state",
            "published_at",
        )


class RateCardLineSerializer(serializers.ModelSerializer[RateCardLine]):
    """A price in minor units."""

    class Meta:
        model = RateCardLine
        fields = ("kind", "unit", "pay_minor", "bill_minor")


class RateCardSerializer(serializers.ModelSerializer[RateCard]):
    """One version of a program's prices."""

    card_state = serializers.CharField(source="state")
    lines = RateCardLineSerializer(many=True)

    class Meta:
        model = RateCard
        fields = (
            "id",
            "version",
            "card_state",
            "pay_currency",
            "bill_currency",
            "rounding",
            "tier_multipliers",
            "valid_from",
            "valid_until",
            "lines",
        )


class OwnEngagementSerializer(serializers.ModelSerializer[Engagement]):
    """The agent's place in a program."""

    program_id = serializers.UUIDField()
    program = serializers.CharField(source="program.name")
    brand = serializers.CharField(source="program.brand.name")
    stage = serializers.CharField(source="state")

    class Meta:
        model = Engagement
        fields = (
            "id",
            "program_id",
            "program",
            "brand",
            "stage",
            "tier",
            "standing",
            "fit_score",
            "applied_at",
            "accepted_at",
            "certified_at",
            "decline_code",
            "decline_reason",
            "reapply_at",
            "ended_at",
        )


class EngagementSerializer(serializers.ModelSerializer[Engagement]):
    """A person in a brand's program: what that brand may know."""

    agent_id = serializers.UUIDField()
    agent = serializers.SerializerMethodField(help_text="The handle until the brand accepts, then the name.")
    program_id = serializers.UUIDField()
    stage = serializers.CharField(source="state")

    class Meta:
        model = Engagement
        fields = (
            "id",
            "agent_id",
            "agent",
            "program_id",
            "stage",
            "source",
            "tier",
            "standing",
            "fit_score",
            "fit_reasons",
            "is_favorite",
            "applied_at",
            "accepted_at",
            "certified_at",
            "decline_code",
            "decline_reason",
            "reapply_at",
            "ended_at",
        )

    def get_agent(self, engagement: Engagement) -> str:
        """This function will return the name the brand may read."""
        is_known = engagement.state in JOINED_ENGAGEMENT_STATES or engagement.accepted_at is not None
        return engagement.agent.user.full_name if is_known else engagement.agent.handle


class DeclineSerializer(serializers.Serializer[Any]):
    """Why somebody is declined."""

    code = serializers.ChoiceField(choices=DeclineCode.choices)
    reason = serializers.CharField(max_length=1000, help_text="A sentence that the agent reads.")


class NoInputSerializer(serializers.Serializer[Any]):
    """Nothing is asked for."""
