"""Incidents: reported by agents, suspected, declared by a person; they excuse and pay by themselves."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gigcx.audit import outbox, trail
from gigcx.kernel.errors import Invalid, MoveRefused, NotAllowed, NotFound
from gigcx.kernel.ids import uuid7
from gigcx.kernel.states import require_move
from gigcx.tenancy.actors import Actor, AgentActor
from scheduling.actions.excusals import settle_excusals, write_excusals
from scheduling.errors import ExcuseClosed
from scheduling.events import IncidentDeclared, IncidentResolved, IncidentSettled
from scheduling.models import Incident, OutageReport
from scheduling.policies import can_declare_incident
from scheduling.queries.doors import claim_for
from scheduling.queries.incidents import incident_for, recent_reports, suspects_of
from scheduling.states import (
    COMING,
    INCIDENT_MOVES,
    CauseOwner,
    ClaimState,
    IncidentState,
)

REPORTS_NEEDED: Final = 5
REPORT_WINDOW: Final = timedelta(minutes=15)
_EARLY: Final = timedelta(hours=1)
_LONGEST: Final = timedelta(days=7)


@transaction.atomic
def report_outage(
    *, claim_id: UUID, kind: str, region: str = "", provider: str = "", note: str = "", by: Actor, at: datetime
) -> OutageReport:
    """Say that something outside one's hands stops the work. Five agents of one place within 15 minutes raise a suspicion.

    Saying the same again within that time changes nothing.

    Raises:
        NotFound: not the agent's own claim. ExcuseClosed: it is not soon and not running. Invalid: no such kind.
    """
    if not isinstance(by, AgentActor):
        raise NotFound
    claim = claim_for(by, claim_id)
    if claim.state not in (*COMING, ClaimState.CHECKED_IN, ClaimState.NO_SHOW) or not (
        claim.starts_at - _EARLY <= at < claim.ends_at
    ):
        raise ExcuseClosed(_("Report an outage from an hour before your shift until its end."))
    if kind not in CauseOwner.values:
        raise Invalid(_("Choose what is down."), field="kind")
    region, provider = _tidy(region), _tidy(provider)
    same = recent_reports(since=at - REPORT_WINDOW).filter(claim=claim, kind=kind, region=region, provider=provider)
    earlier = same.order_by("pk").first()
    if earlier is not None:
        return earlier
    report = OutageReport.objects.create(
        brand_id=claim.brand_id,
        agent_id=claim.agent_id,
        claim=claim,
        kind=kind,
        region=region,
        provider=provider,
        note=note.strip()[:2000],
        reported_at=at,
    )
    trail.record("scheduling.report_outage", report, by=by, at=at, changes={"kind": kind})
    _suspect(report, by=by, at=at)
    return report


def _tidy(name: str) -> str:
    return " ".join(name.split())[:80]


def _suspect(report: OutageReport, *, by: Actor, at: datetime) -> None:
    for key, name in (("regions", report.region), ("providers", report.provider)):
        if not name:
            continue
        with connection.cursor() as cursor:  # of two fifth reports at once, the second sees the first one's suspicion
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"outage:{key}:{name.casefold()}"])
        field = "region__iexact" if key == "regions" else "provider__iexact"
        reports = list(recent_reports(since=at - REPORT_WINDOW).filter(**{field: name}))
        if len({one.agent_id for one in reports}) >= REPORTS_NEEDED:
            _raise_suspicion(reports, key, name, by=by, at=at)


def _raise_suspicion(reports: list[OutageReport], key: str, name: str, *, by: Actor, at: datetime) -> None:
    """One row a brand, all of one group: whoever is struck sees their own."""
    standing = {one.brand_id: one for one in suspects_of(key, name, at=at)}
    group = next((one.group_id for one in standing.values()), uuid7())
    for brand_id in sorted({one.brand_id for one in reports} - set(standing)):
        mine = [one for one in reports if one.brand_id == brand_id]
        standing[brand_id] = Incident.objects.create(
            brand_id=brand_id,
            group_id=group,
            cause_owner=CauseOwner.REGION if key == "regions" else CauseOwner.PROVIDER,
            title=_("Outage: %(name)s") % {"name": name},
            scope={"program_ids": [], "regions": [], "providers": [], key: [name]},
            starts_at=min(one.reported_at for one in mine),
            created_at=at,
        )
        trail.record("scheduling.suspect_incident", standing[brand_id], by=by, at=at, to_state=IncidentState.SUSPECTED)
    for one in reports:
        if one.incident_id is None:
            one.incident = standing[one.brand_id]
            one.save(update_fields=["incident"])


@transaction.atomic
def declare_incident(
    *,
    brand_id: UUID,
    cause_owner: str,
    title: str,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    ends_at: datetime | None = None,
    scope: Mapping[str, Any] | None = None,
    description: str = "",
    group_id: UUID | None = None,
) -> Incident:
    """State that something kept people from working: claims it touches are excused and floored from now on.

    Brands declare what their own tools did; everything else is for ops. `scope` is programs, regions and providers.

    Raises:
        NotFound: another brand's. NotAllowed: not theirs to declare. Invalid: no title, or a time that cannot be.
    """
    _refuse_stranger(by, brand_id, cause_owner)
    _refuse_senseless(title, starts_at, ends_at, at)
    incident = Incident.objects.create(
        brand_id=brand_id,
        group_id=group_id or uuid7(),
        cause_owner=cause_owner,
        title=title.strip()[:120],
        description=description.strip(),
        scope=_scope(scope),
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=at,
    )
    return _declared(incident, by=by, at=at)


@transaction.atomic
def confirm_incident(*, incident_id: UUID, by: Actor, at: datetime) -> Incident:
    """Declare a suspected incident as it stands.

    Raises:
        NotFound: another brand's. NotAllowed: not theirs to declare. MoveRefused: declared or dismissed already.
    """
    incident = _locked(incident_id, by)
    if incident.state != IncidentState.SUSPECTED:  # a declared one may be declared again only by changing its scope
        raise MoveRefused
    return _declared(incident, by=by, at=at)


def _declared(incident: Incident, *, by: Actor, at: datetime) -> Incident:
    current = incident.state
    incident.state, incident.declared_at = IncidentState.DECLARED, at
    incident.save(update_fields=["state", "declared_at"])
    trail.record("scheduling.declare_incident", incident, by=by, at=at, from_state=current, to_state=incident.state)
    outbox.publish(IncidentDeclared(incident_id=incident.pk), at=at, brand_id=incident.brand_id)
    write_excusals(incident, by=by, at=at)
    return incident


@transaction.atomic
def dismiss_incident(*, incident_id: UUID, reason: str, by: Actor, at: datetime) -> Incident:
    """Say that a suspicion is none, and why.

    Raises:
        NotFound: another brand's. NotAllowed: not theirs. MoveRefused: declared already. Invalid: no reason.
    """
    if not reason.strip():
        raise Invalid(_("Say why: those who reported it read it."), field="reason")
    incident = _locked(incident_id, by)
    _move(incident, IncidentState.DISMISSED, "scheduling.dismiss_incident", by=by, at=at, reason=reason.strip())
    return incident


@transaction.atomic
def rescope_incident(
    *,
    incident_id: UUID,
    by: Actor,
    at: datetime,
    scope: Mapping[str, Any] | None = None,
    cause_owner: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Incident:
    """Change whose, where or when a declared incident was; every excusal is computed again, none twice.

    Raises:
        NotFound: another brand's. NotAllowed: not theirs. MoveRefused: not declared, or over. Invalid: a time that cannot be.
    """
    incident = _locked(incident_id, by)
    require_move(INCIDENT_MOVES, incident.state, IncidentState.DECLARED)
    incident.cause_owner = cause_owner or incident.cause_owner
    _refuse_stranger(by, incident.brand_id, incident.cause_owner)
    incident.scope = _scope(scope) if scope is not None else incident.scope
    incident.starts_at, incident.ends_at = starts_at or incident.starts_at, ends_at or incident.ends_at
    _refuse_senseless(incident.title, incident.starts_at, incident.ends_at, at)
    incident.version += 1
    incident.save(update_fields=["cause_owner", "scope", "starts_at", "ends_at", "version"])
    trail.record("scheduling.rescope_incident", incident, by=by, at=at, changes={"scope": incident.scope})
    write_excusals(incident, by=by, at=at)
    return incident


@transaction.atomic
def resolve_incident(*, incident_id: UUID, by: Actor, at: datetime, ends_at: datetime | None = None) -> Incident:
    """Say that it is over, since then or now.

    Raises:
        NotFound: another brand's. NotAllowed: not theirs. MoveRefused: not declared. Invalid: it ends before it starts.
    """
    incident = _locked(incident_id, by)
    incident.ends_at = ends_at or incident.ends_at or at
    _refuse_senseless(incident.title, incident.starts_at, incident.ends_at, at)
    incident.save(update_fields=["ends_at"])
    _move(incident, IncidentState.RESOLVED, "scheduling.resolve_incident", by=by, at=at)
    outbox.publish(IncidentResolved(incident_id=incident.pk), at=at, brand_id=incident.brand_id)
    write_excusals(incident, by=by, at=at)
    return incident


@transaction.atomic
def settle_incident(*, incident_id: UUID, by: Actor, at: datetime) -> Incident:
    """Make an incident's excusals final and state its floors, once every claim it touches is over.

    Raises:
        NotFound: another brand's. NotAllowed: not theirs. MoveRefused: not over yet, or settled already.
    """
    incident = _locked(incident_id, by)
    require_move(INCIDENT_MOVES, incident.state, IncidentState.SETTLED)
    write_excusals(incident, by=by, at=at)
    settle_excusals(incident, by=by, at=at)
    incident.settled_at = at
    incident.save(update_fields=["settled_at"])
    _move(incident, IncidentState.SETTLED, "scheduling.settle_incident", by=by, at=at)
    outbox.publish(IncidentSettled(incident_id=incident.pk), at=at, brand_id=incident.brand_id)
    return incident


@transaction.atomic
def recompute_incident(*, incident_id: UUID, by: Actor, at: datetime) -> None:
    """Bring a declared incident's excusals up to now: who became due since, and who has come."""
    incident = _locked(incident_id, by)
    if incident.state in {IncidentState.DECLARED, IncidentState.RESOLVED}:
        write_excusals(incident, by=by, at=at)


