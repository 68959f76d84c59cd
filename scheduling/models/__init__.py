"""Tables of this stage, by noun."""

from scheduling.models.claims import AgentCalendar, Claim
from scheduling.models.demand import CapacityRequest, Quote, RequestedInterval
from scheduling.models.exchange import SwapOffer, WaitlistEntry
from scheduling.models.forecasts import (
    ActualPoint,
    DemandTemplate,
    Forecast,
    ForecastPoint,
    InHouseCoverage,
    ServiceTarget,
    StaffingRequirement,
    StaffingRequirementPoint,
    TemplateWeek,
    UploadBatch,
)
from scheduling.models.incidents import (
    Excusal,
    Incident,
    OfferedMinutes,
    OutageReport,
    Remedy,
    VtoOffer,
    VtoTaken,
)
from scheduling.models.release import AssignmentRun, ClaimWindow, DrawEntry, Incentive, ReleaseWave
from scheduling.models.rules import SchedulingRules
from scheduling.models.shifts import Shift
from scheduling.models.work import MinuteAdjustment, StateSpan, TimesheetLock, WorkSession

__all__ = [
    "ActualPoint",
    "AgentCalendar",
    "AssignmentRun",
    "CapacityRequest",
    "Claim",
    "ClaimWindow",
    "DemandTemplate",
    "DrawEntry",
    "Excusal",
    "Forecast",
    "ForecastPoint",
    "InHouseCoverage",
    "Incentive",
    "Incident",
    "MinuteAdjustment",
    "OfferedMinutes",
    "OutageReport",
    "Quote",
    "ReleaseWave",
    "Remedy",
    "RequestedInterval",
    "SchedulingRules",
    "ServiceTarget",
    "Shift",
    "StaffingRequirement",
    "StaffingRequirementPoint",
    "StateSpan",
    "SwapOffer",
    "TemplateWeek",
    "TimesheetLock",
    "UploadBatch",
    "VtoOffer",
    "VtoTaken",
    "WaitlistEntry",
    "WorkSession",
]
