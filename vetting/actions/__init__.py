"""Writes of this stage, by noun."""

from vetting.actions.evidence import record_evidence, withdraw_evidence

__all__ = ["record_evidence", "withdraw_evidence"]
