"""Tables of this stage, split by noun."""

from recruiting.models.agents import Agent, AgentLanguage, AgentSkill, Skill
from recruiting.models.availability import AvailabilityException, AvailabilityRule
from recruiting.models.engagements import Engagement, ScreeningAnswer
from recruiting.models.programs import Program, ScreeningQuestion
from recruiting.models.rate_cards import RateCard, RateCardLine
from recruiting.models.terms import TermsAcceptance, TermsVersion

__all__ = [
    "Agent",
    "AgentLanguage",
    "AgentSkill",
    "AvailabilityException",
    "AvailabilityRule",
    "Engagement",
    "Program",
    "RateCard",
    "RateCardLine",
    "ScreeningAnswer",
    "ScreeningQuestion",
    "Skill",
    "TermsAcceptance",
    "TermsVersion",
]
