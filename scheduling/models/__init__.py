"""Tables of this stage, by noun."""

from scheduling.models.claims import AgentCalendar, Claim
from scheduling.models.demand import CapacityRequest, Quote, RequestedInterval
from scheduling.models.shifts import Shift
from scheduling.models.work import MinuteAdjustment, StateSpan, TimesheetLock, WorkSession

__all__ = [
    "AgentCalendar",
    "CapacityRequest",
    "Claim",
    "MinuteAdjustment",
    "Quote",
    "RequestedInterval",
    "Shift",
    "StateSpan",
    "TimesheetLock",
    "WorkSession",
]
