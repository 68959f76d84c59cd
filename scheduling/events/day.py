"""Facts about the day."""

from dataclasses import dataclass
from uuid import UUID

from gigcx.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class VtoAccepted(Event):
    """Somebody left early by choice in a lull."""

    type = "scheduling.vto_accepted"
    claim_id: UUID
    agent_id: UUID
    seconds_left: int


@dataclass(frozen=True, kw_only=True)
class ProductiveTimeReached(Event):
    """An agent's worked minutes in a program passed a mark."""

    type = "scheduling.productive_time_reached"
    engagement_id: UUID
    agent_id: UUID
    program_id: UUID
    minutes: int


@dataclass(frozen=True, kw_only=True)
class IncidentDeclared(Event):
    """Something nobody on shift could help was declared."""

    type = "scheduling.incident_declared"
    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class IncidentResolved(Event):
    """A declared incident is over."""

    type = "scheduling.incident_resolved"
    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class IncidentSettled(Event):
    """Every excusal of an incident is written and its floors are stated."""

    type = "scheduling.incident_settled"
    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class RemedyActed(Event):
    """A remedy was carried out within its budget."""

    type = "scheduling.remedy_acted"
    remedy_id: UUID
    request_id: UUID
    cost_minor: int


@dataclass(frozen=True, kw_only=True)
class ExcuseRefused(Event):
    """Somebody asked to be excused and was not, for the reason given."""

    type = "scheduling.excuse_refused"
    excusal_id: UUID
    claim_id: UUID
    agent_id: UUID
    reason: str
