"""Reads of this stage, by noun."""

from scheduling.queries.doors import claim_for, live_session_of, quote_for, request_for, session_for, shift_for
from scheduling.queries.open_shifts import OpenShift, open_shifts
from scheduling.queries.releases import release_cost
from scheduling.queries.sweeps import counters_out_of_step
from scheduling.queries.work import PayableSpan, PayableWork, payable_minutes, worked_seconds_by_claim

__all__ = [
    "OpenShift",
    "PayableSpan",
    "PayableWork",
    "claim_for",
    "counters_out_of_step",
    "live_session_of",
    "open_shifts",
    "payable_minutes",
    "quote_for",
    "release_cost",
    "request_for",
    "session_for",
    "shift_for",
    "worked_seconds_by_claim",
]
