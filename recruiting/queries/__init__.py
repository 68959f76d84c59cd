"""Reads of this stage, split by noun."""

from recruiting.queries.agents import agent_for, agent_of_user, skills_offered
from recruiting.queries.engagements import engagement_for, engagement_of, engagements_for, open_engagements
from recruiting.queries.fits import (
    FitLine,
    channel_words,
    fit_lines,
    fit_of,
    fits_of_agents,
    fits_of_programs,
    language_name,
    lines_with,
    skill_labels,
    stored,
)
from recruiting.queries.programs import program_for, programs_for, public_program, public_programs, published_program
from recruiting.queries.rate_cards import active_rate_card, rate_card, rate_card_for, rate_cards_of
from recruiting.queries.terms import accepted_terms, active_terms, terms_of, terms_version_for

__all__ = [
    "FitLine",
    "accepted_terms",
    "active_rate_card",
    "active_terms",
    "agent_for",
    "agent_of_user",
    "channel_words",
    "engagement_for",
    "engagement_of",
    "engagements_for",
    "fit_lines",
    "fit_of",
    "fits_of_agents",
    "fits_of_programs",
    "language_name",
    "lines_with",
    "open_engagements",
    "program_for",
    "programs_for",
    "public_program",
    "public_programs",
    "published_program",
    "rate_card",
    "rate_card_for",
    "rate_cards_of",
    "skill_labels",
    "skills_offered",
    "stored",
    "terms_of",
    "terms_version_for",
]
