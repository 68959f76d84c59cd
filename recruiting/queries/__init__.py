"""Reads of this stage, split by noun."""

from recruiting.queries.agents import agent_for, agent_of_user, skills_offered
from recruiting.queries.beginnings import first_steps
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
from recruiting.queries.histories import program_history
from recruiting.queries.markup import rendered
from recruiting.queries.needs import Lack, missing_of
from recruiting.queries.opportunities import (
    Offer,
    OfferDetail,
    PayLine,
    channels_of,
    offer_for,
    offer_of,
    offers,
    opportunities_for,
    pay_lines,
    requirement_words,
    service_words,
)
from recruiting.queries.pipelines import (
    ProgramSummary,
    Stage,
    applicants_waiting,
    bench,
    pipeline,
    program_summaries,
    programs_in_review,
    talent,
)
from recruiting.queries.programs import program_for, programs_for, public_program, public_programs, published_program
from recruiting.queries.rate_cards import active_rate_card, rate_card, rate_card_for, rate_cards_of
from recruiting.queries.steps import EngagementStep, engagement_steps, next_steps_of, unaccepted_terms
from recruiting.queries.terms import accepted_terms, active_terms, terms_of, terms_version_for

__all__ = [
    "EngagementStep",
    "FitLine",
    "Lack",
    "Offer",
    "OfferDetail",
    "PayLine",
    "ProgramSummary",
    "Stage",
    "accepted_terms",
    "active_rate_card",
    "active_terms",
    "agent_for",
    "agent_of_user",
    "applicants_waiting",
    "bench",
    "channel_words",
    "channels_of",
    "engagement_for",
    "engagement_of",
    "engagement_steps",
    "engagements_for",
    "first_steps",
    "fit_lines",
    "fit_of",
    "fits_of_agents",
    "fits_of_programs",
    "language_name",
    "lines_with",
    "missing_of",
    "next_steps_of",
    "offer_for",
    "offer_of",
    "offers",
    "open_engagements",
    "opportunities_for",
    "pay_lines",
    "pipeline",
    "program_for",
    "program_history",
    "program_summaries",
    "programs_for",
    "programs_in_review",
    "public_program",
    "public_programs",
    "published_program",
    "rate_card",
    "rate_card_for",
    "rate_cards_of",
    "rendered",
    "requirement_words",
    "service_words",
    "skill_labels",
    "skills_offered",
    "stored",
    "talent",
    "terms_of",
    "terms_version_for",
    "unaccepted_terms",
]
