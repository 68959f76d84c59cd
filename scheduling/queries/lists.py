"""Lists: requests of a brand, shifts of a request, claims of a shift, work waiting for a word, an agent's week."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from gigcx.tenancy.actors import Actor
from scheduling.models import CapacityRequest, Claim, Quote, Shift
from scheduling.states import COMING, OCCUPYING, ClaimState, RequestState, ShiftState

PAGE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and the key that the next ones start after, or nothing."""

    rows: list[Any]
    next: str


def requests_of(actor: Actor, *, before: str = "") -> Page:
    """This function will return the actor's requests with how many shifts and seats they hold, newest first."""
    counted = ~Q(shifts__state=ShiftState.CANCELLED)
    rows = (
        CapacityRequest.objects.for_actor(actor)
        .select_related("program")
        .annotate(
            shift_count=Count("shifts", filter=counted),
            seat_sum=Coalesce(Sum("shifts__seats", filter=counted), 0),
            filled_sum=Coalesce(Sum("shifts__filled", filter=counted), 0),
        )
        .order_by("-pk")
    )
    key = _uuid(before)
    found = list((rows.filter(pk__lt=key) if key else rows)[: PAGE + 1])
    return Page(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def prices_to_approve(actor: Actor) -> QuerySet[Quote]:
    """This function will return the prices that wait for a second person, each with its request, longest waiting first."""
    rows = Quote.objects.for_actor(actor).filter(
        request__state=RequestState.AWAITING_APPROVAL, request_version=F("request__version")
    )
    return rows.select_related("request__program").order_by("request__approval_asked_at", "pk")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def shifts_of_request(request: CapacityRequest) -> QuerySet[Shift]:
    """This function will return a request's shifts in order of time, cancelled ones left out."""
    rows = Shift.objects.for_brand(request.brand_id).filter(request=request)
    return rows.exclude(state=ShiftState.CANCELLED).order_by("starts_at", "ends_at", "pk")


def quote_of(request: CapacityRequest, *, at: datetime) -> Quote | None:
    """This function will return the price that holds for the request as it stands, or None."""
    rows = Quote.objects.for_brand(request.brand_id).valid_at(at)
    return rows.filter(request=request, request_version=request.version).first()


def claims_of_shift(shift: Shift) -> QuerySet[Claim]:
    """This function will return who holds, worked or missed a shift; those who gave their seat back are left out."""
    gone = [ClaimState.UNDONE, ClaimState.RELEASED, ClaimState.SWAPPED, ClaimState.BRAND_CANCELLED]
    rows = Claim.objects.for_brand(shift.brand_id).filter(shift=shift).exclude(state__in=gone)
    return rows.select_related("agent__user").order_by("claimed_at", "pk")


def worked_claims(actor: Actor) -> QuerySet[Claim]:
    """This function will return worked claims that wait for the brand's word, oldest first."""
    rows = Claim.objects.for_actor(actor).filter(state=ClaimState.WORKED)
    return rows.select_related("shift__program", "agent__user").order_by("starts_at", "pk")


def agents_claims(agent_id: UUID, *, since: datetime, until: datetime) -> QuerySet[Claim]:
    """This function will return what an agent holds, worked or missed in a period, in order of time."""
    shown = [*OCCUPYING, ClaimState.NO_SHOW, ClaimState.BRAND_CANCELLED, ClaimState.EXCUSED]
    rows = Claim.objects.across_brands().of_agent(agent_id).filter(state__in=shown).touching(since, until)
    return rows.select_related("shift__program", "brand", "rate_card").order_by("starts_at", "pk")


def next_claim(agent_id: UUID, *, at: datetime) -> Claim | None:
    """This function will return the claim the agent works now or next, or None."""
    waiting = Q(state__in=[*COMING, ClaimState.CHECKED_IN], ends_at__gt=at)
    rows = Claim.objects.across_brands().of_agent(agent_id).filter(waiting)
    return rows.select_related("shift__program", "brand", "rate_card").order_by("starts_at", "pk").first()


def claims_for_a_person(*, at: datetime) -> QuerySet[Claim]:
    """This function will return what no sweep will settle, for ops: disputed work, and work that its weekly lock missed.

    A week locks on the Monday after it, so whatever is still only worked nine days later was missed.
    """
    missed = Q(state=ClaimState.WORKED, ends_at__lt=at - timedelta(days=9))
    return Claim.objects.across_brands().filter(Q(state=ClaimState.DISPUTED) | missed).order_by("ends_at", "pk")


def shifts_short_soon(*, at: datetime, within: timedelta = timedelta(hours=12)) -> QuerySet[Shift]:
    """This function will return open shifts that start soon and still have seats, the soonest first, for ops."""
    rows = Shift.objects.across_brands().filter(state=ShiftState.OPEN, starts_at__gt=at, starts_at__lt=at + within)
    return rows.filter(filled__lt=F("seats")).select_related("program__brand").order_by("starts_at", "pk")
