"""Reads about requirements that were let go, and what may be."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db.models import QuerySet

from gigcx.kernel.errors import NotFound
from gigcx.kernel.intervals import from_wall, zone_of
from gigcx.tenancy.actors import Actor
from vetting.models import Candidacy, Certification, CertificationVersion, Requirement, Waiver


def waiver_for(actor: Actor, waiver_id: UUID) -> Waiver:
    """This function will return a waiver of the actor's brand.

    Raises:
        NotFound: there is none, or it is another brand's.
    """
    waiver = Waiver.objects.for_actor(actor).filter(pk=waiver_id).first()
    if waiver is None:
        raise NotFound
    return waiver


def waivers_of(certification: Certification, at: datetime) -> QuerySet[Waiver]:
    """This function will return the waivers of a certification that hold, the one that ends first on top."""
    rows = Waiver.objects.for_brand(certification.brand_id).filter(certification=certification)
    return rows.holding(at).select_related("agent", "granted_by").order_by("until", "pk")


def waivable_of(version: CertificationVersion | None) -> list[Requirement]:
    """This function will return what a version in force lets go for single agents, in its order."""
    return list(version.requirements.filter(is_waivable=True).order_by("position")) if version else []


def on_the_way(certification: Certification) -> QuerySet[Candidacy]:
    """This function will return the open candidacies of a certification with their agents, by handle."""
    rows = Candidacy.objects.for_brand(certification.brand_id).filter(certification=certification)
    return rows.filter(closed_at__isnull=True).select_related("agent").order_by("agent__handle", "pk")


def day_start(day: date, timezone: str) -> datetime:
    """This function will return the first moment of a day in a zone; at the ends of the calendar, of that day in UTC."""
    try:
        return from_wall(day, time(0), zone_of(timezone))
    except OverflowError:
        return datetime.combine(day, time(0), UTC)