def _locked(incident_id: UUID, by: Actor) -> Incident:
    found = incident_for(by, incident_id)
    _refuse_stranger(by, found.brand_id, found.cause_owner)
    return Incident.objects.across_brands().select_for_update(of=("self",)).get(pk=incident_id)


def _refuse_stranger(by: Actor, brand_id: UUID, cause_owner: str) -> None:
    if getattr(by, "brand_id", brand_id) != brand_id:
        raise NotFound
    if cause_owner not in CauseOwner.values:
        raise Invalid(_("Say whose the cause is."), field="cause_owner")
    if not can_declare_incident(by, cause_owner):
        raise NotAllowed(_("You declare what your own tools did. For anything else, ask ops."))


def _refuse_senseless(title: str, starts_at: datetime, ends_at: datetime | None, at: datetime) -> None:
    if not title.strip():
        raise Invalid(_("Give it a name that agents understand."), field="title")
    if starts_at > at or starts_at < at - _LONGEST:
        raise Invalid(_("It starts within the last seven days, not later than now."), field="starts_at")
    if ends_at is not None and ends_at <= starts_at:
        raise Invalid(_("It ends after it starts."), field="ends_at")


def _scope(scope: Mapping[str, Any] | None) -> dict[str, list[str]]:
    given = scope or {}
    return {key: _names(given.get(key) or ()) for key in ("program_ids", "regions", "providers")}


def _names(names: Iterable[Any]) -> list[str]:
    return sorted({_tidy(str(name)) for name in names if str(name).strip()})


def _move(incident: Incident, target: IncidentState, action: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    current = incident.state
    require_move(INCIDENT_MOVES, current, target)
    incident.state = target
    incident.save(update_fields=["state"])
    trail.record(action, incident, by=by, at=at, from_state=current, to_state=target, reason=reason)
