"""Incidents and outage reports: doors, what is suspected, what a declaration would do, what is due."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from gigcx.kernel.errors import NotFound
from gigcx.tenancy.actors import Actor, AgentActor
from scheduling.models import Claim, Excusal, Incident, OutageReport
from scheduling.queries.excusals import LIVE, IncidentPreview, claims_in_reach, end_of, plan_excusals, preview_of
from scheduling.states import COMING, ClaimState, ExcusalState, IncidentState

_STILL_ONE: Final = timedelta(hours=6)
_STANDING: Final = (IncidentState.SUSPECTED, IncidentState.DECLARED)


def incident_for(actor: Actor, incident_id: UUID) -> Incident:
    """This function will return the incident. Agents have no door: they see what it did to their claims.

    Raises:
        NotFound: there is none, or it belongs to somebody else.
    """
    rows = Incident.objects.for_actor(actor).select_related("brand").filter(pk=incident_id)
    found = None if isinstance(actor, AgentActor) else rows.first()
    if found is None:
        raise NotFound
    return found


def incidents_for_brand(brand_id: UUID) -> QuerySet[Incident]:
    """This function will return a brand's incidents with how many claims each excused and what it floors, newest first."""
    granted = Q(excusals__state=ExcusalState.GRANTED)
    rows = Incident.objects.for_brand(brand_id).annotate(
        claim_count=Count("excusals", filter=granted), floor_sum=Sum("excusals__floor_seconds", filter=granted)
    )
    return rows.order_by("-starts_at", "-pk")


def recent_reports(*, since: datetime) -> QuerySet[OutageReport]:
    """This function will return the outage reports of every brand since then, oldest first."""
    return OutageReport.objects.across_brands().filter(reported_at__gte=since).order_by("reported_at", "pk")


def suspects_of(key: str, name: str, *, at: datetime) -> list[Incident]:
    """This function will return the incidents of that region or provider that still stand, whichever the brand."""
    rows = Incident.objects.across_brands().filter(
        state__in=list(_STANDING), created_at__gte=at - _STILL_ONE, **{f"scope__{key}__isnull": False}
    )
    wanted = name.casefold()
    return [one for one in rows.order_by("pk") if wanted in {str(each).casefold() for each in one.scope[key]}]


def preview_incident(incident: Incident, *, at: datetime) -> IncidentPreview:
    """This function will count what declaring an incident, saved or only drafted, would excuse and floor. Nothing is written."""
    claims = claims_in_reach(incident, at=at)
    touching = incidents_touching(claims)
    for claim in claims:
        others = [one for one in touching.get(claim.pk, []) if one.pk != incident.pk]
        touching[claim.pk] = [*others, incident]
    return preview_of(plan_excusals(claims, touching, at=at), incident)


def incidents_touching(claims: list[Claim]) -> dict[UUID, list[Incident]]:
    """This function will return the declared incidents of each claim by its excusals: one query."""
    rows = Excusal.objects.across_brands().filter(
        claim__in=[claim.pk for claim in claims], state=ExcusalState.GRANTED, incident__state__in=list(LIVE)
    )
    found: dict[UUID, list[Incident]] = {}
    for one in rows.select_related("incident").order_by("pk"):
        if one.incident is not None:
            found.setdefault(one.claim_id, []).append(one.incident)
    return found


def incidents_now(brand_id: UUID, *, at: datetime) -> list[Incident]:
    """This function will return what is suspected or declared now, for the brand's board."""
    rows = Incident.objects.for_brand(brand_id).filter(
        state__in=list(_STANDING), created_at__gte=at - timedelta(days=2)
    )
    return list(rows.order_by("-starts_at", "pk"))


def incidents_to_recompute(*, at: datetime) -> list[UUID]:
    """This function will return declared incidents that go on, and those that ended within the hour."""
    rows = Incident.objects.across_brands().filter(
        Q(state=IncidentState.DECLARED) | Q(state=IncidentState.RESOLVED, ends_at__gt=at - timedelta(hours=1))
    )
    return list(rows.order_by("starts_at", "pk").values_list("pk", flat=True))


def incidents_to_settle(*, at: datetime) -> list[UUID]:
    """This function will return incidents that are over and whose every claim is over too."""
    still = Excusal.objects.across_brands().filter(
        incident=OuterRef("pk"),
        state=ExcusalState.GRANTED,
        claim__state__in=[*COMING, ClaimState.CHECKED_IN],
    )
    rows = Incident.objects.across_brands().filter(
        state=IncidentState.RESOLVED, ends_at__lte=at - timedelta(minutes=15)
    )
    return list(rows.exclude(Exists(still)).order_by("ends_at", "pk").values_list("pk", flat=True))


def suspicions(*, at: datetime) -> QuerySet[Incident]:
    """This function will return what agents reported and nobody decided yet, for ops."""
    return Incident.objects.across_brands().filter(state=IncidentState.SUSPECTED).order_by("created_at", "pk")


def minutes_of(incident: Incident, *, at: datetime) -> int:
    """This function will return how long it lasted, or has lasted so far, in minutes."""
    return int((end_of(incident, at) - incident.starts_at).total_seconds() // 60)
