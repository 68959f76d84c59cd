"""Reads of this stage, by noun."""

from vetting.queries.eligibility import Eligibility, Reason, eligibilities, eligibility, eligible_agents
from vetting.registries import NextStep

__all__ = ["Eligibility", "NextStep", "Reason", "eligibilities", "eligibility", "eligible_agents"]
